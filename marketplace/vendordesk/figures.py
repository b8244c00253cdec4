"""A shop's last thirty days in figures, its money, and what of its goods waits for attention."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import text

from banking import api as bank
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
# Freight, duty and tax that the buyer paid are never the vendor's; a lost order may bring nothing.
_TO_COME = text(
    """
    SELECT vendor_currency AS currency,
        coalesce(sum(vendor_goods_minor - vendor_commission_minor)
            FILTER (WHERE release_due_at IS NULL OR release_due_at > :now), 0) AS held,
        coalesce(sum(vendor_goods_minor - vendor_commission_minor)
            FILTER (WHERE release_due_at <= :now), 0) AS due
    FROM marketplace.vendor_order
    WHERE organisation_id = :organisation
        AND state IN ('paid', 'dispatched', 'in_transit', 'customs', 'delivered')
    GROUP BY vendor_currency
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Earned:
    """A vendor's own money in one currency.

    Shape: held comes with the delivery and due is about to, both as the vendor receives them, after
    commission; in_dispute is what the bank froze of buyers' payments; available is in the wallet;
    negative is owed to the house.
    """

    currency: str
    held: Money
    due: Money
    in_dispute: Money
    available: Money
    negative: Money

    @property
    def is_anything(self) -> bool:
        """Whether there is a figure to show."""
        parts = (self.held, self.due, self.in_dispute, self.available, self.negative)
        return any(parts)


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


def earned_of(vendor: VendorView) -> list[Earned]:
    """Return what a shop has and what comes to it, by currency, without currencies of nothing."""
    named = {"organisation": vendor.organisation_id, "now": clock.now()}
    coming = {row.currency: row for row in session().execute(_TO_COME, named)}
    buckets = {b.currency: b for b in bank.vendor_buckets(organisation_id=vendor.organisation_id)}
    found = []
    for currency in sorted(coming.keys() | buckets.keys()):
        row = coming.get(currency)
        bucket = buckets.get(currency) or bank.VendorBucket.empty(currency)
        earned = Earned(
            currency=currency, held=Money(int(row.held) if row else 0, currency),
            due=Money(int(row.due) if row else 0, currency), in_dispute=bucket.in_dispute,
            available=bucket.available, negative=bucket.negative,
        )  # fmt: skip
        if earned.is_anything:
            found.append(earned)
    return found
