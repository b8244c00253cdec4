"""Tables are sorted by keys at a desk and by a choice on a phone, and what is exported stands so."""

from __future__ import annotations

import csv
import io
import re

import pytest
from playwright.sync_api import expect

from tests.browser.people import OPERATOR, VENDOR
from tests.browser.visiting import PHONE, visit, window

pytestmark = pytest.mark.browser


def figures(texts):
    return [int(re.sub(r"\D", "", text)) for text in texts]


@pytest.mark.parametrize("key", ["Enter", "Space"])
def test_a_head_is_pressed_by_keys_says_how_it_stands_and_keeps_the_focus(house, chromium, key):
    with window(chromium) as page:
        visit(house, page, VENDOR, "en", "/desk/goods/")
        head = page.get_by_role("columnheader", name="Price")
        assert head.get_attribute("aria-sort") is None
        head.locator("xpath=preceding-sibling::th[.//button]").last.get_by_role("button").focus()
        page.keyboard.press("Tab")
        button = head.get_by_role("button")
        expect(button).to_be_focused()
        spoken = page.locator("body > p.visually-hidden[role=status]")
        for way, address, words in (
            ("ascending", r"[?&]sort=price$", "Products: Lowest price first"),
            ("descending", r"[?&]sort=-price$", "Products: Highest price first"),
        ):
            page.keyboard.press(key)
            expect(page).to_have_url(re.compile(address))
            expect(head).to_have_attribute("aria-sort", way)
            expect(page.locator("th[aria-sort]")).to_have_count(1)
            expect(button).to_be_focused()
            expect(spoken).to_have_text(words)
            prices = figures(page.locator("tbody td:last-child").all_inner_texts())
            assert prices == sorted(prices, reverse=way == "descending")
        page.go_back()
        expect(head).to_have_attribute("aria-sort", "ascending")


@pytest.mark.parametrize(
    ("who", "address", "column"),
    [
        (VENDOR, "/desk/orders?view=delivered", "Order"),
        (OPERATOR, "/bank/books/payouts/?view=under-way", "Made"),
    ],
)
def test_what_is_exported_is_what_is_filtered_in_the_order_it_stands(
    house, chromium, who, address, column
):
    with window(chromium) as page:
        visit(house, page, who, "en", address)
        head = page.get_by_role("columnheader", name=column, exact=True)
        view = address.partition("?")[2]
        head.get_by_role("button").press("Enter")
        expect(head).to_have_attribute("aria-sort", "ascending")
        expect(page).to_have_url(re.compile(re.escape(view)))
        shown = page.locator("#list tbody tr > :first-child .ltr").all_inner_texts()
        assert shown
        export = page.get_by_role("link", name="This list as CSV").get_attribute("href")
        rows = csv.reader(io.StringIO(page.request.get(f"{house.url}{export}").text()))
        assert [row[0] for row in rows][1:] == shown


def test_a_phone_offers_the_same_orders_where_heads_are_gone(house, chromium):
    with window(chromium) as page:
        page.set_viewport_size(PHONE)
        visit(house, page, VENDOR, "en", "/desk/goods/")
        choice = page.get_by_label("Sort", exact=True)
        choice.select_option(label="Fewest pieces first")
        expect(page).to_have_url(re.compile(r"[?&]sort=pieces$"))
        expect(choice).to_have_value("pieces")
        expect(page.locator("body > p.visually-hidden[role=status]")).to_contain_text(
            "Fewest pieces first"
        )
        page.set_viewport_size({"width": 1280, "height": 900})
        expect(choice).to_be_hidden()


def test_without_a_script_the_same_heads_ask_for_a_page(house, chromium):
    with window(chromium, java_script_enabled=False) as page:
        visit(house, page, VENDOR, "en", "/desk/goods/")
        page.get_by_role("columnheader", name="Price").get_by_role("button").press("Enter")
        page.wait_for_url(re.compile(r"[?&]sort=price$"))
        assert page.locator("th[aria-sort=ascending]").inner_text().strip() == "Price"
