"""Goods of one kind stand side by side, at one reader's prices."""

from __future__ import annotations

import pytest

from kernel.actor import SYSTEM
from kernel.db import counting_queries
from marketplace.catalogue.products import service as catalogue
from tests.asking import says
from tests.marketplace.makers import make_category
from tests.marketplace.shop.storefront.browsing_shop import product, shown, soup

pytestmark = pytest.mark.usefixtures("rates")


def bowls(number, **more):
    return [shown(titles={"en": f"Bowl {n}"}, **more) for n in range(number)]


def compared(browser, goods, lang="en"):
    asked = "&".join(f"p={one if isinstance(one, str) else one.ref}" for one in goods)
    return soup(browser.get(f"/{lang}/compare?{asked}"))


def heads(page):
    return [head.text.strip() for head in page.select("thead th a")]


def line(page, key):
    """Return what stands in a line of the comparison, by what the line is called."""
    (found,) = [row for row in page.select("tbody tr") if says(row.th, key)]
    return [cell.get_text(" ", strip=True) for cell in found.select("td")]


def test_goods_stand_in_the_order_asked_each_once_and_four_at_most(german):
    goods = bowls(6)
    page = compared(german, [goods[2], goods[0], goods[2], *goods])

    assert heads(page) == ["Bowl 2", "Bowl 0", "Bowl 1", "Bowl 3"]


def test_each_line_tells_of_all_of_them(german):
    light, heavy = bowls(1, weight_g=400)[0], bowls(1, weight_g=2500)[0]
    page = compared(german, [light, heavy])

    told = ("Price at your door", "Arrives", "Return until", "Packed weight", "Packed size")
    prices, days, until, weights, sizes = (line(page, key) for key in told)
    assert [price[:1] for price in prices] == ["€", "€"]
    assert all(days)
    assert all(until)
    assert weights == ["400\u00a0g", "2.5\u00a0kg"]
    assert sizes[0] == sizes[1]


def test_goods_of_another_kind_are_left_out_by_their_names(german):
    make_category("lamps-s", en="Lamps")
    bowl, lamp = shown(titles={"en": "Bowl"}), shown(titles={"en": "Lamp"}, category="lamps-s")
    page = compared(german, [bowl, lamp])

    assert heads(page) == ["Bowl"]
    assert says(
        page, "You can only compare items of the same kind. Left out: %(names)s.", names="Lamp"
    )


def test_what_is_gone_or_never_was_is_not_compared(german):
    here, gone = bowls(2)
    catalogue.take_down(product_id=gone.product_id, actor=SYSTEM)

    assert heads(compared(german, [gone, "P-NEVERWAS", here])) == ["Bowl 0"]
    assert says(compared(german, ["P-NEVERWAS"]), "Nothing to compare yet")
    assert says(soup(german.get("/en/compare")), "Nothing to compare yet")


def test_one_goes_by_a_link_that_keeps_the_others(german):
    goods = bowls(3)
    page = compared(german, goods)
    links = [link["href"] for link in page.select("tbody a") if says(link, "Remove")]

    assert heads(soup(german.get(links[1]))) == ["Bowl 0", "Bowl 2"]


def test_the_page_of_goods_leads_to_a_comparison_with_those_like_them(german):
    goods = bowls(3)
    page = product(german, goods[0])
    (to,) = [link["href"] for link in page.select("a.go") if "/compare" in link["href"]]

    assert sorted(heads(soup(german.get(to)))) == ["Bowl 0", "Bowl 1", "Bowl 2"]


def test_a_comparison_costs_three_questions_at_most(german):
    goods = bowls(4)
    compared(german, goods)
    with counting_queries() as asked:
        compared(german, goods)
    assert len(asked) <= 3
