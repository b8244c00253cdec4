"""Pots in a browser without JavaScript."""

from __future__ import annotations

import re

import pytest
from bank_objects import available, eur, make_wallet
from bs4 import BeautifulSoup

from banking.online.pots import queries
from kernel.db import counting_queries, reading
from kernel.ids import new_id
from tests.asking import says


@pytest.fixture
def saver(make_person):
    actor = make_person()
    return actor, make_wallet("500", owner_id=actor.person_id)


@pytest.fixture
def browser(as_, saver):
    found = as_(saver[0])
    with found.session_transaction() as cookies:
        cookies["country"], cookies["currency"] = "FR", "EUR"
    return found


def post(browser, address, **form):
    return browser.post(address, data={"csrf_token": "test-token", "key": str(new_id())} | form)


def words(answer):
    seen = re.sub(r"\s+", " ", BeautifulSoup(answer.data, "html.parser").get_text(" "))
    return re.sub(r" (?=[.,:;])", "", seen)


def open_pot(browser, **form):
    answer = post(browser, "/en/bank/pots/", **({"name": "Tea journey", "currency": "EUR"} | form))
    assert answer.status_code == 303, words(answer)
    return answer.headers["Location"]


def test_a_pot_is_opened_filled_emptied_and_closed(browser, saver):
    address = open_pot(browser, target="200", due_on="2098-01-01")

    post(browser, f"{address}/in", amount="50.50")
    seen = words(browser.get(address))
    assert "25% of €200.00, by" in seen
    assert says(seen, "%(amount)s is available in your wallet.", amount="€449.50")
    post(browser, f"{address}/out", amount="0.50")
    post(browser, f"{address}/change", name="Kyoto", target="", due_on="")
    assert "Kyoto" in words(browser.get("/en/bank/"))
    assert says(words(browser.get("/en/bank/wallets/eur")), "%(amount)s in pots", amount="€50.00")

    answer = post(browser, f"{address}/close")

    assert answer.status_code == 303
    assert available(saver[1]) == eur("500")
    assert says(words(browser.get(address)), "This pot is closed.")


def test_a_second_press_sets_aside_once(browser, saver):
    address, key = open_pot(browser), str(new_id())

    for _ in range(2):
        assert post(browser, f"{address}/in", amount="10", key=key).status_code == 303

    assert available(saver[1]) == eur("490")


def test_too_much_is_refused_with_what_would_pass(browser):
    address = open_pot(browser)
    post(browser, f"{address}/in", amount="10")

    assert "Available: €490.00. Needed: €500.00." in words(
        post(browser, f"{address}/in", amount="500")
    )
    assert says(
        words(post(browser, f"{address}/out", amount="11")),
        "There's %(saved)s in this pot. Withdraw that much or less.",
        saved="€10.00",
    )


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"name": ""}, "Please fill this in."),
        ({"target": "-1"}, "Enter an amount above zero."),
        ({"due_on": "2001-01-01"}, "Choose a day in the future."),
        ({"due_on": "soon"}, "Choose a day from the calendar."),
        ({"currency": "JPY"}, "We can't find that wallet."),
    ],
)
def test_what_cannot_be_is_asked_back(browser, form, told):
    answer = post(
        browser, "/en/bank/pots/", **({"name": "Tea", "currency": "EUR", "target": ""} | form)
    )

    assert answer.status_code in {404, 422}
    assert told in words(answer)


def test_a_pot_is_its_owners_alone(browser, as_, make_person):
    address = open_pot(browser)
    other = as_(make_person())

    assert other.get(address).status_code == 404
    assert post(other, f"{address}/in", amount="1").status_code == 404
    assert post(other, f"{address}/close").status_code == 404


def test_pages_of_pots_cost_few_statements_however_many_there_are(browser, saver, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 3)
    for number in range(5):
        address = open_pot(browser, name=f"Pot {number}")
    for _ in range(4):
        post(browser, f"{address}/in", amount="1")
    browser.get(address)

    for page in ("/en/bank/pots/", address):
        with counting_queries() as statements:
            browser.get(page)
        assert len(statements) <= 7, statements.statements

    first = BeautifulSoup(browser.get(address).data, "html.parser")
    assert len(first.select(".moves .who")) == 3
    then = browser.get(first.select_one("a[rel=next]")["href"])
    assert len(BeautifulSoup(then.data, "html.parser").select(".moves .who")) == 1
    with reading():
        assert len(queries.pots_of(owner_id=saver[0].person_id)) == 5
