"""What can go wrong with safeguarding."""

from __future__ import annotations

from kernel.errors import NotFound, RuleBroken
from kernel.text import N_


class TopUpUnknown(NotFound):
    """There is no such top-up."""

    code = "safeguarding_top_up_unknown"
    message = N_("We can't find that top-up.")


class TopUpClosed(RuleBroken):
    """It was signed or booked meanwhile, or a later day needs another amount."""

    code = "safeguarding_top_up_closed"
    message = N_("This top-up no longer needs that. Check the latest day.")


class PackUnknown(NotFound):
    """There is no such pack, or it is not made yet."""

    code = "resolution_pack_unknown"
    message = N_("We can't find that pack, or it isn't ready yet.")
