"""The life of a transfer, and what makes one a repetition; plain values in and out."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from banking.transferring.transfers.errors import TransferMoved
from kernel.money import Money


class State(StrEnum):
    """How far a transfer is. Paid is none of them: money is settled, or it is not."""

    DRAFT = "draft"
    AWAITING_APPROVAL = "awaiting_approval"
    SCHEDULED = "scheduled"
    ACCEPTED = "accepted"
    SENT = "sent"
    SETTLED = "settled"
    RETURNED = "returned"
    CANCELLED = "cancelled"
    DECLINED = "declined"


_NEXT: dict[State, frozenset[State]] = {
    State.DRAFT: frozenset(
        {State.AWAITING_APPROVAL, State.SCHEDULED, State.ACCEPTED, State.SETTLED, State.CANCELLED}
    ),
    State.AWAITING_APPROVAL: frozenset(
        {State.SCHEDULED, State.ACCEPTED, State.SETTLED, State.CANCELLED}
    ),
    State.SCHEDULED: frozenset({State.ACCEPTED, State.SETTLED, State.CANCELLED, State.DECLINED}),
    State.ACCEPTED: frozenset({State.SENT, State.CANCELLED}),
    State.SENT: frozenset({State.SETTLED, State.RETURNED}),
    # Another bank may send settled money back: the account was closed, the name was wrong.
    State.SETTLED: frozenset({State.RETURNED}),
    State.RETURNED: frozenset(),
    State.CANCELLED: frozenset(),
    State.DECLINED: frozenset(),
}
# What may still be called off by the customer.
CANCELLABLE = frozenset(s for s in State if State.CANCELLED in _NEXT[s] and s is not State.DRAFT)
# What counts as sent when the same is about to be sent again.
COUNTS = frozenset(
    {State.AWAITING_APPROVAL, State.SCHEDULED, State.ACCEPTED, State.SENT, State.SETTLED}
)


class Caution(StrEnum):
    """What a payment has in common with those that people regret."""

    NEW_PAYEE = "new_payee"
    LARGE = "large"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Windows of transfers, and how many times the largest so far counts as large.

    Source: the dated data beside this file.
    """

    valid_from: date
    recall_seconds: int
    same_again_minutes: int
    draft_hours: int
    ahead_days: int
    large_times: int
    source: str

    @property
    def recall(self) -> timedelta:
        """How long an accepted transfer waits for second thoughts."""
        return timedelta(seconds=self.recall_seconds)


def advance(state: State, to: State) -> State:
    """Return the next state.

    Raises: TransferMoved when no way leads there from here.
    """
    if to not in _NEXT[state]:
        raise TransferMoved(state=state.value)
    return to


def caution(*, is_known: bool, amount: Money, most: Money | None, times: int) -> Caution | None:
    """Return what to ask about a payment, at most one thing.

    Shape: most is the largest sum sent so far in this currency, None before the first one.
    """
    if not is_known:
        return Caution.NEW_PAYEE
    return Caution.LARGE if most is not None and amount.minor > times * most.minor else None


def is_open(state: State) -> bool:
    """Whether something will still happen by itself or by the customer."""
    return bool(_NEXT[state]) and state is not State.SETTLED


def minutes_since(then: datetime, now: datetime) -> int:
    """Return whole minutes between two instants, at least one."""
    return max(1, int((now - then).total_seconds()) // 60)


# What every bank of the rail prints; anything else is written with what comes nearest.
# Source: European Payments Council, EPC217-08, SEPA requirements for an extended character set.
_PRINTED = re.compile(r"[^0-9A-Za-z/\-?:().,'+ ]")
# Signs that Unicode does not take apart into a letter and a mark.
_NEAREST = str.maketrans(
    {
        "ß": "ss",
        "ẞ": "SS",
        "æ": "ae",
        "Æ": "AE",
        "œ": "oe",
        "Œ": "OE",
        "ø": "o",
        "Ø": "O",
        "đ": "d",
        "Đ": "D",
        "ð": "d",
        "Ð": "D",
        "þ": "th",
        "Þ": "TH",
        "ł": "l",
        "Ł": "L",
        "ħ": "h",
        "Ħ": "H",
        "ı": "i",
        "&": "+",
        "€": "EUR",
        "–": "-",
        "—": "-",
        "_": "-",
        "’": "'",
        "‘": "'",
        "“": "'",
        "”": "'",
        "„": "'",
        '"': "'",
        ";": ",",
    }
)


def remittance(text: str, *, is_internal: bool = False) -> str:
    """Return a reference in the signs that the rail carries, at most 140; here, in its own."""
    if is_internal:
        return " ".join(text.split())[:140]
    apart = unicodedata.normalize("NFKD", text.translate(_NEAREST))
    bare = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return " ".join(_PRINTED.sub(" ", bare).split())[:140]
