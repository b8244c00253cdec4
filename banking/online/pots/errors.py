"""What pots refuse."""

from __future__ import annotations

from kernel.errors import Conflict, NotFound, RuleBroken
from kernel.text import N_


class PotUnknown(NotFound):
    """There is no such pot for this owner."""

    code = "pot_unknown"
    message = N_("We can't find that pot.")


class PotClosed(RuleBroken):
    """The pot was closed; its money is in the wallet."""

    code = "pot_closed"
    message = N_("This pot is closed. Its money is in your wallet.")


class PotTooSmall(RuleBroken):
    """More was to be taken out than is in the pot."""

    code = "pot_too_small"
    message = N_("There's %(saved)s in this pot. Withdraw that much or less.")


class TooManyPots(RuleBroken):
    """A wallet holds a limited number of pots."""

    code = "too_many_pots"
    message = N_("A wallet can have %(most)d pots. Close one you no longer need.")


class PotKeyReused(Conflict):
    """The key moved another amount before."""

    code = "pot_key_reused"
    status = 422
    message = N_("This was already sent with another amount. Nothing was moved.")
