"""What holds only for a while: counted in sight, spoken twice, and at its end what to do."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.people import BUYER
from tests.browser.visiting import DESK, visit, window

pytestmark = pytest.mark.browser
MINUTES_59 = 3540


@pytest.fixture
def moving(chromium):
    """A window of somebody who does not mind motion, its clock in our hands."""
    context = chromium.new_context(viewport=DESK, reduced_motion="no-preference")
    page = context.new_page()
    standing_still(page)
    yield page
    context.close()


def standing_still(page):
    """Take a page's clock in hand: it goes on when it is told to, however long the page loads."""
    page.clock.install(time=0)
    page.clock.pause_at(1_000)


def spoken(page):
    return page.locator("body > .visually-hidden[role=status]")


def test_it_counts_each_second(house, moving):
    visit(house, moving, None, "en", "/dev/ui")
    count = moving.locator("[data-left]")
    expect(count).to_have_text("59:00")
    moving.clock.run_for(61_000)
    expect(count).to_have_text("57:59")


def test_who_wants_no_motion_sees_it_change_each_minute(house, chromium):
    with window(chromium) as page:
        standing_still(page)
        visit(house, page, None, "en", "/dev/ui")
        count = page.locator("[data-left]")
        page.clock.run_for(50_000)
        expect(count).to_have_text("59:00")
        page.clock.run_for(12_000)
        expect(count).to_have_text("58:00")


def test_it_speaks_a_minute_before_the_end_and_at_the_end_shows_what_to_do(house, moving):
    visit(house, moving, None, "en", "/dev/ui")
    kept, over = moving.locator("#sample-kept"), moving.locator("#sample-over")
    moving.clock.fast_forward((MINUTES_59 - 62) * 1000)
    expect(spoken(moving)).to_be_empty()
    moving.clock.run_for(4_000)
    expect(spoken(moving)).to_have_text("One minute left.")
    expect(over).to_be_hidden()
    moving.clock.run_for(61_000)
    expect(kept).to_be_hidden()
    expect(over).to_be_visible()
    expect(spoken(moving)).to_have_text("Every component, in every state")


def test_a_checkout_says_at_its_end_where_to_start_again(house, moving):
    visit(house, moving, BUYER, "en", "/checkout/{checkout}")
    expect(moving.locator("[data-left]")).to_be_visible()
    moving.clock.fast_forward("01:00:00")
    expect(moving.locator("#ended")).to_be_visible()
    expect(moving.locator("#ended a")).to_have_text("Back to the cart")
    expect(moving.locator("#kept")).to_be_hidden()


def test_without_a_script_the_instant_is_told_and_nothing_counts(house, chromium):
    with window(chromium, java_script_enabled=False) as page:
        visit(house, page, BUYER, "en", "/checkout/{checkout}")
        expect(page.locator("#kept")).to_contain_text("These items and prices are yours until")
        expect(page.locator("[data-left]")).to_be_hidden()
