"""Money between a paid order and its end: what may leave an escrow, and the state that follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from banking.merchants.escrow.errors import EscrowFrozenAmount, EscrowTooSmall
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


def release(position: Position, *, amount: int, currency: str, questioned: int = 0) -> Position:
    """Return the position after a release.

    Shape: questioned is kept back for a cardholder's dispute, besides what is frozen.
    Raises: EscrowTooSmall; EscrowFrozenAmount when a dispute keeps part of it back.
    """
    assert amount > 0, "nothing is not released"
    _within(position, amount, currency)
    kept = min(position.frozen + questioned, position.remaining)
    free = position.remaining - kept
    if amount > free:
        raise EscrowFrozenAmount(free=Money(free, currency), frozen=Money(kept, currency))
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
class Terms:
    """How much of what is still held counts as a vendor's future money, from a day on.

    Units: basis points. Source: the dated data beside this file.
    """

    valid_from: date
    sales_bp: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Purse:
    """What a vendor has that may bear a late refund, in the currency the vendor was paid in.

    Shape: sales is what its orders that are still held will bring, debt what it owes already.
    """

    reserve: Money
    sales: Money
    debt: Money
    wallet: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """What an order brought its vendor, and what of it went back by now.

    Shape: gross is before commission; borne is what went back from elsewhere than the escrow, the
    commission returned with it included. All in the currency the vendor was paid in.
    """

    gross: Money
    commission: Money
    borne: Money
    returned: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Waterfall:
    """Where a refund comes from once an order was paid out.

    Shape: escrow is in the order's currency; borne is the rest at the order's own rate, in the
    currency the vendor was paid in, and so are its five parts. commission is the house's share,
    which it gives back; sales is advanced by the house and becomes the vendor's debt; loss is the
    house's own.
    """

    escrow: Money
    borne: Money
    commission: Money
    reserve: Money
    sales: Money
    wallet: Money
    loss: Money


def shares_of(payers: Sequence[int], bills: Sequence[int]) -> list[list[int]]:
    """Return what each payer pays of each bill; both re-add exactly.

    Units: minor units. Shape: a row for each payer, a part for each bill. Each payer pays of every
    bill in proportion, rounded over the sum so far, and the last one pays the rest.
    """
    assert sum(payers) == sum(bills), "who pays, pays all of it"
    shares, left = [], list(bills)
    for payer in payers:
        whole, so_far, paid, parts = sum(left), 0, 0, []
        for bill in left:
            so_far += bill
            upto = payer * so_far // whole if whole else 0
            parts.append(upto - paid)
            paid = upto
        shares.append(parts)
        left = [bill - part for bill, part in zip(left, parts, strict=True)]
    return shares


def parts_back(left: Sequence[int], amount: int) -> list[int]:
    """Return how much of a refund goes to each payer, in proportion of what is left of each.

    Units: minor units. The largest remainders get what is cut off; what is more than all paid goes
    to the last.
    """
    rest = [max(part, 0) for part in left]
    within = min(amount, sum(rest))
    parts = [0] * len(rest)
    if within:
        parts = [one.minor for one in Money(within, "EUR").split(rest)]
    parts[-1] += amount - within
    return parts


def commission_back(*, borne: Money, sold: Sold) -> Money:
    """Return the commission of a refunded part.

    Counted over all that went back, so that many small refunds return what one great one would,
    and never more than was taken.
    """
    if not sold.gross:
        return Money.zero(borne.currency)
    back = min(sold.borne + borne, sold.gross)
    due = sold.commission.times(Fraction(back.minor, sold.gross.minor)) - sold.returned
    return min(max(due, Money.zero(borne.currency)), borne)


def waterfall(*, escrow: Money, borne: Money, commission: Money, purse: Purse) -> Waterfall:
    """Return who bears a refund.

    The house returns its commission; the vendor's share comes from its reserve, its future sales
    and its wallet, and what is missing is the house's loss.
    """
    nothing = Money.zero(borne.currency)
    rest, parts = borne - commission, []
    for source in (purse.reserve, purse.sales - purse.debt, purse.wallet):
        taken = min(rest, max(source, nothing))
        parts.append(taken)
        rest -= taken
    reserve, sales, wallet = parts
    return Waterfall(
        escrow=escrow,
        borne=borne,
        commission=commission,
        reserve=reserve,
        sales=sales,
        wallet=wallet,
        loss=rest,
    )


def _within(position: Position, amount: int, currency: str) -> None:
    if amount > position.remaining:
        raise EscrowTooSmall(remaining=Money(position.remaining, currency))
