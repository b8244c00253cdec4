"""Disputes in plain values: states that only move forward, and who bears what meanwhile."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from banking.cards.disputes.errors import DebtChanged, DisputeUndecided, EvidenceClosed
from kernel.money import Money


class DisputeState(StrEnum):
    """Where a dispute stands."""

    NEEDS_RESPONSE = "needs_response"
    UNDER_REVIEW = "under_review"
    WON = "won"
    LOST = "lost"


CLOSED = frozenset({DisputeState.WON, DisputeState.LOST})
_ORDER = list(DisputeState)


@dataclass(frozen=True, slots=True)
class SetAside:
    """Where the disputed money is taken from: the wallet, and what its owner owes the bank."""

    wallet: Money
    debt: Money


def advance(present: DisputeState, said: DisputeState) -> DisputeState:
    """Return the state after the network was heard; what is decided stays."""
    if present in CLOSED or _ORDER.index(said) < _ORDER.index(present):
        return present
    return said


def set_aside(amount: Money, *, available: Money, may_debit: bool) -> SetAside:
    """Return how an amount is taken: from the wallet what is there, the rest is owed.

    No wallet falls below zero for a dispute, and a frozen one is not touched.
    """
    zero = Money.zero(amount.currency)
    taken = max(min(amount, available), zero) if may_debit else zero
    return SetAside(taken, amount - taken)


def check_evidence(state: DisputeState, *, due_at: datetime | None, now: datetime) -> None:
    """Refuse evidence that nobody would read. Raises: EvidenceClosed."""
    if state is not DisputeState.NEEDS_RESPONSE or (due_at is not None and now > due_at):
        raise EvidenceClosed


def check_write_off(state: DisputeState, *, owed: Money, amount: Money) -> None:
    """Refuse to write off another sum than is owed for a lost dispute.

    Raises: DisputeUndecided, DebtChanged.
    """
    if state is not DisputeState.LOST or not amount:
        raise DisputeUndecided
    if owed != amount:
        raise DebtChanged


def paid_parts(part: Money, *, owed: Money) -> tuple[Money, Money]:
    """Return how a payment counts: for what is owed first, then for what was written off."""
    first = min(part, owed)
    return first, part - first
