"""A shop's last thirty days in figures, and what of its goods waits for attention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import text

from kernel import clock
from kernel.db import session
from kernel.money import Money, total
from marketplace.vendors.queries import VendorView

DAYS = 30
# What was cancelled or refunded was not sold; deliveries are counted by the day of the order.
_DAYS = text(
    """
    SELECT CAST(placed_at AT TIME ZONE 'UTC' AS date) AS placed_on, vendor_currency AS currency,
        sum(vendor_goods_minor) FILTER (WHERE state NOT IN ('cancelled', 'refunded')) AS sold,
        count(*) FILTER (WHERE delivered_at IS NOT NULL) AS delivered,
        count(*) FILTER (WHERE CAST(delivered_at AT TIME ZONE 'UTC' AS date) > promised_on) AS late
    FROM marketplace.vendor_order
    WHERE organisation_id = :organisation AND placed_at >= :since
    GROUP BY 1, 2
    """
)
_GOODS = text(
    """
    SELECT count(*) AS goods,
        count(*) FILTER (WHERE coalesce(v.hs_code, '') = '' OR coalesce(v.origin_country, '') = ''
            OR v.weight_g IS NULL) AS unsendable,
        count(*) FILTER (WHERE o.status = 'listed'
            AND coalesce(s.on_hand - s.reserved - s.allocated, 0) <= 0) AS sold_out
    FROM marketplace.offer o
    JOIN marketplace.variant v ON v.id = o.variant_id
    LEFT JOIN marketplace.stock_level s ON s.offer_id = o.id
    WHERE o.vendor_id = :vendor
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What was sold, and how it arrived.

    Units: change in basis points against the thirty days before, None without sales then; on_time
    in basis points of what arrived, None while nothing did. Shape: days oldest first.
    """

    sold: Money
    change: int | None
    on_time: int | None
    delivered: int
    late: int
    days: Sequence[tuple[date, Money]]
    goods: int
    unsendable: int
    sold_out: int


def figures_of(vendor: VendorView) -> Figures:
    """Return a shop's figures, in its own currency."""
    today = clock.today()
    first = today - timedelta(days=DAYS - 1)
    rows = session().execute(_DAYS, {
        "organisation": vendor.organisation_id,
        "since": datetime.combine(first - timedelta(days=DAYS), time(), tzinfo=UTC),
    }).all()  # fmt: skip
    mine = [row for row in rows if row.currency == vendor.currency and row.sold]
    sold = {row.placed_on: Money(int(row.sold), row.currency) for row in mine}
    days = [
        (on, sold.get(on, Money.zero(vendor.currency)))
        for on in (first + timedelta(days=n) for n in range(DAYS))
    ]
    now = total([amount for _, amount in days], vendor.currency)
    before = total([amount for on, amount in sold.items() if on < first], vendor.currency)
    delivered, late = sum(row.delivered for row in rows), sum(row.late for row in rows)
    goods = session().execute(_GOODS, {"vendor": vendor.id}).one()
    return Figures(
        sold=now, days=days if now else (), delivered=delivered, late=late,
        change=10_000 * (now.minor - before.minor) // before.minor if before.minor else None,
        on_time=10_000 * (delivered - late) // delivered if delivered else None,
        goods=goods.goods, unsendable=goods.unsendable, sold_out=goods.sold_out,
    )  # fmt: skip
