"""The bank's rooms are all in sight on a desk, and within reach of a thumb on a phone."""

from __future__ import annotations

import pytest

from tests.browser.people import BUYER, VENDOR
from tests.browser.visiting import PHONE, visit, window

pytestmark = pytest.mark.browser

_ROOMS = "(e => [e.scrollWidth, e.clientWidth])(document.querySelector('nav .nav-links'))"
_TO_THE_LAST = """() => {
    const rooms = document.querySelector('nav .nav-links'), last = rooms.lastElementChild
    last.scrollIntoView({inline: 'end'})
    const end = last.getBoundingClientRect()
    return end.left >= 0 && end.right <= innerWidth && document.documentElement.scrollWidth <= innerWidth
}"""

_HERE_IN_SIGHT = """() => {
    const here = document.querySelector('.nav-links [aria-current]').getBoundingClientRect()
    return here.left >= 0 && here.right <= innerWidth && scrollY === 0
}"""


@pytest.mark.parametrize("language", ["en", "de", "zh-cn", "ar", "fr"])
def test_a_companys_bank_shows_all_of_its_rooms_side_by_side(house, chromium, language):
    with window(chromium) as page:
        visit(house, page, VENDOR, language, "/bank/payouts/")
        needed, there = page.evaluate(_ROOMS)

    assert needed <= there


@pytest.mark.parametrize("language", ["en", "ar"])
def test_on_a_phone_the_last_room_is_reached_without_moving_the_page(house, chromium, language):
    with window(chromium) as page:
        page.set_viewport_size(PHONE)
        visit(house, page, VENDOR, language, "/bank/payouts/")
        assert page.evaluate(_TO_THE_LAST)


@pytest.mark.parametrize("language", ["en", "ar"])
def test_on_a_phone_the_room_one_is_in_stands_in_sight(house, chromium, language):
    with window(chromium) as page:
        page.set_viewport_size(PHONE)
        for room in ("/bank/", "/bank/send", "/bank/limits", "/bank/safety"):
            visit(house, page, BUYER, language, room)
            page.wait_for_function("document.fonts.status === 'loaded'")
            assert page.evaluate(_HERE_IN_SIGHT), room
