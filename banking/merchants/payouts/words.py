"""How payouts, their days and what stops them read on pages and in files."""

from __future__ import annotations

from collections.abc import Mapping

from banking.core.rail.queries import RETURN_REASONS
from banking.merchants.payouts import errors
from banking.merchants.payouts.lines import LINE
from banking.merchants.payouts.rules import Cadence, State
from kernel.text import N_

__all__ = ["CADENCE", "LINE", "STATE", "reason_words"]

# A tag's kind and word, and the sentence that answers what has become of the money.
STATE: Mapping[State, tuple[str, str, str]] = {
    State.MADE: (
        "wait",
        N_("In progress"),
        N_("It goes to your bank in the payment network's next run."),
    ),
    State.SENT: ("wait", N_("Under way"), N_("The money is on its way to your bank.")),
    State.PAID: ("ok", N_("Arrived"), N_("The money is in your bank account.")),
    State.RETURNED: ("bad", N_("Returned"), N_("The money came back and is in your wallet again.")),
    State.FAILED: ("bad", N_("Not paid"), N_("Nothing was sent. The money is in your wallet.")),
}
CADENCE: Mapping[Cadence, str] = {
    Cadence.DAILY: N_("Every business day"),
    Cadence.WEEKLY: N_("Every week"),
    Cadence.MONTHLY: N_("Every month"),
    Cadence.BY_HAND: N_("Only when I ask for it"),
}
_STOPS: Mapping[str, str] = {
    errors.PayoutAccountNew.code: N_("This account is new. Payouts to it start a day later."),
    errors.PayoutsPaused.code: N_("Payouts were paused."),
    errors.NothingToPayOut.code: N_("There was nothing to pay out."),
    errors.PaysDebtsFirst.code: N_("Everything available is owed to Entrepôt."),
    errors.BelowMinimum.code: N_("It was below the minimum and waits for the next payout."),
    "account_frozen": N_("The wallet was frozen."),
    "insufficient_funds": N_("The wallet was emptied before the payout was booked."),
    "daily_limit": N_("The wallet's daily limit was reached."),
    "monthly_limit": N_("The wallet's monthly limit was reached."),
    "payee_limit": N_("The daily limit for this account was reached."),
}
_RECALLED = N_("It was cancelled, or no reason was given.")


def reason_words(code: str) -> str:
    """Return the marked sentence for why something was not paid or came back."""
    return _STOPS.get(code) or RETURN_REASONS.get(code, _RECALLED)
