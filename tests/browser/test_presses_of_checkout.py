"""How many presses and fields it takes to buy: counted in a real browser, with scripts and without."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import Page

from banking import api as bank
from banking.cards.saved_cards import service as saved_cards
from kernel import memory, testing
from kernel.actor import SYSTEM
from kernel.db import reading
from marketplace.buying.checkout import service as checkout
from marketplace.buying.checkout.service import Kind, Means
from marketplace.demo.seed.seed import PASSWORD
from tests.asking import english
from tests.browser.machine import come_in
from tests.browser.visiting import PHONE, serving, window
from tests.chromium import arrive
from tests.journeys.shopping import to_review
from tests.market import sign_in

pytestmark = pytest.mark.browser

EMAIL = "camille@example.com"
MOST_OF_GUESTS = (4, 12)
MOST_OF_RETURNING = (3, 0)
# What people type or choose from; the search box and the number of pieces stand on shop pages.
FIELDS = "main :is(input, select, textarea):not([type=hidden], [type=radio], [type=checkbox])"
ON_THE_NETWORK = "input:not([type=hidden])"


@dataclass
class Counted:
    """What somebody had to do."""

    presses: list[str] = field(default_factory=list)
    fields: int = 0

    def watch(self, page: Page) -> None:
        """Count every form that is sent."""

        def note(request: Any) -> None:
            # A redirect that sends the same form on is no second press.
            if request.method == "POST" and not request.redirected_from:
                self.presses.append(request.url)

        page.on("request", note)

    def see(self, page: Page, selector: str = FIELDS) -> None:
        """Count the fields that a page shows."""
        self.fields += sum(one.is_visible() for one in page.locator(selector).all())


@pytest.fixture
def served(app, market_database, _market_files) -> Iterator[str]:
    """The market on a port of its own, in a database of its own."""
    memory.forget_everything()
    with (
        testing.fresh_database(template=market_database) as name,
        testing.engine_on(name),
        serving(app) as port,
    ):
        yield f"http://localhost:{port}/en"
    memory.forget_everything()


def settle_in(page, house):
    page.goto(f"{house}/settings")
    form = page.locator("main form[action$='/settings']")
    # With scripts a field that finds stands before the list, which is sent all the same.
    form.locator("[name=country]").select_option("FR", force=True)
    form.locator("[name=currency]").select_option("EUR", force=True)
    form.locator("button:not([type=button])").last.click()
    arrive(page, "*/settings")


def to_product(page, house):
    page.goto(f"{house}/search?q=lamp")
    page.locator(".card h3 a").first.click()
    arrive(page, "*/p/*")


def type_address(page, counted):
    arrive(page, "*/checkout/*")
    counted.see(page)
    typed = {
        "email": "noor@example.com",
        "name": "Noor Aziz",
        "line1": "18 rue Mercière",
        "postcode": "69002",
        "city": "Lyon",
    }
    for name, value in typed.items():
        page.locator(f"#where [name={name}]").fill(value)
    page.locator("#where .btn:not([name])").click()
    arrive(page, "*/checkout/C-*")
    counted.see(page)


def type_card(page, counted):
    arrive(page, "*/c/pay/*")
    counted.see(page, ON_THE_NETWORK)
    typed = {"number": "4242 4242 4242 4242", "expiry": "12/34", "cvc": "123"}
    for name, value in typed.items():
        page.locator(f"[name={name}]").fill(value)
    page.locator("form button").first.click()


def guest_buys(page, house, *, at_once):
    """Walk from the product's page to the paid order; return what that took."""
    settle_in(page, house)
    to_product(page, house)
    counted = Counted()
    counted.watch(page)
    if at_once:
        page.locator("form#add button[formaction]").click()
    else:
        page.locator("form#add button:not([formaction], [type=button])").first.click()
        arrive(page, "*/cart/")
        page.locator("#checkout").click()
    type_address(page, counted)
    page.locator("#pay .btn:not([name])").click()
    type_card(page, counted)
    arrive(page, "*/orders/G-*")
    return counted


@pytest.mark.parametrize("at_once", [True, False])
@pytest.mark.parametrize("scripts", [True, False])
def test_a_guest_pays_the_first_order_within_four_presses_and_twelve_fields(
    served, network, chromium, at_once, scripts
):
    with window(chromium, java_script_enabled=scripts) as page:
        counted = guest_buys(page, served, at_once=at_once)

        assert len(counted.presses) <= MOST_OF_GUESTS[0], counted
        assert counted.fields <= MOST_OF_GUESTS[1], counted
        assert page.get_by_text(english("Thank you for your order")).is_visible()


def with_saved_card(network):
    """Let a buyer have paid once and kept the card; return how it is known."""
    buyer = sign_in(EMAIL)
    with reading() as current:
        view = to_review(current, buyer, cover_level=None)
    means = Means(kind=Kind.CARD, saves_card=True)
    paid = checkout.pay(ref=view.ref, expected=view.total, means=means, actor=buyer)
    page = checkout.card_page(payment_id=paid.payment_id, back_to="http://127.0.0.1/", actor=SYSTEM)
    network.pay(page)
    bank.settle_purchase(payment_id=paid.payment_id)
    saved_cards.keep_card(payment_id=paid.payment_id)
    checkout.complete_all(ref=view.ref, actor=buyer)


@pytest.mark.parametrize("at_once", [True, False])
def test_who_returns_pays_within_three_presses_and_without_a_field(
    served, network, chromium, at_once
):
    with_saved_card(network)
    with window(chromium) as page:
        come_in(page, served, EMAIL, PASSWORD)
        arrive(page, "*/account")
        settle_in(page, served)
        to_product(page, served)
        counted = Counted()
        counted.watch(page)
        if at_once:
            page.locator("form#add button[formaction]").click()
        else:
            page.locator("form#add button:not([formaction], [type=button])").first.click()
            arrive(page, "*/cart/")
            page.locator("#checkout button").click()
        arrive(page, "*/checkout/C-*")
        counted.see(page)
        page.locator("#pay .btn:not([name])").click()
        arrive(page, "*/orders/G-*")

        assert len(counted.presses) <= MOST_OF_RETURNING[0], counted
        assert counted.fields == MOST_OF_RETURNING[1], counted
    assert len(network.charges()) == 2


def test_on_a_phone_the_total_and_the_button_stay_in_sight(served, network, chromium):
    with window(chromium) as page:
        page.set_viewport_size(PHONE)
        settle_in(page, served)
        to_product(page, served)
        page.locator("form#add button[formaction]").click()
        type_address(page, Counted())
        bar = page.locator("#paybar")

        for share in (0, 0.5, 1):
            page.evaluate("share => scrollTo(0, share * document.body.scrollHeight)", share)
            box = bar.bounding_box()
            assert box is not None
            assert 0 <= box["y"] <= PHONE["height"] - box["height"] + 1
        total = page.locator(".sum output[data-total]").first.inner_text()
        assert bar.locator("[data-total]").inner_text() == total
