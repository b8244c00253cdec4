"""How states, outcomes and reasons read on pages and papers."""

from __future__ import annotations

from collections.abc import Mapping

from banking.authorisation.payees.queries import Outcome
from banking.core.rail.queries import RETURN_REASONS
from banking.transferring.requests.queries import State as AskedState
from banking.transferring.standing.queries import Cadence, Result
from banking.transferring.standing.queries import State as OrderState
from banking.transferring.transfers.queries import Caution, State
from kernel.text import N_

# A word for tags and steps, and the sentence that answers what has become of the money.
STATE: Mapping[State, tuple[str, str]] = {
    State.DRAFT: (N_("Not sent"), N_("Nothing has been sent yet.")),
    State.AWAITING_APPROVAL: (
        N_("Waiting for you"),
        N_("This is waiting for your approval. Nothing has been sent yet."),
    ),
    State.SCHEDULED: (
        N_("Scheduled"),
        N_("This will be sent on its date. You can cancel it until then."),
    ),
    State.ACCEPTED: (
        N_("Accepted"),
        N_("The money has left your wallet and is waiting to go to the other bank."),
    ),
    State.SENT: (N_("Under way"), N_("The money is on its way to the other bank.")),
    State.SETTLED: (N_("Arrived"), N_("The money has arrived.")),
    State.RETURNED: (N_("Returned"), N_("The money came back and is in your wallet again.")),
    State.CANCELLED: (N_("Cancelled"), N_("This was cancelled. Nothing was sent.")),
    State.DECLINED: (N_("Not paid"), N_("This couldn't be paid on its date. Nothing was sent.")),
}
KIND: Mapping[State, str] = {
    State.SETTLED: "ok",
    State.RETURNED: "bad",
    State.DECLINED: "bad",
    State.CANCELLED: "info",
    State.AWAITING_APPROVAL: "warn",
}
NAME_CHECK: Mapping[Outcome, tuple[str, str]] = {
    Outcome.MATCH: ("ok", N_("The name matches this account")),
    Outcome.CLOSE: ("warn", N_("The name is a close match")),
    Outcome.NO_MATCH: ("bad", N_("The name doesn't match this account")),
    Outcome.CANNOT: ("wait", N_("The other bank can't check the name")),
}
# What is unusual, and the one question about it.
CAUTION: Mapping[Caution, tuple[str, str]] = {
    Caution.NEW_PAYEE: (
        N_("You're paying this account for the first time."),
        N_("Did the payee give you the number in person, or on a call you made?"),
    ),
    Caution.LARGE: (
        N_("This is more than you've ever sent in this currency."),
        N_("Is someone rushing you, or telling you to keep this secret? Then stop."),
    ),
}
CADENCE: Mapping[Cadence, str] = {
    Cadence.WEEKLY: N_("Every week"),
    Cadence.MONTHLY: N_("Every month"),
    Cadence.QUARTERLY: N_("Every three months"),
    Cadence.YEARLY: N_("Every year"),
}
ORDER: Mapping[OrderState, tuple[str, str]] = {
    OrderState.AWAITING_APPROVAL: ("warn", N_("Waiting for you")),
    OrderState.ACTIVE: ("ok", N_("Running")),
    OrderState.PAUSED: ("wait", N_("Paused")),
    OrderState.ENDED: ("info", N_("Ended")),
}
RUN: Mapping[Result, tuple[str, str]] = {
    Result.PAID: ("ok", N_("Sent")),
    Result.FAILED: ("bad", N_("Not paid")),
    Result.MISSED: ("bad", N_("Missed")),
}
ASKED: Mapping[AskedState, tuple[str, str]] = {
    AskedState.OPEN: ("wait", N_("Not paid yet")),
    AskedState.UNDER_WAY: ("wait", N_("In progress")),
    AskedState.PAID: ("ok", N_("Paid in full")),
    AskedState.WITHDRAWN: ("info", N_("Withdrawn")),
    AskedState.EXPIRED: ("info", N_("Expired")),
}
# Codes in small letters are ours.
_REASONS: Mapping[str, str] = RETURN_REASONS | {
    "insufficient_funds": N_("Your wallet didn't have enough money on the day."),
    "account_frozen": N_("Your wallet was frozen on the day."),
    "payee_cannot_receive": N_("The payee couldn't receive it."),
    "not_approved": N_("It wasn't approved in time."),
}
_OTHER = N_("The other bank didn't give a reason.")


def reason_words(code: str) -> str:
    """Return the marked sentence for a reason."""
    return _REASONS.get(code, _OTHER)
