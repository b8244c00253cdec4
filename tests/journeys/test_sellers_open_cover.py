"""What a shop sends to consumers is declared to its open cover once its carrier has it."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import pytest
from sqlalchemy import text

from banking import api as bank
from banking.authorisation.approvals import service as approvals
from insurance import api as cover
from insurance.trade.open_cover import errors, queries, rules, service, sold
from insurance.trade.open_cover.rules import Source
from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.money import Money
from marketplace.buying.orders import sellers_open_cover
from marketplace.buying.orders import service as orders
from marketplace.logistics.shipping.cli import settle
from tests.insurance.trade.open_cover.conftest import UNDERWRITER, application, terms
from tests.journeys.shopping import by_country, pay, to_review
from tests.journeys.test_sellers_cover import insure

pytestmark = pytest.mark.journey


def cny(amount) -> Money:
    return Money.of(amount, "CNY")


@pytest.fixture
def buyer(market, noon, signed_in, with_money):
    actor = signed_in("camille@example.com")
    with_money(actor, "800 EUR")
    return actor


@pytest.fixture
def seller(market, noon, signed_in, with_money):
    actor = signed_in("owner@qinglan.example.com")
    with_money(actor, "9000 CNY")
    return actor


@pytest.fixture
def shop(seller):
    (organisation,) = seller.organisation_ids
    return organisation


@pytest.fixture
def open_cover(seller, shop):
    """A running open cover of the shop's owner that takes what goes to France, from a yuan on."""
    today = house_clock.today()
    asked = service.apply(
        application=replace(
            application(starts_on=today), turnover=cny("900000"), largest=cny("90000"), country="CN"
        ),
        owner_id=seller.person_id,
        actor=seller,
    )
    agreed = terms(
        country="CN",
        deposit=cny("500"),
        least=cny("1"),
        turnover=cny("900000"),
        conveyance_limit=cny("90000"),
        location_limit=cny("90000"),
        starts_on=today,
        ends_on=rules.year_from(today, 12),
    )
    signed = service.sign(ref=asked.ref, agreed=agreed, actor=UNDERWRITER)
    done = service.accept(ref=asked.ref, sha256=signed.sha256, actor=seller)
    if done.accepted_at is None:
        approvals.give(approval_id=done.approval_id, method="totp", actor=seller)
    take(seller, asked.ref, shop)
    return asked.ref


def take(seller, ref, shop, least="1", countries=("FR",)):
    sales = rules.Sales(shop=shop, least=cny(least), countries=countries)
    return sold.take_sales(ref=ref, sales=sales, actor=seller)


def send(market, buyer, **choices):
    review = to_review(market, buyer, **{"cover_level": None} | choices)
    order = by_country(pay(review, buyer))["CN"]
    settle()
    orders.dispatch(order_ref=order.ref, actor=SYSTEM)
    settle()
    return order


def declared(seller, ref):
    with reading():
        return queries.latest_declared(queries.cover_for(seller, ref), limit=20)


def test_what_a_shop_sends_to_a_consumer_is_insured_once_as_its_carrier_has_it(
    market, buyer, seller, open_cover
):
    order = send(market, buyer)
    again = sellers_open_cover.declare_sale_to_open_cover(order_ref=order.ref, actor=SYSTEM)

    (line,) = declared(seller, open_cover)
    assert again == line
    assert (line.reference, line.source) == (order.ref, Source.SALE)
    assert line.cif >= paid_to_shop(market, order)
    with reading():
        assert bank.verify_ledger().balanced
        assert all(row.is_balanced for row in cover.control_accounts())


def paid_to_shop(market, order):
    """What the shop gets for a parcel: its price less the commission."""
    row = market.execute(
        text(
            "SELECT vendor_goods_minor - vendor_commission_minor AS gets, vendor_currency"
            " FROM marketplace.vendor_order WHERE ref = :ref"
        ),
        {"ref": order.ref},
    ).one()
    return Money(row.gets, row.vendor_currency)


@pytest.mark.parametrize("choices", [{"business": "Maison Perrin"}, {"cover_level": "STD"}])
def test_what_a_business_bought_and_what_has_cover_is_left_alone(
    market, buyer, seller, open_cover, choices
):
    send(market, buyer, **choices)

    assert declared(seller, open_cover) == []


def test_what_a_rule_of_the_shop_insures_is_left_alone(market, buyer, seller, open_cover):
    insure(market)
    order = send(market, buyer)

    with reading():
        held = cover.policy_for_parcel(parcel_ref=order.parcel_ref, side=cover.Side.SELLER)
    assert held is not None
    assert declared(seller, open_cover) == []


def test_what_was_declared_is_not_insured_by_a_rule_any_more(market, buyer, seller, open_cover):
    order = send(market, buyer)
    insure(market)

    assert orders.cover_for_seller(order_ref=order.ref, actor=SYSTEM) is None
    assert len(declared(seller, open_cover)) == 1


def test_below_its_value_to_other_countries_and_without_leave_nothing_is_declared(
    market, buyer, seller, shop, open_cover
):
    take(seller, open_cover, shop, least="80000")
    order = send(market, buyer)

    def declare():
        return sellers_open_cover.declare_sale_to_open_cover(order_ref=order.ref, actor=SYSTEM)

    assert declare() is None
    take(seller, open_cover, shop, countries=("DE", "IT"))
    assert declare() is None
    sold.take_sales(ref=open_cover, sales=None, actor=seller)
    assert declare() is None
    assert declared(seller, open_cover) == []
    take(seller, open_cover, shop)
    line = declare()
    assert declared(seller, open_cover) == [line]


def test_who_no_longer_works_for_the_shop_insures_nothing_of_it(
    market, buyer, seller, shop, open_cover
):
    market.execute(
        text("DELETE FROM kernel.membership WHERE person_id = :who"), {"who": seller.person_id}
    )
    send(market, buyer)

    assert declared(seller, open_cover) == []


def test_what_is_refused_is_told_to_the_holder_and_still_sent(market, buyer, seller, open_cover):
    market.exec_driver_sql(
        "UPDATE insurance.open_covers SET terms = jsonb_set(terms, '{conveyance_limit}', '1')"
    )

    order = send(market, buyer)

    with reading():
        history = queries.history_of(queries.cover_for(seller, open_cover))
    (refused,) = [line for line in history if line.what == "sale_refused"]
    assert refused.data["reference"] == order.ref
    assert declared(seller, open_cover) == []


def test_nobody_takes_the_sales_of_a_shop_they_do_not_work_for(seller, open_cover):
    with pytest.raises(errors.OpenCoverNotOfShop):
        take(seller, open_cover, uuid4())
