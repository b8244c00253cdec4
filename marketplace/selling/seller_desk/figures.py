"""A shop's last thirty days in figures, its money, and what of its goods waits for attention."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from banking import api as bank
from kernel import clock
from kernel.db import session
from kernel.money import Money, total
from kernel.statements import read_sql
from marketplace.buying.orders.queries import CAME_LATE, ZONES_TOLD, Punctuality, term
from marketplace.catalogue.vendors.queries import VendorView

DAYS = 30
MOST_COUNTRIES = 5
# What was cancelled or refunded was not sold; deliveries are counted by the day of the order.
_DAYS = text(
    f"""
    SELECT CAST(o.placed_at AT TIME ZONE 'UTC' AS date) AS placed_on, g.country,
        o.vendor_currency AS currency, count(*) AS orders,
        sum(o.vendor_goods_minor) FILTER (WHERE o.state NOT IN ('cancelled', 'refunded')) AS sold,
        count(*) FILTER (WHERE o.state = 'cancelled') AS cancelled,
        count(*) FILTER (WHERE o.delivered_at IS NOT NULL) AS delivered,
        count(*) FILTER (WHERE {CAME_LATE}) AS late
    FROM marketplace.vendor_order o JOIN marketplace.order_group g ON g.id = o.group_id
    WHERE o.organisation_id = :organisation AND o.placed_at >= :since
    GROUP BY 1, 2, 3
    """  # noqa: S608 - only the constant CAME_LATE is put in; values are parameters
)
_GOODS = text(
    """
    SELECT count(*) AS goods,
        count(*) FILTER (WHERE coalesce(v.hs_code, '') = '' OR coalesce(v.origin_country, '') = ''
            OR v.weight_g IS NULL) AS unsendable,
        count(*) FILTER (WHERE v.hazards IS NULL AND p.vendor_id = :vendor) AS unanswered,
        count(*) FILTER (WHERE o.status = 'listed'
            AND coalesce(s.on_hand - s.reserved - s.allocated, 0) <= 0) AS sold_out
    FROM marketplace.offer o
    JOIN marketplace.variant v ON v.id = o.variant_id
    JOIN marketplace.product p ON p.id = v.product_id
    LEFT JOIN marketplace.stock_level s ON s.offer_id = o.id
    WHERE o.vendor_id = :vendor
    """
)
_TO_COME = text(read_sql(__file__, "to_come"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Earned:
    """A vendor's own money in one currency.

    Shape: held comes with the delivery, due is about to, in_dispute waits for a decision: all three
    as the vendor receives them, after commission, and no order is in two of them; available is in
    the wallet; reserved stays back of payouts; negative is owed to the house; next_on is the day of
    the next payout, None without one.
    """

    currency: str
    held: Money
    due: Money
    in_dispute: Money
    available: Money
    reserved: Money
    negative: Money
    next_on: date | None

    @property
    def is_anything(self) -> bool:
        """Whether there is a figure to show."""
        parts = (self.held, self.due, self.in_dispute, self.available, self.reserved, self.negative)
        return any(parts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """How orders of the last sixty days went, against what is asked.

    Units: basis points; on_time of what arrived and cancelled of all orders, None without any.
    Shape: trouble is the bank's count of disputes and late refunds, by which it keeps a reserve.
    """

    on_time: int | None
    on_time_target: int
    delivered: int
    late: int
    cancelled: int | None
    cancelled_limit: int
    orders: int
    called_off: int
    trouble: bank.Trouble

    @property
    def is_any(self) -> bool:
        """Whether there is an order to speak of."""
        return bool(self.orders)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was sold in thirty days, and how orders went.

    Units: change in basis points against the thirty days before, None without sales then. Shape:
    days oldest first; places are country and sales, most first; elsewhere are sales in further
    currencies.
    """

    sold: Money
    before: Money
    change: int | None
    days: Sequence[tuple[date, Money]]
    places: Sequence[tuple[str, Money]]
    elsewhere: Sequence[Money]
    health: Health
    goods: int
    unsendable: int
    unanswered: int
    sold_out: int


def figures_of(vendor: VendorView) -> Figures:
    """Return a shop's figures, in its own currency."""
    today = clock.today()
    first = today - timedelta(days=DAYS - 1)
    rows = (
        session()
        .execute(
            _DAYS,
            {
                "organisation": vendor.organisation_id,
                "zones": ZONES_TOLD,
                "since": datetime.combine(first - timedelta(days=DAYS), time(), tzinfo=UTC),
            },
        )
        .all()
    )
    fresh = [row for row in rows if row.placed_on >= first]
    by_day = _sums(fresh, "placed_on", vendor.currency)
    days = [
        (on, by_day.get(on, Money.zero(vendor.currency)))
        for on in (first + timedelta(days=n) for n in range(DAYS))
    ]
    now = total([amount for _, amount in days], vendor.currency)
    earlier = _sums([row for row in rows if row.placed_on < first], "currency", vendor.currency)
    before = earlier.get(vendor.currency, Money.zero(vendor.currency))
    places = sorted(
        _sums(fresh, "country", vendor.currency).items(), key=lambda one: (-one[1].minor, one[0])
    )
    goods = session().execute(_GOODS, {"vendor": vendor.id}).one()
    return Figures(
        sold=now,
        before=before,
        days=days if now else (),
        places=places[:MOST_COUNTRIES],
        change=10_000 * (now.minor - before.minor) // before.minor if before.minor else None,
        elsewhere=_elsewhere(fresh, vendor.currency),
        health=_health(rows, vendor, today),
        goods=goods.goods,
        unsendable=goods.unsendable,
        unanswered=goods.unanswered,
        sold_out=goods.sold_out,
    )


def earned_of(vendor: VendorView, frozen: Mapping[str, bank.EscrowView]) -> list[Earned]:
    """Return what a shop has and what comes to it, by currency, without currencies of nothing.

    Shape: frozen are its escrows in dispute, by order.
    """
    coming = coming_of(vendor.organisation_id, frozen)
    buckets = {b.currency: b for b in bank.vendor_buckets(organisation_id=vendor.organisation_id)}
    plans = bank.payout_plans(vendor_id=vendor.organisation_id)
    earnings = []
    for currency in sorted(coming.keys() | buckets.keys()):
        share, plan, nothing = coming.get(currency), plans.get(currency), Money.zero(currency)
        bucket = buckets.get(currency) or bank.VendorBucket.empty(currency)
        earned = Earned(
            currency=currency,
            held=share.held if share else nothing,
            due=share.due if share else nothing,
            in_dispute=share.in_dispute if share else nothing,
            available=bucket.available,
            reserved=bucket.reserved,
            negative=bucket.negative,
            next_on=plan.next_on if plan else None,
        )
        if earned.is_anything:
            earnings.append(earned)
    return earnings


def coming_of(
    organisation_id: UUID, frozen: Mapping[str, bank.EscrowView]
) -> dict[str, bank.Coming]:
    """Return what orders still bring a company, by currency; the bank's pages tell it, too.

    Shape: frozen are its escrows in dispute, by order.
    """
    named = {"organisation": organisation_id, "now": clock.now(), "disputed": list(frozen)}
    shares = {}
    for row in session().execute(_TO_COME, named):
        held, due, disputed = _to_come(row, frozen)
        shares[row.currency] = bank.Coming(
            held=Money(held, row.currency),
            due=Money(due, row.currency),
            in_dispute=Money(disputed, row.currency),
            next_at=row.next_at,
        )
    return shares


bank.register_coming(coming_of)


def _to_come(row: Row[Any], frozen: Mapping[str, bank.EscrowView]) -> tuple[int, int, int]:
    """Return what is held, due and disputed. Units: minor units of the vendor's currency.

    Of an order in dispute the vendor's share is the frozen part of what the buyer still has here;
    the rest of it is held.
    """
    held, due, disputed = int(row.held or 0), int(row.due or 0), 0
    for ref, net in (row.disputed or {}).items():
        seen = frozen[ref]
        share = net * seen.frozen.minor // seen.remaining.minor
        held, disputed = held + net - share, disputed + share
    return held, due, disputed


def _sums(rows: Sequence[Any], by: str, currency: str) -> dict[Any, Money]:
    sums: dict[Any, Money] = {}
    for row in rows:
        if row.currency == currency and row.sold:
            key = getattr(row, by)
            sums[key] = sums.get(key, Money.zero(currency)) + Money(int(row.sold), currency)
    return sums


def _elsewhere(rows: Sequence[Any], own: str) -> list[Money]:
    others = sorted({row.currency for row in rows} - {own})
    sums = [_sums(rows, "currency", code).get(code) for code in others]
    return [amount for amount in sums if amount]


def _health(rows: Sequence[Any], vendor: VendorView, today: date) -> Health:
    orders, called_off = sum(row.orders for row in rows), sum(row.cancelled for row in rows)
    delivered, late = sum(row.delivered for row in rows), sum(row.late for row in rows)
    return Health(
        on_time=Punctuality(delivered, late).on_time,
        on_time_target=term("on_time_target_bp", today),
        delivered=delivered,
        late=late,
        cancelled=10_000 * called_off // orders if orders else None,
        cancelled_limit=term("cancelled_limit_bp", today),
        orders=orders,
        called_off=called_off,
        trouble=bank.trouble_of(vendor_id=vendor.organisation_id),
    )
