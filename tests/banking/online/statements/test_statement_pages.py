"""Statements in a browser without JavaScript."""

from __future__ import annotations

import re

import pytest
from bank_objects import CARD, house, make_wallet
from bs4 import BeautifulSoup

from banking import api as bank
from banking.core.ledger import service as ledger
from banking.online.statements import queries, rules, service
from kernel.actor import SYSTEM
from kernel.db import counting_queries
from kernel.ids import new_id
from kernel.jobs import drain
from kernel.money import Money
from tests.asking import says


def move(wallet, amount, kind="card_top_up", **legs):
    money = Money.of(amount, wallet.currency)
    fee = Money.of(legs.get("fee", "0"), wallet.currency)
    rest = [
        ledger.Leg(house(bank.AccountKind.FX_REVENUE), fee),
        ledger.Leg(house(CARD), -money - fee),
    ]
    ledger.post(
        key=new_id(),
        kind=kind,
        subject="T-TEST2345",
        actor=SYSTEM,
        legs=[ledger.Leg(wallet.account, money), *(leg for leg in rest if leg.amount)],
    )


@pytest.fixture
def owner(make_person, clock):
    """Somebody whose September and October are closed."""
    actor = make_person()
    clock("2026-09-10T09:00")
    wallet = make_wallet(owner_id=actor.person_id)
    move(wallet, "1000")
    clock("2026-10-10T09:00")
    move(wallet, "-200", "exchange", fee="1.50")
    clock("2026-11-20T09:00")
    service.close_months(wallet_id=wallet.id, actor=SYSTEM)
    return actor


@pytest.fixture
def browse(as_):
    def browser(actor):
        found = as_(actor)
        with found.session_transaction() as cookies:
            cookies["country"], cookies["currency"] = "FR", "EUR"
        return found

    return browser


@pytest.fixture
def browser(browse, owner, app, clock):
    clock("2026-11-20T09:05")
    return browse(owner)


def page(answer):
    return BeautifulSoup(answer.data, "html.parser")


def words(answer):
    seen = re.sub(r"\s+", " ", page(answer).get_text(" "))
    return re.sub(r" (?=[.,:;])", "", seen)


def order(browser, **form):
    asked = {"currency": "EUR", "from": "2026-09-01", "to": "2026-11-20", "format": "csv"}
    data = {"csrf_token": "test-token", "key": str(new_id())} | asked | form
    return browser.post("/en/bank/statements/orders", data=data)


def test_every_closed_month_can_be_taken_along(browser):
    found = page(browser.get("/en/bank/statements/"))

    assert [th.get_text(" ") for th in found.select("tbody th")] == [
        "October 2026 No. 2",
        "September 2026 No. 1",
    ]
    assert len(found.select("tbody li > a")) == 8
    for link in found.select("tbody a"):
        answer = browser.get(link["href"])
        again = browser.get(link["href"])
        assert answer.status_code == 200
        assert "attachment" in answer.headers["Content-Disposition"]
        assert again.data == answer.data
        assert again.headers["Repr-Digest"] == answer.headers["Repr-Digest"]


def test_any_days_become_a_file(browser):
    answer = browser.get(order(browser).headers["Location"])

    assert "Ready" in words(answer)
    link = page(answer).select_one("main a.btn")["href"]
    assert "200.00" in browser.get(link).text


def test_a_long_file_may_be_left_alone_and_waits(browser, monkeypatch):
    monkeypatch.setattr(rules, "AT_ONCE", 1)
    address = order(browser).headers["Location"]

    assert says(words(browser.get(address)), "You can leave this page")
    assert browser.get(f"{address}/file").status_code == 409
    assert says(words(browser.get("/en/bank/statements/")), "in progress")
    drain()

    assert says(words(browser.get(address)), "Download the file")


def test_a_long_month_is_asked_for_with_a_press(browser, monkeypatch):
    monkeypatch.setattr(rules, "AT_ONCE", 0)
    found = page(browser.get("/en/bank/statements/"))

    form = found.select_one("tbody form")
    fields = {field["name"]: field["value"] for field in form.select("input")}
    answer = browser.post(form["action"], data=fields | {"format": "camt053"})

    assert answer.status_code == 303, words(answer)
    assert "31 Oct" in words(browser.get(answer.headers["Location"]))


@pytest.mark.parametrize(
    ("form", "told"),
    [
        ({"to": "2026-08-01"}, "The last day is before the first."),
        ({"to": "2026-11-21"}, "Choose a day up to today."),
        ({"from": ""}, "Choose a day from the calendar."),
        ({"format": "docx"}, "Choose one of the options."),
    ],
)
def test_days_that_cannot_be_are_asked_back(browser, form, told):
    answer = order(browser, **form)

    assert answer.status_code == 422
    assert told in words(answer)


def test_what_a_year_cost_is_told_with_what_was_free(browser):
    seen = words(browser.get("/en/bank/statements/fees/2026"))

    assert "Margin on exchanges 1 €200.00 €1.50" in seen
    assert "Adding money by card free" in seen
    assert browser.get("/en/bank/statements/fees/2026/paper").data.startswith(b"%PDF")
    assert says(words(browser.get("/en/bank/statements/fees/2025")), "No fees charged.")
    assert browser.get("/en/bank/statements/fees/1").status_code == 404


def test_statements_are_their_owners_alone(browser, browse, make_person, clock):
    address = order(browser).headers["Location"]
    other = browse(make_person())

    assert other.get(address).status_code == 404
    assert other.get(f"{address}/file").status_code == 404
    assert other.get("/en/bank/statements/eur/2026-09/pdf").status_code == 404


@pytest.mark.parametrize("address", ["eur/2026-11/pdf", "eur/2026-09/docx", "eur/soon/pdf"])
def test_what_is_not_there_is_not_found(browser, address):
    assert browser.get(f"/en/bank/statements/{address}").status_code == 404


def test_pages_of_statements_cost_few_statements_and_follow_each_other(browser, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 1)
    order(browser)
    browser.get("/en/bank/statements/")

    for address in ("/en/bank/statements/", "/en/bank/statements/fees/2026"):
        with counting_queries() as statements:
            answer = browser.get(address)
        assert len(statements) <= 7, statements.statements
    first = page(browser.get("/en/bank/statements/"))
    then = page(browser.get(first.select_one("a[rel=next]")["href"]))
    assert "September 2026" in then.select_one("tbody th").get_text(" ")
    assert then.select_one("a[rel=next]") is None
    assert answer.status_code == 200
