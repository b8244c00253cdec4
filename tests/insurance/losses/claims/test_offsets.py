"""What carrier, seller or another insurance paid for a loss comes off its claim, once."""

import pytest

from insurance import api as cover
from insurance.losses.claims import deciding, offsets, rules
from insurance.losses.claims.errors import (
    AmountOverSumInsured,
    ClaimTransitionRefused,
    NothingToSetOff,
    OwnInterest,
)
from insurance.losses.claims.rules import ClaimState, Paid, PaidBy
from kernel.actor import Actor, Role
from kernel.db import reading
from kernel.money import Money
from tests.insurance.conftest import available, buy, drain, fund, scan
from tests.insurance.losses.claims.claiming import claim_of, delivered, notify, officer


def eur(amount):
    return Money.of(amount, "EUR")


def paid(amount, by=PaidBy.CARRIER, item=None):
    return Paid(by=by, amount=eur(amount), item=item)


def set_off(claim, amount, by=PaidBy.CARRIER, *, item=None, words="Letter of June 3", by_whom=None):
    offsets.set_off(
        claim_id=claim.id, paid=paid(amount, by, item), words=words, actor=by_whom or officer()
    )


def lines(claim):
    return [(line.what, line.amount.minor) for line in claim.sums]


def decided(claim, amount):
    deciding.recommend(
        claim_id=claim.id, is_approval=True, amount=eur(amount), reason="Seen.", actor=officer()
    )
    deciding.confirm(claim_id=claim.id, actor=officer())
    drain()


@pytest.fixture
def in_review(db, clock):
    """A damage of 60.00 in a parcel of 128.00 that an officer is looking at."""
    clock("2026-06-01T09:00")
    fund()
    policy = delivered()
    claim = notify(policy)
    drain()
    return policy, claim


def test_of_seller_carrier_and_cover_one_item_is_paid_in_full_once(in_review, books_agree):
    policy, claim = in_review
    before = available(policy.wallet_id)
    set_off(claim, "10.00")
    set_off(claim, "5.00", PaidBy.SELLER)
    set_off(claim, "20.00", PaidBy.INSURANCE)

    standing = claim_of(policy)
    assert lines(standing) == [
        ("loss", 6000),
        ("paid_by_carrier", -1000),
        ("paid_by_seller", -500),
        ("paid_by_insurance", -2000),
        ("payable", 2500),
    ]
    with pytest.raises(AmountOverSumInsured) as refused:
        decided(claim, "25.01")
    assert refused.value.data == {"most": eur("25.00")}
    decided(claim, "25.00")
    assert claim_of(policy).state is ClaimState.PAID
    assert available(policy.wallet_id) == before + eur("25.00")


def test_said_twice_it_comes_off_once_and_what_is_removed_comes_back(in_review):
    policy, claim = in_review
    set_off(claim, "10.00")
    set_off(claim, "10.00")
    assert claim_of(policy).payable == eur("50.00")
    with reading():
        (one,) = offsets.of_claim(claim_id=claim.id)
    assert (one.by, one.amount, one.item) == (PaidBy.CARRIER, eur("10.00"), "")

    for _ in range(2):
        offsets.remove(claim_id=claim.id, offset_id=one.id, actor=officer())
    assert lines(claim_of(policy)) == [("loss", 6000), ("payable", 6000)]
    set_off(claim, "10.00")
    assert claim_of(policy).payable == eur("50.00")


def test_what_was_paid_for_one_item_counts_up_to_its_value(in_review):
    policy, claim = in_review
    set_off(claim, "300.00", item=0)
    assert lines(claim_of(policy)) == [("loss", 6000), ("paid_by_carrier", -6000), ("payable", 0)]
    with pytest.raises(AmountOverSumInsured):
        set_off(claim, "1.00", item=1)


def test_where_others_paid_the_whole_loss_nothing_is_left_to_propose(in_review):
    _, claim = in_review
    set_off(claim, "70.00", PaidBy.INSURANCE)
    with pytest.raises(AmountOverSumInsured) as refused:
        decided(claim, "0.01")
    assert refused.value.data == {"most": eur("0.00")}


def test_only_an_officer_without_a_part_in_it_and_only_before_a_proposal(in_review):
    policy, claim = in_review
    holder = Actor(person_id=policy.policyholder_id, roles=frozenset({Role.UNDERWRITER}))
    with pytest.raises(OwnInterest):
        set_off(claim, "1.00", by_whom=holder)
    deciding.recommend(
        claim_id=claim.id, is_approval=True, amount=eur("60"), reason="Seen.", actor=officer()
    )
    with pytest.raises(ClaimTransitionRefused):
        set_off(claim, "1.00")


def test_nothing_comes_off_the_fixed_sum_of_a_delay(db, clock):
    clock("2026-06-01T09:00")
    policy = buy(with_delay=True)
    scan(policy)
    clock("2026-07-30T09:00")
    late = cover.parcel_late(
        parcel_ref=policy.parcel_ref,
        promised_on=policy.bound_at.date(),
        actor=Actor(person_id=None, roles=frozenset()),
    )
    with pytest.raises(NothingToSetOff):
        set_off(late, "1.00")


@pytest.mark.parametrize(
    ("given", "due", "taken"),
    [
        ([], "60", []),
        ([paid("10")], "60", ["10"]),
        ([paid("40"), paid("40", PaidBy.SELLER)], "60", ["40", "20"]),
        ([paid("70", item=1)], "60", ["30"]),
        ([paid("20", item=1), paid("20", item=1), paid("5", item=0)], "60", ["20", "10", "5"]),
        ([paid("10")], "0", ["0"]),
    ],
)
def test_offsets_stay_within_their_item_and_within_what_is_due(given, due, taken):
    found = rules.set_off(given, values=[eur("90"), eur("30")], due=eur(due))
    assert found == [(one.by, eur(amount)) for one, amount in zip(given, taken, strict=True)]
