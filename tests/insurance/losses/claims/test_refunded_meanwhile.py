"""What a seller gave back meanwhile is no loss any more: a claim pays the rest, and no more."""

import pytest

from insurance import api as cover
from insurance.losses.claims import deciding
from insurance.losses.claims.errors import AmountOverSumInsured
from insurance.losses.claims.rules import ClaimState, Question
from kernel import clock as kernel_clock
from kernel.actor import SYSTEM
from kernel.money import Money
from tests.asking import says
from tests.insurance.conftest import available, buy, drain, fund, scan
from tests.insurance.losses.claims.claiming import (
    balance,
    claim_of,
    delivered,
    lose,
    notify,
    officer,
)


def eur(amount):
    return Money.of(amount, "EUR")


def refund(policy, amount):
    """The goods are back and the seller has given money for them."""
    cover.goods_gone_back(parcel_ref=policy.parcel_ref, refunded=eur(amount), actor=SYSTEM)


def propose(claim, amount):
    return deciding.recommend(
        claim_id=claim.id, is_approval=True, amount=eur(amount), reason="Seen.", actor=officer()
    )


def lines(claim):
    return [(line.what, line.amount.minor) for line in claim.sums]


@pytest.fixture
def in_review(db, clock):
    """A damage of 60.00 in a parcel of 128.00 that an officer is looking at."""
    clock("2026-06-01T09:00")
    fund()
    policy = delivered()
    claim = notify(policy)
    drain()
    return policy, claim


def test_what_the_seller_refunded_meanwhile_is_not_paid_again(in_review, books_agree):
    policy, claim = in_review
    before = available(policy.wallet_id)
    propose(claim, "60.00")
    refund(policy, "100.00")

    with pytest.raises(AmountOverSumInsured) as refused:
        deciding.confirm(claim_id=claim.id, actor=officer())
    assert refused.value.data == {"most": eur("28.00")}
    assert claim_of(policy).state is ClaimState.RECOMMENDED

    deciding.send_back(claim_id=claim.id, actor=officer())
    with pytest.raises(AmountOverSumInsured):
        propose(claim, "28.01")
    propose(claim, "28.00")
    deciding.confirm(claim_id=claim.id, actor=officer())
    drain()
    assert claim_of(policy).state is ClaimState.PAID
    assert available(policy.wallet_id) == before + eur("28.00")


def test_where_everything_went_back_nothing_is_left_to_be_proposed(in_review):
    policy, claim = in_review
    refund(policy, "150.00")  # duty and tax went back, too

    with pytest.raises(AmountOverSumInsured) as refused:
        propose(claim, "0.01")
    assert refused.value.data == {"most": eur("0.00")}


def test_a_new_claim_says_what_the_refund_leaves_of_it(db, clock, books_agree):
    clock("2026-06-01T09:00")
    policy = delivered()
    notify(policy)
    refund(policy, "100.00")
    drain()

    claim = claim_of(policy)
    assert (claim.state, claim.payable) == (ClaimState.IN_REVIEW, eur("28.00"))
    assert lines(claim) == [("loss", 6000), ("gone_back", -3200), ("payable", 2800)]


def test_a_loss_whose_money_is_back_pays_nothing_and_gives_its_reserve_up(db, clock, books_agree):
    clock("2026-06-01T09:00")
    fund()
    policy = buy()
    scan(policy)
    clock("2026-06-10T09:00")
    lose(policy)
    refund(policy, "128.00")
    drain()

    claim = claim_of(policy)
    assert (claim.state, claim.refusal) == (ClaimState.REFUSED, Question.SOMETHING_DUE)
    assert balance("insurer_case_reserve") == 0


def test_of_seller_carrier_and_cover_one_item_is_paid_in_full_once(db, clock, books_agree):
    clock("2026-06-01T09:00")
    fund()
    policy = buy()
    scan(policy)
    clock("2026-06-10T09:00")
    before = available(policy.wallet_id)
    lose(policy, carrier_paid=eur("50.00"))
    refund(policy, "28.00")
    drain()

    claim = claim_of(policy)
    assert lines(claim) == [
        ("sum_insured", 12800),
        ("carrier_paid", -5000),
        ("gone_back", -2800),
        ("payable", 5000),
    ]
    assert eur("50.00") + eur("28.00") + claim.payable == policy.sum_insured
    assert available(policy.wallet_id) == before + claim.payable


def test_the_benefit_of_a_delay_stays_whatever_went_back(db, clock, books_agree):
    clock("2026-06-01T09:00")
    fund()
    policy = buy(with_delay=True)
    scan(policy)
    clock("2026-06-30T09:00")
    refund(policy, "128.00")
    cover.parcel_late(
        parcel_ref=policy.parcel_ref, promised_on=policy.bound_at.date(), actor=SYSTEM
    )
    drain()

    assert kernel_clock.today() > policy.bound_at.date()
    assert claim_of(policy).payable == policy.delay.benefit


def test_the_desk_sees_what_the_seller_refunded(in_review, make_person, as_):
    policy, claim = in_review
    desk = as_(make_person(roles=officer().roles))
    told = "The seller has refunded %(amount)s for this order."
    address = f"/en/cover/desk/{claim.ref}"
    assert not says(desk.get(address), told)

    refund(policy, "100.00")
    page = desk.get(address)
    assert says(page, told)
    assert "100.00" in page.text
    assert 'value="28.00"' in page.text

    fields = {"csrf_token": "test-token", "decision": "approve", "amount": "60", "reason": "Seen."}
    refused = desk.post(f"{address}/recommend", data=fields)
    assert refused.status_code == 422
    assert claim_of(policy).state is ClaimState.IN_REVIEW
