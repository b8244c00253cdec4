"""What can go wrong with money that came after the closing."""

from __future__ import annotations

from kernel.errors import Conflict, NotFound, RuleBroken
from kernel.text import N_


class LateCreditUnknown(NotFound):
    """There is no such money for whoever asks, or the link is over."""

    code = "late_credit_unknown"
    message = N_("This link no longer works. Sign in to see what waits for you.")
    watched = "link"


class LateCreditMoved(Conflict):
    """An account was named already."""

    code = "late_credit_moved"
    message = N_("An account was named for this money already. It is on its way.")


class AccountNotYours(RuleBroken):
    """The bank of the account knows its holder by another name."""

    code = "account_not_yours"
    message = N_("The bank of this account does not know it under your name. Name one of your own.")


class NameNotChecked(RuleBroken):
    """The bank of the account does not say whose it is."""

    code = "name_not_checked"
    message = N_("The bank of this account does not say whose it is. Try again, or name another.")


class AccountStaysHere(RuleBroken):
    """The account is kept here, where the owner closed theirs."""

    code = "account_stays_here"
    message = N_("This account is kept here. Name an account of another bank.")
