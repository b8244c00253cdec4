"""Smallest bought lines, and reviews of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from kernel import clock
from kernel.actor import SYSTEM, Actor
from kernel.db import transaction
from kernel.ids import new_id, public_ref
from marketplace.buying.orders.models import OrderGroup, OrderLine, VendorOrder
from marketplace.trust.reviews import service
from marketplace.trust.reviews.service import Said

WORDS = "It pours without a drop on the table."


def said(**overrides: Any) -> Said:
    """What a buyer says."""
    return Said(**({"stars": 5, "title": "Pours well", "words": WORDS, "locale": "en"} | overrides))


def make_line(
    made: Any, buyer: Actor, *, is_delivered: bool = True, country: str = "FR", group_ref: str = ""
) -> int:
    """Let somebody buy one piece of what make_offer made; return the line's id."""
    assert buyer.person_id is not None
    group_ref = group_ref or public_ref("G")
    with transaction(name="test", actor=SYSTEM) as current:
        group = _group(buyer.person_id, group_ref, country)
        order = _order(made, group.id, group_ref, is_delivered=is_delivered)
        line = OrderLine(
            vendor_order_id=order.id,
            offer_id=made.offer_id,
            product_ref=made.ref,
            sku="SKU-1",
            titles={"en": "Teapot"},
            options={},
            picture=None,
            quantity=1,
            unit_minor=100,
            vendor_unit_minor=100,
            hs_code="691200",
            origin_country="JP",
            weight_g=800,
        )
        for row in (group, order, line):
            current.add(row)
            current.flush()
        return line.id


def make_review(made: Any, buyer: Actor, *, country: str = "FR", **words: Any) -> str:
    """Let somebody buy, get and review a piece; return the review's reference."""
    line_id = make_line(made, buyer, country=country)
    return service.write(line_id=line_id, said=said(**words), actor=buyer)


def _group(person_id: UUID, ref: str, country: str) -> OrderGroup:
    return OrderGroup(
        id=new_id(),
        ref=ref,
        checkout_ref=public_ref("K"),
        person_id=person_id,
        wallet_id=new_id(),
        currency="EUR",
        country=country,
        locale="en",
        address={},
        premium_minor=0,
        total_minor=100,
        placed_at=clock.now(),
    )


def _order(made: Any, group_id: UUID, group_ref: str, *, is_delivered: bool) -> VendorOrder:
    now = clock.now()
    return VendorOrder(
        id=new_id(),
        ref=f"{group_ref}-1",
        group_id=group_id,
        vendor_id=made.vendor.id,
        organisation_id=made.vendor.organisation_id,
        state="delivered" if is_delivered else "in_transit",
        currency="EUR",
        goods_minor=100,
        freight_minor=0,
        duty_minor=0,
        tax_minor=0,
        fees_minor=0,
        total_minor=100,
        vendor_currency="EUR",
        vendor_goods_minor=100,
        vendor_commission_minor=0,
        commission_term="t",
        rate_quote_id=None,
        customs_quote_id=new_id(),
        insurance_quote_id=None,
        cover=None,
        delivery={},
        steps=[],
        ship_by_on=now.date(),
        promised_on=now.date(),
        parcel_ref=public_ref("P"),
        origin={},
        placed_at=now - timedelta(days=9),
        dispatched_at=now - timedelta(days=8),
        delivered_at=now if is_delivered else None,
        release_due_at=None,
        closed_at=None,
    )
