"""A business insures a shipment on the bank's pages, from its first minute to its certificate."""

from uuid import UUID

import pytest
from bs4 import BeautifulSoup

from banking.authorisation.approvals import service as approvals
from insurance.trade.cargo import words
from kernel.actor import SYSTEM
from kernel.money import Money
from tests.asking import says
from tests.insurance.conftest import available, make_wallet

SHIPMENT = {
    "csrf_token": "test-token",
    "business": "Teehaus Brandt GmbH",
    "country": "DE",
    "goods": "Porcelain teapots",
    "hs_code": "6911.10",
    "marks": "TB 1-40",
    "incoterm": "CIP",
    "currency": "EUR",
    "basis": "CFR",
    "value": "20000",
    "freight": "",
    "uplift": "10",
    "origin": "Jingdezhen",
    "origin_country": "CN",
    "destination": "Berlin",
    "destination_country": "DE",
    "mode": "FCL",
    "conveyance": "MV Yangtze Star 612E",
    "document": "NGB-4471",
    "departs_on": "2026-06-10",
    "clauses": "icc_b",
    "add_TPND": "on",
    "war": "war_strikes",
    "deductible": "IOP",
    "originals": "3",
    "payable_at": "Berlin",
    "is_credit": "on",
    "credit_from": "Chengdu",
}


@pytest.fixture
def trader(make_person, clock):
    clock("2026-06-01T09:00")
    approvals.load_reference_data(actor=SYSTEM)
    return make_person()


def main_of(answer):
    return BeautifulSoup(answer.data, "html.parser").find("main")


def points(answer):
    return [tag.get_text(strip=True) for tag in main_of(answer).select(".stack .tag.bad")]


def priced(browser, **other):
    answer = browser.post("/en/bank/cover/cargo/new", data=SHIPMENT | other)
    assert answer.status_code == 303, main_of(answer).select(".error")
    return answer.location


def test_a_shipment_is_priced_checked_paid_for_and_certified(as_, trader):
    wallet = make_wallet(trader.person_id)
    browser = as_(trader)
    assert browser.get("/en/bank/cover/cargo/").status_code == 200
    assert browser.get("/en/bank/cover/cargo/new").status_code == 200

    address = priced(browser)
    shown = browser.get(address)

    # (0.18 x 1.1 x 1.8 x 1.15 + 0.05) + 0.025 per cent of 22,118, which is 110 % of CFR grossed up.
    assert points(shown) == ["28(f)(iii)", "CIP A5"]
    refused = browser.post(address, data={"csrf_token": "test-token"})
    assert refused.status_code == 409
    assert available(wallet.id) == Money.of("1000.00", "EUR")

    post(browser, f"{address}/clauses")
    asked = browser.post(address, data={"csrf_token": "test-token", "need": "on"})
    assert asked.status_code == 303
    assert browser.get(asked.location).status_code == 200
    assert available(wallet.id) == Money.of("1000.00", "EUR")
    approvals.give(approval_id=UUID(asked.location.rpartition("/")[2]), method="totp", actor=trader)
    paid = browser.get(address)
    assert paid.status_code == 303
    policy = browser.get(paid.location)
    assert points(policy) == ["28(f)(iii)", "CIP A5"]
    assert "MV Yangtze Star 612E" in main_of(policy).get_text()
    assert available(wallet.id) == Money.of("892.76", "EUR")
    assert paid.location in [
        link["href"] for link in main_of(browser.get("/en/bank/cover/cargo/")).select("table a")
    ]
    again = browser.post(address, data={"csrf_token": "test-token", "need": "on"})
    assert again.location == paid.location


def test_clauses_have_to_be_opened_in_the_language_of_the_page(as_, trader):
    make_wallet(trader.person_id)
    browser = as_(trader)
    address = priced(browser, value="1500")

    unopened = post(browser, address, need="on")
    # What was opened in another language was not read in this one.
    post(browser, f"{address}/clauses".replace("/en/", "/de/"))
    still = post(browser, address, need="on")

    for answer in (unopened, still):
        assert main_of(answer).select_one("#wrong")["data-code"] == "cargo_clauses_unopened"
    assert not main_of(browser.get(address)).select_one("[data-opened]")
    assert post(browser, f"{address}/clauses").location.endswith("/en/cover/cargo/clauses")
    assert main_of(browser.get(address)).select_one("[data-opened]")
    assert post(browser, address, need="on").status_code == 303


def test_what_is_missing_is_named_above_the_form(as_, trader):
    answer = as_(trader).post("/en/bank/cover/cargo/new", data={"csrf_token": "test-token"})

    assert answer.status_code == 422
    told = [link.get_text(strip=True) for link in main_of(answer).select("#wrong a")]
    assert len(told) > 5
    assert len(set(told)) == len(told)


def test_what_has_no_price_says_why(as_, trader):
    browser = as_(trader)

    for asked, reason in (
        ({"hs_code": "240220"}, "EXCLUDED_GOODS"),
        ({"value": "900000"}, "SI_OVER_AUTHORITY"),
        ({"departs_on": "2026-05-30"}, "LATE_ENTRY"),
    ):
        shown = main_of(browser.get(priced(browser, **asked)))
        assert words.REASONS[reason] in shown.get_text()
        # What is declined stays declined; what is referred can be asked of an underwriter.
        asking = [form["action"].rpartition("/")[2] for form in shown.select("form")]
        assert asking == ([] if reason == "EXCLUDED_GOODS" else ["underwriter"])


def test_every_complaint_about_a_form_stands_beside_its_field(as_, trader):
    answer = as_(trader).post(
        "/en/bank/cover/cargo/new",
        data=SHIPMENT
        | {
            "business": "",
            "hs_code": "69",
            "departs_on": "June",
            "clauses": "war",
            "originals": "9",
            "basis": "FOB",
            "credit_currency": "EURO",
        },
    )

    assert answer.status_code == 422
    wrong = {error["id"] for error in main_of(answer).select(".error")}
    assert wrong == {
        f"e-{name}"
        for name in (
            "business",
            "hs_code",
            "departs_on",
            "clauses",
            "originals",
            "freight",
            "credit_currency",
        )
    }


def test_without_a_wallet_or_enough_in_it_the_page_leads_to_adding_money(as_, trader):
    browser = as_(trader)

    shown = main_of(browser.get(priced(browser)))

    assert shown.select_one("a[href*='/bank/']")
    assert not shown.select("form")


def test_a_price_and_a_policy_are_nobody_elses(as_, trader, make_person):
    make_wallet(trader.person_id)
    browser, stranger = as_(trader), as_(make_person())
    address = priced(browser)
    small = priced(browser, value="1500")
    post(browser, f"{small}/clauses")
    policy = browser.post(small, data={"csrf_token": "test-token", "need": "on"}).location
    assert post(stranger, f"{address}/clauses").status_code == 404

    for theirs in (address, policy):
        assert stranger.get(theirs).status_code == 404


def test_every_reason_that_a_shipment_can_get_has_words():
    said = {
        "EXCLUDED_GOODS",
        "WAR_SEVERE",
        "COUNTRY_NOT_OFFERED",
        "SI_OVER_AUTHORITY",
        "ACCUMULATION",
        "UPLIFT_OVER_LIMIT",
        "PERISHABLE",
        "WAR_VERY_HIGH",
        "LATE_ENTRY",
        "ZONE",
        "CURRENCY_NOT_OFFERED",
    }

    assert set(words.REASONS) == said


def test_who_may_buy_is_led_from_cover_to_cargo_and_others_to_its_clauses(client, as_, trader):
    for browser, door in (
        (as_(trader), "/en/bank/cover/cargo/"),
        (client, "/en/cover/cargo/clauses"),
    ):
        page = BeautifulSoup(browser.get("/en/cover/product-information").data, "html.parser")
        assert page.select_one(f"nav a[href='{door}']")


def post(browser, address, **data):
    return browser.post(address, data={"csrf_token": "test-token"} | data)


def insured(browser, **other):
    price = priced(browser, value="1500", **other)
    post(browser, f"{price}/clauses")
    asked = post(browser, price, need="on")
    assert asked.status_code == 303
    return asked.location


def test_a_shipment_is_changed_assigned_and_cancelled_at_what_was_shown(as_, trader):
    wallet = make_wallet(trader.person_id)
    browser = as_(trader)
    policy = insured(browser)
    paid = available(wallet.id)
    form = main_of(browser.get(f"{policy}/change"))
    typed = {
        field["name"]: field.get("value", "") for field in form.select("form.fields input[name]")
    } | {"origin_country": "CN", "destination_country": "DE", "mode": "FCL"}

    shown = browser.post(f"{policy}/change", data=typed | {"conveyance": "MV Elbe 7"})
    assert shown.status_code == 303, main_of(shown).select(".error")
    assert browser.get(shown.location).status_code == 200
    assert post(browser, shown.location).location == policy
    assert "MV Elbe 7" in main_of(browser.get(policy)).get_text()

    nameless = post(browser, f"{policy}/order", assignee_address="Hafenstr. 1, Kiel")
    placeless = post(browser, f"{policy}/order", assignee="Kaufhaus Nord AG")
    assert (nameless.status_code, placeless.status_code) == (422, 422)
    order = {"assignee": "Kaufhaus Nord AG", "assignee_address": "Hafenstr. 1, Kiel"}
    named = post(browser, f"{policy}/order", **order)
    assert post(browser, named.location).location == policy
    assert "Kaufhaus Nord AG, Hafenstr. 1, Kiel" in main_of(browser.get(policy)).get_text()

    end = post(browser, f"{policy}/end")
    assert available(wallet.id) == paid
    assert post(browser, end.location).location == policy
    assert available(wallet.id) == Money.of("1000.00", "EUR")
    assert says(main_of(browser.get(policy)).find("h1"), "This cover has ended.")
    assert post(browser, f"{policy}/end").status_code == 409


def test_its_holder_says_that_a_shipment_has_arrived(as_, trader, clock):
    make_wallet(trader.person_id)
    browser = as_(trader)
    policy = insured(browser)

    clock("2026-06-20T09:00")
    assert main_of(browser.get(policy)).select("form input[name=day]")
    assert (
        post(browser, f"{policy}/arrival", where="warehouse", day="2026-06-30").status_code == 409
    )
    done = post(browser, f"{policy}/arrival", where="warehouse", day="2026-06-19")

    assert done.location == policy
    assert not main_of(browser.get(policy)).select("form input[name=day]")
