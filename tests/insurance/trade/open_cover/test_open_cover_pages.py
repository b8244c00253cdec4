"""From nothing to a declared shipment over HTTP, by form and by file, and the desk."""

import csv
import io
from datetime import date
from uuid import UUID

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text

from banking.authorisation.approvals import service as approvals
from insurance.trade.open_cover import files, jobs, queries, sent_files
from kernel import mail
from kernel.actor import SYSTEM, Role
from kernel.db import reading, transaction
from kernel.ids import new_id
from tests.asking import says
from tests.insurance.conftest import available, drain, make_wallet
from tests.insurance.trade.open_cover.conftest import eur

TOKEN = {"csrf_token": "test-token"}
APPLICATION = TOKEN | {
    "business": "Teehaus Brandt GmbH",
    "country": "DE",
    "goods": "Tea and porcelain",
    "currency": "EUR",
    "starts_on": "2026-06-01",
    "turnover": "200000",
    "largest": "40000",
    "clauses": "icc_a",
    "war": "none",
    "remarks": "",
}
TERMS = TOKEN | {
    "starts_on": "2026-06-01",
    "clauses": "icc_a",
    "war": "none",
    "deductible": "0.5",
    "uplift_pct": "10",
    "flat_rate_pct": "0.60",
    "discount_pct": "0",
    "conveyance_limit": "60000",
    "location_limit": "100000",
    "turnover": "200000",
    "deposit": "200",
    "least": "150",
}
SHIPMENT = TOKEN | {
    "reference": "TB-1",
    "goods": "Porcelain teapots",
    "hs_code": "8306.21",
    "marks": "",
    "incoterm": "CFR",
    "basis": "CFR",
    "value": "20000",
    "freight": "",
    "origin": "Jingdezhen",
    "origin_country": "CN",
    "destination": "Berlin",
    "destination_country": "DE",
    "mode": "FCL",
    "conveyance": "MV Yangtze Star 612E",
    "document": "",
    "departs_on": "2026-06-10",
}


def main_of(answer):
    return BeautifulSoup(answer.data, "html.parser").find("main")


def wrong(answer):
    return {error["id"] for error in main_of(answer).select(".error")}


@pytest.fixture
def business(make_person):
    actor = make_person()
    return actor, make_wallet(actor.person_id)


@pytest.fixture
def underwriter(make_person):
    return make_person(roles=frozenset({Role.UNDERWRITER}))


@pytest.fixture
def active(as_, business, underwriter):
    """An open cover that was asked for, signed, accepted and paid on its pages."""
    actor, wallet = business
    browser, desk = as_(actor), as_(underwriter)
    assert browser.get("/en/bank/cover/open/").status_code == 200
    assert browser.get("/en/bank/cover/open/new").status_code == 200
    sent = browser.post("/en/bank/cover/open/new", data=APPLICATION)
    assert sent.status_code == 303, wrong(sent)
    address = sent.location
    assert not main_of(browser.get(address)).select("form")

    assert desk.get("/en/cover/open-covers/").status_code == 200
    at_desk = address.replace("/bank/cover/open/", "/cover/open-covers/")
    assert desk.get(at_desk).status_code == 200
    signed = desk.post(f"{at_desk}/sign", data=TERMS)
    assert signed.status_code == 303, wrong(signed)

    offered = main_of(browser.get(address))
    seal = offered.select_one("input[name=sha256]")["value"]
    unread = browser.post(f"{address}/accept", data=TOKEN | {"sha256": seal})
    assert wrong(unread) == {"e-accepts"}
    asked = browser.post(f"{address}/accept", data=TOKEN | {"sha256": seal, "accepts": "on"})
    assert asked.status_code == 303
    assert available(wallet.id) == eur("1000.00")
    assert browser.get(asked.location).status_code == 200
    approvals.give(approval_id=UUID(asked.location.rpartition("/")[2]), method="totp", actor=actor)
    assert available(wallet.id) == eur("800.00")
    return address


def ref_of(address):
    return address.rpartition("/")[2]


def seen(actor, address):
    with reading():
        return queries.cover_for(actor, ref_of(address))


def test_a_business_comes_from_nothing_to_a_declared_shipment(
    as_, active, business, underwriter, books_agree
):
    actor, _ = business
    browser = as_(actor)
    assert browser.get(f"{active}/declare").status_code == 200

    declared = browser.post(f"{active}/declare", data=SHIPMENT)

    assert declared.status_code == 303, wrong(declared)
    certificate = main_of(browser.get(declared.location)).get_text()
    assert ref_of(active) in certificate
    assert seen(actor, active).deposit == eur("67.12")
    shown = main_of(browser.get(active))
    assert declared.location in [link["href"] for link in shown.select("table a")]
    again = browser.post(f"{active}/declare", data=SHIPMENT)
    assert again.location == declared.location
    assert seen(actor, active).deposit == eur("67.12")

    month = f"{active}/months/2026-06"
    assert declared.location in [a["href"] for a in main_of(browser.get(month)).select("table a")]
    table = browser.get(f"{month}.csv").data.decode("utf-8-sig")
    (line,) = csv.DictReader(io.StringIO(table))
    assert (line["reference"], line["sum_insured"], line["net_premium"], line["owed"]) == (
        "TB-1",
        "22147.00",
        "132.88",
        "0.00",
    )
    assert (
        as_(underwriter).get(active.replace("/bank/cover/open/", "/cover/open-covers/")).status_code
        == 200
    )


def test_what_a_limit_refuses_is_said_on_the_form_and_nothing_typed_is_lost(
    as_, active, business, books_agree
):
    browser = as_(business[0])
    browser.post(f"{active}/declare", data=SHIPMENT)

    refused = browser.post(
        f"{active}/declare", data=SHIPMENT | {"reference": "TB-2", "value": "50000"}
    )

    assert refused.status_code == 409
    page = main_of(refused)
    assert page.select_one("[data-code]")["data-code"] == "open_cover_conveyance_limit"
    assert page.select_one("input[name=value]")["value"] == "50000"
    late = browser.post(
        f"{active}/declare", data=SHIPMENT | {"reference": "", "departs_on": "June"}
    )
    assert wrong(late) == {"e-reference", "e-departs_on"}


def line_of(**cells):
    plain = {name: value for name, value in SHIPMENT.items() if name in files.COLUMNS}
    said = plain | {"value": "2000.00", "hs_code": "830621"} | cells
    return [said.get(name, "") for name in files.COLUMNS]


def sent(browser, address, rows, heads=files.COLUMNS, delimiter=","):
    written = io.StringIO()
    csv.writer(written, delimiter=delimiter).writerows([heads, *rows])
    content = io.BytesIO(("\ufeff" + written.getvalue()).encode())
    return browser.post(
        f"{address}/file",
        data=TOKEN | {"file": (content, "june.csv")},
        content_type="multipart/form-data",
    )


def test_a_file_insures_its_good_lines_and_names_every_bad_one(as_, active, business, books_agree):
    actor, _ = business
    browser = as_(actor)
    assert browser.get(f"{active}/file").status_code == 200
    rows = [
        line_of(reference="A"),
        line_of(reference="B", value="2.000,00", hs_code="69"),
        [],
        line_of(reference="C", departs_on="2026-05-30"),
        line_of(reference="D", value="90000.00"),
        line_of(reference="E", goods="=1+1"),
        line_of(reference="F", hs_code="240220"),
    ]

    done = sent(browser, active, rows, delimiter=";")

    assert done.status_code == 303, main_of(done)
    with reading():
        cover = queries.cover_for(actor, ref_of(active))
        file = sent_files.file_for(cover, ref_of(done.location))
        declared = queries.latest_declared(cover, limit=20)
    assert {one.reference for one in declared} == {"A", "E"}
    why = {line["line"]: set(line["complaints"]) for line in file.refused}
    assert why == {3: {"value", "hs_code"}, 5: {""}, 6: {""}, 8: {""}}
    page = main_of(browser.get(done.location))
    assert len(page.select("table")[0].select("tbody tr")) == 4

    # What is fetched, mended and sent again insures the rest and draws nothing twice.
    again = browser.get(f"{done.location}.csv").data.decode("utf-8-sig")
    refused = list(csv.DictReader(io.StringIO(again)))
    assert [line["reference"] for line in refused] == ["B", "C", "D", "F"]
    before = seen(actor, active).deposit
    mended = [
        *rows,
        line_of(reference="B"),
        line_of(reference="C"),
    ]
    assert sent(browser, active, mended).status_code == 303
    with reading():
        found = queries.latest_declared(queries.cover_for(actor, ref_of(active)), limit=20)
    assert {one.reference for one in found} == {"A", "B", "C", "E"}
    assert before - seen(actor, active).deposit == eur("30.00")


def test_a_file_that_is_none_changes_nothing_and_says_why(as_, active, business):
    browser = as_(business[0])

    for rows, heads in (
        ([line_of()], files.COLUMNS[:5]),
        ([], files.COLUMNS),
        ([line_of(reference=str(n)) for n in range(501)], files.COLUMNS),
    ):
        answer = sent(browser, active, rows, heads)
        assert (answer.status_code, wrong(answer)) == (422, {"e-file"})
    latin = browser.post(
        f"{active}/file",
        data=TOKEN | {"file": (io.BytesIO("réf".encode("latin-1")), "x.csv")},
        content_type="multipart/form-data",
    )
    assert wrong(latin) == {"e-file"}
    nothing = browser.post(f"{active}/file", data=TOKEN, content_type="multipart/form-data")
    assert wrong(nothing) == {"e-file"}
    example = browser.get("/en/bank/cover/open/example.csv").data
    assert files.read(example, most_lines=1)[0].cells["reference"] == "INV-2041"


def test_an_open_cover_is_nobody_elses_and_the_desk_is_the_officers(
    as_, active, make_person, underwriter
):
    stranger = as_(make_person())
    for path in ("", "/declare", "/file", "/months/2026-06", "/months/2026-06.csv"):
        assert stranger.get(f"{active}{path}").status_code == 404
    assert stranger.post(f"{active}/notice", data=TOKEN | {"notice": "all"}).status_code == 404
    desk = active.replace("/bank/cover/open/", "/cover/open-covers/")
    assert stranger.get(desk).status_code == 403
    operator = as_(make_person(roles=frozenset({Role.OPERATOR})))
    assert operator.get(desk).status_code == 200
    assert operator.post(f"{desk}/notice", data=TOKEN | {"notice": "all"}).status_code == 403
    given = as_(underwriter).post(f"{desk}/notice", data=TOKEN | {"notice": "all"})
    assert given.status_code == 303


def test_a_year_ends_on_its_pages(as_, active, business, underwriter, books_agree):
    actor, wallet = business
    browser, desk = as_(actor), as_(underwriter)
    browser.post(f"{active}/declare", data=SHIPMENT)
    at_desk = active.replace("/bank/cover/open/", "/cover/open-covers/")
    assert browser.post(f"{active}/notice", data=TOKEN | {"notice": "all"}).status_code == 303
    assert seen(actor, active).ends_on == date(2026, 7, 1)
    # Nobody stays signed in for so long.
    with transaction(name="test", actor=SYSTEM) as current:
        current.execute(text("UPDATE insurance.open_covers SET ends_on = '2026-05-31'"))
    jobs.mind_covers()

    said = browser.post(f"{active}/turnover", data=TOKEN | {"turnover": "25132.88"})
    assert said.status_code == 303, wrong(said)
    assert desk.get(at_desk).status_code == 200
    done = desk.post(f"{at_desk}/adjust", data=TOKEN | {"turnover": "25132.88"})
    assert done.status_code == 303, wrong(done)
    assert available(wallet.id) == eur("800.00") + eur("67.12") - eur("33.00")
    assert browser.get(active).status_code == 200


def test_a_declared_shipment_is_withdrawn_where_its_pages_lead_to(
    as_, active, business, books_agree
):
    actor, wallet = business
    browser = as_(actor)
    policy = browser.post(f"{active}/declare", data=SHIPMENT).location
    number = policy.rpartition("/")[2]
    address = f"{active}/declared/{number}"
    for page in (active, policy, f"{policy}/change"):
        assert address in [link["href"] for link in main_of(browser.get(page)).select("a[href]")]
    offered = main_of(browser.get(address))
    (form,) = offered.select("form")
    assert form["action"] == f"{address}/withdraw"

    done = browser.post(form["action"], data=TOKEN)

    assert (done.status_code, done.location) == (303, address)
    after = main_of(browser.get(address))
    assert not after.select("form")
    assert "Camille Martin" in after.get_text()
    assert seen(actor, active).deposit == eur("200.00")
    assert available(wallet.id) == eur("800.00")
    drain()
    (letter,) = [
        one
        for one in mail.mailbox(recipient=actor.email)
        if says(one.subject, "Shipment %(reference)s is withdrawn")
    ]
    assert number in letter.text
    month = main_of(browser.get(f"{active}/months/2026-06"))
    assert len(month.select("tbody tr")) == 2
    table = list(csv.DictReader(io.StringIO(browser.get(f"{active}/months/2026-06.csv").text)))
    assert [row["line"] for row in table] == ["declared", "withdrawn"]
    assert [row["net_premium"] for row in table] == ["132.88", "-132.88"]
    again = browser.post(f"{active}/declare", data=SHIPMENT)
    assert main_of(again).select_one("[data-code]")["data-code"] == "shipment_withdrawn"


def test_what_has_left_shows_no_way_to_withdraw_it(as_, active, business, clock):
    actor, _ = business
    browser = as_(actor)
    policy = browser.post(f"{active}/declare", data=SHIPMENT).location
    address = f"{active}/declared/{policy.rpartition('/')[2]}"
    clock("2026-06-10T09:00")

    assert not main_of(browser.get(address)).select("form")
    refused = browser.post(f"{address}/withdraw", data=TOKEN)
    assert main_of(refused).select_one("[data-code]")["data-code"] == "cargo_has_left"
    links = [link["href"] for link in main_of(browser.get(f"{policy}/change")).select("a[href]")]
    assert address not in links


def test_a_stranger_finds_no_declared_shipment(as_, active, business, make_person):
    actor, _ = business
    policy = as_(actor).post(f"{active}/declare", data=SHIPMENT).location
    stranger = as_(make_person())

    address = f"{active}/declared/{policy.rpartition('/')[2]}"
    assert stranger.get(address).status_code == 404
    assert stranger.post(f"{address}/withdraw", data=TOKEN).status_code == 404


def test_a_shops_sales_are_switched_on_and_off_on_the_covers_page(as_, active, business):
    actor, _ = business
    assert not main_of(as_(actor).get(active)).select("#sales")
    shop = join_a_shop(actor)
    browser = as_(actor)
    page = main_of(browser.get(active))
    assert page.select_one("select[name=shop] option")["value"] == str(shop)
    typed = TOKEN | {"sales": "on", "shop": str(shop), "sales_from": "250"}

    assert wrong(browser.post(f"{active}/sales", data=typed)) == {"e-sales_to"}
    other = typed | {"shop": str(new_id()), "to_FR": "on"}
    assert wrong(browser.post(f"{active}/sales", data=other)) == {"e-shop"}
    kept = browser.post(f"{active}/sales", data=typed | {"to_FR": "on", "to_DE": "on"})

    assert kept.status_code == 303, wrong(kept)
    cover = seen(actor, active)
    assert (cover.sales_of, cover.sales_from, list(cover.sales_to)) == (
        shop,
        eur("250.00"),
        ["DE", "FR"],
    )
    ticked = [box["name"] for box in main_of(browser.get(active)).select("input[checked]")]
    assert sorted(ticked) == ["to_DE", "to_FR"]
    assert browser.post(f"{active}/sales", data=TOKEN | {"sales": "off"}).status_code == 303
    assert seen(actor, active).sales_of is None


def join_a_shop(actor):
    """Let somebody work for a company, as their next request finds it."""
    shop = new_id()
    with transaction(name="test", actor=SYSTEM) as current:
        current.execute(
            text(
                "INSERT INTO kernel.organisation (id, name, country, created_at)"
                " VALUES (:shop, 'Teehaus Brandt GmbH', 'DE', now())"
            ),
            {"shop": shop},
        )
        current.execute(
            text(
                "INSERT INTO kernel.membership (person_id, organisation_id) VALUES (:person, :shop)"
            ),
            {"person": actor.person_id, "shop": shop},
        )
    return shop
