"""Comparing two books in plain values: what agrees, and how what does not is told and mended."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from banking.control.reconciliation.errors import DifferenceClosed
from kernel.money import Money, total


class Kind(StrEnum):
    """How two books differ.

    MISSING: ours has it, theirs not. UNKNOWN: theirs has it, ours not. DUPLICATE: theirs has it
    more often. WRONG_AMOUNT: both have it, with different amounts.
    """

    MISSING = "missing"
    DUPLICATE = "duplicate"
    WRONG_AMOUNT = "wrong_amount"
    UNKNOWN = "unknown"


class Action(StrEnum):
    """What is proposed to do about a difference."""

    ASK_THEM = "ask_them"
    CLAIM_BACK = "claim_back"
    BOOK_DIFFERENCE = "book_difference"
    FIND_OWNER = "find_owner"


PROPOSED: Mapping[Kind, Action] = {
    Kind.MISSING: Action.ASK_THEM,
    Kind.DUPLICATE: Action.CLAIM_BACK,
    Kind.WRONG_AMOUNT: Action.BOOK_DIFFERENCE,
    Kind.UNKNOWN: Action.FIND_OWNER,
}


class State(StrEnum):
    """Where a difference stands.

    OPEN waits for somebody. PROPOSED: one person wants to book it to suspense, a second has to
    agree. MATCHED: the books agree by themselves now. EXPLAINED and BOOKED: people ended it.
    """

    OPEN = "open"
    PROPOSED = "proposed"
    MATCHED = "matched"
    EXPLAINED = "explained"
    BOOKED = "booked"


WAITING = frozenset({State.OPEN, State.PROPOSED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One line of a book.

    Shape: reference is what both books call the same thing by, with its kind: `charge:pi_1`; ref is
    the line's own name. Units: amount is what it adds to our claim, negative for what it takes.
    """

    reference: str
    ref: str
    amount: Money
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A difference between two books, with what to do about it."""

    kind: Kind
    reference: str
    ours: Money
    theirs: Money
    at: datetime

    @property
    def difference(self) -> Money:
        """What their book has more than ours."""
        return self.theirs - self.ours

    @property
    def action(self) -> Action:
        """What is proposed."""
        return PROPOSED[self.kind]


def compare(
    ours: Iterable[Item], theirs: Iterable[Item], *, until: datetime, settled: frozenset[str]
) -> list[Finding]:
    """Return every difference between two books, oldest first.

    Items are compared by reference and currency. What is younger than `until` may help another to
    agree, but is not held against anybody yet; `settled` references were ended by people.
    """
    ours_by, theirs_by = _grouped(ours), _grouped(theirs)
    findings = []
    for key in ours_by.keys() | theirs_by.keys():
        mine, yours = ours_by.get(key, ()), theirs_by.get(key, ())
        first = min(item.at for item in (*mine, *yours))
        if key[0] in settled or first >= until:
            continue
        kind = _difference(mine, yours, currency=key[1])
        if kind is not None:
            findings.append(
                Finding(
                    kind=kind,
                    reference=key[0],
                    at=first,
                    ours=_sum(mine, key[1]),
                    theirs=_sum(yours, key[1]),
                )
            )
    return sorted(findings, key=lambda finding: (finding.at, finding.reference))


def _difference(ours: Sequence[Item], theirs: Sequence[Item], *, currency: str) -> Kind | None:
    if _sum(ours, currency) == _sum(theirs, currency):
        return None
    if not theirs:
        return Kind.MISSING
    if not ours:
        return Kind.UNKNOWN
    amounts = {item.amount for item in (*ours, *theirs)}
    if len(amounts) == 1 and len(theirs) > len(ours):
        return Kind.DUPLICATE
    return Kind.WRONG_AMOUNT


def check_waiting(state: State, *wanted: State) -> None:
    """Refuse to touch a difference that is not in one of the states. Raises: DifferenceClosed."""
    if state not in wanted:
        raise DifferenceClosed


def _grouped(items: Iterable[Item]) -> dict[tuple[str, str], list[Item]]:
    grouped: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in items:
        grouped[item.reference, item.amount.currency].append(item)
    return grouped


def _sum(items: Sequence[Item], currency: str) -> Money:
    return total([item.amount for item in items], currency)


# How lines of the network's account and journals of ours call the same thing.
_LINES = {
    "charge": "charge",
    "refund": "refund",
    "refund_failure": "refund_failure",
    "payout": "payout",
}
_JOURNALS = {
    "card_top_up": "charge",
    "card_purchase": "charge",
    "card_refund_sent": "refund",
    "card_refund_returned": "refund_failure",
    "card_dispute_withdrawn": "dispute_taken",
    "card_dispute_reinstated": "dispute_returned",
    "card_payout_sent": "payout",
}


def line_reference(kind: str, source: str, *, is_out: bool) -> str:
    """Return what a line of the network's account is about."""
    if kind == "adjustment":
        return f"{'dispute_taken' if is_out else 'dispute_returned'}:{source}"
    return f"{_LINES.get(kind, kind)}:{source}"


def order_reference(about: str) -> str:
    """Return what a line of the payment network's books, or a journal of ours, is about."""
    return f"order:{about}"


def journal_reference(kind: str, about: str) -> str:
    """Return what a journal of ours is about."""
    return f"{_JOURNALS.get(kind, kind)}:{about}"
