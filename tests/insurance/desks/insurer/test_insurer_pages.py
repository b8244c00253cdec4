"""The insurer's desk: a month is read, closed once, taken along as a table, and explained."""

import csv
import io

import pytest
from bs4 import BeautifulSoup

from insurance import api as cover
from insurance.money.reinsurance import service as reinsurance
from kernel import clock as kernel_clock
from kernel.actor import SYSTEM, Role
from tests.asking import says
from tests.insurance.conftest import buy, drain, fund, scan
from tests.insurance.contracts.policies.test_policies import V2
from tests.insurance.losses.recovery import recovering

MONTH = "/en/cover/insurer/havre-cargo/EUR/2026-06"


def page_of(answer):
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


@pytest.fixture
def officer(make_person, as_):
    return as_(make_person(roles=frozenset({Role.UNDERWRITER})))


@pytest.fixture
def lost(clock, db):
    clock("2026-06-01T09:00")
    fund()
    policy = buy(**V2)
    scan(policy)
    clock("2026-06-05T09:00")
    claim = cover.parcel_lost(
        parcel_ref=policy.parcel_ref,
        at=kernel_clock.now(),
        evidence={"events": ["lost"]},
        actor=SYSTEM,
    )
    drain()
    return policy, claim


def close(browser):
    return browser.post(f"{MONTH}/close", data={"csrf_token": "test-token"})


def test_a_month_is_read_closed_and_taken_along(lost, officer, clock):
    policy, claim = lost
    (link,) = page_of(officer.get("/en/cover/insurer/")).select("main tbody a")
    assert "5,000.00" in officer.get("/en/cover/insurer/").text
    assert link["href"] == MONTH
    month = officer.get(MONTH)
    assert not page_of(month).select("main form")
    assert policy.number in month.text
    assert claim.ref in month.text

    early = close(officer)
    assert 'data-code="bordereau_month_not_over"' in early.text
    clock("2026-07-01T09:00")
    assert page_of(officer.get(MONTH)).select("main form")
    assert close(officer).status_code == 303
    assert close(officer).status_code == 303
    assert page_of(officer.get(MONTH)).select("code")
    assert page_of(officer.get(MONTH)).select("form[action$=settle]")
    settled = officer.post(f"{MONTH}/settle", data={"csrf_token": "test-token"})
    assert settled.status_code == 303
    assert not page_of(officer.get(MONTH)).select("main form")

    answer = officer.get(f"{MONTH}/premium.csv")
    (row,) = csv.DictReader(io.StringIO(answer.data.decode("utf-8-sig")))
    assert (row["certificate"], row["gross"], row["net_due"]) == (policy.number, "2.26", "1.52")
    assert len(row["journals"].split()) == 2
    assert officer.get(f"{MONTH}/other.csv").status_code == 404


def test_a_record_shows_its_journals(lost, officer):
    policy, claim = lost

    words = page_of(officer.get(f"/en/cover/insurer/records/{policy.number}")).text
    assert "Premium" in words
    assert officer.get(f"/en/cover/insurer/records/{claim.ref}").status_code == 200
    assert officer.get("/en/cover/insurer/records/26-nothing").status_code == 404


def test_what_a_carrier_accepted_has_a_record_and_leaves_its_month_whole(db, clock, officer):
    clock("2026-06-01T09:00")
    fund()
    policy = recovering.lost()
    recovering.answered()

    case = recovering.case_of(policy).ref
    assert says(page_of(officer.get(f"/en/cover/insurer/records/{case}")), "Carrier accepted")
    assert says(page_of(officer.get(MONTH)), "Every line agrees with its journals.")


def test_only_the_office_sees_it_and_an_operator_does_not_close(lost, make_person, as_, clock):
    clock("2026-07-01T09:00")
    buyer = as_(make_person())
    operator = as_(make_person(roles=frozenset({Role.OPERATOR})))

    assert buyer.get(MONTH).status_code == 403
    assert operator.get(MONTH).status_code == 200
    assert close(operator).status_code == 403


@pytest.mark.parametrize("typed", ["2026-13", "2026-6", "x", "2030-01"])
def test_what_is_no_month_is_not_found(lost, officer, typed):
    assert officer.get(f"/en/cover/insurer/havre-cargo/EUR/{typed}").status_code == 404


@pytest.mark.parametrize("typed", ["202", "eur", "XAU-", ""])
def test_ratios_in_no_currency_are_those_in_euro(lost, officer, typed):
    answer = officer.get(f"/en/cover/insurer/ratios?currency={typed}")

    chosen = BeautifulSoup(answer.data, "html.parser").select_one("[name=currency] [selected]")
    assert chosen["value"] == "EUR"


def test_before_the_first_policy_the_list_says_so(db, officer):
    answer = officer.get("/en/cover/insurer/")

    assert page_of(answer).select_one("main h1")
    assert not page_of(answer).select("main table")


def test_what_is_ceded_stands_on_its_page(lost, officer):
    policy, _ = lost
    before = page_of(officer.get("/en/cover/insurer/reinsurance"))
    assert not before.select("main table")

    reinsurance.cede(actor=SYSTEM)

    after = page_of(officer.get("/en/cover/insurer/reinsurance"))
    assert after.select_one(f"main a[href$='{policy.number}']")


def test_no_page_of_an_insurer_shows_what_is_anothers(clock, db, officer):
    clock("2026-07-06T09:00")
    fund()
    fund("777.00", insurer_key="lys-overseas")
    mine = buy(**V2)
    theirs = buy(policyholder_country="SG", destination_country="SG")
    for policy in (mine, theirs):
        scan(policy)
    clock("2026-07-10T09:00")
    for policy in (mine, theirs):
        cover.parcel_lost(
            parcel_ref=policy.parcel_ref,
            at=kernel_clock.now(),
            evidence={"events": ["lost"]},
            actor=SYSTEM,
        )
    drain()
    reinsurance.cede(actor=SYSTEM)

    def shown(key):
        look = "from=2026-07&to=2026-07&by=policy"
        pages = [
            f"/en/cover/insurer/?insurer={key}",
            f"/en/cover/insurer/ratios?insurer={key}&{look}",
            f"/en/cover/insurer/reinsurance?insurer={key}",
            f"/en/cover/insurer/{key}/EUR/2026-07",
            f"/en/cover/tariffs/?insurer={key}",
        ]
        return [page_of(officer.get(page)).find("main").text for page in pages]

    havre, lys = shown("havre-cargo"), shown("lys-overseas")
    assert mine.number in "".join(havre)
    assert theirs.number not in "".join(havre)
    assert theirs.number in "".join(lys)
    assert mine.number not in "".join(lys)
    assert "777.00" in lys[0]
    assert "777.00" not in havre[0]
    assert "HC-2026" not in "".join(lys)
    assert "Escaut" in havre[2]
    assert "Escaut" not in lys[2]
    assert officer.get("/en/cover/insurer/?insurer=nobody").status_code == 404
    assert officer.get("/en/cover/insurer/havre-cargo/SGD/2026-07").status_code == 404


def test_a_draft_of_one_insurers_tariff_is_not_listed_with_anothers(clock, db, officer):
    begun = officer.post(
        "/en/cover/tariffs/?insurer=lys-overseas", data={"csrf_token": "test-token"}
    )
    assert begun.status_code == 303
    ref = begun.location.rsplit("/", 1)[1]
    assert ref in officer.get("/en/cover/tariffs/?insurer=lys-overseas").text
    assert ref not in officer.get("/en/cover/tariffs/").text
    assert "Lys Overseas" in officer.get(begun.location).text
