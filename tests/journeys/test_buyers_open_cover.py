"""What a business buys is declared to its open cover as soon as its seller sends it."""

from __future__ import annotations

from datetime import timedelta

import pytest

from banking import api as bank
from banking.authorisation.approvals import service as approvals
from insurance import api as cover
from insurance.trade.open_cover import queries, rules, running, service
from insurance.trade.open_cover.rules import Source
from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.money import Money
from marketplace.buying.orders import buyer_cover
from marketplace.buying.orders import service as orders
from marketplace.logistics.shipping.cli import settle
from tests.insurance.trade.open_cover.conftest import UNDERWRITER, application, eur, terms
from tests.journeys.shopping import by_country, pay, to_review

pytestmark = pytest.mark.journey


@pytest.fixture
def buyer(market, noon, signed_in, with_money):
    actor = signed_in("camille@example.com")
    with_money(actor, "800 EUR")
    return actor


@pytest.fixture
def open_cover(buyer):
    """A running open cover of the buyer that takes orders from ten euro on."""
    today = house_clock.today()
    asked = service.apply(
        application=application(starts_on=today), owner_id=buyer.person_id, actor=buyer
    )
    agreed = terms(
        deposit=eur("20.00"), starts_on=today, ends_on=rules.year_from(today, 12), least=eur("1.00")
    )
    signed = service.sign(ref=asked.ref, agreed=agreed, actor=UNDERWRITER)
    done = service.accept(ref=asked.ref, sha256=signed.sha256, actor=buyer)
    if done.accepted_at is None:
        approvals.give(approval_id=done.approval_id, method="totp", actor=buyer)
    running.take_orders(ref=asked.ref, least=eur("10.00"), actor=buyer)
    return asked.ref


def send(market, buyer, **choices):
    review = to_review(
        market, buyer, **{"cover_level": None, "business": "Maison Perrin"} | choices
    )
    order = by_country(pay(review, buyer))["CN"]
    orders.dispatch(order_ref=order.ref, actor=SYSTEM)
    settle()
    return order


def declared(buyer, ref):
    with reading():
        return queries.latest_declared(queries.cover_for(buyer, ref), limit=20)


def books_agree():
    with reading():
        return all(row.is_balanced for row in cover.control_accounts()) and (
            bank.verify_ledger().balanced
        )


def test_what_a_business_buys_is_insured_once_as_it_is_sent(market, buyer, open_cover):
    order = send(market, buyer)
    again = buyer_cover.declare_to_open_cover(order_ref=order.ref, actor=SYSTEM)

    (line,) = declared(buyer, open_cover)
    assert again == line
    assert (line.reference, line.source) == (order.ref, Source.ORDER)
    # The tariff's least premium of a cargo, out of the deposit.
    assert (line.net, line.from_deposit) == (eur("15.00"), eur("15.00"))
    assert line.departs_on - house_clock.today() <= timedelta(0)
    assert books_agree()


@pytest.mark.parametrize("choices", [{"business": None}, {"cover_level": "STD"}])
def test_a_persons_own_order_and_one_with_cover_are_left_alone(market, buyer, open_cover, choices):
    send(market, buyer, **choices)

    assert declared(buyer, open_cover) == []


def test_below_its_value_and_without_leave_nothing_is_declared(market, buyer, open_cover):
    running.take_orders(ref=open_cover, least=Money.of("400.00", "EUR"), actor=buyer)
    send(market, buyer)
    running.take_orders(ref=open_cover, least=None, actor=buyer)
    send(market, buyer)

    assert declared(buyer, open_cover) == []


def test_an_order_that_a_limit_refuses_is_told_to_its_buyer_and_still_sent(
    market, buyer, open_cover
):
    running.give_notice(ref=open_cover, is_war=False, actor=buyer)
    market.exec_driver_sql("UPDATE insurance.open_covers SET ends_on = starts_on - 1")

    order = send(market, buyer)

    with reading():
        history = queries.history_of(queries.cover_for(buyer, open_cover))
    (refused,) = [line for line in history if line.what == "order_refused"]
    assert refused.data["reference"] == order.ref
    assert declared(buyer, open_cover) == []
