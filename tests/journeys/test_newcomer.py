"""A newcomer is stopped where she would pay more than the law lets strangers, and goes on."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup

from banking import api as bank
from banking.compliance.onboarding.gateway import Fault, order_fault
from kernel import memory
from kernel.actor import SYSTEM
from kernel.db import counting_queries, reading
from kernel.jobs import drain
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
    return browse(newcomer), f"/en/checkout/{view.ref}"


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


def test_she_pays_by_card_and_nobody_asks_who_she_is(stopped, newcomer, network):
    browser, page = stopped
    shown = browser.get(page)
    total = BeautifulSoup(shown.text, "html.parser").select_one("[name=total_minor]")["value"]

    asked = {"csrf_token": "test-token", "total_minor": total, "pay_with": "card"}
    paid = browser.post(f"{page}/pay", data=asked)

    network.pay(paid.location)
    assert browser.get(f"{page}/paid").location.startswith("/en/orders/")
    assert (tier(newcomer), wallets(newcomer)) == (0, {})


def test_she_says_who_she_is_where_her_wallet_pays_so_much_and_comes_back(
    stopped, newcomer, with_money
):
    with_money(newcomer, "600 EUR")
    browser, page = stopped
    before = browser.get(page)
    assert says(words(before), "To pay this much from your wallet, confirm your identity first.")
    (way,) = BeautifulSoup(before.text, "html.parser").select("main a[href*='/bank/verify']")
    asked = browser.get(way["href"])
    (action,) = form(asked, "/verify/identity")

    told = browser.post(action, data=WHO)
    known = browser.get(told.location)
    back = browser.get(link(known, "Back to your order"))

    assert tier(newcomer) == 1
    assert says(words(known), "Your cart is just as you left it.")
    (pay,) = form(back, "/pay")
    total = BeautifulSoup(back.text, "html.parser").select_one("[name=total_minor]")["value"]
    asked = {"csrf_token": "test-token", "total_minor": total, "pay_with": "wallet"}
    assert "/orders/G-" in browser.post(pay, data=asked).location


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
    assert tier(newcomer) == 0


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
