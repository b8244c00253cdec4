"""Changes of policies: what was shown is what is done, to the cent, in both books, once."""

import random
from datetime import timedelta

import pytest

from banking.authorisation.approvals import service as approvals
from insurance import api as cover
from insurance.contracts.changes import errors, service
from insurance.contracts.changes.queries import Progress
from insurance.contracts.policies.errors import CancellationRefused, PolicyUnknown
from insurance.contracts.policies.queries import PolicyState
from insurance.offers.quotes.errors import RiderNotOffered
from kernel import clock as house_clock
from kernel.actor import SYSTEM, Actor, Role
from kernel.ids import new_id
from kernel.money import Money
from tests.insurance.conftest import available, buy, make_rate, make_wallet, scan
from tests.insurance.contracts.changes.changing import (
    asked,
    confirmed,
    now,
    shown,
    shown_end,
)
from tests.insurance.contracts.policies.test_policies import V2, balance


def held(**terms):
    owner = new_id()
    return buy(owner_id=owner, wallet=make_wallet(owner, terms.get("currency", "EUR")), **terms)


@pytest.fixture
def june(db, clock):
    clock("2026-06-01T09:00")
    approvals.load_reference_data(actor=SYSTEM)


def test_a_higher_value_costs_what_the_engine_says_for_the_whole_way(june, books_agree):
    # V2 with 290.00: 296.90 × 0.74375 % = 2.2082, so 2.21; 0.31 more, tax 0.06, commission 0.06.
    policy = held(**V2)

    change = shown(policy, value="290.00")
    done = confirmed(change, policy)

    after = now(policy)
    assert change.due == Money.of("0.37", "EUR")
    assert done.progress is Progress.DONE
    assert (after.net, after.tax, after.commission) == (
        Money.of("2.21", "EUR"),
        Money.of("0.42", "EUR"),
        Money.of("0.44", "EUR"),
    )
    assert after.sum_insured == Money.of("296.90", "EUR")
    assert available(policy.wallet_id) == Money.of("1000.00", "EUR") - Money.of("2.63", "EUR")
    assert balance("insurer_unearned_premium") == 221
    assert balance("agency_commission_deferred") == 44
    assert balance("premium_tax_payable", "DE") == 42


def test_a_lower_value_gives_back_what_was_shown(june, books_agree):
    policy = held(**V2)

    change = shown(policy, value="150.00")
    confirmed(change, policy)

    assert change.back.minor > 0
    assert available(policy.wallet_id) == Money.of("997.74", "EUR") + change.back
    assert now(policy).total == policy.total - change.back


def test_a_changed_policy_gives_all_of_it_back_before_the_first_scan(june, books_agree):
    policy = held(**V2)
    confirmed(shown(policy, value="290.00"), policy)
    confirmed(shown(now(policy), value="280.00"), policy)

    confirmed(shown_end(policy), policy)

    assert available(policy.wallet_id) == Money.of("1000.00", "EUR")
    assert now(policy).state is PolicyState.CANCELLED
    assert balance("insurer_unearned_premium") == 0
    assert balance("premium_tax_payable", "DE") == 0


def test_late_delivery_is_added_and_taken_away_as_its_own_section(june, books_agree):
    policy = held()

    confirmed(shown(policy, with_delay=True), policy)
    with_delay = now(policy)
    confirmed(shown(with_delay, with_delay=False), policy)

    assert with_delay.delay.benefit == Money.of("10.00", "EUR")
    assert len(with_delay.parts) == 2
    assert now(policy).delay is None
    assert available(policy.wallet_id) == Money.of("1000.00", "EUR") - policy.total


def test_late_delivery_that_is_not_on_offer_cannot_be_added(june):
    make_rate("CHF", "0.9500")
    policy = held(currency="CHF", policyholder_country="DE")

    with pytest.raises(RiderNotOffered):
        shown(policy, with_delay=True)


def test_another_route_and_another_insured_are_stated_from_the_next_revision_on(june, books_agree):
    policy = held()

    confirmed(
        shown(policy, destination_country="FR", insured_name="Atelier Kaya", is_business=True),
        policy,
    )

    after = now(policy)
    assert after.revision == 2
    assert (after.destination_country, after.insured_name) == ("FR", "Atelier Kaya")
    assert after.parcel.is_business
    assert after.fingerprint != policy.fingerprint


@pytest.mark.parametrize(
    ("wishes", "refusal"),
    [
        ({}, errors.NothingToChange),
        ({"value": "149.00"}, errors.ValueTooHigh),
        ({"destination_country": "FR", "with_delay": True, "value": "144.01"}, errors.ValueTooHigh),
    ],
)
def test_what_the_gate_refuses_is_not_priced(june, wishes, refusal):
    policy = held()

    with pytest.raises(refusal):
        shown(policy, **wishes)


def test_a_value_cannot_creep_up_by_many_small_changes(june):
    policy = held()
    confirmed(shown(policy, value="144.00"), policy)

    with pytest.raises(errors.ValueTooHigh):
        shown(now(policy), value="150.00")


def test_what_the_carrier_has_is_not_changed_any_more(june):
    policy = held()
    change = shown(policy, value="130.00")
    scan(policy, timedelta())

    with pytest.raises(errors.ChangeOvertaken):
        confirmed(change, policy)
    with pytest.raises(errors.TooLateToChange):
        shown(now(policy), value="130.00")
    assert available(policy.wallet_id) == Money.of("1000.00", "EUR") - policy.total


def test_a_price_that_has_run_out_is_not_executed(june, clock):
    policy = held()
    change = shown(policy, value="130.00")
    clock("2026-06-01T09:15")

    with pytest.raises(errors.ChangeExpired):
        confirmed(change, policy)


def test_confirming_twice_pays_once(june, books_agree):
    policy = held()
    change = shown(policy, value="140.00")

    for _ in range(3):
        assert confirmed(change, policy).progress is Progress.DONE

    assert available(policy.wallet_id) == Money.of("1000.00", "EUR") - policy.total - change.due
    assert now(policy).revision == 2


def test_of_two_prices_for_one_revision_the_second_is_refused(june, books_agree):
    policy = held()
    one, other = shown(policy, value="140.00"), shown(policy, value="130.00")
    confirmed(one, policy)

    with pytest.raises(errors.ChangeOvertaken):
        confirmed(other, policy)

    assert now(policy).sum_insured == Money.of("148.00", "EUR")


def test_only_its_holder_changes_a_policy(june):
    policy = held()
    stranger = Actor(person_id=new_id(), roles=frozenset({Role.BUYER}))

    with pytest.raises(PolicyUnknown):
        service.show_endorsement(
            policy_id=policy.id, asked=asked(policy, value="130.00"), actor=stranger
        )
    with pytest.raises(errors.ChangeUnknown):
        service.confirm(ref=shown(policy, value="130.00").ref, actor=stranger)


def test_without_a_wallet_in_its_currency_nothing_is_changed(june):
    policy = buy(wallet=make_wallet())

    with pytest.raises(errors.WalletMissing):
        confirmed(shown(policy, value="140.00"), policy)
    assert now(policy).revision == 1


def test_withdrawn_on_the_fourth_day_exactly_what_was_shown_comes_back(june, clock, books_agree):
    policy = held(**V2)
    scan(policy, timedelta(hours=23))
    clock("2026-06-05T12:30")

    change = shown_end(policy)
    confirmed(change, policy)

    assert change.back == Money.of("1.36", "EUR")
    assert available(policy.wallet_id) == Money.of("999.10", "EUR")
    assert balance("agency_commission") == 15


def test_the_time_to_withdraw_is_fourteen_days_and_the_short_rate_follows(june, clock, books_agree):
    policy = held(**V2, planned_days=40)
    scan(policy, timedelta(hours=1))
    clock("2026-06-15T09:00")
    last = shown_end(policy)
    clock("2026-06-15T09:01")

    later = shown_end(policy)
    confirmed(later, policy)

    # Fifteen days of forty are the fifth twelfth: half is kept, 0.95 and its tax of 0.18.
    assert last.kind == "withdraw"
    assert later.kind == "cancel"
    assert later.back == Money.of("1.13", "EUR")
    assert balance("insurer_earned_premium") == 95
    assert balance("insurer_unearned_premium") == 0
    assert available(policy.wallet_id) == Money.of("998.87", "EUR")


@pytest.mark.parametrize("why", ["DELIVERED", "CLAIM_NOTIFIED"])
def test_after_delivery_or_a_claim_no_end_is_shown_and_none_executed(june, clock, why):
    policy = held()
    scan(policy, timedelta(hours=1))
    clock("2026-06-01T10:05")
    change = shown_end(policy)
    if why == "DELIVERED":
        cover.parcel_delivered(parcel_ref=policy.parcel_ref, at=house_clock.now(), actor=SYSTEM)
    else:
        cover.parcel_lost(
            parcel_ref=policy.parcel_ref, at=house_clock.now(), evidence={}, actor=SYSTEM
        )

    with pytest.raises(errors.ChangeOvertaken):
        confirmed(change, policy)
    with pytest.raises(CancellationRefused) as refused:
        shown_end(policy)
    assert refused.value.data["reason"] == why


def test_a_thousand_cancellations_execute_what_was_shown(june, books_agree):
    """Any level and time: the wallet gets what the page said. What is used up counts as none."""
    chance, owner = random.Random(2026), new_id()
    wallet = make_wallet(owner, amount="1000000.00")
    start, executed = house_clock.now(), 0
    while executed < 1000:
        house_clock.freeze(start)
        planned = chance.randint(1, 60)
        policy = buy(
            owner_id=owner,
            wallet=wallet,
            level=chance.choice(list(cover.Cover)),
            with_delay=chance.random() < 0.3,
            value=f"{chance.randint(500, 90000) / 100:.2f}",
            policyholder_country=chance.choice(["DE", "GB", "BE", "NL"]),
            planned_days=planned,
        )
        if chance.random() < 0.8:
            scan(policy, timedelta(minutes=chance.randint(0, 600)))
        hours = chance.randint(10, 24 * 40)
        house_clock.freeze(start + timedelta(hours=hours))
        try:
            change = shown_end(policy)
        except CancellationRefused as refused:
            if refused.data["reason"] != "USED_UP":
                raise
            continue
        before = available(wallet.id)
        confirmed(change, policy)
        assert available(wallet.id) - before == change.back
        executed += 1
