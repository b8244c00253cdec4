"""The list of all movements in a browser without JavaScript, and the same as a table."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from decimal import Decimal

import pytest
from bank_objects import CARD, house, make_wallet
from bs4 import BeautifulSoup

from banking import api as bank
from banking.core.ledger import service as ledger
from banking.online.activity import queries
from banking.online.activity.rules import Direction, Search
from banking.online.home import counterparties
from kernel.actor import SYSTEM, Role
from kernel.db import counting_queries
from kernel.ids import new_id
from kernel.money import Money
from tests.asking import english, says
from tests.banking.merchants.payouts.conftest import company_of, with_company

ROOT = "/en/bank/movements/"


def move(wallet, amount, *, kind="card_top_up", subject="T-TEST2345", memo=""):
    money = Money.of(amount, wallet.currency)
    return ledger.post(
        key=new_id(),
        kind=kind,
        subject=subject,
        actor=SYSTEM,
        legs=[
            ledger.Leg(wallet.account, money, memo=memo),
            ledger.Leg(house(CARD, wallet.currency), -money),
        ],
    )


@pytest.fixture
def lived(make_person, clock):
    """Somebody with two wallets and movements of every kind on three days."""
    actor = make_person()
    clock("2026-10-30T09:00")
    euro = make_wallet(owner_id=actor.person_id)
    yen = make_wallet(owner_id=actor.person_id, currency="JPY")
    move(euro, "1000")
    clock("2026-10-31T23:59:59")
    move(euro, "-266.03", kind="escrow_funded", subject="G-7K2M9QXA")
    move(euro, "-25", kind="exchange", subject="X-ABCD2345")
    clock("2026-11-01T00:00")
    move(yen, "4000", kind="exchange", subject="X-ABCD2345")
    move(euro, "12.50", kind="escrow_refunded", subject="G-7K2M9QXA", memo="Broken spout, 50%")
    return actor


@pytest.fixture
def browse(as_):
    def browser(actor):
        found = as_(actor)
        with found.session_transaction() as cookies:
            cookies["country"], cookies["currency"] = "FR", "EUR"
        return found

    return browser


def amounts(answer):
    found = BeautifulSoup(answer.data, "html.parser").select(".moves > li:has(.who) > .amount")
    return [re.sub(r"\s", " ", node.get_text()) for node in found]


EVERYTHING = ["+€12.50", "+JPY 4,000", "\u2212€25.00", "\u2212€266.03", "+€1,000.00"]


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, EVERYTHING),
        ({"currency": "jpy"}, EVERYTHING[1:2]),
        ({"way": "out"}, EVERYTHING[2:4]),
        ({"way": "in", "currency": "eur"}, [EVERYTHING[0], EVERYTHING[4]]),
        ({"theme": "exchange"}, EVERYTHING[1:3]),
        ({"theme": "cover"}, []),
        ({"from": "2026-10-31", "to": "2026-10-31"}, EVERYTHING[2:4]),
        ({"from": "2026-11-01"}, EVERYTHING[:2]),
        ({"to": "2026-10-30"}, EVERYTHING[4:]),
        ({"find": "G-7K2M9QXA"}, [EVERYTHING[0], EVERYTHING[3]]),
        ({"find": "g-7k2m9qxa", "way": "in"}, EVERYTHING[:1]),
        ({"find": "7k2m"}, [EVERYTHING[0], EVERYTHING[3]]),
        ({"find": "broken SPOUT"}, EVERYTHING[:1]),
        ({"find": "50%"}, EVERYTHING[:1]),
        ({"find": "5_%"}, []),
        ({"find": "266.03"}, EVERYTHING[3:4]),
        ({"find": "4,000"}, EVERYTHING[1:2]),
        ({"find": "paid for"}, EVERYTHING[3:4]),
        ({"find": "exchange: sold"}, EVERYTHING[2:3]),
        ({"sort": "booked"}, EVERYTHING[::-1]),
        ({"sort": "booked", "way": "out"}, EVERYTHING[3:1:-1]),
        ({"sort": "booked", "find": "G-7K2M9QXA"}, [EVERYTHING[3], EVERYTHING[0]]),
        ({"sort": "-amount"}, EVERYTHING),
    ],
)
def test_a_search_finds_what_fits_and_nothing_else(lived, browse, asked, found):
    answer = browse(lived).get(ROOT, query_string=asked)

    assert answer.status_code == 200
    assert amounts(answer) == found


def test_what_was_paid_for_an_order_is_found_by_who_sold_it(make_person, browse):
    vendor = with_company(make_person(email="owner@qinglan.example.com"), "Qinglan Porcelain")
    buyer = make_person()
    wallet = make_wallet("100", owner_id=buyer.person_id)
    share = bank.EscrowShare(
        order_ref="V-1", amount=Money.of("40", "EUR"), beneficiary_id=company_of(vendor)
    )
    bank.fund_escrow(
        key=new_id(),
        payer_wallet_id=wallet.id,
        shares=[share],
        dues=[],
        subject="G-1",
        actor=SYSTEM,
    )
    bank.refund_escrow(
        key=new_id(),
        order_ref="V-1",
        amount=Money.of("15", "EUR"),
        to_wallet_id=wallet.id,
        actor=SYSTEM,
    )

    answer = browse(buyer).get(ROOT, query_string={"find": "qinglan"})

    assert amounts(answer) == ["+€15.00", "\u2212€40.00"]
    rows = BeautifulSoup(answer.data, "html.parser").select(".moves > li:has(.who)")
    assert [row.select_one(".who").get_text() for row in rows] == ["Qinglan Porcelain"] * 2
    assert [" ".join(row.select_one(".what").get_text().split()) for row in rows] == [
        "Order refunded · V-1",
        "Paid for an order · G-1",
    ]
    assert amounts(browse(buyer).get(ROOT, query_string={"find": "lysholm"})) == []


def test_a_shop_is_called_by_the_name_that_its_customers_know(make_person, browse, monkeypatch):
    company = company_of(with_company(make_person(), "Jingdezhen Qinglan Ceramics Co., Ltd."))
    buyer = make_person()
    wallet = make_wallet("100", owner_id=buyer.person_id)
    share = bank.EscrowShare(order_ref="V-1", amount=Money.of("9", "EUR"), beneficiary_id=company)
    bank.fund_escrow(
        key=new_id(),
        payer_wallet_id=wallet.id,
        shares=[share],
        dues=[],
        subject="G-1",
        actor=SYSTEM,
    )
    monkeypatch.setattr(counterparties, "_namers", [lambda asked: dict.fromkeys(asked, "Qinglan")])

    page = BeautifulSoup(browse(buyer).get(ROOT).data, "html.parser")

    assert page.select_one(".moves .hold .who").get_text() == "Qinglan"


def test_nothing_yet_nothing_found_and_not_understood_are_three_answers_each_with_one_act(
    lived, make_person, browse
):
    newcomer = make_person()
    make_wallet("0", owner_id=newcomer.person_id)

    def said(actor, status, within, **asked):
        answer = browse(actor).get(ROOT, query_string=asked)
        assert answer.status_code == status
        part = BeautifulSoup(answer.data, "html.parser").select_one(within)
        return (part.p.get_text(), [a["href"].split("?")[0] for a in part.select("a.btn")])

    assert said(newcomer, 200, ".empty") == (english("No activity yet."), ["/en/bank/top-up"])
    assert said(lived, 200, ".empty", find="no such word") == (english("No results."), [ROOT])
    sentence, ways = said(lived, 422, ".lost", **{"from": "2026-99-01"})
    assert ways == ["/en/"]
    assert sentence not in {english("No activity yet."), english("No results.")}


def test_a_word_is_looked_for_as_the_page_says_it(lived, browse):
    answer = browse(lived).get("/fr/bank/movements/", query_string={"find": "carte"})

    assert len(amounts(answer)) == 1


@pytest.mark.parametrize(
    "asked",
    [
        {},
        {"way": "out"},
        {"find": "G-7K2M9QXA"},
        {"from": "2026-10-31", "to": "2026-10-31"},
        {"currency": "jpy"},
        {"find": "nothing of the kind"},
        {"sort": "booked"},
        {"sort": "booked", "way": "in"},
        {"sort": "booked", "find": "G-7K2M9QXA"},
    ],
)
def test_the_table_holds_exactly_what_the_page_found(lived, browse, monkeypatch, asked):
    monkeypatch.setattr(queries, "BATCH", 2)  # so that several stretches are joined
    browser = browse(lived)

    answer = browser.get(f"{ROOT}table.csv", query_string=asked)
    shown = amounts(browser.get(ROOT, query_string=asked))

    rows = list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert [Decimal(row["amount"]) for row in rows] == [
        Decimal(re.sub(r"[^\d.\u2212]", "", amount).replace("\u2212", "-")) for amount in shown
    ]


@pytest.mark.parametrize("sort", ["-booked", "booked"])
def test_pages_follow_each_other_without_a_gap(lived, browse, monkeypatch, sort):
    monkeypatch.setattr(queries, "PAGE", 2)
    browser, seen, address = browse(lived), [], f"{ROOT}?sort={sort}"

    for _ in range(3):
        answer = browser.get(address)
        seen += amounts(answer)
        onward = BeautifulSoup(answer.data, "html.parser").select_one("a[rel=next]")
        address = onward["href"] if onward else None

    assert seen == (EVERYTHING if sort == "-booked" else EVERYTHING[::-1])
    assert address is None


def test_a_narrow_search_reads_a_stretch_and_tells_how_far_it_came(lived, browse, monkeypatch):
    monkeypatch.setattr(queries, "DEPTH", 3)
    monkeypatch.setattr(queries, "PAGE", 2)
    browser = browse(lived)

    first = browser.get(ROOT, query_string={"find": "added by card"})
    onward = BeautifulSoup(first.data, "html.parser").select_one("a[rel=next]")
    then = browser.get(onward["href"])

    assert amounts(first) == []
    assert says(first, "Searched back to")
    assert onward.get_text() == english("Search further back")
    assert amounts(then) == EVERYTHING[4:]


def test_a_narrow_search_from_the_oldest_on_tells_how_far_it_came(lived, browse, monkeypatch):
    monkeypatch.setattr(queries, "DEPTH", 3)
    monkeypatch.setattr(queries, "PAGE", 2)
    browser = browse(lived)

    first = browser.get(ROOT, query_string={"find": "JPY", "currency": "jpy", "sort": "booked"})
    assert BeautifulSoup(first.data, "html.parser").select_one("a[rel=next]") is None
    first = browser.get(ROOT, query_string={"find": "broken spout", "sort": "booked"})
    onward = BeautifulSoup(first.data, "html.parser").select_one("a[rel=next]")
    then = browser.get(onward["href"])

    assert amounts(first) == []
    assert says(first, "Searched up to")
    assert onward.get_text() == english("Search more recent")
    assert amounts(then) == EVERYTHING[:1]


def test_nobody_finds_what_is_in_others_wallets(lived, make_person, browse):
    assert amounts(browse(make_person()).get(ROOT, query_string={"find": "G-7K2M9QXA"})) == []
    assert browse(make_person()).get(f"{ROOT}?account={lived.person_id}").status_code == 404


@pytest.mark.parametrize(
    "asked",
    [
        {"from": "yesterday"},
        {"currency": "xyz"},
        {"way": "round"},
        {"theme": "x"},
        {"from": "2026-11-02", "to": "2026-11-01"},
        {"to": "9999-12-31"},
    ],
)
def test_a_search_that_means_nothing_is_asked_back(lived, browse, asked):
    assert browse(lived).get(ROOT, query_string=asked).status_code == 422


def test_a_list_and_its_search_cost_the_same_few_statements(lived, browse):
    browser = browse(lived)
    browser.get(ROOT)

    for asked in ({}, {"find": "spout"}, {"find": "G-7K2M9QXA"}):
        with counting_queries() as statements:
            browser.get(ROOT, query_string=asked)
        assert len(statements) <= 6, statements.statements


def test_an_address_carries_what_is_filled_in_and_nothing_else():
    assert Search().arguments == {}
    asked = Search(words="tea", way=Direction.OUT, currency="EUR", since=date(2026, 1, 2))
    assert asked.arguments == {"find": "tea", "currency": "eur", "way": "out", "from": "2026-01-02"}


def test_words_that_are_no_reference_are_none():
    assert Search(words="g-7k2m9qxa").reference == "G-7K2M9QXA"
    assert Search(words="tea pot").reference == ""
    assert Search(words="266.03").reference == ""


def test_the_field_in_the_header_searches_the_movements_of_the_account_one_is_in(lived, browse):
    browser = browse(lived)
    own, other = (
        BeautifulSoup(browser.get(address).text, "html.parser").select_one("form.find")
        for address in ("/en/bank/", f"/en/bank/pots/?account={lived.person_id}")
    )

    assert own["action"] == other["action"] == ROOT
    assert [field["name"] for field in own.select("input")] == ["find"]
    assert other.select_one("[name=account]")["value"] == str(lived.person_id)


def test_staff_without_wallets_see_an_empty_list(make_person, browse):
    answer = browse(make_person(roles=frozenset({Role.OPERATOR}))).get(ROOT)
    assert says(answer, "No activity yet.")
