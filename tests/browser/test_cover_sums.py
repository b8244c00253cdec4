"""Cover on a page: chosen, it changes the sums at once; until then no choice looks like the right one."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.visiting import visit, window

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("lang", ["en", "ar", "es", "ja"])
def test_cover_chosen_on_a_product_page_shows_the_sums_in_the_words_of_the_page(
    house, chromium, lang
):
    with window(chromium) as page:
        visit(house, page, None, lang, "/p/{reviewed}/")
        total, premium = (
            page.locator(".sum [data-total] .amount"),
            page.locator("[data-coverrow] .amount"),
        )
        alone = total.inner_text()
        chosen = page.locator(".pick label:has([name=cover][value=STD])")
        chosen.click()
        with_cover = total.inner_text()

        expect(premium).to_be_visible()
        assert premium.inner_text() == chosen.locator(".amount").first.inner_text()
        assert page.locator(".buybar [data-total]").inner_text() == with_cover != alone
        page.goto(f"{page.url}?cover=STD")
        assert page.locator(".sum [data-total] .amount").inner_text() == with_cover
        page.locator(".pick label:has([name=cover][value=''])").click()
        expect(premium).to_be_hidden()
        assert total.inner_text() == alone


LOOKS = """
    (labels) => labels.map((label) => {
      const style = getComputedStyle(label), title = label.querySelector(".title");
      const words = getComputedStyle(title), box = label.getBoundingClientRect();
      const about = getComputedStyle(label.querySelector(".about"));
      return [
        style.backgroundColor, style.padding, style.fontSize, words.color, words.fontSize,
        words.fontWeight, about.color, about.fontSize, Math.round(box.width),
      ];
    })
"""


@pytest.mark.parametrize("width", [390, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_levels_and_no_cover_have_equal_size_and_contrast(house, chromium, width, scheme):
    with window(chromium, color_scheme=scheme) as page:
        page.set_viewport_size({"width": width, "height": 844})
        visit(house, page, None, "en", "/p/{reviewed}/")
        choices = page.locator(".pick label:has([name=cover])")
        choices.first.wait_for()
        page.evaluate(
            "document.querySelectorAll('[name=cover]').forEach((one) => one.checked = false)"
        )

        looks = choices.evaluate_all(LOOKS)

        assert len(looks) > 1
        assert len({tuple(one) for one in looks}) == 1, looks
