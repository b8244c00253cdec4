"""A page opens at its beginning, whatever is chosen on it."""

from __future__ import annotations

import pytest

from tests.browser.people import OPERATOR, VENDOR
from tests.browser.remembering import Memory
from tests.browser.rounds import is_green
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
    begun, memory = {}, Memory(chromium.version, size, sources=[__file__])
    with window(chromium) as page:
        page.set_viewport_size(size)
        for who, address in CHOSEN:
            if is_green(memory, house, "en", (who, address)):
                continue
            answer = visit(house, page, who, "en", address)
            page.wait_for_load_state("networkidle")
            assert page.locator("main .chips [aria-current]").count(), address
            begun[address] = page.evaluate("scrollY")
            if begun[address] == 0:
                memory.keep(answer.text(), {})

    assert begun == dict.fromkeys(begun, 0)
