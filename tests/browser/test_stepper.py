"""Pieces by buttons: from one to what is left, and every change is priced."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.visiting import visit, window

pytestmark = pytest.mark.browser


@pytest.fixture
def goods(house, chromium):
    """The page of goods of which seven are left, as nobody in particular sees it."""
    with window(chromium) as page:
        visit(house, page, None, "en", "/p/{product}/")
        yield page


@pytest.mark.parametrize(
    ("typed", "button", "said"), [("3", "One more", "4"), ("1", "One less", "1")]
)
def test_a_button_changes_the_pieces_and_asks_for_their_price(goods, typed, button, said):
    goods.locator("#n").evaluate("(field, typed) => field.value = typed", typed)
    with goods.expect_navigation():
        goods.get_by_role("button", name=button).click()
    expect(goods.locator("#n")).to_have_value(said)


def test_there_is_no_more_than_what_is_left(goods):
    left = goods.locator("#n").get_attribute("data-most")
    goods.locator("#n").evaluate("(field, left) => field.value = left", left)
    with goods.expect_navigation():
        goods.get_by_role("button", name="One more").click()
    expect(goods.locator("#n")).to_have_value(left)
