"""A browser remembers the last dozen goods that it opened, by itself, until somebody clears it."""

from __future__ import annotations

import pytest

from kernel.db import counting_queries
from marketplace.shop.storefront.tiles import LOOKS, LOOKS_BESIDE
from tests.marketplace.shop.storefront.browsing_shop import posted, product, shown, soup

pytestmark = pytest.mark.usefixtures("rates")


def titles(browser):
    page = soup(browser.get("/en/seen/"))
    return [link.text.strip() for link in page.select("main .card h3 a")]


def bowls(number):
    return [shown(titles={"en": f"Bowl {n}"}) for n in range(number)]


def test_the_last_dozen_stand_there_the_newest_first_each_once(german):
    goods = bowls(LOOKS + 2)
    for one in [*goods, goods[5]]:
        product(german, one)

    # The last one again, those before it, and not the two that were opened first.
    order = [5, *range(LOOKS + 1, 5, -1), 4, 3, 2]
    assert titles(german) == [f"Bowl {n}" for n in order]
    assert len(order) == LOOKS


def test_a_few_of_them_stand_on_the_front_page_with_the_way_to_all(german):
    for one in bowls(LOOKS_BESIDE + 1):
        product(german, one)
    page = soup(german.get("/en/"))
    beside = page.select_one('section[aria-labelledby="looked"]')

    assert len(beside.select(".card")) == LOOKS_BESIDE
    assert beside.select_one('a[href="/en/seen/"]')


def test_one_press_forgets_them_all(german):
    product(german, shown())
    assert titles(german) == ["Shino teapot"]

    posted(german, "/en/seen/forget", {})

    assert titles(german) == []
    with german.session_transaction() as cookies:
        assert "looked" not in cookies


def test_they_stand_in_the_browser_that_opened_them_and_nowhere_else(german, app):
    product(german, shown())

    assert titles(app.test_client()) == []


def test_the_page_asks_two_questions_of_the_database(german):
    for one in bowls(5):
        product(german, one)
    german.get("/en/seen/")
    with counting_queries() as asked:
        german.get("/en/seen/")
    assert len(asked) <= 2
