"""Shops of the demonstration lower prices of their own goods, and in truth."""

import json

import pytest

from kernel.money import Money
from marketplace.demo.seed import seed
from marketplace.demo.tour.lowering import BEFORE_TODAY, drops
from marketplace.demo.tour.story import LASTS

DATA = seed.HERE / "data"
SHOPS = {shop["key"]: shop for shop in json.loads((DATA / "vendors.json").read_text("utf-8"))}
STAFF = json.loads((DATA / "people.json").read_text("utf-8"))["staff"]
OWNERS = {row["email"]: row["vendor"] for row in STAFF if row["role"] == "owner"}
ASKED = [(row["by"], key, price) for row in drops() for key, price in row["prices"].items()]


@pytest.mark.parametrize(("by", "key", "price"), ASKED, ids=[one[1] for one in ASKED])
def test_each_price_is_the_shop_s_own_and_lower_than_any_before(by, key, price):
    shop = SHOPS[OWNERS[by]]
    goods = json.loads((DATA / "products" / f"{shop['key']}.json").read_text("utf-8"))
    (product,) = [one for one in goods if one["key"] == key]

    now = Money.of(price, shop["currency"])
    before = [Money.of(form["price"], shop["currency"]) for form in product["variants"]]

    assert all(now < one for one in before)
    assert max(before).minor * 2 < now.minor * 3, "a drop, and no giveaway"


def test_readers_of_every_shop_s_currency_find_a_drop_and_of_the_euro_a_shelf():
    currencies = [SHOPS[OWNERS[by]]["currency"] for by, _, _ in ASKED]

    assert set(currencies) == {shop["currency"] for shop in SHOPS.values()}
    assert currencies.count("EUR") >= 4


def test_what_is_lowered_still_shows_when_the_demonstration_opens():
    assert BEFORE_TODAY < LASTS
