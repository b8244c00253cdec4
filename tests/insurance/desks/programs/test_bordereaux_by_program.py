"""A program of the insurer's officers reads a month line by line; nobody else reads any."""

import pytest

from insurance import api as cover
from insurance.reporting.bordereaux import service
from kernel import clock as house_clock
from kernel.actor import SYSTEM, Role
from tests.insurance.conftest import buy, drain, fund, scan
from tests.insurance.contracts.policies.test_policies import V2
from tests.insurance.desks.programs.asking_cover import BASE

MONTH = f"{BASE}/bordereaux/2026-06"


@pytest.fixture
def lost(clock, db):
    clock("2026-06-01T09:00")
    fund()
    policy = buy(**V2)
    scan(policy)
    clock("2026-06-05T09:00")
    claim = cover.parcel_lost(
        parcel_ref=policy.parcel_ref,
        at=house_clock.now(),
        evidence={"events": ["lost"]},
        actor=SYSTEM,
    )
    drain()
    return policy, claim


@pytest.fixture
def officer(make_person):
    return make_person(roles=frozenset({Role.UNDERWRITER}))


def euros(minor):
    return {"amount": minor, "currency": "EUR"}


def test_every_line_names_its_journals_and_sums_are_of_the_lines(lost, officer, as_):
    policy, claim = lost

    (month,) = as_(officer).get(MONTH).json["data"]

    (written,) = month["sheets"]["premium"]["lines"]
    assert (month["month"], month["insurer"], month["currency"]) == (
        "2026-06",
        "havre-cargo",
        "EUR",
    )
    assert written["subject"] == policy.number
    assert written["cells"]["gross"] == euros(226)
    assert written["cells"]["net_due"] == euros(152)
    assert len(written["journals"]) == 2
    assert month["sheets"]["premium"]["totals"]["gross"] == euros(226)
    assert [line["subject"] for line in month["sheets"]["claims"]["lines"]] == [claim.ref]
    assert (month["closed_at"], month["sha256"], month["differences"]) == (None, None, [])


def test_a_closed_month_is_read_as_it_was_closed(lost, officer, as_, clock):
    clock("2026-07-01T09:00")
    program = as_(officer)
    (before,) = program.get(MONTH).json["data"]
    service.close(
        month=house_clock.today().replace(month=6),
        insurer_key="havre-cargo",
        currency="EUR",
        actor=officer,
    )

    (closed,) = program.get(MONTH).json["data"]

    assert closed["sheets"]["premium"] == before["sheets"]["premium"]
    assert closed["closed_at"] == "2026-07-01T09:00:00Z"
    assert len(closed["sha256"]) == 64


def test_a_month_is_asked_for_by_insurer_and_currency(lost, officer, as_):
    program = as_(officer)

    assert len(program.get(f"{MONTH}?insurer=havre-cargo&currency=EUR").json["data"]) == 1
    for path in (
        f"{MONTH}?currency=USD",
        f"{MONTH}?insurer=nobody",
        f"{BASE}/bordereaux/2026-13",
        f"{BASE}/bordereaux/2030-01",
    ):
        answer = program.get(path)
        assert (answer.status_code, answer.json["code"]) == (404, "bordereau_unknown")


def test_months_are_for_the_office_alone(lost, make_person, as_, client):
    assert as_(make_person()).get(MONTH).json["code"] == "forbidden"
    assert client.get(MONTH).json["code"] == "not_signed_in"
    assert as_(make_person(roles=frozenset({Role.OPERATOR}))).get(MONTH).status_code == 200
