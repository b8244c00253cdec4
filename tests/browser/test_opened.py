"""Cover is bought once its product information was opened: the button rests and says why."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.people import BUYER
from tests.browser.visiting import DESK, PHONE, visit, window

pytestmark = pytest.mark.browser

OPENS = "[data-opens]"


def unsent(page):
    """Let nothing that is sent reach the house, whose past others look at."""
    sent = []

    def answer(route):
        if route.request.method == "POST":
            sent.append(route.request.url)
            route.fulfill(status=204)
        else:
            route.fallback()

    page.context.route("**/*", answer)
    return sent


def test_an_offer_in_the_bank_is_bought_after_its_information_was_opened(house, chromium):
    with window(chromium) as page:
        visit(house, page, BUYER, "en", "/bank/cover/{priced_parcel}")
        sent = unsent(page)
        button, why = page.locator("button[data-rests]"), page.locator("[data-why]")
        expect(button).to_have_attribute("aria-disabled", "true")
        expect(why).to_be_visible()

        button.click(force=True)
        expect(page.locator(OPENS)).to_be_focused()
        assert sent == []

        page.locator(OPENS).click()
        expect(button).not_to_have_attribute("aria-disabled", "true")
        expect(why).to_be_hidden()
        button.click()
        assert [url.endswith("/product-information") for url in sent] == [True, False]


def test_who_buys_without_cover_meets_nothing_and_with_it_the_pay_button_rests(house, chromium):
    with window(chromium) as page:
        page.set_viewport_size(DESK)
        visit(house, page, BUYER, "en", "/checkout/{checkout}")
        unsent(page)
        button, why = page.locator("#pay button[data-rests]"), page.locator("[data-why]")
        covers = page.locator(
            f"input[name='{page.locator(OPENS).first.get_attribute('data-opens')}']"
        )
        for parcel in page.locator(OPENS).all():
            page.locator(f"input[name='{parcel.get_attribute('data-opens')}'][value='']").evaluate(
                "one => { one.checked = true }"
            )
        covers.first.dispatch_event("change")
        expect(button).not_to_have_attribute("aria-disabled", "true")
        expect(why).to_be_hidden()

        # This buyer has said before that the information was opened: now as who hasn't yet.
        page.locator(OPENS).evaluate_all("all => all.forEach(one => delete one.dataset.opened)")
        covers.last.evaluate("one => { one.checked = true }")
        covers.first.dispatch_event("change")
        expect(button).to_have_attribute("aria-disabled", "true")
        expect(why).to_be_visible()

        page.locator(OPENS).first.evaluate("one => { one.target = '_blank' }")
        page.locator(OPENS).first.click()
        expect(button).not_to_have_attribute("aria-disabled", "true")


def test_cargo_rests_until_its_clauses_were_opened_and_remembers_it(house, chromium):
    with window(chromium) as page:
        page.set_viewport_size(PHONE)
        visit(house, page, BUYER, "en", "/bank/cover/cargo/prices/{cargo_price}")
        button = page.locator("button[data-rests]")
        expect(button).to_have_attribute("aria-disabled", "true")

        page.locator(OPENS).click()
        expect(button).not_to_have_attribute("aria-disabled", "true")
        page.reload()
        expect(button).not_to_have_attribute("aria-disabled", "true")
