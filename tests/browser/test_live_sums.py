"""Sums that are asked of the house while one chooses: what is ticked meanwhile is what counts."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from kernel import memory, testing
from kernel.db import reading
from marketplace.demo.seed.seed import PASSWORD
from tests.browser.machine import come_in
from tests.browser.visiting import serving, window
from tests.chromium import arrive
from tests.journeys.shopping import to_review
from tests.market import sign_in

pytestmark = pytest.mark.browser

EMAIL = "camille@example.com"


@pytest.fixture
def choosing(app, market_database, _market_files, chromium):
    """A page where delivery and cover are chosen, its teapot without cover so far."""
    memory.forget_everything()
    with testing.fresh_database(template=market_database) as name, testing.engine_on(name):
        buyer = sign_in(EMAIL)
        with reading() as current:
            view = to_review(current, buyer, cover_level=None)
        with serving(app) as port, window(chromium) as page:
            house = f"http://localhost:{port}/en"
            come_in(page, house, EMAIL, PASSWORD)
            arrive(page, "*/account")
            page.goto(f"{house}/checkout/{view.ref}")
            yield page
    memory.forget_everything()


def posted(request):
    return request.method == "POST"


def answered(response):
    """Whether the page came with its new sums, after the form had been taken."""
    return "/checkout/" in response.url and not posted(response.request)


def choose_cover(page):
    with page.expect_response(answered):
        page.locator("label:has([name^=cover-][value=STD])").first.click()


def open_papers(page):
    """Open the product information of the level: until then the pay button rests."""
    with page.expect_popup() as opened:
        page.locator("[data-opens^=cover-][data-levels~=STD]").first.click()
    opened.value.close()


def box(page):
    return page.locator("[name^=informed-]").first


def test_a_tick_that_is_taken_back_stays_taken_back(choosing):
    choose_cover(choosing)
    for ticked in (True, False):
        with choosing.expect_response(answered):
            box(choosing).set_checked(ticked)
        with choosing.expect_response(answered):
            choosing.locator("label:has([name^=option-]:not(:checked))").first.click()
        expect(box(choosing)).to_be_checked(checked=ticked)


def test_whoever_goes_on_waits_for_what_was_asked_before_the_tick(choosing):
    sent, held = [], []
    open_papers(choosing)

    def slow(route):
        sent.append(route.request)
        if len(sent) == 1:
            held.append(route)
        else:
            route.continue_()

    choosing.route("**/checkout/*", lambda r: slow(r) if posted(r.request) else r.fallback())
    choosing.locator("label:has([name^=cover-][value=STD])").first.click()
    with choosing.expect_response(answered):
        box(choosing).check()
    choosing.locator("#pay button").first.click()
    expect(choosing.locator("h1")).to_have_text("Checkout")
    assert len(sent) == 2

    with choosing.expect_request("**/pay"):
        held[0].continue_()


def test_what_is_typed_while_the_sums_are_asked_for_stays_typed(choosing):
    held, name = [], choosing.locator("[name=business_name]")

    def slow(route):
        if posted(route.request):
            held.append(route)
        else:
            route.fallback()

    expect(name).to_be_hidden()
    choosing.route("**/checkout/*", slow)
    choosing.locator("[name=for_business]").check()
    name.press_sequentially("Maison Perrin")

    with choosing.expect_response(answered):
        held[0].continue_()
    expect(choosing.locator("main")).to_contain_text("No refund without cover.")
    expect(name).to_have_value("Maison Perrin")
    expect(name).to_be_focused()
