"""What opens by keys is closed by keys, and frames are walked by Tab; pages are in `keys.py`."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.keys import whole_walk
from tests.browser.past import BUYER, OPERATOR, VENDOR
from tests.browser.visiting import visit, window

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


@pytest.mark.parametrize(
    ("who", "address"),
    [(None, "/"), (BUYER, "/account"), (BUYER, "/bank/"), (BUYER, "/cover/"), (VENDOR, "/desk/"),
     (OPERATOR, "/operations/machinery")],
)  # fmt: skip
def test_a_walk_at_a_desk_sees_every_stop_of_the_frame(house, chromium, who, address):
    with window(chromium) as page:
        visit(house, page, who, "en", address)
        assert whole_walk(page) == []


def test_completions_are_chosen_by_arrows_and_dropped_by_escape(house, chromium):
    with window(chromium) as page:
        visit(house, page, None, "en", "/")
        box = page.get_by_role("combobox").first
        box.focus()
        page.keyboard.type("tea", delay=30)
        expect(box).to_have_attribute("aria-expanded", "true")
        page.keyboard.press("ArrowDown")
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
