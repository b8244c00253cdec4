"""Losses that nobody has reported yet, by month; and what every claim was thought to cost."""

from datetime import date
from fractions import Fraction

from sqlalchemy import text

from insurance.money.books.service import Split
from insurance.money.earnings import service as earnings
from insurance.money.reserves import rules, service
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from tests.insurance.contracts.policies.test_policies import balance

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)


def earn(net, product="STD"):
    amount = Money.of(net, "EUR")
    nothing = Money.zero("EUR")
    earnings.end(
        policy_id=new_id(),
        subject="26-1",
        product=product,
        kept=Split(net=amount, commission=nothing, tax=nothing, country="DE"),
        insurer_key="havre-cargo",
        actor=SYSTEM,
    )


def test_ten_thousand_earned_leave_nine_hundred_not_reported():
    expected = rules.expected_on(MARCH)

    assert (expected.expected_loss_ratio, expected.reported_share) == (
        Fraction(45, 100),
        Fraction(80, 100),
    )
    assert rules.unreported(Money.of("10000", "EUR"), expected) == Money.of("900.00", "EUR")
    assert rules.unreported(Money.of("-1", "EUR"), expected) == Money.zero("EUR")


def test_a_month_is_reserved_for_once_and_the_next_takes_it_back(db, clock):
    clock("2026-03-20T09:00")
    earn("7000.00")
    earn("3000.00", product="PLUS")
    clock("2026-04-01T09:00")

    assert service.book_until(month=MARCH, actor=SYSTEM) == 1
    assert service.book_until(month=MARCH, actor=SYSTEM) == 0
    assert balance("insurer_ibnr") == 900_00

    earn("1000.00")
    clock("2026-05-02T09:00")
    assert service.book_until(month=APRIL, actor=SYSTEM) == 1

    assert balance("insurer_ibnr") == 90_00
    assert balance("insurer_claims_incurred") == -90_00
    with reading() as current:
        rows = current.execute(
            text("SELECT month, product, amount FROM insurance.unreported_months ORDER BY 1, 2")
        ).all()
    assert rows == [(MARCH, "PLUS", 270_00), (MARCH, "STD", 630_00), (APRIL, "STD", 90_00)]


def test_months_of_sleep_are_booked_one_after_the_other(db, clock):
    clock("2026-03-20T09:00")
    earn("1000.00")
    clock("2026-04-01T09:00")
    service.book_until(month=MARCH, actor=SYSTEM)
    earn("2000.00")
    clock("2026-05-10T09:00")
    earn("4000.00")
    clock("2026-06-10T09:00")

    assert service.book_until(month=date(2026, 5, 1), actor=SYSTEM) == 2

    assert balance("insurer_ibnr") == 360_00
