"""A closed month is paid once, and claims money is asked for before it runs out."""

from datetime import date
from threading import Thread

import pytest

from insurance import api as cover
from insurance.reporting.bordereaux import queries as bordereaux_queries
from insurance.reporting.bordereaux import service as bordereaux
from insurance.reporting.bordereaux import taxation
from insurance.reporting.settlement import queries, rules, service
from insurance.reporting.settlement.errors import MonthOpen
from kernel import clock as kernel_clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.money import Money
from tests.insurance.conftest import buy, drain, fund, scan
from tests.insurance.contracts.policies.test_policies import V2, balance

JUNE = {"month": date(2026, 6, 1), "insurer_key": "havre-cargo", "currency": "EUR"}


def euros(amount):
    return Money.of(amount, "EUR")


def test_a_closed_month_is_settled_once(db, clock, books_agree):
    clock("2026-06-01T09:00")
    buy(**V2)
    clock("2026-07-01T09:00")
    with pytest.raises(MonthOpen):
        service.settle(**JUNE, actor=SYSTEM)
    bordereaux.close(**JUNE, actor=SYSTEM)
    before = balance("safeguarding_bank", "house")

    done = service.settle(**JUNE, actor=SYSTEM)
    assert service.settle(**JUNE, actor=SYSTEM) == done

    assert (done.premium, done.taxes) == (euros("1.52"), {"DE": euros("0.36")})
    assert balance("premium_payable") == 0
    assert balance("insurer_premium_due") == 0
    assert balance("premium_tax_payable", "DE") == 0
    # Its tax goes to the insurer with the premium, who owes it to Germany.
    assert balance("insurer_cash") == -188
    assert balance("insurer_premium_tax") == 36
    assert balance("safeguarding_bank", "house") - before == 188


def test_a_month_that_gave_more_back_than_it_took_is_settled_the_other_way(db, clock, books_agree):
    clock("2026-06-01T09:00")
    policy = buy(**V2)
    clock("2026-07-01T09:00")
    bordereaux.close(**JUNE, actor=SYSTEM)
    service.settle(**JUNE, actor=SYSTEM)
    cover.cancel_for_parcel(parcel_ref=policy.parcel_ref, reason="gone", actor=SYSTEM)
    clock("2026-08-01T09:00")
    july = JUNE | {"month": date(2026, 7, 1)}
    bordereaux.close(**july, actor=SYSTEM)

    done = service.settle(**july, actor=SYSTEM)

    assert done.premium == euros("-1.52")
    assert balance("premium_payable") == balance("insurer_cash") == 0


def by(payer, valid_from="2026-01-01"):
    return taxation.TaxPayerRow(
        valid_from=date.fromisoformat(valid_from),
        country="DE",
        payer=payer,
        source="A test.",
        confidence="high",
    )


def closed(month):
    bordereaux.close(**JUNE | {"month": month}, actor=SYSTEM)
    return service.settle(**JUNE | {"month": month}, actor=SYSTEM)


@pytest.mark.parametrize(
    ("payer", "cash", "owed", "held", "paid"),
    [
        ("insurer", -188, 36, 0, {"DE": "0.36"}),
        ("agent", -152, 0, 0, {"DE": "0.36"}),
        ("policyholder", -152, 0, 36, {}),
    ],
)
def test_tax_goes_to_whoever_settles_it_with_the_state(
    db, clock, books_agree, monkeypatch, payer, cash, owed, held, paid
):
    monkeypatch.setattr(taxation, "tax_payer_rows", lambda: (by(payer),))
    clock("2026-06-01T09:00")
    buy(**V2)
    clock("2026-07-01T09:00")

    done = closed(date(2026, 6, 1))

    assert done.payers == {"DE": payer}
    assert done.taxes == {country: euros(tax) for country, tax in paid.items()}
    assert (balance("insurer_cash"), balance("insurer_premium_tax")) == (cash, owed)
    assert balance("premium_tax_payable", "DE") == held


def test_a_later_row_changes_later_months_alone(db, clock, books_agree, monkeypatch):
    rows = [by("insurer")]
    monkeypatch.setattr(taxation, "tax_payer_rows", lambda: tuple(rows))
    clock("2026-06-01T09:00")
    buy(**V2)
    clock("2026-07-01T09:00")
    bordereaux.close(**JUNE, actor=SYSTEM)
    # In force from the middle of July: the month that it began in stays as it was.
    rows.append(by("agent", "2026-07-15"))
    clock("2026-07-20T09:00")
    buy(**V2)
    clock("2026-08-01T09:00")
    buy(**V2)
    clock("2026-09-01T09:00")

    settled = [service.settle(**JUNE, actor=SYSTEM)]
    settled += [closed(date(2026, 7, 1)), closed(date(2026, 8, 1))]

    assert [one.payers["DE"] for one in settled] == ["insurer", "insurer", "agent"]
    with reading():
        seen = [
            bordereaux_queries.month_of(**JUNE | {"month": date(2026, month, 1)}, actor=SYSTEM)
            for month in (6, 7, 8)
        ]
    said = [[line.cells["settled_by"] for line in one.of_kind("tax")] for one in seen]
    assert said == [["insurer"], ["insurer"], ["agent"]]
    assert balance("insurer_premium_tax") == 72


def test_rows_name_every_payer_with_a_source_and_others_are_the_agents():
    rows = taxation.tax_payer_rows()
    june = date(2026, 6, 1)

    assert all(row.source and taxation.TaxPayer(row.payer) for row in rows)
    assert taxation.tax_payer("GB", month=june, rows=rows) is taxation.TaxPayer.INSURER
    assert taxation.tax_payer("JP", month=june, rows=rows) is taxation.TaxPayer.AGENT


def test_two_who_settle_at_once_pay_once(own_database, clock):
    clock("2026-06-01T09:00")
    buy(**V2)
    clock("2026-07-01T09:00")
    bordereaux.close(**JUNE, actor=SYSTEM)
    both = [Thread(target=service.settle, kwargs={**JUNE, "actor": SYSTEM}) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert balance("insurer_cash") == -188


@pytest.mark.parametrize(
    ("balance_", "paid", "days", "call"),
    [
        ("5000.00", "0.00", None, "0.00"),
        ("-10.00", "0.00", None, "10.00"),
        ("1400.00", "3000.00", 14, "0.00"),
        ("1399.99", "3000.00", 13, "1600.01"),
        ("-5.00", "300.00", 0, "305.00"),
    ],
)
def test_claims_money_is_asked_for_below_fourteen_days(balance_, paid, days, call):
    terms = rules.terms_on(date(2026, 6, 1))

    seen = rules.monitored("havre-cargo", euros(balance_), euros(paid), terms)

    assert (seen.days, seen.call) == (days, euros(call))


def test_what_was_paid_lately_is_counted(db, clock, books_agree):
    clock("2026-06-01T09:00")
    fund("150.00")
    policy = buy(**V2 | {"value": "100.00"})
    scan(policy)
    clock("2026-06-05T09:00")
    cover.parcel_lost(
        parcel_ref=policy.parcel_ref,
        at=kernel_clock.now(),
        evidence={"events": ["lost"]},
        actor=SYSTEM,
    )
    drain()

    with reading():
        (seen,) = queries.floats(actor=SYSTEM)
    assert (seen.paid, seen.balance) == (policy.sum_insured, euros("150.00") - policy.sum_insured)
    assert seen.days == 12
    assert seen.call == policy.sum_insured - seen.balance
    clock("2026-08-05T09:00")
    with reading():
        (seen,) = queries.floats(actor=SYSTEM)
    assert seen.days is None
