"""A teapot that is bought, comes, goes back; time that passes, and letters about it."""

from __future__ import annotations

from datetime import timedelta

from banking import api as bank
from kernel import clock as house_clock
from kernel import mail
from kernel.actor import SYSTEM
from kernel.db import reading
from marketplace.aftersales.returns import jobs, outcomes, queries, service
from marketplace.aftersales.returns.rules import Reason
from marketplace.buying.orders import queries as orders
from marketplace.buying.orders import service as order_service
from marketplace.logistics.shipping.cli import settle
from tests.journeys.shopping import by_country, pay, to_review

VENDOR, RIVAL = "owner@qinglan.example.com", "owner@meijiawu.example.com"
OPERATOR = "operator@example.com"


def bought(market, buyer, cover_level=None):
    """Buy a teapot, and more of it than fits one refund: the order from China."""
    order = by_country(pay(to_review(market, buyer, cover_level=cover_level), buyer))["CN"]
    settle()
    return order


def delivered(market, buyer, **how):
    order = bought(market, buyer, **how)
    order_service.dispatch(order_ref=order.ref, actor=SYSTEM)
    order_service.note_delivered(parcel_ref=order.parcel_ref, at=house_clock.now(), actor=SYSTEM)
    settle()
    return now(order)


def completed(market, buyer):
    order = delivered(market, buyer)
    order_service.confirm_receipt(order_ref=order.ref, actor=buyer)
    settle()
    return now(order)


def now(order):
    with reading():
        return orders.by_ref(order.ref)


def asked(order, buyer, reason=Reason.DAMAGED, expected=None):
    pieces = {line.id: line.quantity for line in order.lines}
    with reading():
        seen = outcomes.preview_for(buyer, order.ref, reason=reason, pieces=pieces)
    return service.send_back(
        order_ref=order.ref,
        reason=reason,
        pieces=pieces,
        note="A crack.",
        expected=expected or seen.parts.total,
        actor=buyer,
    )


def the(ref):
    with reading():
        return queries.by_ref(ref)


def kept(order):
    with reading():
        return bank.escrow_of(order_ref=order.ref).remaining


def later(days):
    house_clock.freeze(house_clock.now() + timedelta(days=days, minutes=1))
    jobs.let_clocks_run_out()
    settle()


def letters(kind):
    with reading():
        found = mail.mailbox(limit=200)
    return [one for one in found if one.template == f"marketplace/mail/{kind}.txt"]


def plain_text(words):
    return " ".join(words.replace("\u00a0", " ").replace("\u202f", " ").split())
