"""Purchases by card in plain values: what became of one, and what its card still takes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from banking.cards.purchases.errors import (
    PurchaseDiffers,
    PurchaseDisputed,
    PurchaseNeedsIdentity,
    PurchaseNotPaid,
    PurchaseOver,
)
from kernel.money import Money


class Outcome(StrEnum):
    """What became of a purchase's money: nothing yet, it is with orders, or it goes back."""

    OPEN = "open"
    PLACED = "placed"
    GIVEN_UP = "given_up"


class GivenUp(StrEnum):
    """Why no order came of what a card paid."""

    NO_ORDER = "no_order"
    SOLD_OUT = "sold_out"
    CHANGED = "changed"
    TWICE = "twice"


class CreditState(StrEnum):
    """Where money is that a card did not take. TAKEN: its bank took it by a dispute."""

    WAITING = "waiting"
    TO_CARD = "to_card"
    TO_WALLET = "to_wallet"
    TAKEN = "taken"


class Link(StrEnum):
    """What says that several purchases are one person's."""

    MAIL = "mail"
    CARD = "card"


class Why(StrEnum):
    """What keeps money from its card."""

    NOT_TAKEN = "not_taken"
    MORE_THAN_CHARGED = "more_than_charged"
    TOO_LATE = "too_late"
    DISPUTED = "disputed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How long paid money waits for its order, how long a link counts, and how many letters."""

    valid_from: date
    give_up_minutes: int
    link_days: int
    letters: int
    source: str

    @property
    def gives_up_after(self) -> timedelta:
        """How long paid money waits for its order."""
        return timedelta(minutes=self.give_up_minutes)

    @property
    def link_lasts(self) -> timedelta:
        """How long a link counts."""
        return timedelta(days=self.link_days)


@dataclass(frozen=True, slots=True, kw_only=True)
class IdentityLimits:
    """From which amounts a card's payer has to be known.

    Units: euros; linked is what one mail address or one card pays within so many days.
    """

    valid_from: date
    single_eur: int
    linked_eur: int
    linked_days: int
    source: str

    @property
    def single(self) -> Money:
        """The amount of one purchase from which on its payer has to be known."""
        return Money.of(self.single_eur, "EUR")

    @property
    def linked(self) -> Money:
        """The sum of linked purchases from which on their payer has to be known."""
        return Money.of(self.linked_eur, "EUR")


def check_identity(
    limits: IdentityLimits, *, tier: int, single: Money, linked: Money, what: Link
) -> None:
    """Refuse what an unknown payer may not pay.

    Shape: single is the purchase and linked what it sums up to with others, both in euro; tier 0 is
    somebody known by a mail address alone. Raises: PurchaseNeedsIdentity.
    """
    if tier > 0:
        return
    if single >= limits.single:
        raise PurchaseNeedsIdentity(why="single", limit=limits.single)
    if linked >= limits.linked:
        raise PurchaseNeedsIdentity(why=what.value, limit=limits.linked)


def check_placing(
    outcome: Outcome, *, is_paid: bool, is_disputed: bool, paid: Money, due: Money
) -> None:
    """Refuse to use money that is not there, not free, disputed or not the sum that is due.

    Raises: PurchaseNotPaid, PurchaseOver, PurchaseDisputed, PurchaseDiffers.
    """
    if not is_paid:
        raise PurchaseNotPaid
    if outcome is not Outcome.OPEN:
        raise PurchaseOver
    if is_disputed:
        raise PurchaseDisputed
    if paid != due:
        raise PurchaseDiffers(paid=paid, due=due)


def shared_out(
    amount: Money,
    *,
    left: Money,
    disputed: Why | None,
    captured_at: datetime,
    now: datetime,
    days: int,
) -> tuple[Money, Why | None]:
    """Return how much of an amount its card takes now, and what keeps the rest from it."""
    nothing = Money.zero(amount.currency)
    if disputed is not None:
        return nothing, disputed
    if now > captured_at + timedelta(days=days):
        return nothing, Why.TOO_LATE
    if amount.currency != left.currency:
        return nothing, Why.MORE_THAN_CHARGED
    taken = min(amount, left)
    return taken, None if taken == amount else Why.MORE_THAN_CHARGED


def digest(token: str) -> bytes:
    """Return what is kept of a link's token."""
    return hashlib.sha256(token.encode()).digest()
