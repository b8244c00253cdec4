"""What hurries a buyer is true: pieces that are left, and until when the days of arrival hold."""

from __future__ import annotations

import pytest

from kernel.money import Money
from tests.asking import says
from tests.marketplace.makers import make_rates, make_vendor
from tests.marketplace.shop.storefront.browsing_shop import product, shown

DEADLINE = "Order within %(left)s to get it by %(day)s"
pytestmark = pytest.mark.usefixtures("rates")


def offer_of(client, **made):
    return product(client, shown(**made)).select_one(".offer")


def from_germany(**made):
    return {"vendor": make_vendor(currency="EUR", country="DE"), "price": Money(900, "EUR"), **made}


@pytest.mark.parametrize(
    ("at", "left"),
    [
        ("2026-11-25T11:40", "3_hrs 20_mins"),  # a Wednesday; the post closes at 16:00 in Berlin
        ("2026-11-25T12:00", "3_hrs"),
        ("2026-11-25T14:15", "45_mins"),
        ("2026-11-25T15:30", "23_hrs 30_mins"),  # closed: the next day's goes on being counted
    ],
)
def test_the_time_left_is_counted_to_the_carriers_closing_where_the_goods_are(
    german, clock, at, left
):
    clock(at)
    make_rates(JPY="160")
    told = offer_of(german, **from_germany())

    arrives = told.select_one(".arrives").text.rpartition("–")[2].split()
    day = " ".join(arrives[1:])
    assert says(told, DEADLINE, left=left.replace("_", "\N{NO-BREAK SPACE}"), day=day)


def test_the_clock_is_the_sellers(german, clock):
    clock("2026-11-25T03:40")  # 12:40 in Tokyo, where the post closes at 16:00
    make_rates(JPY="160")

    assert says(offer_of(german), DEADLINE, left="3\N{NO-BREAK SPACE}hrs 20\N{NO-BREAK SPACE}mins")


@pytest.mark.parametrize("at", ["2026-11-28T09:00", "2026-11-27T15:30"])  # until Monday
def test_a_closing_more_than_a_day_ahead_hurries_nobody(german, clock, at):
    clock(at)
    make_rates(JPY="160")

    assert not says(offer_of(german, **from_germany()), DEADLINE)


def test_what_cannot_be_bought_has_no_deadline(german, clock):
    clock("2026-11-25T11:40")
    make_rates(JPY="160")

    assert not says(offer_of(german, **from_germany(stock=0)), DEADLINE)
    assert not says(offer_of(german, **from_germany(weight_g=None)), DEADLINE)


@pytest.mark.parametrize(("stock", "is_told"), [(1, True), (3, True), (5, True), (6, False)])
def test_few_pieces_are_told_when_they_are_few(german, stock, is_told):
    told = offer_of(german, stock=stock)

    assert says(told, "Only %(num)s left.", num=stock) == is_told
