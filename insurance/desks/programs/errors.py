"""What programs are refused that no page could ask for."""

from __future__ import annotations

from kernel.errors import Conflict
from kernel.text import N_


class CoverKeyReused(Conflict):
    """The key stands for another request of this person."""

    code = "cover_key_reused"
    message = N_("This request was already sent with different details. Nothing was done.")
