"""Decisions about orders: which step may follow, who gets what, when money is free."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from kernel.money import Money, total
from kernel.text import N_


class OrderState(StrEnum):
    """Where a vendor order stands."""

    PAID = "paid"
    DISPATCHED = "dispatched"
    IN_TRANSIT = "in_transit"
    CUSTOMS = "customs"
    DELIVERED = "delivered"
    COMPLETED = "completed"
    LOST = "lost"
    INDEMNIFIED = "indemnified"
    BORNE = "borne"
    REFUNDED = "refunded"
    CANCELLED = "cancelled"


# i18n: states of an order, shown as a short chip
STATE_WORDS: dict[OrderState, str] = {
    OrderState.PAID: N_("Paid, waiting for the seller"),
    OrderState.DISPATCHED: N_("Packed, waiting for the carrier"),
    OrderState.IN_TRANSIT: N_("On its way"),
    OrderState.CUSTOMS: N_("At customs"),
    OrderState.DELIVERED: N_("Delivered"),
    OrderState.COMPLETED: N_("Completed"),
    OrderState.LOST: N_("Lost on the way"),
    OrderState.INDEMNIFIED: N_("Lost, paid by cover"),
    OrderState.BORNE: N_("Lost, not covered"),
    OrderState.REFUNDED: N_("Refunded"),
    OrderState.CANCELLED: N_("Cancelled"),
}
# i18n: state of an order that customs did not let in, until it turns round
REFUSED_WORDS = N_("Refused at the border")

# What may follow what. Nothing returns from delivered, and every path ends. A parcel that was
# given up may arrive before its claim is decided, or be kept by its buyer against the indemnity.
# What was paid out may still go back whole.
FOLLOWS: dict[OrderState, frozenset[OrderState]] = {
    OrderState.PAID: frozenset({OrderState.DISPATCHED, OrderState.CANCELLED}),
    OrderState.DISPATCHED: frozenset(
        {OrderState.IN_TRANSIT, OrderState.CANCELLED, OrderState.LOST}
    ),
    OrderState.IN_TRANSIT: frozenset(
        {OrderState.CUSTOMS, OrderState.DELIVERED, OrderState.LOST, OrderState.REFUNDED}
    ),
    OrderState.CUSTOMS: frozenset(
        {OrderState.IN_TRANSIT, OrderState.DELIVERED, OrderState.LOST, OrderState.REFUNDED}
    ),
    OrderState.DELIVERED: frozenset({OrderState.COMPLETED, OrderState.REFUNDED}),
    OrderState.LOST: frozenset(
        {OrderState.DELIVERED, OrderState.INDEMNIFIED, OrderState.BORNE, OrderState.REFUNDED}
    ),
    OrderState.INDEMNIFIED: frozenset({OrderState.COMPLETED}),
    OrderState.COMPLETED: frozenset({OrderState.REFUNDED}),
    OrderState.BORNE: frozenset(),
    OrderState.REFUNDED: frozenset(),
    OrderState.CANCELLED: frozenset(),
}

UNDER_WAY = frozenset({OrderState.DISPATCHED, OrderState.IN_TRANSIT, OrderState.CUSTOMS})
# What a buyer may still send back; before the delivery the goods are awaited first.
RETURNABLE = UNDER_WAY | {OrderState.DELIVERED, OrderState.COMPLETED}
GIVEN_UP = frozenset({OrderState.LOST, OrderState.INDEMNIFIED})
# While all of what the buyer paid, less refunds, is kept for the order.
KEPT = UNDER_WAY | {OrderState.PAID, OrderState.DELIVERED}


def is_refused(state: OrderState, refused_at: datetime | None) -> bool:
    """Whether customs did not let the goods in, and the carrier has yet to turn them round.

    Customs may know before the parcel is there; what came all the same was let in after all.
    """
    return refused_at is not None and state in UNDER_WAY


def may_follow(now: OrderState, then: OrderState) -> bool:
    """Whether an order may go from one state to another."""
    return then in FOLLOWS[now]


@dataclass(frozen=True, slots=True)
class Term:
    """A dated figure of the house's own terms."""

    id: str
    kind: str
    value: int
    valid_from: date
    valid_to: date | None


@cache
def terms() -> tuple[Term, ...]:
    """Return the dated terms shipped with this version."""
    rows: list[dict[str, Any]] = json.loads(
        (Path(__file__).parent / "data" / "terms.json").read_text(encoding="utf-8")
    )
    return tuple(
        Term(
            row["id"],
            row["kind"],
            row["value"],
            date.fromisoformat(row["valid_from"]),
            date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        )
        for row in rows
    )


def term(kind: str, on: date) -> int:
    """Return the figure of a term on a day.

    Raises: LookupError when no row covers the day: a gap in our own terms is a bug.
    """
    for row in terms():
        if (
            row.kind == kind
            and row.valid_from <= on
            and (row.valid_to is None or on <= row.valid_to)
        ):
            return row.value
    raise LookupError(f"no {kind} on {on}")


def commission(goods: Money, basis_points: int) -> Money:
    """Return the house's share of the goods, half up, in the vendor's currency."""
    return goods.times(Fraction(basis_points, 10_000))


def release_due(delivered_at: datetime, on: date) -> datetime:
    """Return when the buyer's time to look at the goods ends."""
    return delivered_at + timedelta(days=term("inspection_days", on))


@dataclass(frozen=True, slots=True)
class Amounts:
    """What a vendor order costs its buyer, in the currency the buyer pays in."""

    goods: Money
    freight: Money
    duty: Money
    tax: Money
    fees: Money

    @property
    def total(self) -> Money:
        """The sum: what is held until delivery."""
        parts = [self.goods, self.freight, self.duty, self.tax, self.fees]
        return total(parts, self.goods.currency)

    def less(self, back: Amounts) -> Amounts:
        """Return what is left after a part went back."""
        return Amounts(
            self.goods - back.goods,
            self.freight - back.freight,
            self.duty - back.duty,
            self.tax - back.tax,
            self.fees - back.fees,
        )

    def without(self, taken: Money) -> Amounts:
        """Return what is left when somebody took an amount: of the goods first, of taxes last."""
        parts = {}
        for name in ("goods", "freight", "fees", "duty", "tax"):
            part: Money = getattr(self, name)
            bears = min(part, taken)
            parts[name] = part - bears
            taken -= bears
        assert not taken, "no more is taken than was kept"
        return Amounts(**parts)

    @property
    def is_whole(self) -> bool:
        """Whether no part owes."""
        parts = (self.goods, self.freight, self.duty, self.tax, self.fees)
        return all(part.minor >= 0 for part in parts)


def share_of(part: Money, whole: Money) -> Fraction:
    """Return which share a part is; the whole of nothing."""
    return Fraction(part.minor, whole.minor) if whole else Fraction(1)


def commission_back(commission: Money, *, goods: Money, before: Money, after: Money) -> Money:
    """Return the commission of goods that come back, in the vendor's currency.

    Counted over all that came back, so that many small returns bring what one great one would.
    """
    share = [commission.times(Fraction(part.minor, goods.minor)) for part in (before, after)]
    return share[1] - share[0]


def after_surplus(border: Sequence[Money], back: Money) -> list[Money]:
    """Return what is left of duty, tax and fees when customs took less than was promised.

    The surplus comes off the parts in proportion, so that they re-add to what customs took.
    """
    promised = total(border, back.currency)
    assert back <= promised, "no more comes back than was paid"
    if not back:
        return list(border)
    shares = back.split([part.minor for part in border])
    return [part - share for part, share in zip(border, shares, strict=True)]


def still_due(back: Money, *, promised: Sequence[Money], left: Amounts) -> Money:
    """Return how much of a surplus is due once border money went back with returned goods.

    Shape: promised are duty, tax and fees; no part of them gives back more than is left of it.
    """
    rest = (left.duty, left.tax, left.fees)
    shares = [
        Fraction(remaining.minor, part.minor)
        for part, remaining in zip(promised, rest, strict=True)
        if part
    ]
    share = min(shares, default=Fraction(0))
    return Money(back.minor * share.numerator // share.denominator, back.currency)


def group_total(orders: Sequence[Amounts], premium: Money) -> Money:
    """Return what the buyer pays once: every vendor order and the premium."""
    return total([order.total for order in orders], premium.currency) + premium


@dataclass(frozen=True, slots=True)
class LineDraft:
    """Goods about to be bought.

    Units: unit in the buyer's currency, vendor_unit in the vendor's, per piece.
    """

    offer_id: int
    product_ref: str
    sku: str
    titles: dict[str, str]
    options: dict[str, str]
    picture: str | None
    quantity: int
    unit: Money
    vendor_unit: Money
    hs_code: str
    origin_country: str
    weight_g: int
    hazards: list[str]


@dataclass(frozen=True, slots=True)
class OrderDraft:
    """One vendor's share of a group about to be placed.

    Shape: delivery and steps are plain values, kept as they were shown.
    """

    ref: str
    parcel_ref: str
    vendor_id: int
    organisation_id: UUID
    origin: dict[str, str]
    amounts: Amounts
    lines: tuple[LineDraft, ...]
    rate_quote_id: UUID | None
    customs_quote_id: UUID
    insurance_quote_id: UUID | None
    cover: str | None
    delivery: dict[str, Any]
    steps: list[dict[str, Any]]
    promised_on: date

    @property
    def weight_g(self) -> int:
        """What the goods weigh together, in grams."""
        return sum(line.weight_g * line.quantity for line in self.lines)

    @property
    def vendor_goods(self) -> Money:
        """What the goods cost at the vendor's own prices."""
        first = self.lines[0].vendor_unit
        return total([line.vendor_unit.times(line.quantity) for line in self.lines], first.currency)


@dataclass(frozen=True, slots=True)
class GroupDraft:
    """Everything bought at once.

    Shape: wallet_id and payment_id (of a card) say what paid; business_name is whom it was bought
    for, None for the buyer.
    """

    ref: str
    checkout_ref: str
    person_id: UUID
    wallet_id: UUID | None
    payment_id: UUID | None
    country: str
    locale: str
    address: dict[str, Any]
    business_name: str | None
    premium: Money
    orders: tuple[OrderDraft, ...]

    @property
    def total(self) -> Money:
        """What the buyer pays, to the minor unit."""
        return group_total([order.amounts for order in self.orders], self.premium)


def order_ref(group_ref: str, number: int) -> str:
    """Return the reference of the n-th vendor order of a group, from 1."""
    return f"{group_ref}-{number}"
