"""Cover that a shop buys for its own loss: bound by its rule, paid by what its sales bring.

A shop bears what its carrier loses of a consumer's parcel: the buyer gets everything back, and the
shop nothing. So what is insured is what the shop would have been paid, no more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from banking import api as bank
from insurance import api as cover
from kernel.actor import Actor
from kernel.db import command, session
from kernel.ids import derived_id
from kernel.money import Money
from kernel.text import N_
from marketplace.buying.orders.models import OrderGroup, OrderLine, VendorOrder
from marketplace.buying.orders.moving import locked
from marketplace.buying.orders.rules import OrderState

NEED = N_("I want my parcels covered on their way, and I've read what isn't covered.")
# Nobody has scanned it yet; a scan that is told late makes the policy void, and nothing is paid.
_NOT_ON_ITS_WAY = frozenset({OrderState.PAID, OrderState.DISPATCHED})


@dataclass(frozen=True, slots=True, kw_only=True)
class SellerParcel:
    """A parcel that was sold, as its shop's own risk. Units: value is what the shop gets."""

    country: str
    value: Money
    risk: cover.ParcelRisk

    def sold_on(self, day: date) -> cover.SoldParcel:
        """Return it as a rule of a day would look at it."""
        return cover.SoldParcel(country=self.country, value=self.value, on=day)


@command("marketplace.orders.cover_for_seller")
def cover_for_seller(*, order_ref: str, actor: Actor) -> cover.PolicyView | None:
    """Insure an order's parcel for its shop, if a rule of the shop says so; twice is once.

    None without a rule, for what a business bought (its own loss once the carrier has it), where
    cover is not sold, where an open cover of the shop has the parcel, and once the parcel is on its
    way or called off. The premium is owed by the shop and comes off what its sales bring next.
    Locks: the vendor order, the policy, the shop's debt. Events: PolicyBound.
    """
    order = locked(order_ref)
    group = session().get_one(OrderGroup, order.group_id)
    known = cover.policy_for_parcel(parcel_ref=order.parcel_ref, side=cover.Side.SELLER)
    if known is not None or order.state not in _NOT_ON_ITS_WAY or group.business_name is not None:
        return known
    rule = cover.seller_rule_covering(
        organisation_id=order.organisation_id, sold=_sold(order, group)
    )
    if rule is None or cover.is_sale_declared(shop=order.organisation_id, reference=order.ref):
        return None
    lines = session().scalars(select(OrderLine).where(OrderLine.vendor_order_id == order.id)).all()
    quote = cover.quote_parcel(
        risk=risk_of(order, group.country, lines),
        subject=f"{order.parcel_ref}:{cover.Side.SELLER}",
        actor=actor,
    )
    if not quote.level(cover.Cover(rule.level)).is_offered:
        return None
    return _bind(order, quote, rule, actor)


def _sold(order: VendorOrder, group: OrderGroup) -> cover.SoldParcel:
    return cover.SoldParcel(country=group.country, value=borne(order), on=group.placed_at.date())


def borne(order: VendorOrder) -> Money:
    """Return what a shop is not paid when its parcel is lost: its price less the commission."""
    return Money(order.vendor_goods_minor - order.vendor_commission_minor, order.vendor_currency)


def risk_of(order: VendorOrder, country: str, lines: Sequence[OrderLine]) -> cover.ParcelRisk:
    """Return a parcel as its shop's risk, in the shop's currency: its things and no delivery.

    Delivery, duty and tax are the buyer's, go back to the buyer, and were never the shop's.
    """
    values = borne(order).split([line.vendor_unit_minor * line.quantity for line in lines])
    way = order.delivery
    return cover.ParcelRisk(
        policyholder_country=order.origin["country"],
        origin_country=order.origin["country"],
        destination_country=country,
        freight=Money.zero(order.vendor_currency),
        mode=cover.Mode(way["mode"]),
        is_tracked=way["tracked"],
        items=tuple(
            cover.InsuredItem(
                description=_english(line.titles),
                hs_code=line.hs_code,
                value=value,
                pieces=line.quantity,
            )
            for line, value in zip(lines, values, strict=True)
        ),
        planned_days=_days(way),
        interest=cover.Interest.SENDER,
        is_business=True,
    )


def seller_parcels(
    *, organisation_id: UUID, currency: str, since: datetime, most: int
) -> list[SellerParcel]:
    """Return a shop's parcels to consumers that were placed since then, the newest first.

    Those called off are left out, and those sold in another currency than the shop's of now.
    """
    query = (
        select(VendorOrder, OrderGroup.country, OrderLine)
        .join(OrderGroup, OrderGroup.id == VendorOrder.group_id)
        .join(OrderLine, OrderLine.vendor_order_id == VendorOrder.id)
        .where(
            VendorOrder.organisation_id == organisation_id,
            VendorOrder.placed_at >= since,
            VendorOrder.vendor_currency == currency,
            VendorOrder.state != OrderState.CANCELLED,
            OrderGroup.business_name.is_(None),
        )
        .order_by(VendorOrder.placed_at.desc(), VendorOrder.id, OrderLine.id)
    )
    found: dict[UUID, tuple[VendorOrder, str, list[OrderLine]]] = {}
    for order, country, line in session().execute(query):
        found.setdefault(order.id, (order, country, []))[2].append(line)
    return [
        SellerParcel(country=country, value=borne(order), risk=risk_of(order, country, lines))
        for order, country, lines in list(found.values())[:most]
    ]


def _english(titles: Mapping[str, str]) -> str:
    return titles.get("en") or next(iter(titles.values()))


def _days(way: Mapping[str, Any]) -> int:
    ends, begins = date.fromisoformat(way["max_on"]), date.fromisoformat(way["hand_over_on"])
    return max(1, (ends - begins).days)


def _bind(
    order: VendorOrder, quote: cover.QuoteView, rule: cover.RuleView, actor: Actor
) -> cover.PolicyView:
    """Charge the shop and conclude, in one transaction."""
    assert quote.id is not None, "a stored quote has an id"
    level, key = cover.Cover(rule.level), derived_id(order.id, "seller_cover")
    bank.charge_vendor(
        key=key,
        kind="premium_charged",
        vendor_id=order.organisation_id,
        dues=cover.premium_credits(quote_id=quote.id, cover=level),
        subject=order.ref,
        actor=actor,
    )
    wallet = bank.wallet_of_earnings(
        owner_id=order.organisation_id,
        owner_kind="organisation",
        currency=order.vendor_currency,
        actor=actor,
    )
    return cover.bind(
        quote_id=quote.id,
        cover=level,
        policyholder_id=order.organisation_id,
        policyholder_wallet_id=wallet.id,
        parcel_ref=order.parcel_ref,
        order_ref=order.ref,
        demands=cover.Demands(
            needs=(NEED,),
            is_active_choice=True,
            product_information=rule.information,
            product_information_opened_at=rule.informed_at,
            locale=rule.locale,
        ),
        key=key,
        side=cover.Side.SELLER,
        payer=cover.Payer.VENDOR,
        seller_id=order.vendor_id,
        actor=actor,
    )


def claim(order: VendorOrder, at: datetime, evidence: Mapping[str, Any], actor: Actor) -> None:
    """Let a shop's cover pay what it bore of a lost parcel, once its buyer has the money back."""
    held = cover.policy_for_parcel(parcel_ref=order.parcel_ref, side=cover.Side.SELLER)
    if held is None or not held.is_in_force:
        return
    cover.parcel_lost(
        parcel_ref=order.parcel_ref,
        at=at,
        evidence=evidence,
        refunded_by_seller_to=held.wallet_id,
        side=cover.Side.SELLER,
        actor=actor,
    )
