"""Why a payout is not made, and what else can go wrong around one."""

from __future__ import annotations

from kernel.errors import Conflict, NotFound, RuleBroken
from kernel.text import N_


class PayoutUnknown(NotFound):
    """There is no such payout for whoever asks."""

    code = "payout_unknown"
    message = N_("We can't find that payout.")


class PayoutMoved(Conflict):
    """The payout is not where the page thought it was."""

    code = "payout_moved"
    message = N_("This payout has moved on since you opened the page. Please check it again.")


class NoPayoutAccount(RuleBroken):
    """No account was named, or nobody approved it yet."""

    code = "no_payout_account"
    message = N_("First add the bank account for your payouts, and approve it.")


class PayoutAccountNew(RuleBroken):
    """The account was changed a short while ago."""

    code = "payout_account_new"
    message = N_("This account is new. The first payout to it can be made from %(at)s.")


class PayoutsPaused(RuleBroken):
    """A payout came back, or an operator paused the vendor."""

    code = "payouts_paused"
    message = N_("Payouts are paused until the problem is fixed.")


class NothingToPayOut(RuleBroken):
    """The wallet has nothing that may be spent."""

    code = "nothing_to_pay_out"
    message = N_("There's nothing to pay out yet. Your earnings will be in the next payout.")


class PaysDebtsFirst(RuleBroken):
    """All of it goes to what the vendor owes."""

    code = "pays_debts_first"
    message = N_("Everything available goes towards what you owe Entrepôt: %(owed)s.")


class BelowMinimum(RuleBroken):
    """Less would be sent than the vendor, or the house, sends at least."""

    code = "below_minimum"
    message = N_("%(amount)s is below the minimum of %(least)s. It waits for the next payout.")


class AccountIsHere(RuleBroken):
    """A payout leaves the house; wallets are paid by transfer."""

    code = "account_is_here"
    message = N_("This account is with us. Choose an account at another bank.")


class AccountKeyReused(Conflict):
    """The key was used before for another account."""

    code = "payout_account_key_reused"
    status = 422
    message = N_("This was already sent with different details. Nothing was changed.")


class CannotRetry(RuleBroken):
    """Only what came back is paid again, and once."""

    code = "cannot_retry_payout"
    message = N_("Only a failed or returned payout can be repeated, and only once.")
