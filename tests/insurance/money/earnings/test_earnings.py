"""Premium is earned by the day, once, and a refund takes the same as before."""

from datetime import timedelta
from threading import Thread

import pytest
from sqlalchemy import text

from insurance import api as cover
from insurance.contracts.policies import queries as policies
from insurance.contracts.policies import service as policy_service
from insurance.money.earnings import service
from kernel import clock as kernel_clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.money import Money
from tests.insurance.conftest import buy, scan
from tests.insurance.contracts.policies.test_policies import balance


def travel(clock, days):
    clock((kernel_clock.now() + timedelta(days=days)).isoformat())
    return service.earn_until(day=kernel_clock.today() - timedelta(days=1), actor=SYSTEM)


def days_of(policy):
    """Return (day, premium) of what a policy earned, oldest first."""
    with reading() as current:
        rows = current.execute(
            text(
                "SELECT day, net FROM insurance.earned_days WHERE policy_id = :policy ORDER BY day"
            ),
            {"policy": policy.id},
        )
        return [(row.day, row.net) for row in rows]


def earned(policy):
    return [net for _, net in days_of(policy)]


def on_its_way(clock, **risk):
    clock("2026-06-01T09:00")
    policy = buy(value="249.00", freight="6.90", **risk)
    clock((kernel_clock.now() + timedelta(hours=6)).isoformat())
    scan(policy)
    return policy


def test_each_day_on_risk_earns_its_part_and_delivery_the_rest(db, clock, books_agree):
    policy = on_its_way(clock)
    net = policy.net.minor

    travel(clock, 3)

    booked = balance("insurer_earned_premium")
    assert 0 < booked < net
    assert booked == sum(earned(policy))
    assert booked + balance("insurer_unearned_premium") == net
    # A refund is still possible, so nothing of the commission is earned.
    assert balance("agency_commission") == 0

    cover.parcel_delivered(parcel_ref=policy.parcel_ref, at=kernel_clock.now(), actor=SYSTEM)

    assert balance("insurer_earned_premium") == net == sum(earned(policy))
    assert balance("insurer_unearned_premium") == 0
    assert balance("insurer_acquisition_deferred") == 0
    assert balance("agency_commission") == policy.split.commission.minor


def test_a_day_is_booked_once_and_days_of_sleep_are_caught_up(db, clock, books_agree):
    policy = on_its_way(clock)

    assert travel(clock, 4) > 0
    once = balance("insurer_earned_premium")
    assert travel(clock, 0) == 0

    assert balance("insurer_earned_premium") == once
    days = [day for day, _ in days_of(policy)]
    assert len(days) > 1
    assert days == sorted(set(days))


def test_two_at_once_book_a_day_once(own_database, clock):
    policy = on_its_way(clock)
    clock((kernel_clock.now() + timedelta(days=3)).isoformat())
    yesterday = kernel_clock.today() - timedelta(days=1)
    both = [
        Thread(target=service.earn_until, kwargs={"day": yesterday, "actor": SYSTEM})
        for _ in range(2)
    ]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert balance("insurer_earned_premium") == sum(earned(policy)) > 0


@pytest.mark.parametrize("days", [1, 3, 9])
def test_a_withdrawal_gives_back_what_it_did_and_keeps_the_started_days(
    db, clock, books_agree, days
):
    policy = on_its_way(clock)
    travel(clock, days)
    with reading():
        preview = policies.refund_preview(policies.policy(policy_id=policy.id))

    policy_service.withdraw(policy_id=policy.id, expected_refund=preview.refund, actor=SYSTEM)

    assert balance("insurer_earned_premium") == preview.earned.minor == sum(earned(policy))
    assert balance("insurer_unearned_premium") == 0


def test_a_cover_that_may_go_back_whole_waits_for_its_end(db, clock, books_agree):
    policy = on_its_way(clock, interest=cover.Interest.CONSUMER, level=cover.Cover.PLUS)
    assert cover.Cause.LOST not in policy.perils

    assert travel(clock, 5) == 0
    cover.release_lost(parcel_ref=policy.parcel_ref, at=kernel_clock.now(), actor=SYSTEM)

    assert earned(policy) == []
    assert balance("insurer_earned_premium") == 0


def test_a_parcel_that_is_later_than_planned_earns_no_more_than_its_premium(db, clock, books_agree):
    policy = on_its_way(clock)

    travel(clock, 30)

    assert Money(balance("insurer_earned_premium"), "EUR") == policy.net
