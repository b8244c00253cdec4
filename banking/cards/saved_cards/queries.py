"""Saved cards as their owner and the checkout see them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from banking.cards.card_topups.charging import CardToken
from banking.cards.saved_cards.errors import SavedCardUnknown
from banking.cards.saved_cards.models import SavedCard
from kernel import clock
from kernel.db import session


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedCardView:
    """A saved card. Shape: brand is the network's word, last4 the last digits."""

    id: UUID
    brand: str
    last4: str
    month: int
    year: int
    fingerprint: str
    token: CardToken

    @property
    def expires(self) -> str:
        """Its last month as cards print it."""
        return f"{self.month:02}/{self.year % 100:02}"

    @property
    def is_expired(self) -> bool:
        """Whether its last month is over."""
        today = clock.today()
        return (self.year, self.month) < (today.year, today.month)


def saved_cards_of(*, owner_id: UUID) -> Sequence[SavedCardView]:
    """Return an owner's saved cards, the newest first."""
    query = (
        select(SavedCard)
        .where(SavedCard.owner_id == owner_id, SavedCard.removed_at.is_(None))
        .order_by(SavedCard.saved_at.desc(), SavedCard.id)
    )
    return [view(row) for row in session().scalars(query)]


def saved_card(*, owner_id: UUID, card_id: UUID) -> SavedCardView:
    """Return one of an owner's saved cards. Raises: SavedCardUnknown."""
    row = session().get(SavedCard, card_id)
    if row is None or row.owner_id != owner_id or row.removed_at is not None:
        raise SavedCardUnknown
    return view(row)


def method_ref(*, card_id: UUID) -> str:
    """Return what the network calls a card, removed or not."""
    return session().get_one(SavedCard, card_id).method_ref


def view(row: SavedCard) -> SavedCardView:
    """Return a row as a view."""
    return SavedCardView(
        id=row.id,
        brand=row.brand,
        last4=row.last4,
        month=row.month,
        year=row.year,
        fingerprint=row.fingerprint,
        token=CardToken(customer_ref=row.customer_ref, method_ref=row.method_ref),
    )
