"""Photographs with a script: they go at once, nothing typed is lost, and they open large."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from kernel import clock as house_clock
from kernel import memory, testing
from kernel.actor import SYSTEM
from kernel.db import reading
from marketplace.buying.orders import queries as orders
from marketplace.buying.orders import service as order_service
from marketplace.demo.seed.seed import PASSWORD
from marketplace.logistics.shipping.cli import settle
from tests.browser.machine import come_in
from tests.browser.visiting import serving, window
from tests.chromium import arrive
from tests.journeys.shopping import by_country, pay, to_review
from tests.market import give_money, sign_in
from tests.snaps import photo

pytestmark = pytest.mark.browser

EMAIL = "camille@example.com"
WORDS = "It pours without a drop on the table."


def delivered(current):
    """Let a teapot come; return it."""
    buyer = sign_in(EMAIL)
    give_money(buyer, "500 EUR")
    order = by_country(pay(to_review(current, buyer, cover_level=None), buyer))["CN"]
    settle()
    order_service.dispatch(order_ref=order.ref, actor=SYSTEM)
    order_service.note_delivered(parcel_ref=order.parcel_ref, at=house_clock.now(), actor=SYSTEM)
    settle()
    with reading():
        return orders.by_ref(order.ref).lines[0]


@pytest.fixture
def writing(app, market_database, _market_files, chromium):
    """The form for a review of what came."""
    memory.forget_everything()
    with testing.fresh_database(template=market_database) as name, testing.engine_on(name) as on:
        with on.connect().execution_options(isolation_level="AUTOCOMMIT") as current:
            line = delivered(current)
        with serving(app) as port, window(chromium) as page:
            house = f"http://localhost:{port}/en"
            come_in(page, house, EMAIL, PASSWORD)
            arrive(page, "*/account")
            page.goto(f"{house}/account/reviews/lines/{line.id}")
            yield page, f"{house}/p/{line.product_ref}/reviews"
    memory.forget_everything()


def files(*named):
    return [{"name": name, "mimeType": "image/jpeg", "buffer": data} for name, data in named]


def test_photos_go_at_once_and_open_large_one_after_the_other(writing):
    page, listed = writing
    page.get_by_label("5 stars").check()
    page.get_by_label("Title").fill("Pours well")

    page.set_input_files(
        "#f-photos", files(("a.jpg", photo(10)), ("notes.jpg", b"no"), ("b.jpg", photo(20)))
    )

    expect(page.locator(".kept-photos img")).to_have_count(2)
    expect(page.locator("#e-photos")).to_contain_text("notes.jpg")
    expect(page.get_by_label("Title")).to_have_value("Pours well")
    page.get_by_label("What photo 1 shows").fill("On our table")
    page.get_by_label("What should others know?").fill(WORDS)
    page.get_by_role("button", name="Publish review").click()
    expect(page.locator("main .snaps img")).to_have_count(2)

    page.goto(listed)
    thumbnail = page.get_by_role("link", name="On our table")
    thumbnail.click()
    dialog = page.locator("dialog[open]")
    expect(dialog.get_by_role("img")).to_have_attribute("alt", "On our table")
    dialog.get_by_role("button", name="Next").click()
    expect(dialog.get_by_role("img")).to_have_attribute("alt", "Photo 2 of 2 by Camille")
    page.keyboard.press("Escape")
    expect(dialog).to_have_count(0)
    expect(thumbnail).to_be_focused()
