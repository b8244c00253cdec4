"""A checkout whose buyer was away asks who is there, and leads back to the sum it showed."""

from __future__ import annotations

import pytest

from kernel.money import Money
from kernel.web.access import risk_of_view
from kernel.web.session_limits import Risk
from marketplace.demo.seed.known import PASSWORD
from tests.asking import says
from tests.journeys.refusals.reading_refusals import post, rows, soup
from tests.journeys.shopping import to_review

pytestmark = pytest.mark.journey
CONFIRM = "/en/account/security/confirm"
HOUR = 3600


@pytest.fixture
def ready(market, buyer, with_money):
    with_money(buyer, "500 EUR")
    return to_review(market, buyer)


def away(browser, idle=0, proven=0):
    with browser.session_transaction() as kept:
        kept["proven_at"] -= proven
        kept["active_at"] = {risk: at - idle for risk, at in kept["active_at"].items()}


def press(browser, view, pay_with="wallet"):
    """Press the page's button, as a browser does: it says which page it stands on."""
    return browser.post(
        f"/en/checkout/{view.ref}/pay",
        data={
            "csrf_token": "test-token",
            "total_minor": str(view.total.minor),
            "pay_with": pay_with,
        },
        headers={"Referer": f"http://localhost/en/checkout/{view.ref}"},
    )


@pytest.mark.parametrize("rested", [{"idle": 301}, {"proven": 8 * HOUR}])
def test_what_a_wallet_holds_and_paying_from_it_lock_themselves_like_the_bank(mine, ready, rested):
    holds = "You keep %(left)s."
    assert says(mine.get(f"/en/checkout/{ready.ref}"), holds)
    away(mine, **rested)

    page = mine.get(f"/en/checkout/{ready.ref}")
    assert page.status_code == 200
    assert not says(page, holds)
    assert says(page, "We'll ask you to confirm it's you first.")
    assert press(mine, ready).status_code == 403


def test_a_card_pays_however_long_somebody_was_away(mine, ready, network):
    """Its network asks who they are; nothing of the bank is shown."""
    away(mine, idle=301)

    network.pay(press(mine, ready, pay_with="card").location)

    assert mine.get(f"/en/checkout/{ready.ref}/paid").location.startswith("/en/orders/")


def test_whoever_pressed_pay_too_late_shows_who_they_are_and_presses_once_more(
    market, buyer, mine, ready, available
):
    """What was chosen is kept: delivery, cover and what pays."""
    away(mine, idle=301)
    pay = f"/en/checkout/{ready.ref}/pay"

    refused = press(mine, ready)
    assert says(refused, "so we locked this page", minutes=5)
    kept = soup(refused).find(attrs={"name": "kept"})["value"]
    shown = soup(post(mine, f"{CONFIRM}?why=bank", kept=kept, password=PASSWORD))

    assert available(buyer, "EUR") == Money.of("500", "EUR")
    assert str(ready.total.minor) not in shown.main.get_text()
    form = shown.find("form", action=pay)
    sent = {field["name"]: field["value"] for field in form.select("input[name]")}
    assert sent["pay_with"] == "wallet"
    assert mine.post(pay, data=sent).location.startswith("/en/orders/")
    assert rows(market, "marketplace.order_group") == 1


def test_no_browser_keeps_what_a_checkout_says_of_money(mine, ready):
    review = mine.get(f"/en/checkout/{ready.ref}")
    away(mine, idle=301)
    answers = [review, press(mine, ready), mine.get(f"/en/checkout/{ready.ref}")]

    assert {answer.headers["Cache-Control"] for answer in answers} == {"no-store"}


def test_what_takes_money_from_a_wallet_outside_the_bank_asks_as_soon(app):
    takes_money = {"checkout.show", "checkout.pay", "recoveries.keep"}

    assert {risk_of_view(app.view_functions[name]) for name in takes_money} == {Risk.BANK}
