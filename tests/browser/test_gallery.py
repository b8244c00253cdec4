"""The leading picture of a product opens large, whichever thumbnail is the current one."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.visiting import visit, window

pytestmark = pytest.mark.browser


def test_the_picture_in_sight_opens_large_and_the_others_follow_it(house, chromium):
    with window(chromium) as page:
        visit(house, page, None, "en", "/p/{reviewed}/")
        lead = page.get_by_role("link", name="See larger picture")
        thumbnails = page.locator(".thumbs a")
        thumbnails.nth(1).click()
        expect(page.locator(".thumbs [aria-current]")).to_have_count(1)

        lead.click()

        dialog = page.locator("dialog[open]")
        large = dialog.get_by_role("img")
        expect(large).to_have_attribute("src", thumbnails.nth(1).get_attribute("data-big"))
        dialog.get_by_role("button", name="Next").click()
        first = thumbnails.first if thumbnails.count() == 2 else thumbnails.nth(2)
        expect(large).to_have_attribute("src", first.get_attribute("data-big"))
        fitted = large.bounding_box()["width"]
        large.click(position={"x": fitted * 0.8, "y": 20})
        assert large.bounding_box()["width"] > 1.5 * fitted
        dialog.get_by_role("button", name="Zoom").click()
        assert large.bounding_box()["width"] == fitted
        page.keyboard.press("Escape")
        expect(dialog).to_have_count(0)
        expect(lead).to_be_focused()


def test_a_large_picture_has_its_frame_before_it_has_come(house, chromium):
    held = []
    with window(chromium) as page:
        visit(house, page, None, "en", "/p/{reviewed}/")
        lead = page.get_by_role("link", name="See larger picture")
        page.route(f"**{lead.get_attribute('href')}", lambda route: held.append(route))
        lead.click()
        large = page.locator("dialog[open]").get_by_role("img")
        before = large.bounding_box()
        assert before["width"] > 100
        held[0].continue_()
        large.evaluate("picture => picture.decode()")
        assert large.bounding_box() == before


def test_without_a_script_the_picture_leads_to_the_large_one(house, chromium):
    with window(chromium, java_script_enabled=False) as page:
        visit(house, page, None, "en", "/p/{reviewed}/")
        page.get_by_role("link", name="See larger picture").click()
        expect(page.get_by_role("img")).to_have_count(1)
        assert "/media/" in page.url
