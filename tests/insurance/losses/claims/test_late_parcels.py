"""A parcel that comes late: the benefit on the trigger day, once, and nothing without the rider."""

from dataclasses import replace
from datetime import date

import pytest

from insurance import api as cover
from insurance.contracts.policies import queries as policies
from insurance.contracts.policies.rules import PolicyState
from insurance.losses.claims import jobs as claim_jobs
from insurance.losses.claims.rules import ClaimState
from insurance.offers.quotes import rules as offers
from insurance.rating.liability.queries import Cause
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.money import Money
from tests.insurance.conftest import available, buy, drain, fund, make_rate, scan
from tests.insurance.losses.claims.claiming import balance, claim_of, lose


@pytest.mark.parametrize("agreed", ["10.00", "20.00"])
def test_fifteen_days_late_pays_the_benefit_once(db, clock, books_agree, monkeypatch, agreed):
    offered = replace(offers.offer_on(date(2026, 3, 2)), delay_benefit={"GBP": agreed})
    monkeypatch.setattr(offers, "offer_on", lambda _day: offered)
    clock("2026-03-02T09:00")
    make_rate("GBP", "0.8500")
    fund("5000.00", "GBP")
    policy = buy(
        level=cover.Cover.PLUS,
        with_delay=True,
        currency="GBP",
        policyholder_country="GB",
        destination_country="GB",
        mode=cover.Mode.POST,
    )
    scan(policy)
    before = available(policy.wallet_id)
    clock("2026-03-17T09:00")
    make_rate("GBP", "0.8500")

    for _ in range(3):
        cover.parcel_late(
            parcel_ref=policy.parcel_ref,
            promised_on=date(2026, 3, 2),
            delivered_on=date(2026, 3, 17),
            actor=SYSTEM,
        )
        drain()

    claim = claim_of(policy)
    assert (claim.cause, claim.state) == (Cause.DELAY, ClaimState.PAID)
    benefit = Money.of(agreed, "GBP")
    assert available(policy.wallet_id) == before + benefit
    assert balance("insurer_claims_incurred", currency="GBP") == -benefit.minor
    assert balance("insurer_float", currency="GBP") == 500000 - benefit.minor
    with reading():
        assert cover.policy_for_parcel(parcel_ref=policy.parcel_ref).state is PolicyState.ATTACHED


def test_a_day_short_of_the_trigger_nothing_opens(db, clock):
    clock("2026-06-01T09:00")
    policy = buy(with_delay=True)
    scan(policy)
    clock("2026-06-16T09:00")

    # The promise was the tenth: six days late of seven.
    assert (
        cover.parcel_late(parcel_ref=policy.parcel_ref, promised_on=date(2026, 6, 10), actor=SYSTEM)
        is None
    )


def test_a_parcel_still_on_its_way_on_the_trigger_day_is_paid_without_further_news(
    db, clock, books_agree
):
    clock("2026-06-01T09:00")
    fund()
    policy = buy(with_delay=True)
    scan(policy)
    before = available(policy.wallet_id)
    clock("2026-06-11T09:00")
    for _ in range(2):
        cover.parcel_late(parcel_ref=policy.parcel_ref, promised_on=date(2026, 6, 10), actor=SYSTEM)

    clock("2026-06-16T23:59")
    claim_jobs.open_due_delays()
    drain()
    assert available(policy.wallet_id) == before

    clock("2026-06-17T00:00")
    for _ in range(2):
        claim_jobs.open_due_delays()
        drain()
    assert available(policy.wallet_id) == before + Money.of("10.00", "EUR")
    with reading():
        told = [line.what for line in policies.history(policy_id=policy.id)]
    assert told.count("late") == 1


def test_without_the_rider_lateness_pays_nothing(db, clock):
    clock("2026-06-01T09:00")
    policy = buy()
    scan(policy)
    clock("2026-07-16T09:00")

    assert (
        cover.parcel_late(parcel_ref=policy.parcel_ref, promised_on=date(2026, 6, 10), actor=SYSTEM)
        is None
    )


def test_a_late_and_then_lost_parcel_is_paid_for_both(db, clock, books_agree):
    clock("2026-06-01T09:00")
    fund()
    policy = buy(with_delay=True)
    scan(policy)
    clock("2026-06-20T09:00")
    before = available(policy.wallet_id)

    cover.parcel_late(parcel_ref=policy.parcel_ref, promised_on=date(2026, 6, 10), actor=SYSTEM)
    drain()
    lose(policy)
    drain()

    assert available(policy.wallet_id) == before + Money.of("138.00", "EUR")
