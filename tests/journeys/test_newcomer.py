"""A newcomer is stopped where she would pay more than the law lets strangers, and goes on."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup

from banking import api as bank
from banking.onboarding.gateway import Fault, order_fault
from kernel import memory
from kernel.actor import SYSTEM
from kernel.db import counting_queries, reading
from kernel.identity import service as identity
from kernel.jobs import drain
from marketplace.buyers import service as book
from marketplace.buyers.service import NewAddress
from marketplace.world.seed import PASSWORD
from tests.journeys.shopping import to_review

pytestmark = pytest.mark.journey

EMAIL = "noor@example.com"
WHO = {
    "csrf_token": "test-token", "name": "Noor Aziz", "born_on": "1991-04-02", "nationality": "FR",
    "street": "18 rue Mercière", "postcode": "69002", "city": "Lyon", "country": "FR",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _own_folder(tmp_path, monkeypatch):
    from banking.onboarding import gateway
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
    address = NewAddress(name="Noor Aziz", lines=("18 rue Mercière",), city="Lyon",
                         postcode="69002", country="FR")  # fmt: skip
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


def test_she_says_who_she_is_and_pays_the_basket_she_left(stopped, newcomer, with_money):
    browser, review = stopped
    before = browser.get(review)
    assert form(before, "/pay") == []
    asked = browser.get(link(before, "Tell us who you are"))
    (action,) = form(asked, "/verify/identity")

    told = browser.post(action, data=WHO)
    known = browser.get(told.location)
    back = browser.get(link(known, "Back to your order"))

    assert tier(newcomer) == 1
    assert "Your cart is as you left it." in words(known)
    assert link(back, "Top up")
    with_money(newcomer, "600 EUR")
    ready = browser.get(review)
    (pay,) = form(ready, "/pay")
    total = BeautifulSoup(ready.text, "html.parser").select_one("[name=total_minor]")["value"]
    paid = browser.post(pay, data={"csrf_token": "test-token", "total_minor": total})
    assert "/orders/G-" in paid.location


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

    assert "We are looking at what you sent." in words(waits)
    assert "Back to your order" in words(again)


def test_somebody_like_a_listed_name_waits_for_people(stopped, newcomer):
    browser, review = stopped
    listed = WHO | {"name": "Mirela Sandoque", "born_on": "1974-05-12"}

    browser.post(f"/en/bank/verify/identity?next={review}", data=listed)

    assert "We are looking at what you sent." in words(
        browser.get(f"/en/bank/verify?next={review}")
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
