"""What is wrong with a seal."""

from __future__ import annotations

from kernel.errors import Invalid
from kernel.text import N_


class SealUnreadable(Invalid):
    """The text is no seal."""

    code = "seal_unreadable"
    message = N_("This isn't the seal of a certificate.")


class FileUnsigned(Invalid):
    """The file has no signature of the house, or was changed around it."""

    code = "certificate_unsigned"
    message = N_("This file isn't a certificate that we signed.")
