"""With a script a heart fills where it is pressed, and no other page is opened."""

from __future__ import annotations

import pytest

from tests.browser.visiting import PHONE, visit, window

pytestmark = pytest.mark.browser


def pressed(page, heart):
    """Press a heart and return whether it is filled, once the house has answered."""
    with page.expect_response(lambda answer: "/favourites/hearts" in answer.url):
        heart.click()
    page.wait_for_function("!document.querySelector('#hearts[aria-busy=true]')")
    return heart.get_attribute("aria-pressed")


def test_a_heart_fills_and_empties_again_on_the_page_where_it_stands(house, chromium):
    with window(chromium) as page:
        page.set_viewport_size(PHONE)
        visit(house, page, None, "en", "/goods/")
        heart, address = page.locator(".heart").first, page.url
        assert heart.get_attribute("aria-pressed") == "false"

        assert pressed(page, heart) == "true"
        assert page.url == address
        page.reload()
        assert heart.get_attribute("aria-pressed") == "true"

        assert pressed(page, heart) == "false"
        assert pressed(page, heart) == "true"
        page.reload()
        assert heart.get_attribute("aria-pressed") == "true"
