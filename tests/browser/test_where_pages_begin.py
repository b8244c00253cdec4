"""A page opens at its beginning, whatever is chosen on it."""

from __future__ import annotations

import pytest

from tests.browser.past import OPERATOR, VENDOR
from tests.browser.visiting import DESK, PHONE, visit, window

pytestmark = pytest.mark.browser

# Rows of views, of which one is chosen: on some they wrap, on some they scroll sideways.
CHOSEN = [
    (OPERATOR, "/bank/books/payouts/"),
    (OPERATOR, "/bank/books/payouts/?view=all"),
    (VENDOR, "/desk/orders?view=all"),
    (VENDOR, "/desk/returns/"),
    (VENDOR, "/desk/messages/"),
    (None, "/p/{reviewed}/reviews"),
]


@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_no_choice_lets_a_page_begin_further_down(house, chromium, size):
    with window(chromium) as page:
        page.set_viewport_size(size)
        begun = {}
        for who, address in CHOSEN:
            visit(house, page, who, "en", address)
            page.wait_for_load_state("networkidle")
            assert page.locator("main .chips [aria-current]").count(), address
            begun[address] = page.evaluate("scrollY")

    assert begun == dict.fromkeys(begun, 0)
