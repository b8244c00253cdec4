"""Cover is bought once its product information was opened: the button rests and says why."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.people import BUYER
from tests.browser.visiting import DESK, PHONE, visit, window

pytestmark = pytest.mark.browser

OPENS = "[data-opens]"
CHECKOUT = "/checkout/{checkout}"
OFFER = "/bank/cover/{priced_parcel}"
CARGO = "/bank/cover/cargo/prices/{cargo_price}"


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


def rests(page, button, why):
    expect(button).to_have_attribute("aria-disabled", "true")
    expect(page.locator(why)).to_be_visible()


def wakes(page, button, why):
    expect(button).not_to_have_attribute("aria-disabled", "true")
    expect(page.locator(why)).to_be_hidden()


def test_an_offer_in_the_bank_is_bought_after_its_information_was_opened(house, chromium):
    with window(chromium) as page:
        visit(house, page, BUYER, "en", OFFER)
        sent = unsent(page)
        button = page.locator("button[data-rests]")
        rests(page, button, "[data-why]")

        button.click(force=True)
        expect(page.locator(OPENS)).to_be_focused()
        assert sent == []

        page.locator(OPENS).click()
        wakes(page, button, "[data-why]")
        button.click()
        assert [url.endswith("/product-information") for url in sent] == [True, False]


@pytest.mark.parametrize(
    ("where", "ending"), [(OFFER, "/product-information"), (CARGO, "/clauses")]
)
def test_by_keys_alone_the_button_leads_to_what_wakes_it(house, chromium, where, ending):
    with window(chromium) as page:
        visit(house, page, BUYER, "en", where)
        sent = unsent(page)
        button = page.locator("button[data-rests]")

        button.focus()
        page.keyboard.press("Enter")
        expect(page.locator(OPENS)).to_be_focused()
        assert sent == []

        page.keyboard.press("Enter")
        wakes(page, button, "[data-why]")
        assert [url.endswith(ending) for url in sent] == [True]
        button.focus()
        page.keyboard.press("Space")
        page.wait_for_timeout(200)
        assert len(sent) == len(["opened", "bought"])


def test_who_buys_without_cover_meets_nothing_and_with_it_the_pay_button_rests(house, chromium):
    with window(chromium) as page:
        page.set_viewport_size(DESK)
        # This buyer has opened it in English, and has stated to have read it.
        visit(house, page, BUYER, "zh-cn", CHECKOUT)
        sent = unsent(page)
        button = page.locator("#pay button[data-rests]")
        opener = page.locator(OPENS).first
        assert page.locator("[name^=informed-]").first.is_checked()
        rests(page, button, "[data-why]")

        button.click(force=True)
        expect(opener).to_be_focused()
        assert sent == []

        chosen = page.locator("[name^=cover-]:checked").all()
        values = [(one.get_attribute("name"), one.get_attribute("value")) for one in chosen]
        for name, _ in values:
            page.locator(f"[name='{name}'][value='']").evaluate("one => { one.checked = true }")
        page.dispatch_event("body", "change")
        wakes(page, button, "[data-why]")
        for name, value in values:
            page.locator(f"[name='{name}'][value='{value}']").evaluate(
                "one => { one.checked = true }"
            )
        page.dispatch_event("body", "change")
        rests(page, button, "[data-why]")

        opener.press("Enter")
        wakes(page, button, "[data-why]")
        assert [url.endswith("/product-information") for url in sent] == [True]


def test_what_was_opened_in_the_language_of_the_page_wakes_the_button_at_once(house, chromium):
    with window(chromium) as page:
        page.set_viewport_size(DESK)
        visit(house, page, BUYER, "en", CHECKOUT)
        chosen = page.locator(f"{OPENS}[data-opened]")
        assert chosen.count() >= 1
        wakes(page, page.locator("#pay button[data-rests]"), "[data-why]")

        # The papers of another edition are others, whatever was opened before.
        chosen.evaluate_all("all => all.forEach(one => delete one.dataset.opened)")
        page.locator("input[name^=cover-]").first.dispatch_event("change")
        rests(page, page.locator("#pay button[data-rests]"), "[data-why]")


def test_cargo_rests_until_its_clauses_were_opened(house, chromium):
    with window(chromium) as page:
        page.set_viewport_size(PHONE)
        visit(house, page, BUYER, "en", CARGO)
        sent = unsent(page)
        button = page.locator("button[data-rests]")
        rests(page, button, "[data-why]")

        page.locator(OPENS).click()
        wakes(page, button, "[data-why]")
        assert [url.endswith("/clauses") for url in sent] == [True]


@pytest.mark.parametrize(
    ("lang", "where", "chosen", "code"),
    [
        ("en", OFFER, ["cover", "need"], "product_information_missing"),
        ("en", CARGO, ["need"], "cargo_clauses_unopened"),
        ("zh-cn", CHECKOUT, [], "checkout_cover_unread"),
    ],
)
def test_without_scripts_the_house_refuses_what_was_not_opened_and_says_so(
    house, chromium, lang, where, chosen, code
):
    with window(chromium, java_script_enabled=False) as page:
        page.set_viewport_size(DESK)
        visit(house, page, BUYER, lang, where)
        for field in chosen:
            page.locator(f"[name={field}]").first.check(force=True)

        page.locator("button[data-rests]:visible").first.click(force=True)

        expect(page.locator(f"[data-code={code}]")).to_be_visible()
        expect(page.locator(OPENS).first).to_be_visible()
        for field in chosen:
            expect(page.locator(f"[name={field}]").first).to_be_checked()
