"""Pages of payouts, for the vendor and for the operator."""

from __future__ import annotations

import csv
import io
import re
from uuid import UUID

import pytest
from bank_objects import eur, make_wallet, top_up
from bs4 import BeautifulSoup

from banking.authorisation.approvals import service as approvals
from banking.core.rail.gateway import FaultKind, misbehave
from banking.merchants.payouts import queries
from banking.merchants.payouts.rules import Cadence, Schedule
from kernel.actor import SYSTEM, Role
from kernel.db import counting_queries, reading
from kernel.ids import new_id
from kernel.web.letters import render_letter
from tests.asking import english, says
from tests.banking.merchants.payouts.conftest import (
    OUTSIDE,
    OUTSIDE_NAME,
    company_of,
    earn,
    fund,
    only_payout,
    pass_time,
    ready,
    with_company,
    work,
)
from tests.banking.merchants.payouts.paying_out import pay_now, run

MOST_QUERIES = 15


@pytest.fixture
def mine(vendor, as_):
    return as_(vendor)


@pytest.fixture
def operator(make_person, as_):
    return as_(make_person(roles=frozenset({Role.OPERATOR})))


def post(browser, address, **fields):
    return browser.post(address, data={"csrf_token": "test-token"} | fields)


def test_a_vendor_names_an_account_approves_it_and_is_paid(vendor, mine):
    earn(company_of(vendor), "100", fee="8")
    home = f"/en/bank/payouts/?account={company_of(vendor)}"
    assert says(mine.get(home), "Tell us where to send your earnings.")
    asked = post(
        mine,
        "/en/bank/payouts/settings/eur/account",
        to=OUTSIDE,
        name=OUTSIDE_NAME,
        key=str(new_id()),
        account=str(company_of(vendor)),
    )
    assert "/bank/approvals/" in asked.headers["Location"]
    assert says(
        mine.get(asked.headers["Location"]),
        "Pay your earnings to %(payee)s from now on?",
        payee="Amélie Dupont",
    )
    approval_id = UUID(asked.headers["Location"].rsplit("/", 1)[1])
    approvals.give(approval_id=approval_id, method="totp", actor=vendor)

    assert says(mine.get(home), "This account is new. The first payout")
    pass_time(days=1)
    page = mine.get(home).text
    assert re.search(r"Pay out \D*92(\.00)? now", page)
    made = post(
        mine, "/en/bank/payouts/now/eur", key=str(new_id()), account=str(company_of(vendor))
    )

    shown = mine.get(made.headers["Location"]).text
    assert "to <bdi>Amélie Dupont</bdi>" in shown
    assert says(shown, "Order released")


def test_the_days_are_chosen_and_a_bad_amount_comes_back_with_its_words(vendor, mine):
    ready(vendor)
    about = {
        "cadence": "monthly",
        "weekday": "3",
        "month_day": "31",
        "account": str(company_of(vendor)),
    }

    refused = post(mine, "/en/bank/payouts/settings/eur/days", least="0", **about)
    assert refused.status_code == 422
    assert says(refused, "Enter an amount above zero.")
    assert post(mine, "/en/bank/payouts/settings/eur/days", least="25", **about).status_code == 303

    with reading():
        plan = queries.plan(vendor_id=company_of(vendor), currency="EUR")
    assert (plan.schedule.cadence, plan.least) == (Cadence.MONTHLY, eur(25))
    assert plan.next_on.isoformat() == "2026-11-30"
    assert says(
        mine.get(f"/en/bank/payouts/?account={company_of(vendor)}"),
        "On the last day of every month",
    )


def test_a_returned_payout_is_shown_as_returned_with_the_banks_reason(vendor, mine, operator):
    ready(vendor)
    misbehave(kind=FaultKind.RETURN, reason="AC04", actor=SYSTEM)
    earn(company_of(vendor), "100")
    made = pay_now(vendor)
    pass_time(minutes=6)
    pass_time(days=1)
    assert says(mine.get(f"/en/bank/payouts/{made.ref}"), "The money is in your bank account.")

    pass_time(days=3)

    page = mine.get(f"/en/bank/payouts/{made.ref}").text
    assert "Returned" in page
    assert says(page, "The money came back and is in your wallet again.")
    assert says(page, "account is closed")
    assert says(page, "Payouts are on hold until the account is fixed.")
    assert says(
        mine.get(f"/en/bank/payouts/?account={company_of(vendor)}"), "so payouts are on hold"
    )
    desk = operator.get("/en/bank/books/payouts/?view=came-back").text
    assert made.ref in desk
    again = post(operator, f"/en/bank/books/payouts/{made.ref}/again")
    assert again.status_code == 303
    assert says(operator.get(again.headers["Location"]), "Under way")


def test_the_operator_runs_pauses_and_lets_go(vendor, operator, mine):
    ready(vendor)
    earn(company_of(vendor), "100")
    pass_time(days=1)
    desk = operator.get("/en/bank/books/payouts/").text
    assert "Qinglan" in desk
    about = f"/en/bank/books/payouts/vendors/{company_of(vendor)}/eur"

    assert post(operator, f"{about}/hold", words="").status_code == 422
    post(operator, f"{about}/hold", words="Two complaints are open.")
    assert "Two complaints are open." in mine.get("/en/bank/payouts/").text
    post(operator, "/en/bank/books/payouts/run")
    with reading():
        assert queries.payouts_of(vendor_id=company_of(vendor)) == []
    post(operator, f"{about}/go")
    ran = post(operator, "/en/bank/books/payouts/run")

    assert says(operator.get(ran.headers["Location"]), "%(count)d payout was made.", count=1)
    ref = only_payout(vendor).ref
    listed = operator.get("/en/bank/books/payouts/?view=under-way&sort=-amount").text
    assert ref in listed
    assert says(
        listed, "By currency, then largest amount"
    )  # amounts of two currencies never compare


def test_a_run_says_who_was_paid_and_why_somebody_was_not(vendor, make_person, operator):
    other = with_company(make_person(), "Takumi")
    for one in (vendor, other):
        ready(one)
    earn(company_of(vendor), "100")
    pass_time(days=1)
    post(operator, "/en/bank/books/payouts/run")
    work()
    run(other)
    desk = operator.get("/en/bank/books/payouts/?view=all").text
    ref = desk.split("/bank/books/payouts/runs/")[1].split('"')[0]

    page = operator.get(f"/en/bank/books/payouts/runs/{ref}").text

    assert "1 payout of" in page
    assert says(page, "There was nothing to pay out.")


def test_a_currency_that_the_rail_does_not_carry_stays_with_a_sentence(vendor, mine):
    wallet = make_wallet("0", currency="TRY", owner_id=company_of(vendor))
    top_up(wallet, type(eur(1)).of("700", "TRY"))

    page = mine.get("/en/bank/payouts/").text

    assert says(page, "We can't send")
    assert says(page, "so it stays in your wallet. You can spend it here")
    assert mine.get("/en/bank/payouts/settings/try").status_code == 404


@pytest.mark.parametrize(
    ("currency", "hint"),
    [
        ("cny", "Country, bank code and account number, like"),
        ("jpy", "JP 0001001 1234567"),
        ("dkk", "An IBAN, like"),
    ],
)
def test_the_form_shows_an_account_of_the_currency(mine, currency, hint):
    assert hint in mine.get(f"/en/bank/payouts/settings/{currency}").text


def test_a_wrong_account_is_said_for_its_country_and_nothing_is_lost(mine):
    sent = mine.get("/en/bank/payouts/settings/usd").text
    key = sent.split('name="key" value="')[1].split('"')[0]
    answer = post(
        mine,
        "/en/bank/payouts/settings/usd/account",
        to="US 021000022 123456789",
        name="Cascade Dry Goods LLC",
        key=key,
    )

    assert answer.status_code == 422
    assert says(answer, "%(country)s: the check digit of %(code)s doesn't match.", code="ABA")
    assert 'value="US 021000022 123456789"' in answer.text
    assert 'value="Cascade Dry Goods LLC"' in answer.text


def test_the_table_of_a_payout_adds_up(vendor, mine):
    ready(vendor, Schedule(Cadence.BY_HAND))
    ref = earn(company_of(vendor), "100", fee="8")
    earn(company_of(vendor), "50")
    made = pay_now(vendor)

    sent = mine.get(f"/en/bank/payouts/{made.ref}/table.csv").data.decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(sent)))

    sums = {row["row"]: float(row["amount"]) for row in rows if row["row"] != "entry"}
    entries = [row for row in rows if row["row"] == "entry"]
    assert sums["opening"] + sum(float(row["amount"]) for row in entries) == sums["balance"] == 142
    assert sums["balance"] + sums["held"] + sums["debt"] + sums["reserve"] + sums["fee"] == 142
    assert sums["paid_out"] == -142
    assert (entries[0]["reference"], entries[0]["gross"], entries[0]["commission"]) == (
        ref,
        "100.00",
        "-8.00",
    )


def test_a_payout_is_drawn_as_held_until_it_has_arrived(vendor, mine):
    ready(vendor)
    earn(company_of(vendor), "100")
    made = pay_now(vendor)
    home = f"/en/bank/payouts/?account={company_of(vendor)}"

    under_way = BeautifulSoup(mine.get(home).text, "html.parser")
    pass_time(minutes=6)
    pass_time(days=1)
    arrived = BeautifulSoup(mine.get(home).text, "html.parser")

    assert made.ref in under_way.select_one(".moves .hold").get_text()
    assert "Arrived" in arrived.select_one(".moves").get_text()
    assert not arrived.select(".moves .hold")


def test_currencies_with_money_stand_before_empty_ones(vendor, mine):
    make_wallet("0", currency="CNY", owner_id=company_of(vendor))
    make_wallet("0", currency="GBP", owner_id=company_of(vendor))
    fund(company_of(vendor), "100")

    page = BeautifulSoup(mine.get("/en/bank/payouts/").text, "html.parser")

    assert [panel.h2["id"] for panel in page.select(".panel")] == ["p-EUR", "p-CNY", "p-GBP"]


def test_strangers_find_no_payouts_of_others(vendor, make_person, as_):
    ready(vendor)
    earn(company_of(vendor), "100")
    made = pay_now(vendor)
    stranger = as_(with_company(make_person(), "Takumi"))
    nobody = as_(make_person())

    for browser in (stranger, nobody):
        assert browser.get(f"/en/bank/payouts/{made.ref}").status_code == 404
        assert browser.get(f"/en/bank/payouts/{made.ref}/table.csv").status_code == 404
        assert browser.get(f"/en/bank/payouts/?account={company_of(vendor)}").status_code == 404
        refused = post(
            browser, "/en/bank/payouts/now/eur", key=str(new_id()), account=str(company_of(vendor))
        )
        assert refused.status_code == 404


@pytest.mark.parametrize("typed", ["x", "2026-11-25_x", "2026-11-25T10:00:00_" + "0" * 32])
def test_a_mangled_place_in_a_list_is_asked_back(vendor, mine, operator, typed):
    assert mine.get(f"/en/bank/payouts/?before={typed}").status_code == 422
    nowhere = operator.get(
        "/en/bank/books/payouts/", query_string={"view": "paid", "behind": typed}
    )
    assert says(nowhere, "Nothing has arrived yet.")
    assert operator.get("/en/bank/books/payouts/?after=x_EUR").status_code == 422
    assert operator.get("/en/bank/books/payouts/?view=nothing").status_code == 404


def test_lists_cost_the_same_with_many_rows_and_go_on_by_key(vendor, mine, operator, monkeypatch):
    ready(vendor, Schedule(Cadence.BY_HAND))
    monkeypatch.setattr(queries, "PAGE", 3)
    for _ in range(2):
        earn(company_of(vendor), "10")
        pay_now(vendor)
        work()
    few = pages_cost(mine, operator, only_refs(vendor)[0])
    for _ in range(5):
        earn(company_of(vendor), "10")
        pay_now(vendor)
        work()

    many = pages_cost(mine, operator, only_refs(vendor)[0])

    assert many == few
    assert all(cost <= MOST_QUERIES for cost in many.values()), many
    seen, address = [], "/en/bank/payouts/"
    while address:
        page = mine.get(address).text
        seen += [part.split('"')[0] for part in page.split("/bank/payouts/PO-")[1:]]
        address = page.split('rel="next" href="')[1].split('"')[0] if 'rel="next"' in page else ""
        address = address.replace("&amp;", "&")
    assert len(seen) == len(set(seen)) == 7


def only_refs(vendor):
    with reading():
        return [one.ref for one in queries.payouts_of(vendor_id=company_of(vendor))]


def pages_cost(mine, operator, ref):
    addresses = {
        "home": (mine, "/en/bank/payouts/"),
        "show": (mine, f"/en/bank/payouts/{ref}"),
        "settings": (mine, "/en/bank/payouts/settings/eur"),
        "desk": (operator, "/en/bank/books/payouts/?view=under-way"),
        "all": (operator, "/en/bank/books/payouts/?view=all"),
    }
    costs = {}
    for name, (browser, address) in addresses.items():
        browser.get(address)
        with counting_queries() as seen:
            assert browser.get(address).status_code == 200
        costs[name] = len(seen)
    return costs


LETTERS = {
    "payout": {
        "state": "returned",
        "reason": "AC04",
        "ref": "PO-22222222",
        "account": "2606",
        "amount": {"minor": 1250, "currency": "EUR"},
        "vendor": "x",
        "day": "2026-11-27",
    },
    "payout_account": {
        "currency": "EUR",
        "account": "2606",
        "holder": "Amélie Dupont",
        "vendor": "x",
        "at": "2026-11-26T09:00:00+00:00",
        "zone": "Asia/Shanghai",
    },
    "payouts_held": {"currency": "EUR", "words": "Two complaints are open.", "vendor": "x"},
}


@pytest.mark.parametrize("name", LETTERS)
def test_letters_about_payouts_say_what_happened_and_where_to_look(db, name):
    letter = render_letter(f"banking/mail/{name}.txt", "en", LETTERS[name] | {"name": "Mei Lin"})

    assert "Hello Mei Lin," in letter.text
    assert "/bank/payouts/" in letter.text
    assert "{" not in letter.text
    assert "2606" in letter.text or "Two complaints are open." in letter.text
    if name == "payout":
        assert says(letter.subject, "Your payout of %(amount)s came back")
        assert "AC04" in letter.text
    if name == "payout_account":
        assert re.search(r"26 Nov, 17:00 \(Shanghai\)", letter.text)


@pytest.mark.parametrize(
    ("locale", "called"),
    [
        ("en", "US Dollar"),
        ("de", "US-Dollar"),
        ("zh-CN", "美元"),
        ("ar", "دولار أمريكي"),
    ],
)
@pytest.mark.parametrize("name", ["payout_account", "payouts_held"])
def test_letters_call_a_currency_by_its_name(db, name, locale, called):
    told = LETTERS[name] | {"name": "Mei Lin", "currency": "USD"}

    letter = render_letter(f"banking/mail/{name}.txt", locale, told)

    assert called in f"{letter.subject} {letter.text}"
    assert "USD" not in f"{letter.subject} {letter.text}"


def test_each_view_of_the_desk_says_what_it_would_show(operator):
    said = {}
    for view in ("due", "under-way", "came-back", "paid", "all"):
        page = operator.get(f"/en/bank/books/payouts/?view={view}").text
        (empty,) = BeautifulSoup(page, "html.parser").select(".empty")
        said[view] = [line.get_text() for line in empty.select("p")]

    assert said["paid"][0] == english("Nothing has arrived yet.")
    assert all(len({lines[part] for lines in said.values()}) == len(said) for part in (0, 1))
