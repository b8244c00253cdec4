"""Cover chosen on a product page changes its sums at once, in the words that the page itself has."""

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
