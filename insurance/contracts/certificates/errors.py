"""What is wrong with a seal."""

from __future__ import annotations

from kernel.errors import Invalid
from kernel.text import N_


class SealUnreadable(Invalid):
    """The text is no seal."""

    code = "seal_unreadable"
    message = N_("This isn't the seal of a certificate.")
