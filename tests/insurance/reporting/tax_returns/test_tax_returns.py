"""Premium tax is paid to its state once, by two people, line by line."""

from datetime import date
from threading import Thread

import pytest
from sqlalchemy import text

from insurance import api as cover
from insurance.reporting.bordereaux import service as bordereaux
from insurance.reporting.bordereaux import taxation
from insurance.reporting.settlement import service as settlement
from insurance.reporting.tax_returns import proofs, queries, service
from insurance.reporting.tax_returns.errors import (
    TaxPeriodOpen,
    TaxPeriodUnknown,
    TaxReturnDiffers,
    TaxReturnNotPrepared,
)
from insurance.reporting.tax_returns.queries import Stage
from kernel.actor import SYSTEM, Actor, Role
from kernel.db import reading, session, transaction
from kernel.four_eyes import OwnProposal
from kernel.ids import new_id
from kernel.money import Money
from tests.insurance.conftest import buy
from tests.insurance.contracts.policies.test_policies import V2, balance

JUNE = date(2026, 6, 1)
GERMANY = {"insurer_key": "havre-cargo", "country": "DE", "currency": "EUR", "first": JUNE}


def officer():
    return Actor(person_id=new_id(), roles=frozenset({Role.UNDERWRITER}))


def settle(*months):
    for month in months:
        where = {"month": month, "insurer_key": "havre-cargo", "currency": "EUR"}
        bordereaux.close(**where, actor=SYSTEM)
        settlement.settle(**where, actor=SYSTEM)


def _of(country):
    return {"policyholder_country": country, "destination_country": country}


def seen(**where):
    with reading():
        return queries.period(**GERMANY | where, actor=SYSTEM)


@pytest.fixture
def june(db, clock, books_agree):
    """A policy of June whose tax of 0.36 the insurer got and owes to Germany."""
    clock("2026-06-01T09:00")
    policy = buy(**V2)
    clock("2026-07-01T09:00")
    settle(JUNE)
    return policy


def test_a_period_is_prepared_by_one_and_paid_by_another_once(june):
    maker, checker = officer(), officer()
    before = balance("insurer_cash")

    prepared = service.prepare(**GERMANY, actor=maker)
    assert service.prepare(**GERMANY, actor=checker) == prepared
    with pytest.raises(OwnProposal):
        service.confirm(**GERMANY, actor=maker)
    assert balance("insurer_premium_tax") == 36
    paid = service.confirm(**GERMANY, actor=checker)
    assert service.confirm(**GERMANY, actor=officer()) == paid

    assert paid.amount == Money.of("0.36", "EUR")
    assert balance("insurer_premium_tax") == 0
    assert balance("insurer_cash") - before == 36
    assert seen().stage is Stage.PAID
    with reading():
        period = queries.period(**GERMANY, actor=SYSTEM)
        assert queries.paid_by_journal(period, actor=SYSTEM) is not None
    assert proofs.PROOF.prove()[0]


def test_every_line_names_the_journals_behind_it(june):
    service.prepare(**GERMANY, actor=officer())

    with reading():
        (line,) = queries.lines_of(queries.period(**GERMANY, actor=SYSTEM), actor=SYSTEM)
        kinds = session().execute(
            text("SELECT kind FROM banking.journals WHERE id = ANY(:ids) ORDER BY id"),
            {"ids": list(line.journals)},
        )
        found = [row.kind for row in kinds]

    assert (line.subject, line.net, line.tax) == (june.number, 190, 36)
    assert found == ["escrow_funded", "premium_written", "premium_tax_collected_de"]


def test_a_period_waits_for_its_months(db, clock):
    clock("2026-06-01T09:00")
    buy(**V2)
    for day in ("2026-06-20T09:00", "2026-07-01T09:00"):
        clock(day)
        with pytest.raises(TaxPeriodOpen) as refused:
            service.prepare(**GERMANY, actor=officer())
        assert refused.value.data == {"month": "2026-06"}
        assert seen().amount == Money.of("0.36", "EUR")
    bordereaux.close(month=JUNE, insurer_key="havre-cargo", currency="EUR", actor=SYSTEM)
    with pytest.raises(TaxPeriodOpen):
        service.prepare(**GERMANY, actor=officer())


def test_a_quarter_waits_for_its_third_month(db, clock, books_agree):
    clock("2026-06-01T09:00")
    buy(**_of("GB"))
    clock("2026-07-01T09:00")
    settle(JUNE)

    quarter = seen(country="GB", first=date(2026, 4, 1))

    assert quarter.stage is Stage.READY
    assert (quarter.last, quarter.due_on) == (JUNE, date(2026, 7, 31))
    clock("2026-07-02T09:00")
    buy(**_of("GB"))
    clock("2026-08-01T09:00")
    settle(date(2026, 7, 1))
    later = seen(country="GB", first=date(2026, 7, 1))
    assert (later.stage, later.missing) == (Stage.OPEN, date(2026, 9, 1))


@pytest.mark.parametrize(
    ("country", "first", "due_on"),
    [
        # 15 August 2026 is a Saturday; 20 September 2026 and 31 January 2027 are Sundays.
        ("DE", "2026-07-01", "2026-08-17"),
        ("BE", "2026-08-01", "2026-09-18"),
        ("GB", "2026-10-01", "2027-01-29"),
    ],
)
def test_a_day_of_rest_moves_the_due_day_as_the_law_says(db, clock, country, first, due_on):
    clock(f"{first}T09:00")
    # A parcel inside Germany is taxed there, one that crosses its border is not.
    buy(**V2 if country == "DE" else _of(country))

    found = seen(country=country, first=date.fromisoformat(first))

    assert found.due_on == date.fromisoformat(due_on)


def test_the_board_lists_what_is_due_first_and_counts_days_that_are_late(june, clock):
    clock("2026-07-20T09:00")
    with reading():
        (late,) = queries.board(insurer_key="havre-cargo", actor=SYSTEM)
        assert queries.board(insurer_key="lys-overseas", actor=SYSTEM) == []
    assert (late.due_on, late.late, late.stage) == (date(2026, 7, 15), 5, Stage.READY)

    service.prepare(**GERMANY, actor=officer())
    service.confirm(**GERMANY, actor=officer())
    buy(**V2)
    clock("2026-09-01T09:00")

    with reading():
        found = queries.board(insurer_key="havre-cargo", actor=SYSTEM)
    assert [(one.first.month, one.stage, one.late) for one in found] == [
        (7, Stage.OPEN, 15),
        (6, Stage.PAID, 5),
    ]


def test_what_was_sent_back_is_prepared_again(june):
    maker = officer()
    service.prepare(**GERMANY, actor=maker)

    service.send_back(**GERMANY, reason="The reference is missing.", actor=officer())

    assert seen().stage is Stage.READY
    assert seen().sent_back.reason == "The reference is missing."
    with pytest.raises(TaxReturnNotPrepared):
        service.confirm(**GERMANY, actor=officer())
    with pytest.raises(TaxReturnNotPrepared):
        service.send_back(**GERMANY, reason="Again.", actor=officer())
    service.prepare(**GERMANY, actor=maker)
    service.confirm(**GERMANY, actor=officer())
    assert balance("insurer_premium_tax") == 0


def test_a_return_that_says_something_else_than_its_months_is_not_paid(june):
    service.prepare(**GERMANY, actor=officer())
    with transaction(name="test", actor=SYSTEM) as current:
        current.execute(text("UPDATE insurance.tax_returns SET sha256 = 'another'"))

    with pytest.raises(TaxReturnDiffers):
        service.confirm(**GERMANY, actor=officer())

    assert balance("insurer_premium_tax") == 36


def test_a_period_that_gave_more_back_than_it_took_is_paid_the_other_way(june, clock):
    cover.cancel_for_parcel(parcel_ref=june.parcel_ref, reason="gone", actor=SYSTEM)
    clock("2026-08-01T09:00")
    settle(date(2026, 7, 1))
    july = GERMANY | {"first": date(2026, 7, 1)}
    for where in (GERMANY, july):
        service.prepare(**where, actor=officer())
        service.confirm(**where, actor=officer())

    assert seen(first=date(2026, 7, 1)).amount == Money.of("-0.36", "EUR")
    assert balance("insurer_premium_tax") == balance("insurer_cash") == 0


def test_tax_that_others_settle_is_not_the_insurers_to_pay(db, clock, monkeypatch):
    row = taxation.TaxPayerRow(
        valid_from=date(2026, 1, 1), country="DE", payer="agent", source="A.", confidence="high"
    )
    monkeypatch.setattr(taxation, "tax_payer_rows", lambda: (row,))
    monkeypatch.setattr(queries, "tax_payer_rows", lambda: (row,))
    clock("2026-06-01T09:00")
    buy(**V2)

    for day in ("2026-06-02T09:00", "2026-07-01T09:00"):
        clock(day)
        with pytest.raises(TaxPeriodUnknown):
            seen()
    settle(JUNE)
    with pytest.raises(TaxPeriodUnknown):
        service.prepare(**GERMANY, actor=officer())


def test_two_who_confirm_at_once_pay_once(own_database, clock):
    clock("2026-06-01T09:00")
    buy(**V2)
    clock("2026-07-01T09:00")
    settle(JUNE)
    service.prepare(**GERMANY, actor=officer())
    both = [Thread(target=service.confirm, kwargs=GERMANY | {"actor": officer()}) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert balance("insurer_premium_tax") == 0
    assert seen().stage is Stage.PAID


def test_the_proof_names_an_insurer_whose_ledger_owes_something_else(june):
    with transaction(name="test", actor=SYSTEM) as current:
        current.execute(text("UPDATE insurance.settlements SET taxes = '{\"DE\": 35}'"))

    proved, words = proofs.PROOF.prove()

    assert not proved
    assert "havre-cargo EUR" in words
