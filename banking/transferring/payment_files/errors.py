"""What can go wrong with a file before anything in it is looked at."""

from __future__ import annotations

from kernel.errors import Invalid
from kernel.text import N_


class FileUnreadable(Invalid):
    """No XML that is safe to read."""

    code = "payment_file_unreadable"
    message = N_("We can't read this XML file. Nothing was done.")


class NotUtf8(Invalid):
    """Letters in another encoding than the one that payment files are written in."""

    code = "payment_file_encoding"
    message = N_("This file isn't in UTF-8. Export it in UTF-8 and send it again.")


class FileHasDocumentType(Invalid):
    """A document type or entities, which could reach out of the file or swell it."""

    code = "payment_file_doctype"
    message = N_(
        "This file has a document type (DOCTYPE). Payment files don't need one, so please "
        "remove it."
    )


class OtherMessage(Invalid):
    """XML, but another message or version."""

    code = "payment_file_other"
    message = N_("This isn't pain.001.001.09. Export your payments in that version.")


class FileTooLarge(Invalid):
    """More bytes than a file may have."""

    code = "payment_file_large"
    message = N_("This file is too large. Split it into several.")
