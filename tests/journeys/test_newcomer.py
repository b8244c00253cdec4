"""A newcomer is stopped where she would pay more than the law lets strangers, and goes on."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup

from banking import api as bank
from banking.cards.card_topups import service as payments
from banking.cards.card_topups.rules import NetworkState, Said
from banking.compliance.onboarding.gateway import Fault, order_fault
from kernel import memory
from kernel.actor import SYSTEM
from kernel.db import counting_queries, reading
from kernel.jobs import drain
from kernel.money import Money
from kernel.people.identity import service as identity
from marketplace.buying.buyers import service as book
from marketplace.buying.buyers.service import NewAddress
from marketplace.demo.seed.seed import PASSWORD
from tests.asking import says
from tests.journeys.shopping import to_review

pytestmark = pytest.mark.journey

EMAIL = "noor@example.com"
WHO = {
    "csrf_token": "test-token",
    "name": "Noor Aziz",
    "born_on": "1991-04-02",
    "nationality": "FR",
    "street": "18 rue Mercière",
    "postcode": "69002",
    "city": "Lyon",
    "country": "FR",
}


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    from banking.compliance.onboarding import gateway
    from kernel.config import Settings

    monkeypatch.setattr(gateway, "settings", lambda: Settings(var=tmp_path))


@pytest.fixture
def newcomer(market, noon, signed_in):
    """Somebody who opened an account a moment ago, with an address."""
    identity.register(
        email=EMAIL, password=PASSWORD, name="Noor Aziz", locale="en", country="FR", actor=SYSTEM
    )
    drain()
    actor = signed_in(EMAIL)
    address = NewAddress(
        name="Noor Aziz", lines=("18 rue Mercière",), city="Lyon", postcode="69002", country="FR"
    )
    book.add_address(address=address, actor=actor)
    return actor


@pytest.fixture
def stopped(market, newcomer, browse):
    """Her browser at the last page of the checkout, and that page's address."""
    view = to_review(market, newcomer)
    assert view.total.minor > 50_00
    return browse(newcomer), f"/en/checkout/{view.ref}/review"


def words(answer):
    main = BeautifulSoup(answer.text, "html.parser").select_one("main")
    return re.sub(r"\s+", " ", main.get_text(" "))


def link(answer, said):
    found = BeautifulSoup(answer.text, "html.parser").select("main a.btn")
    (one,) = [a for a in found if said in a.get_text()]
    return re.sub(r"^https?://[^/]+", "", one["href"])


def form(answer, ending):
    forms = BeautifulSoup(answer.text, "html.parser").select("main form[method=post]")
    return [f["action"] for f in forms if ending in f["action"]]


def tier(actor):
    with reading():
        return bank.tier_of(owner_id=actor.person_id)


def wallets(actor):
    with reading():
        return {found.currency: found for found in bank.wallets_of(owner_id=actor.person_id)}


def type_card(market, amount):
    """Let the network tell that her card was charged for the top-up she began last."""
    begun = market.exec_driver_sql(
        "SELECT id FROM banking.card_payments ORDER BY started_at DESC LIMIT 1"
    ).scalar_one()
    fee = Money.of("1", amount.currency)
    heard = NetworkState(said=Said.PAID, payment_ref=f"pi_{begun.hex}", amount=amount, fee=fee)
    payments.record_state(payment_id=begun, heard=heard, actor=SYSTEM)


def top_up(browser, market, page, amount):
    """Follow a page's way to more money and back; return where she stands in the end."""
    asked = browser.get(link(page, "Top up"))
    (action,) = form(asked, "/top-up")
    typed = {
        field["name"]: field.get("value", "")
        for field in BeautifulSoup(asked.text, "html.parser").select(
            f'form[action="{action}"] input'
        )
    }
    (chosen,) = BeautifulSoup(asked.text, "html.parser").select("[name=currency] [selected]")
    given = {"currency": chosen["value"], "amount": str(amount.amount), "csrf_token": "test-token"}
    begun = browser.post(action, data=typed | given)
    assert begun.status_code == 303, words(begun)
    type_card(market, amount)
    return browser.get(begun.location.replace("/card?", "?"))


def test_she_says_who_she_is_tops_up_and_pays_the_basket_she_left(stopped, newcomer, market):
    browser, review = stopped
    before = browser.get(review)
    assert form(before, "/pay") == []
    asked = browser.get(link(before, "Tell us who you are"))
    (action,) = form(asked, "/verify/identity")

    told = browser.post(action, data=WHO)
    known = browser.get(told.location)
    back = browser.get(link(known, "Back to your order"))

    assert tier(newcomer) == 1
    assert says(words(known), "Your cart is just as you left it.")
    assert wallets(newcomer) == {}
    arrived = top_up(browser, market, back, Money.of("600", "EUR"))
    assert arrived.location == review
    ready = browser.get(review)
    (pay,) = form(ready, "/pay")
    total = BeautifulSoup(ready.text, "html.parser").select_one("[name=total_minor]")["value"]
    paid = browser.post(pay, data={"csrf_token": "test-token", "total_minor": total})
    assert "/orders/G-" in paid.location


def test_a_basket_in_yen_is_topped_up_in_yen_beside_a_wallet_in_euro(
    market, newcomer, browse, with_money
):
    with_money(newcomer, "20 EUR")
    browser = browse(newcomer)
    review = f"/en/checkout/{to_review(market, newcomer, currency='JPY').ref}/review"
    browser.post(f"/en/bank/verify/identity?next={review}", data=WHO)
    browser.get(f"/en/bank/verify?next={review}")

    arrived = top_up(browser, market, browser.get(review), Money.of("90000", "JPY"))

    assert arrived.location == review
    assert wallets(newcomer)["JPY"].available == Money.of("90000", "JPY")
    assert form(browser.get(review), "/pay")


def test_the_page_and_the_job_ask_once_together(stopped, newcomer, market):
    browser, review = stopped
    browser.post(f"/en/bank/verify/identity?next={review}", data=WHO)
    browser.get(f"/en/bank/verify?next={review}")
    browser.get(f"/en/bank/verify?next={review}")
    drain()

    asked = market.exec_driver_sql("SELECT count(*) FROM banking.application_checks").scalar_one()
    assert (asked, tier(newcomer)) == (1, 1)


def test_she_may_look_again_while_the_service_is_away(stopped, newcomer):
    browser, review = stopped
    order_fault(Fault.TIME_OUT, 1)
    browser.post(f"/en/bank/verify/identity?next={review}", data=WHO)

    waits = browser.get(f"/en/bank/verify?next={review}")
    again = browser.get(f"/en/bank/verify?next={review}")

    assert says(words(waits), "We're reviewing what you sent.")
    assert says(words(again), "Back to your order")


def test_somebody_like_a_listed_name_waits_for_people(stopped, newcomer):
    browser, review = stopped
    listed = WHO | {"name": "Mirela Sandoque", "born_on": "1974-05-12"}

    browser.post(f"/en/bank/verify/identity?next={review}", data=listed)

    assert says(
        words(browser.get(f"/en/bank/verify?next={review}")), "We're reviewing what you sent."
    )
    assert (tier(newcomer), form(browser.get(review), "/pay")) == (0, [])


def test_nobody_is_led_out_of_the_house(stopped):
    browser, _ = stopped

    told = browser.post("/en/bank/verify/identity?next=https://elsewhere.example/", data=WHO)

    assert "elsewhere" not in told.location
    page = browser.get("/en/bank/verify?next=//elsewhere.example/")
    main = BeautifulSoup(page.text, "html.parser").select_one("main")
    assert "elsewhere" not in str(main)


def test_the_pages_on_the_way_ask_few_questions(stopped):
    browser, review = stopped
    for address in (review, f"/en/bank/verify?next={review}"):
        memory.forget_everything()
        with counting_queries() as counted:
            assert browser.get(address).status_code == 200
        assert len(counted) <= 15, address
