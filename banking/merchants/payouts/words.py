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
        N_("Being made"),
        N_("It goes to your bank with the next run of the payment network."),
    ),
    State.SENT: ("wait", N_("Under way"), N_("The money is on its way to your bank.")),
    State.PAID: ("ok", N_("Arrived"), N_("Your bank has booked the money.")),
    State.RETURNED: ("bad", N_("Returned"), N_("The money came back. It is in your wallet again.")),
    State.FAILED: ("bad", N_("Not paid"), N_("Nothing was sent. The money is in your wallet.")),
}
CADENCE: Mapping[Cadence, str] = {
    Cadence.DAILY: N_("Every business day"),
    Cadence.WEEKLY: N_("Every week"),
    Cadence.MONTHLY: N_("Every month"),
    Cadence.BY_HAND: N_("Only when I ask for it"),
}
_STOPS: Mapping[str, str] = {
    errors.PayoutAccountNew.code: N_("The account is new; payouts to it begin a day later."),
    errors.PayoutsPaused.code: N_("Payouts were paused."),
    errors.NothingToPayOut.code: N_("There was nothing to pay out."),
    errors.PaysDebtsFirst.code: N_("All that was there is owed to the house."),
    errors.BelowMinimum.code: N_("It was less than the minimum and waits for the next payout."),
    "account_frozen": N_("The wallet was frozen."),
    "insufficient_funds": N_("The wallet was emptied before the payout was booked."),
    "daily_limit": N_("The wallet's limit of the day was reached."),
    "monthly_limit": N_("The wallet's limit of the month was reached."),
    "payee_limit": N_("The day's limit to this account was reached."),
}
_RECALLED = N_("It was called off, or no reason was given.")


def reason_words(code: str) -> str:
    """Return the marked sentence for why something was not paid or came back."""
    return _STOPS.get(code) or RETURN_REASONS.get(code, _RECALLED)
