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


def press(browser, view):
    """Press the review's button, as a browser does: it says which page it stands on."""
    return browser.post(
        f"/en/checkout/{view.ref}/pay",
        data={"csrf_token": "test-token", "total_minor": str(view.total.minor)},
        headers={"Referer": f"http://localhost/en/checkout/{view.ref}/review"},
    )


@pytest.mark.parametrize("rested", [{"idle": 301}, {"proven": 8 * HOUR}])
def test_review_and_payment_lock_themselves_like_the_bank(mine, ready, rested):
    away(mine, **rested)

    assert mine.get(f"/en/checkout/{ready.ref}/review").location.startswith(CONFIRM)
    assert press(mine, ready).location.startswith(CONFIRM)
    assert mine.get(f"/en/checkout/{ready.ref}/parcels").status_code == 200


def test_a_proof_leads_back_to_the_review(mine, ready):
    away(mine, idle=301)
    review = f"/en/checkout/{ready.ref}/review"

    asked = mine.get(review).location
    assert says(mine.get(asked), "so we locked this page", minutes=5)
    assert post(mine, asked, password=PASSWORD).location == review
    assert (
        str(ready.total.minor)
        == soup(mine.get(review)).find(attrs={"name": "total_minor"})["value"]
    )


def test_whoever_pressed_pay_too_late_comes_back_to_the_sum_and_presses_once_more(
    market, buyer, mine, ready, available
):
    away(mine, idle=301)

    asked = press(mine, ready).location
    assert says(mine.get(asked), "Nothing has been done yet. You'll go back")
    back = post(mine, asked, password=PASSWORD).location

    assert back == f"/en/checkout/{ready.ref}/review"
    assert available(buyer, "EUR") == Money.of("500", "EUR")
    assert mine.get(back).status_code == 200
    assert press(mine, ready).location.startswith("/en/orders/")
    assert rows(market, "marketplace.order_group") == 1


def test_without_the_page_it_came_from_a_payment_waits_for_one_more_press(mine, ready):
    """Some browsers never say which page they come from."""
    away(mine, idle=301)
    pay = f"/en/checkout/{ready.ref}/pay"

    refused = post(mine, pay, total_minor=str(ready.total.minor))
    assert refused.status_code == 403
    kept = soup(refused).find(attrs={"name": "kept"})["value"]
    shown = soup(post(mine, f"{CONFIRM}?why=bank", kept=kept, password=PASSWORD))

    assert str(ready.total.minor) not in shown.main.get_text()
    form = shown.find("form", action=pay)
    sent = {field["name"]: field["value"] for field in form.select("input[name]")}
    assert mine.post(pay, data=sent).location.startswith("/en/orders/")


def test_no_browser_keeps_what_a_checkout_says_of_money(mine, ready):
    review = mine.get(f"/en/checkout/{ready.ref}/review")
    away(mine, idle=301)
    answers = [review, press(mine, ready), mine.get(f"/en/checkout/{ready.ref}/review")]

    assert {answer.headers["Cache-Control"] for answer in answers} == {"no-store"}


def test_what_takes_money_from_a_wallet_outside_the_bank_asks_as_soon(app):
    takes_money = {"checkout.review", "checkout.pay", "recoveries.keep"}

    assert {risk_of_view(app.view_functions[name]) for name in takes_money} == {Risk.BANK}
