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
            page.goto(f"{house}/checkout/{view.ref}/parcels")
            yield page
    memory.forget_everything()


def choose_cover(page):
    with page.expect_response("**/parcels"):
        page.locator("label:has([name^=cover-][value=STD])").first.click()


def box(page):
    return page.locator("[name^=informed-]").first


def test_a_tick_that_is_taken_back_stays_taken_back(choosing):
    choose_cover(choosing)
    for ticked in (True, False):
        with choosing.expect_response("**/parcels"):
            box(choosing).set_checked(ticked)
        with choosing.expect_response("**/parcels"):
            choosing.locator("label:has([name^=option-]:not(:checked))").first.click()
        expect(box(choosing)).to_be_checked(checked=ticked)


def test_whoever_goes_on_waits_for_what_was_asked_before_the_tick(choosing):
    sent, held = [], []

    def slow(route):
        sent.append(route.request)
        if len(sent) == 1:
            held.append(route)
        else:
            route.continue_()

    choosing.route("**/parcels", lambda r: slow(r) if r.request.method == "POST" else r.fallback())
    choosing.locator("label:has([name^=cover-][value=STD])").first.click()
    with choosing.expect_response("**/parcels"):
        box(choosing).check()
    choosing.get_by_role("button", name="Review the order").click()
    expect(choosing.locator("h1")).to_have_text("How shall they travel?")
    assert len(sent) == 2

    held[0].continue_()

    arrive(choosing, "*/review")
    assert len(sent) == 3
