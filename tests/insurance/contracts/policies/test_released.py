"""A loss that a policy leaves to the seller: what the cover cost goes back, once."""

from datetime import date, timedelta

import pytest

from insurance import api as cover
from insurance.contracts.policies import queries
from insurance.contracts.policies.rules import given_back
from insurance.losses.claims import queries as claims
from insurance.rating.tariff.queries import Section
from kernel.actor import SYSTEM
from kernel.db import reading
from tests.insurance.conftest import available, buy, drain, fund, scan
from tests.insurance.contracts.policies.test_perils import quoted_for
from tests.insurance.contracts.policies.test_policies import balance
from tests.insurance.losses.claims.claiming import claim_of

PROMISED = date(2026, 6, 10)


def for_damage(**wanted):
    """Bind a policy that pays for damage alone and put the insurer on risk."""
    quoted_for(["damage"], "P-1")
    policy = buy(parcel_ref="P-1", **wanted)
    scan(policy)
    return policy


def lost(policy, days=26):
    return cover.release_lost(
        parcel_ref=policy.parcel_ref, at=policy.bound_at + timedelta(days=days), actor=SYSTEM
    )


def late(policy):
    return cover.parcel_late(parcel_ref=policy.parcel_ref, promised_on=PROMISED, actor=SYSTEM)


def part_of(policy, section):
    (part,) = (part for part in policy.parts if part.section is section)
    return part.net + part.tax


def told(policy):
    with reading():
        return queries.history(policy_id=policy.id)[0].what


def given(parcel_ref="P-1"):
    with reading():
        return cover.given_back_for_loss(parcel_ref=parcel_ref)


@pytest.mark.parametrize(
    ("sections", "has_delay_claim", "back"),
    [
        ({Section.LOSS}, False, {Section.LOSS}),
        ({Section.LOSS, Section.DELAY}, False, {Section.LOSS, Section.DELAY}),
        ({Section.LOSS, Section.DELAY}, True, {Section.LOSS}),
    ],
)
def test_what_a_claimed_delay_cost_alone_stays(sections, has_delay_claim, back):
    assert given_back(sections, has_delay_claim=has_delay_claim) == back


@pytest.mark.parametrize("days", [0, 3, 26])
def test_a_loss_that_a_policy_does_not_insure_gives_its_whole_price_back(
    db, clock, outbox, books_agree, days
):
    clock("2026-06-01T09:00")
    policy = for_damage(with_delay=True)
    before = available(policy.wallet_id)
    clock("2026-06-28T09:00")  # long after the fourteen days in which holders cancel
    assert given() is None

    ended = lost(policy, days)

    assert ended.state is cover.PolicyState.CANCELLED
    assert ended.ended_at == max(ended.attached_at, policy.bound_at + timedelta(days=days))
    assert available(policy.wallet_id) == before + policy.total
    assert given() == policy.total
    assert told(policy) == "lost_elsewhere"
    for kind in ("premium_payable", "agency_commission", "insurer_earned_premium"):
        assert balance(kind) == 0
    assert balance("premium_tax_payable", "DE") == 0
    assert outbox()[-1].name == "insurance.policy.ended.v1"
    assert outbox()[-1].refund == policy.total


def test_one_that_no_scan_began_gives_its_price_back_too(db, clock, books_agree):
    clock("2026-06-01T09:00")
    quoted_for(["damage"], "P-1")
    policy = buy(parcel_ref="P-1")
    before = available(policy.wallet_id)

    assert lost(policy).state is cover.PolicyState.CANCELLED
    assert available(policy.wallet_id) == before + policy.total


def test_a_delay_that_was_paid_keeps_its_price(db, clock, books_agree):
    clock("2026-06-01T09:00")
    fund()
    policy = for_damage(with_delay=True)
    clock("2026-06-20T09:00")
    late(policy)
    drain()
    assert claim_of(policy).state is cover.ClaimState.PAID
    before = available(policy.wallet_id)

    lost(policy)

    back = part_of(policy, Section.LOSS)
    assert part_of(policy, Section.DELAY)
    assert available(policy.wallet_id) == before + back
    assert given() == back
    assert told(policy) == "lost_after_delay"
    (delay,) = (part for part in policy.parts if part.section is Section.DELAY)
    assert balance("insurer_earned_premium") == delay.net.minor
    assert balance("insurer_unearned_premium") == 0


def test_a_delay_whose_price_went_back_is_not_paid_any_more(db, clock, books_agree):
    clock("2026-06-01T09:00")
    fund()
    policy = for_damage(with_delay=True)
    clock("2026-06-12T09:00")
    late(policy)
    lost(policy, 11)
    clock("2026-08-01T09:00")

    assert late(policy) is None
    with reading():
        assert claims.claims_under(policy_id=policy.id) == []


def test_told_twice_it_gives_back_once(db, clock, books_agree):
    clock("2026-06-01T09:00")
    policy = for_damage()
    before = available(policy.wallet_id)

    lost(policy)
    assert lost(policy) is None

    assert available(policy.wallet_id) == before + policy.total


def test_a_policy_that_pays_for_the_loss_is_left_to_its_claim(db, clock, books_agree):
    clock("2026-06-01T09:00")
    policy = buy(parcel_ref="P-1")
    scan(policy)
    quoted_for(["damage"], "P-2")
    buy(parcel_ref="P-2")

    assert lost(policy).state is cover.PolicyState.ATTACHED
    assert given() is None
    with reading():
        assert cover.pays_for_loss(parcel_ref="P-1")
        assert not cover.pays_for_loss(parcel_ref="P-2")
        assert not cover.pays_for_loss(parcel_ref="P-3")
