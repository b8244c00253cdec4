"""What the journeys do between the first page and the last, without any page."""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

from sqlalchemy import text, update

from banking.authorisation.approvals import service as approvals
from kernel import clock as house_clock
from kernel.actor import SYSTEM, Actor
from kernel.db import reading, session, transaction
from kernel.money import Money
from kernel.people.guests import taking
from marketplace.buying.buyers import queries as buyers
from marketplace.buying.cart import service as cart
from marketplace.buying.checkout import queries as checkouts
from marketplace.buying.checkout import service as checkout
from marketplace.buying.orders import queries as orders
from marketplace.logistics.shipping.cli import settle


def offer(market, *, country: str, title: str) -> int:
    return market.execute(
        text(
            "SELECT min(o.id) FROM marketplace.offer o"
            " JOIN marketplace.variant v ON v.id = o.variant_id"
            " JOIN marketplace.product_text t ON t.product_id = v.product_id"
            " JOIN marketplace.vendor s ON s.id = o.vendor_id"
            " WHERE s.country = :country AND t.title LIKE :title"
        ),
        {"country": country, "title": f"%{title}%"},
    ).scalar_one()


TWO = (("CN", "壶"), ("DK", "lamp"))


def fill(market, actor, *, currency="EUR", goods=TWO):
    cart_id = None
    for country, title in goods:
        cart_id = cart.add_line(
            cart_id=cart_id,
            offer_id=offer(market, country=country, title=title),
            quantity=1,
            seen=Money(1, currency),
            actor=actor,
        )
    return cart_id


def to_review(
    market,
    actor,
    *,
    country="FR",
    currency="EUR",
    cover_level="STD",
    goods=TWO,
    business=None,
):
    cart_id = fill(market, actor, currency=currency, goods=goods)
    ref = checkout.start(
        cart_id=cart_id, locale="en", country=country, currency=currency, actor=actor
    )
    with reading():
        address = buyers.addresses_of(actor)[0]
    checkout.send_to(ref=ref, address_id=address.id, actor=actor)
    if business:
        # Before what is on offer is looked at: it is another person's loss.
        checkout.choose(ref=ref, options={}, covers={}, business_name=business, actor=actor)
    with reading():
        teapot = next(
            p for p in checkouts.checkout_for(actor, ref).parcels if p.vendor.country == "CN"
        )
    covers = {}
    if cover_level:
        assert teapot.levels, f"cover is sold in {currency}"
        covers[teapot.vendor.id] = checkout.Choice(cover_level, with_delay=False)
    checkout.choose(ref=ref, options={}, covers=covers, business_name=business, actor=actor)
    if covers:
        open_information(ref, actor)
    with reading():
        return checkouts.checkout_for(actor, ref)


def open_information(ref, actor, *, language="en"):
    """Open the product information of everybody who sells cover in a checkout."""
    with reading():
        parcels = checkouts.checkout_for(actor, ref).parcels
    for insurer_key in dict.fromkeys(paper.insurer_key for p in parcels for paper in p.papers):
        checkout.note_opened(ref=ref, insurer_key=insurer_key, language=language, actor=actor)


def pay(view, actor):
    """Pay, and approve it where the bank asks."""
    found = checkout.pay(ref=view.ref, expected=view.total, actor=actor)
    if found.approval_id is not None:
        approvals.give(approval_id=found.approval_id, method="totp", actor=actor)
        found = checkout.pay(ref=view.ref, expected=view.total, actor=actor)
    return found.group_ref


def days(number: int, *, step: int = 2) -> None:
    """Let days pass in steps of some: the order of scans does not depend on who looks when."""
    for _ in range(number // step):
        house_clock.freeze(house_clock.now() + timedelta(days=step))
        settle()


def by_country(group_ref):
    with reading():
        group = orders.group_by_ref(group_ref)
    return {order.lines[0].origin_country: order for order in group.orders}


def house_transaction() -> AbstractContextManager[object]:
    return transaction(name="test", actor=SYSTEM)


def become(guest: Actor, buyer: Actor) -> None:
    """Let everything of a buyer be a guest's, as if they had bought it without an account."""
    with house_transaction():
        for belongings in taking.all_belongings():
            for column in belongings.columns:
                values: dict[Any, Any] = {column: guest.person_id}
                mine = column == buyer.person_id
                session().execute(update(column.class_).where(mine).values(values))
