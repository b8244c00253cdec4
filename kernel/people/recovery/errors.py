"""What can go wrong with a reset."""

from __future__ import annotations

from kernel.errors import NotFound, RuleBroken
from kernel.text import N_


class NothingLost(RuleBroken):
    """The account has no second factor that could be lost."""

    code = "nothing_lost"
    message = N_("Your account has no second step. Sign in with your password.")


class NoColleague(RuleBroken):
    """An operator named a customer, who resets a lost second factor at the door."""

    code = "no_colleague"
    message = N_("This account doesn't belong to staff. Its owner can reset it when signing in.")


class ResetUnknown(NotFound):
    """The link belongs to no reset that could still be cancelled."""

    code = "reset_unknown"
    message = N_("This link has expired: the reset was cancelled or completed.")
    watched = "link"
