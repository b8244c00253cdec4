"""A loss in its own currency counts at the bank's dated rate, which the claim keeps."""

from datetime import timedelta
from fractions import Fraction

import pytest

from insurance import api as cover
from insurance.losses.claims import loss_notices, opening
from insurance.losses.claims.errors import AmountOverSumInsured
from insurance.rating.liability.queries import Cause
from kernel import clock as kernel_clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.errors import HouseError
from kernel.money import Money
from tests.insurance.conftest import buy, drain, fund, make_rate, scan
from tests.insurance.losses.claims.claiming import claim_of


def seen(policy, loss):
    return opening.notify(
        policy_id=policy.id, cause=Cause.DAMAGE, loss=loss, description="Chipped.", actor=SYSTEM
    )


@pytest.fixture
def policy(db, clock):
    """A parcel of 128.00 euro that came when a euro was 1.25 dollars; today it is 2."""
    clock("2026-06-01T09:00")
    fund()
    policy = buy()
    scan(policy)
    kernel_clock.freeze(policy.bound_at + timedelta(days=7))
    make_rate("USD", "1.25")
    policy = cover.parcel_delivered(
        parcel_ref=policy.parcel_ref, at=kernel_clock.now(), actor=SYSTEM
    )
    kernel_clock.freeze(policy.bound_at + timedelta(days=9))
    make_rate("USD", "2")
    return policy


def test_a_loss_in_dollars_counts_at_the_rate_of_its_day_and_keeps_it(policy, books_agree):
    seen(policy, Money.of("50.00", "USD"))
    drain()

    claim = claim_of(policy)
    assert claim.claimed == claim.payable == Money.of("40.00", "EUR")
    assert claim.stated.loss == Money.of("50.00", "USD")
    assert claim.stated.rate.ratio == Fraction(4, 5)
    assert claim.stated.rate_key == "USD/EUR 2026-06-08 test"


def test_what_is_insured_bounds_it_in_the_policys_currency(policy):
    with pytest.raises(AmountOverSumInsured):
        seen(policy, Money.of("161.00", "USD"))


def test_a_loss_in_the_policys_own_currency_needs_no_rate(policy):
    seen(policy, Money.of("50.00", "EUR"))
    assert claim_of(policy).stated is None


def test_without_a_rate_a_currency_is_neither_offered_nor_taken(policy):
    with reading():
        offered = loss_notices.currencies(own="EUR")
    assert offered[0] == "EUR"
    assert "USD" in offered
    assert len(set(offered)) == len(offered)
    lacking = next(one for one in ("ISK", "MXN", "ZAR") if one not in offered)
    with pytest.raises(HouseError):
        seen(policy, Money.of("50", lacking))
