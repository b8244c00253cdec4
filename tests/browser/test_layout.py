"""Signs follow the way that a language is read."""

from __future__ import annotations

import pytest

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
