"""Cargo in the month of its insurer: lines that agree with journals, and its own loss ratio."""

from dataclasses import replace
from datetime import date

import pytest

from banking.authorisation.approvals import service as approvals
from insurance.money.earnings import service as earnings
from insurance.reporting.bordereaux import queries, service
from insurance.reporting.ratios import queries as ratios
from insurance.reporting.ratios.queries import By
from insurance.trade.cargo import changing, life
from insurance.trade.cargo_claims import service as claims
from insurance.trade.cargo_claims.rules import Kind, Survey
from insurance.trade.clauses.queries import Peril
from kernel.actor import SYSTEM, Actor, Role
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from tests.insurance.conftest import fund
from tests.insurance.trade.cargo.traders import bought, trader

JUNE = {"month": date(2026, 6, 1), "insurer_key": "havre-cargo", "currency": "EUR"}


def eur(amount):
    return Money.of(amount, "EUR")


def officer():
    return Actor(person_id=new_id(), roles=frozenset({Role.UNDERWRITER}))


def confirmed(shown, actor):
    asked = changing.confirm(ref=shown.ref, actor=actor)
    if asked.executed_at is None:
        approvals.give(approval_id=asked.approval_id, method="totp", actor=actor)


@pytest.fixture
def june(db, clock):
    """One shipment is endorsed and damaged, another is cancelled before it leaves."""
    clock("2026-06-01T09:00")
    approvals.load_reference_data(actor=SYSTEM)
    fund("50000.00")
    actor, _ = trader()
    stays, ends = bought(actor), bought(actor)
    dearer = replace(stays.cargo, value=eur("55000.00"))
    confirmed(changing.show_endorsement(policy_id=stays.id, cargo=dearer, actor=actor), actor)
    confirmed(changing.show_end(policy_id=ends.id, actor=actor), actor)
    clock("2026-06-20T09:00")
    life.go_on(actor=SYSTEM)
    claim = claims.notify(
        policy_id=stays.id,
        kind=Kind.DAMAGE,
        peril=Peril.SEAWATER,
        claimed=eur("1000.00"),
        loss_on=date(2026, 6, 18),
        description="Wet.",
        actor=actor,
    )
    found = Survey(
        surveyor="Havre Survey",
        report="1",
        day=date(2026, 6, 19),
        whole=eur("55000.00"),
        part=eur("49500.00"),
    )
    claims.record_survey(claim_id=claim.id, survey=found, actor=officer())
    claims.recommend(claim_id=claim.id, is_approval=True, reason="As surveyed.", actor=officer())
    claims.confirm(claim_id=claim.id, actor=officer())
    return stays, ends, claim


def test_lines_of_cargo_say_what_their_journals_say(june, clock):
    stays, ends, claim = june

    with reading():
        seen = queries.month_of(**JUNE, actor=SYSTEM)

    assert seen.differences == []
    premium = seen.of_kind("premium")
    assert [(line.subject, line.cells["transaction"]) for line in premium] == [
        (stays.number, "new"),
        (ends.number, "new"),
        (stays.number, "additional premium"),
        (ends.number, "cancellation"),
    ]
    assert [line.cells["net"] for line in premium] == [17606, 17606, 2359, -17606]
    (first, *_) = premium
    assert [
        first.cells[name] for name in ("insured", "insured_kind", "risk_location", "class")
    ] == [
        "Teehaus Brandt GmbH",
        "business",
        "CN-DE",
        "icc_a 830621",
    ]
    (line,) = seen.of_kind("claims")
    # A tenth of 60,500 less half a per cent of it.
    assert (line.subject, line.cells["certificate"]) == (claim.ref, stays.number)
    assert line.cells["paid_this_month_indemnity"] == 574750
    assert line.cells["loss_date"] == "2026-06-18"
    clock("2026-07-02T09:00")
    service.close(**JUNE, actor=officer())


@pytest.mark.usefixtures("june")
def test_cargo_is_a_product_of_its_own_among_the_ratios():
    earnings.earn_until(day=date(2026, 6, 19), actor=SYSTEM)

    with reading():
        rows = {
            by: ratios.board(
                insurer_key="havre-cargo",
                by=by,
                currency="EUR",
                first=JUNE["month"],
                after=date(2026, 7, 1),
                actor=SYSTEM,
            )
            for by in (By.PRODUCT, By.LANE)
        }

    for by, key in ((By.PRODUCT, "cargo"), (By.LANE, "CN-DE")):
        (row,) = rows[by]
        # Ten of 105 days of 199.65.
        assert (row.key, row.earned, row.paid) == (key, eur("19.01"), eur("5747.50"))
