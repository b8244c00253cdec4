"""What opens by keys is closed by keys, and frames are walked by Tab; pages are in `keys.py`."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.keys import whole_walk
from tests.browser.people import BUYER, OPERATOR, VENDOR
from tests.browser.remembering import Memory
from tests.browser.rounds import is_green
from tests.browser.visiting import DESK, PHONE, visit, window

pytestmark = pytest.mark.browser


def test_the_first_link_leads_past_the_header(house, chromium):
    with window(chromium) as page:
        visit(house, page, None, "en", "/")
        page.keyboard.press("Tab")
        expect(page.locator(".skip")).to_be_focused()
        expect(page.locator(".skip")).to_be_in_viewport(ratio=1)
        page.keyboard.press("Enter")
        expect(page.locator("main")).to_be_focused()
        page.keyboard.press("Tab")
        assert page.evaluate("document.querySelector('main').contains(document.activeElement)")


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize(
    ("who", "address"),
    [
        (None, "/"),
        (BUYER, "/account"),
        (BUYER, "/checkout/{checkout}"),
        (BUYER, "/bank/"),
        (BUYER, "/cover/"),
        (VENDOR, "/desk/"),
        (OPERATOR, "/operations/machinery"),
        (OPERATOR, "/bank/books/"),
    ],
)
def test_a_walk_through_a_page_and_its_frame_sees_every_stop(house, chromium, who, address, size):
    memory = Memory(chromium.version, size, sources=[__file__])
    if is_green(memory, house, "en", (who, address)):
        return
    with window(chromium) as page:
        page.set_viewport_size(size)
        answer = visit(house, page, who, "en", address)
        assert whole_walk(page) == []
        memory.keep(answer.text(), {})


def test_completions_are_chosen_by_arrows_and_dropped_by_escape(house, chromium):
    with window(chromium) as page:
        visit(house, page, None, "en", "/")
        box = page.get_by_role("combobox").first
        box.focus()
        page.keyboard.type("tea", delay=30)
        expect(box).to_have_attribute("aria-expanded", "true")
        offered = page.get_by_role("option")
        expect(page.locator("body > p.visually-hidden[role=status]")).to_have_text(
            re.compile(rf"^{offered.count()} ")
        )
        page.keyboard.press("ArrowDown")
        page.keyboard.press("End")
        expect(offered.last).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Home")
        expect(offered.first).to_have_attribute("aria-selected", "true")
        chosen = page.locator(f"#{box.get_attribute('aria-activedescendant')}")
        expect(chosen).to_have_attribute("aria-selected", "true")
        page.keyboard.press("Escape")
        expect(box).to_have_attribute("aria-expanded", "false")
        expect(box).to_be_focused()


def test_a_dialog_takes_the_focus_and_gives_it_back(house, chromium):
    with window(chromium) as page:
        visit(house, page, None, "en", "/dev/ui")
        opener = page.locator("[data-dialog] > summary").first
        opener.focus()
        page.keyboard.press("Enter")
        dialog = page.locator("dialog[open]")
        expect(dialog).to_be_visible()
        expect(dialog.locator(":focus")).to_have_count(1)
        for _ in range(6):
            page.keyboard.press("Tab")
            assert page.evaluate(
                "document.activeElement === document.body"
                " || document.querySelector('dialog[open]').contains(document.activeElement)"
            )
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        expect(opener).to_be_focused()


def test_more_goods_join_the_page_the_first_has_the_focus_and_their_number_is_said(house, chromium):
    with window(chromium) as page:
        visit(house, page, None, "en", "/goods/")
        cards = page.locator("ul.grid > li")
        before = cards.count()
        page.get_by_role("link", name="Show more products").press("Enter")
        expect(cards).to_have_count(2 * before)
        expect(cards.nth(before).get_by_role("link")).to_be_focused()
        spoken = page.locator("body > p.visually-hidden[role=status]")
        expect(spoken).to_have_text(f"{before} more products are shown.")


def test_a_filter_stands_in_two_places_and_taking_it_back_is_said(house, chromium):
    with window(chromium) as page:
        visit(house, page, None, "en", "/search?q=")
        told, chips = (
            page.locator(".results-head [role=status]"),
            page.locator("nav.chips a.chosen"),
        )
        everything = told.inner_text()
        page.locator("input[name=country]").first.check()
        expect(chips).to_have_count(1)
        expect(page).to_have_url(re.compile("country="))
        expect(page.locator("input[name=country]:checked")).to_have_count(1)
        expect(told).not_to_have_text(everything)
        chips.press("Enter")
        expect(page.locator("input[name=country]:checked")).to_have_count(0)
        expect(page).not_to_have_url(re.compile("country="))
        expect(told).to_have_text(everything)
        expect(page.locator("body > p.visually-hidden[role=status]")).to_have_text(everything)


def test_the_way_back_from_goods_leads_to_the_same_place_under_the_same_filters(house, chromium):
    with window(chromium) as page:
        visit(house, page, None, "en", "/search?q=")
        page.locator(".facets input[name=stock]").check()
        expect(page.locator("nav.chips a.chosen")).to_have_count(1)
        link = page.locator(".card h3 a").nth(12)
        link.scroll_into_view_if_needed()
        stood = page.evaluate("scrollY")
        assert stood > 400
        link.click()
        expect(page.locator("h1")).not_to_have_text("Find products")
        page.go_back()
        expect(page.locator(".facets input[name=stock]")).to_be_checked()
        page.wait_for_function("stood => Math.abs(scrollY - stood) < 60", arg=stood)


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_a_refused_form_takes_the_focus_and_each_of_its_lines_leads_to_a_field(
    house, chromium, lang
):
    with window(chromium) as page:
        visit(house, page, None, lang, "/sign-up")
        untouched = page.title()
        page.locator("#f-email").fill("not an address")
        page.locator("main form button.wide").click()
        page.wait_for_load_state()

        expect(page.locator("#wrong")).to_be_focused()
        assert page.title() != untouched
        assert page.title().endswith(untouched)
        expect(page.locator("#f-email")).to_have_value("not an address")
        lines = page.locator("#wrong li a")
        assert lines.count() == 3
        for number in range(3):
            lines.nth(number).press("Enter")
            field = page.locator(lines.nth(number).get_attribute("href"))
            expect(field).to_be_focused()
            expect(field).to_have_attribute("aria-invalid", "true")


def test_a_line_about_a_field_that_is_picked_from_a_list_leads_to_its_box(house, chromium):
    with window(chromium) as page:
        visit(house, page, BUYER, "en", "/account/addresses/")
        page.get_by_label("Country", exact=True).select_option("US")
        page.wait_for_load_state()
        page.get_by_role("button", name="Add address").click()
        page.wait_for_load_state()
        line = page.locator("#wrong li a[href='#f-region']")
        line.press("Enter")
        box = page.get_by_role("combobox", name="State")
        expect(box).to_be_focused()
        expect(box).to_have_attribute("aria-invalid", "true")
