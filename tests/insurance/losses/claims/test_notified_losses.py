"""Losses that a holder notifies: broken, stolen, missing; in time, once, up to the sum insured."""

from datetime import timedelta

import pytest

from insurance import api as cover
from insurance.losses.claims import deciding
from insurance.losses.claims.errors import (
    AmountOverSumInsured,
    CauseNotCovered,
    ClaimExists,
    ClaimWindowClosed,
)
from insurance.losses.claims.rules import ClaimState
from insurance.rating.liability.queries import Cause
from kernel import clock as kernel_clock
from kernel.money import Money
from tests.insurance.conftest import buy, drain, fund, scan
from tests.insurance.losses.claims.claiming import claim_of, delivered, notify, officer


def test_breakage_of_fragile_goods_leaves_a_tenth_with_the_holder(db, clock, books_agree):
    clock("2026-06-01T09:00")
    fund()
    policy = delivered(hs_code="691110", value="58.20", freight="0.00")

    claim = notify(policy, loss="43.65")
    drain()

    seen = claim_of(policy)
    assert seen.state is ClaimState.IN_REVIEW
    assert [(s.what, s.amount.minor) for s in seen.sums] == [
        ("loss", 4365),
        ("own_share", -582),
        ("payable", 3783),
    ]
    assert seen.reserve == Money.of("32.08", "EUR")  # 43.65 × 0.70 × 1.05
    assert claim.id == seen.id


def test_the_narrow_level_pays_for_no_breakage(db, clock):
    clock("2026-06-01T09:00")
    with pytest.raises(CauseNotCovered):
        notify(delivered(level=cover.Cover.TL))


def test_theft_after_delivery_is_for_the_wide_level(db, clock, books_agree):
    clock("2026-06-01T09:00")
    with pytest.raises(CauseNotCovered):
        notify(delivered(), cause=Cause.THEFT)
    assert notify(delivered(level=cover.Cover.PLUS), cause=Cause.THEFT).cause is Cause.THEFT


def test_of_a_theft_the_holder_of_fragile_goods_bears_nothing(db, clock, books_agree):
    clock("2026-06-01T09:00")
    policy = delivered(level=cover.Cover.PLUS, hs_code="691110", value="58.20", freight="0.00")

    assert notify(policy, cause=Cause.THEFT, loss="43.65").payable == Money.of("43.65", "EUR")
    missing = notify(policy, cause=Cause.MISSING, loss="14.55")
    assert missing.payable == Money.of("14.55", "EUR")
    assert missing.reserve == Money.of("5.35", "EUR")  # 14.55 × 0.35 × 1.05


def test_missing_things_are_notified_within_seven_days(db, clock):
    clock("2026-06-01T09:00")
    policy = delivered(level=cover.Cover.PLUS)
    kernel_clock.freeze(policy.delivered_at + timedelta(days=7, seconds=1))

    with pytest.raises(ClaimWindowClosed) as closed:
        notify(policy, cause=Cause.MISSING)
    assert closed.value.data == {"days": 7}


def test_notices_come_after_delivery_and_within_thirty_days(db, clock):
    clock("2026-06-01T09:00")
    policy = buy()
    scan(policy)
    with pytest.raises(ClaimWindowClosed):
        notify(policy)
    late = delivered()
    kernel_clock.freeze(late.delivered_at + timedelta(days=30, seconds=1))
    with pytest.raises(ClaimWindowClosed):
        notify(late)
    kernel_clock.freeze(late.delivered_at + timedelta(days=30))
    assert notify(late).state is ClaimState.SUBMITTED


def test_a_loss_is_notified_once_and_never_above_the_sum_insured(db, clock):
    clock("2026-06-01T09:00")
    policy = delivered()
    with pytest.raises(AmountOverSumInsured):
        notify(policy, loss="128.01")
    notify(policy)
    with pytest.raises(ClaimExists):
        notify(policy)


def test_all_losses_of_a_parcel_together_never_pay_more_than_the_sum_insured(db, clock):
    clock("2026-06-01T09:00")
    fund()
    policy = delivered(level=cover.Cover.PLUS)
    first, second = notify(policy, loss="100.00"), notify(policy, Cause.THEFT, loss="100.00")
    drain()
    makers = [officer(), officer()]
    for claim, maker in zip((first, second), makers, strict=True):
        deciding.recommend(
            claim_id=claim.id,
            is_approval=True,
            amount=Money.of("100.00", "EUR"),
            reason="Seen.",
            actor=maker,
        )
    deciding.confirm(claim_id=first.id, actor=officer())
    with pytest.raises(AmountOverSumInsured) as refused:
        deciding.confirm(claim_id=second.id, actor=officer())
    assert refused.value.data == {"most": policy.sum_insured - Money.of("100.00", "EUR")}
    deciding.send_back(claim_id=second.id, actor=officer())
    with pytest.raises(AmountOverSumInsured):
        deciding.recommend(
            claim_id=second.id,
            is_approval=True,
            amount=Money.of("100.00", "EUR"),
            reason="Seen.",
            actor=makers[0],
        )
