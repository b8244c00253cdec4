"""What is wrong with a seal."""

from __future__ import annotations

from kernel.errors import Conflict, Invalid
from kernel.text import N_


class SealUnreadable(Invalid):
    """The text is no seal."""

    code = "seal_unreadable"
    message = N_("This isn't the seal of a certificate.")


class FileUnsigned(Invalid):
    """The file has no signature of the house, or was changed around it."""

    code = "certificate_unsigned"
    message = N_("This file isn't a certificate that we signed.")


class ListUnreadable(Invalid):
    """The text is no list of keys that the house signed."""

    code = "certificate_list_unreadable"
    message = N_("This isn't a list of keys that we signed.")


class NothingToRevoke(Conflict):
    """No policy and no key that has ceased to sign has the name."""

    code = "nothing_to_revoke"
    message = N_("There is no such certificate, and no such key that has been replaced.")
