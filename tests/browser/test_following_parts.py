"""A part that follows what happens brings its news by itself, but not over an open question."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.people import BUYER
from tests.browser.visiting import visit, window

pytestmark = pytest.mark.browser

OLD, NEWS = "Times in", "Handed over this minute, by the clock of"
MINUTES = 120_000


@pytest.fixture
def following(house, chromium):
    """An order's page whose next answer holds news, and a clock that passes when told."""
    with window(chromium) as page:
        page.clock.install()
        visit(house, page, BUYER, "en", "/orders/{group}")

        def with_news(route):
            answer = route.fetch()
            route.fulfill(response=answer, body=answer.text().replace(OLD, NEWS))

        page.route(page.url, with_news)
        yield page


def test_news_comes_by_itself(following):
    expect(following.get_by_text(OLD).first).to_be_visible()
    with following.expect_response(following.url):
        following.clock.run_for(MINUTES)
    expect(following.get_by_text(NEWS).first).to_be_visible()


def test_an_open_question_stays_until_it_is_answered(following):
    following.evaluate(
        "document.getElementById('parcels').appendChild(document.createElement('dialog')).showModal()"
    )
    following.clock.run_for(MINUTES)
    following.wait_for_timeout(300)
    expect(following.get_by_text(NEWS)).to_have_count(0)
    following.evaluate("document.querySelector('dialog[open]').close()")
    with following.expect_response(following.url):
        following.clock.run_for(MINUTES)
    expect(following.get_by_text(NEWS).first).to_be_visible()
