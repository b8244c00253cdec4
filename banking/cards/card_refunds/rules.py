"""Refunds in plain values: how much may go back, and a state that ends once."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from banking.cards.card_refunds.errors import RefundMoreThanLeft, RefundTooLate
from kernel.money import Money


class RefundState(StrEnum):
    """Where money on its way back to a card stands.

    WAITING: the customer has to approve it, nothing moved. ASKED: kept for the card, the network
    does not know yet. SENT: the network has it. PAID: the network gave it to the card's bank.
    REFUSED: never taken. FAILED: the card's bank sent it back. Of the last two the wallet has the
    money again.
    """

    WAITING = "waiting"
    ASKED = "asked"
    SENT = "sent"
    PAID = "paid"
    REFUSED = "refused"
    FAILED = "failed"


RETURNED = frozenset({RefundState.REFUSED, RefundState.FAILED})


class Word(StrEnum):
    """What the network says of a refund; REFUSED when it would not take it at all."""

    PENDING = "pending"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    REFUSED = "refused"


_NEXT = {
    (RefundState.ASKED, Word.REFUSED): RefundState.REFUSED,
    (RefundState.ASKED, Word.PENDING): RefundState.SENT,
    (RefundState.ASKED, Word.SUCCEEDED): RefundState.PAID,
    (RefundState.ASKED, Word.FAILED): RefundState.FAILED,
    (RefundState.SENT, Word.SUCCEEDED): RefundState.PAID,
    (RefundState.SENT, Word.FAILED): RefundState.FAILED,
    (RefundState.PAID, Word.FAILED): RefundState.FAILED,
}


def advance(present: RefundState, word: Word) -> RefundState:
    """Return the state after the network was heard; late words never move it back."""
    return _NEXT.get((present, word), present)


def check(
    amount: Money, *, left: Money, captured_at: datetime | None, now: datetime, days: int
) -> None:
    """Refuse what cannot go back to the card.

    Raises: RefundMoreThanLeft, also for a top-up that never arrived; RefundTooLate.
    """
    if captured_at is None or amount > left:
        raise RefundMoreThanLeft(left=left)
    if now > captured_at + timedelta(days=days):
        raise RefundTooLate(days=days)
