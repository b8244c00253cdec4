"""Money between a paid order and its end: what may leave an escrow, and the state that follows."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from banking.escrow.errors import EscrowFrozenAmount, EscrowTooSmall
from kernel.money import Money


class EscrowState(StrEnum):
    """Where the money of a vendor order is.

    FUNDED → PARTLY_RELEASED → RELEASED, or REFUNDED when all of it went back. What is frozen is an
    amount beside the state, since a dispute stops only its own part.
    """

    FUNDED = "funded"
    PARTLY_RELEASED = "partly_released"
    RELEASED = "released"
    REFUNDED = "refunded"


class Purpose(StrEnum):
    """What a part of a released escrow pays for."""

    GOODS = "goods"
    FREIGHT = "freight"
    DUTY = "duty"
    TAX = "tax"
    COMMISSION = "commission"
    SURPLUS = "surplus"


@dataclass(frozen=True, slots=True)
class Position:
    """How much of an escrow went where.

    Units: minor units of one currency.
    """

    funded: int
    released: int = 0
    refunded: int = 0
    frozen: int = 0

    def __post_init__(self) -> None:
        """Hold the sums that must hold in every state."""
        assert self.funded > 0, "an escrow holds something"
        assert min(self.released, self.refunded, self.frozen) >= 0, "parts count, they do not owe"
        assert self.frozen <= self.remaining, "only what is there can be frozen"

    @property
    def remaining(self) -> int:
        """What the escrow still holds."""
        return self.funded - self.released - self.refunded

    @property
    def state(self) -> EscrowState:
        """The state that follows from the sums."""
        if self.remaining == 0:
            return EscrowState.RELEASED if self.released else EscrowState.REFUNDED
        return EscrowState.PARTLY_RELEASED if self.released else EscrowState.FUNDED


def release(position: Position, *, amount: int, currency: str) -> Position:
    """Return the position after a release.

    Raises: EscrowTooSmall; EscrowFrozenAmount when a dispute keeps part of it back.
    """
    assert amount > 0, "nothing is not released"
    _within(position, amount, currency)
    free = position.remaining - position.frozen
    if amount > free:
        raise EscrowFrozenAmount(
            free=Money(free, currency), frozen=Money(position.frozen, currency)
        )
    return Position(position.funded, position.released + amount, position.refunded, position.frozen)


def refund(position: Position, *, amount: int, currency: str) -> Position:
    """Return the position after a refund; it may take frozen money, which is kept for the buyer.

    Raises: EscrowTooSmall.
    """
    assert amount > 0, "nothing is not refunded"
    _within(position, amount, currency)
    left = position.remaining - amount
    return Position(
        position.funded,
        position.released,
        position.refunded + amount,
        min(position.frozen, left),
    )


def freeze(position: Position, *, amount: int, currency: str) -> Position:
    """Return the position with exactly this amount frozen; zero thaws all.

    Raises: EscrowTooSmall.
    """
    assert amount >= 0, "forms reject this"
    _within(position, amount, currency)
    return Position(position.funded, position.released, position.refunded, amount)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waterfall:
    """Where a refund comes from once an order was paid out."""

    escrow: Money
    wallet: Money
    debt: Money


def waterfall(*, amount: Money, in_escrow: Money, in_wallet: Money) -> Waterfall:
    """Return the sources of a refund in their order: escrow, vendor's wallet, vendor's debt."""
    from_escrow = min(amount, in_escrow)
    from_wallet = min(amount - from_escrow, max(in_wallet, Money.zero(amount.currency)))
    return Waterfall(
        escrow=from_escrow, wallet=from_wallet, debt=amount - from_escrow - from_wallet
    )


def _within(position: Position, amount: int, currency: str) -> None:
    if amount > position.remaining:
        raise EscrowTooSmall(remaining=Money(position.remaining, currency))
