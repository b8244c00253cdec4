"""What can go wrong with money that came after the closing."""

from __future__ import annotations

from kernel.errors import Conflict, NotFound, RuleBroken
from kernel.text import N_


class LateCreditUnknown(NotFound):
    """There is no such money for whoever asks, or the link is over."""

    code = "late_credit_unknown"
    message = N_("This link no longer works. Sign in to see what's waiting for you.")
    watched = "link"


class LateCreditMoved(Conflict):
    """An account was named already."""

    code = "late_credit_moved"
    message = N_("You've already chosen an account for this money. It's on its way.")


class AccountNotYours(RuleBroken):
    """The bank of the account knows its holder by another name."""

    code = "account_not_yours"
    message = N_(
        "That bank doesn't have this account under your name. Choose an account of your own."
    )


class NameNotChecked(RuleBroken):
    """The bank of the account does not say whose it is."""

    code = "name_not_checked"
    message = N_("That bank won't say whose account this is. Try again, or choose another.")


class AccountStaysHere(RuleBroken):
    """The account is kept here, where the owner closed theirs."""

    code = "account_stays_here"
    message = N_("This account is with us. Choose an account at another bank.")
