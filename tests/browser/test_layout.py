"""Signs follow the way that a language is read; tables that just do not fold fit their window."""

from __future__ import annotations

import pytest

from tests.browser.people import VENDOR
from tests.browser.visiting import visit, window

pytestmark = pytest.mark.browser


def test_signs_that_point_point_the_other_way_in_arabic(house, chromium):
    def ways(page):
        return page.evaluate(
            "[...document.querySelectorAll('svg.flip')].map(s => getComputedStyle(s).scale)"
        )

    with window(chromium) as page:
        visit(house, page, None, "en", "/dev/ui")
        forward = ways(page)
        visit(house, page, None, "ar", "/dev/ui")
        backward = ways(page)

    assert len(forward) > 3
    assert set(forward) == {"none"}
    assert set(backward) == {"-1 1"}


@pytest.mark.parametrize("lang", ["de", "fr", "en", "ar"])
def test_the_list_of_orders_fits_a_window_in_which_its_rows_just_do_not_fold(house, chromium, lang):
    with window(chromium) as page:
        page.set_viewport_size({"width": 720, "height": 900})
        visit(house, page, VENDOR, lang, "/desk/orders?view=all")
        assert page.locator("tbody tr").count()
        assert page.evaluate("document.documentElement.scrollWidth") == 720
        goods = page.locator("td.full").first.bounding_box()
        assert goods is not None
        assert goods["width"] > 110
