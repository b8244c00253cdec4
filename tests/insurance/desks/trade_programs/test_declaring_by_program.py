"""A program declares shipments under its owner's open cover, by the rules of the page."""

import pytest
from bs4 import BeautifulSoup

from tests.insurance.desks.programs.asking_cover import BASE, send
from tests.insurance.trade.open_cover.conftest import accepted, eur, seen, signed

COVERS = f"{BASE}/open-covers"


def euros(minor):
    return {"amount": minor, "currency": "EUR"}


def shipment(reference="TB-1", minor=20_000_00, **otherwise):
    return {
        "reference": reference,
        "goods": "Porcelain teapots",
        "hs_code": "830621",
        "incoterm": "CFR",
        "basis": "CFR",
        "value": euros(minor),
        "origin_country": "CN",
        "origin": "Jingdezhen",
        "destination_country": "DE",
        "destination": "Berlin",
        "mode": "FCL",
        "conveyance": "MV Yangtze Star 612E",
        "departs_on": "2026-06-10",
    } | otherwise


@pytest.fixture
def cover(trader):
    return accepted(trader)


def declare(program, cover, *said, **otherwise):
    return send(program, f"/open-covers/{cover.ref}/declarations", shipment(*said, **otherwise))


def by_key(program, *scopes):
    """What a program sends instead of a session: a key made for some scopes."""
    wanted = {"csrf_token": "test-token", "scopes": list(scopes), "label": "Desk", "days": "90"}
    made = program.post("/en/account/keys", data=wanted)
    secret = BeautifulSoup(made.text, "html.parser").select_one("[data-key]").text
    return {"Authorization": f"Bearer {secret}"}


def declared(program, cover):
    return program.get(f"{COVERS}/{cover.ref}/declarations").json["data"]


def test_a_shipment_is_declared_and_insured_and_its_premium_drawn(trader, cover, as_, books_agree):
    program, had = as_(trader), seen(trader, cover.ref).deposit

    answer = declare(program, cover)

    line = answer.json
    assert answer.status_code == 201
    assert answer.headers["Location"].endswith(f"/{cover.ref}/declarations/{line['id']}")
    assert (line["reference"], line["source"]) == ("TB-1", "api")
    assert line["premium"]["total"] == line["from_deposit"]
    assert seen(trader, cover.ref).deposit.minor == had.minor - line["from_deposit"]["amount"]
    policy = program.get(f"{BASE}/cargo/policies/{line['id']}").json
    assert (policy["open_cover"], policy["cargo"]["goods"]) == (cover.ref, "Porcelain teapots")
    assert policy["price"]["sum_insured"] == line["sum_insured"]
    paper = program.get(f"{BASE}/cargo/policies/{line['id']}/certificate.pdf")
    assert paper.data.startswith(b"%PDF")
    assert program.get(f"{COVERS}/{cover.ref}/declarations/{line['id']}").json == line


def test_the_same_reference_is_the_same_declaration_and_no_other(trader, cover, as_, books_agree):
    program = as_(trader)

    first, again = declare(program, cover), declare(program, cover)
    deposit = seen(trader, cover.ref).deposit
    changed = declare(program, cover, "TB-1", 21_000_00)

    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == first.json
    assert (changed.status_code, changed.json["code"]) == (409, "shipment_declared")
    assert changed.json["number"] == first.json["id"]
    assert seen(trader, cover.ref).deposit == deposit
    assert len(declared(program, cover)) == 1


@pytest.mark.parametrize(
    ("otherwise", "code", "told"),
    [
        ({"minor": 60_000_00}, "open_cover_conveyance_limit", {"free": euros(60_000_00)}),
        ({"departs_on": "2027-06-10"}, "open_cover_outside_year", {"last": "2027-05-31"}),
        ({"hs_code": "710812"}, "shipment_refused", {}),
    ],
)
def test_what_the_page_refuses_is_refused_by_its_code_with_its_figures(
    trader, cover, as_, otherwise, code, told
):
    program = as_(trader)

    answer = declare(program, cover, **otherwise)

    assert (answer.status_code, answer.json["code"]) == (409, code)
    assert {name: answer.json[name] for name in told} == told
    assert declared(program, cover) == []


def test_what_has_left_is_declared_by_an_honest_mistake_alone(trader, cover, as_, clock):
    clock("2026-06-20T09:00")
    program = as_(trader)

    late = declare(program, cover)
    honest = declare(program, cover, is_honest=True)

    assert (late.status_code, late.json["code"]) == (409, "shipment_late")
    assert (honest.status_code, honest.json["is_late"]) == (201, True)


def test_everything_that_is_wrong_is_told_at_once_by_its_pointer(trader, cover, as_):
    wrong = {
        "hs_code": "12",
        "value": {"amount": 0, "currency": "USD"},
        "departs_on": "10.06.2026",
        "mode": "CAMEL",
        "freight": euros(100),
        "colour": "red",
    }

    answer = declare(as_(trader), cover, **wrong)

    assert (answer.status_code, answer.json["code"]) == (422, "invalid")
    assert answer.json["errors"].keys() == {
        "/colour",
        "/departs_on",
        "/freight",
        "/hs_code",
        "/mode",
        "/value/amount",
        "/value/currency",
    }


def test_the_delivery_of_what_is_sold_free_on_board_counts(trader, cover, as_):
    program = as_(trader)

    without = declare(program, cover, basis="FOB", incoterm="FOB")
    with_it = declare(program, cover, basis="FOB", incoterm="FOB", freight=euros(1_000_00))

    assert without.json["errors"].keys() == {"/freight", "/freight/amount", "/freight/currency"}
    assert with_it.json["cif"]["amount"] > 21_000_00


def test_a_cover_is_read_with_its_terms_and_what_of_its_limits_is_used(trader, cover, as_):
    program = as_(trader)
    line = declare(program, cover, "TB-1", 45_000_00).json

    told = program.get(f"{COVERS}/{cover.ref}").json

    (conveyance,) = told["limits"]["conveyances"]
    assert (told["status"], told["terms"]["sha256"]) == ("active", cover.sha256)
    assert told["terms"]["conveyance_limit"] == euros(60_000_00)
    assert conveyance["used"] == line["sum_insured"]
    assert conveyance["free"]["amount"] == 60_000_00 - line["sum_insured"]["amount"]
    assert (conveyance["departs_on"], conveyance["is_near"]) == ("2026-06-10", True)
    assert {one["country"] for one in told["limits"]["places"]} == {"CN", "DE"}
    assert program.get(COVERS).json["data"] == [
        {name: value for name, value in told.items() if name not in {"terms", "limits"}}
    ]


def test_an_open_cover_that_nobody_accepted_takes_nothing(trader, as_):
    offer, program = signed(trader), as_(trader)

    told = program.get(f"{COVERS}/{offer.ref}").json
    answer = declare(program, offer)

    assert (told["status"], told["is_signed"], told["limits"]) == ("draft", True, None)
    assert (answer.status_code, answer.json["code"]) == (409, "open_cover_not_active")


def test_overdue_premium_suspends_until_it_is_paid(trader, as_, client, clock):
    cover = accepted(trader, deposit=eur("10.00"))
    key = by_key(as_(trader), "insurance.read", "insurance.declare")
    owed = declare(as_(trader), cover).json["owed"]
    clock("2026-08-01T09:00")

    late = shipment("TB-2", departs_on="2026-08-10")
    answer = client.post(f"{COVERS}/{cover.ref}/declarations", json=late, headers=key)

    assert owed["amount"] > 0
    assert (answer.status_code, answer.json["code"]) == (409, "open_cover_suspended")
    assert answer.json["amount"] == owed
    assert client.get(f"{COVERS}/{cover.ref}", headers=key).json["overdue"] == owed


def test_lists_are_walked_by_cursors_and_asked_by_reference(trader, cover, as_):
    program = as_(trader)
    numbers = [declare(program, cover, f"TB-{n}", 1_000_00).json["id"] for n in range(3)]
    at = f"{COVERS}/{cover.ref}/declarations"

    first = program.get(f"{at}?limit=2").json
    second = program.get(f"{at}?limit=2&cursor={first['next_cursor']}").json

    found = [one["id"] for one in first["data"] + second["data"]]
    assert (sorted(found), first["has_more"], second["has_more"]) == (numbers, True, False)
    (named,) = program.get(f"{at}?reference=TB-1").json["data"]
    assert named["id"] == numbers[1]
    assert program.get(f"{at}?colour=red").json["errors"].keys() == {"colour"}
    policies = program.get(f"{BASE}/cargo/policies?limit=2").json
    rest = program.get(f"{BASE}/cargo/policies?limit=2&cursor={policies['next_cursor']}").json
    assert sorted(one["id"] for one in policies["data"] + rest["data"]) == numbers


def test_nobody_elses_cover_is_seen_or_declared_under(trader, cover, other, as_):
    mine, theirs = as_(trader), as_(other)
    own = accepted(other)
    number = declare(mine, cover).json["id"]
    theirs_number = declare(theirs, own).json["id"]

    assert [one["id"] for one in theirs.get(COVERS).json["data"]] == [own.ref]
    assert [one["id"] for one in declared(theirs, own)] == [theirs_number]
    for path in ("", "/declarations", f"/declarations/{number}"):
        answer = theirs.get(f"{COVERS}/{cover.ref}{path}")
        assert (answer.status_code, answer.json["code"]) == (404, "open_cover_unknown")
    mixed = theirs.get(f"{COVERS}/{own.ref}/declarations/{number}")
    assert (mixed.status_code, mixed.json["code"]) == (404, "declared_shipment_unknown")
    taken = declare(theirs, cover, "TB-9")
    assert (taken.status_code, taken.json["code"]) == (404, "open_cover_unknown")
    assert [one["id"] for one in theirs.get(f"{BASE}/cargo/policies").json["data"]] == [
        theirs_number
    ]
    for path in ("", "/certificate.pdf"):
        hidden = theirs.get(f"{BASE}/cargo/policies/{number}{path}")
        assert (hidden.status_code, hidden.json["code"]) == (404, "cargo_unknown")
    assert len(declared(mine, cover)) == 1


def test_a_key_declares_by_the_scope_that_is_made_for_it(trader, cover, as_, client):
    at = f"{COVERS}/{cover.ref}/declarations"
    writes = by_key(as_(trader), "insurance.read", "insurance.write")
    declares = by_key(as_(trader), "insurance.declare")

    refused = client.post(at, json=shipment(), headers=writes)
    done = client.post(at, json=shipment(), headers=declares)
    read = client.get(at, headers=declares)

    assert (refused.status_code, refused.json["code"]) == (403, "scope_missing")
    assert done.status_code == 201
    assert (read.status_code, read.json["code"]) == (403, "scope_missing")
    assert client.get(at, headers=writes).json["data"][0]["id"] == done.json["id"]
