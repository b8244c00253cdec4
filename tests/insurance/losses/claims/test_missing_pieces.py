"""A parcel that came with fewer pieces than were in it: which, and what they are worth."""

from dataclasses import replace
from datetime import timedelta

import pytest

from insurance import api as cover
from insurance.losses.claims import asking, missing, opening, queries
from insurance.losses.claims.errors import AmountOverSumInsured, LossAbovePieces, PiecesWrong
from insurance.losses.claims.noticed import Missing, Noticed
from insurance.offers.quotes.queries import parcel_from, stored_parcel
from insurance.rating.liability.queries import Cause
from kernel import clock as kernel_clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.money import Money
from tests.insurance.conftest import buy, drain, fund, make_risk, make_wallet, scan
from tests.insurance.losses.claims.claiming import claim_of


def eur(amount):
    return Money.of(amount, "EUR")


def thing(description, value, pieces):
    return cover.InsuredItem(
        description=description, hs_code="732399", value=eur(value), pieces=pieces
    )


# Three cups of 10.00 each, rounded; a tray; spoons that nobody counted.
THINGS = (
    thing("Cups", "29.99", 3),
    thing("Tray", "40.00", 1),
    thing("Spoons", "20.00", None),
)


@pytest.fixture
def holder(make_person):
    return make_person()


@pytest.fixture
def policy(db, clock, holder):
    clock("2026-06-01T09:00")
    fund()
    wallet = make_wallet(holder.person_id)
    policy = buy(owner_id=holder.person_id, wallet=wallet, level=cover.Cover.PLUS, items=THINGS)
    scan(policy)
    kernel_clock.freeze(policy.bound_at + timedelta(days=8))
    return cover.parcel_delivered(
        parcel_ref=policy.parcel_ref, at=policy.bound_at + timedelta(days=7), actor=SYSTEM
    )


def notify(policy, *pieces, loss=None):
    return opening.notify(
        policy_id=policy.id,
        cause=Cause.MISSING,
        loss=loss,
        description="The box was taped twice.",
        noticed=Noticed(missing=tuple(Missing(item=i, pieces=p, of=o) for i, p, o in pieces)),
        actor=SYSTEM,
    )


def kept(claim, policy):
    with reading():
        return [
            (one.description, one.pieces, one.of, one.value.minor)
            for one in missing.of_claim(claim.id, policy)
        ]


def test_missing_pieces_are_reckoned_at_their_share_of_what_their_thing_cost(policy, books_agree):
    claim = notify(policy, (0, 2, 3), (2, 3, 12))
    drain()

    seen = claim_of(policy)
    assert [(s.what, s.amount.minor) for s in seen.sums] == [
        ("missing_pieces", 1999 + 500),
        ("payable", 2499),
    ]
    assert kept(claim, policy) == [("Cups", 2, 3, 1999), ("Spoons", 3, 12, 500)]
    assert seen.claimed == eur("24.99")
    assert seen.reserve == eur("9.18")  # 24.99 × 0.35 × 1.05


def test_all_pieces_of_everything_are_worth_no_more_than_what_is_insured(policy):
    claim = notify(policy, (0, 3, 3), (1, 1, 1), (2, 12, 12))

    assert claim.payable == eur("89.99")
    assert claim.payable < policy.sum_insured


def test_a_part_of_a_piece_costs_less_than_the_piece(policy):
    claim = notify(policy, (1, 1, 1), loss=eur("15.00"))

    assert [(s.what, s.amount.minor) for s in claim.sums] == [
        ("missing_pieces", 4000),
        ("part_of_piece", -2500),
        ("payable", 1500),
    ]


def test_a_part_is_never_worth_more_than_the_pieces(policy):
    with pytest.raises(LossAbovePieces) as refused:
        notify(policy, (1, 1, 1), loss=eur("40.01"))
    assert refused.value.data == {"most": eur("40.00")}


@pytest.mark.parametrize(
    "pieces",
    [
        (0, 4, 3),  # more than were in it
        (0, 0, 3),
        (0, 1, 4),  # another count than the order's
        (3, 1, 1),  # nothing stands there
        (-1, 1, 1),
        (2, 13, 12),
    ],
)
def test_what_was_not_in_the_parcel_is_not_missing(policy, pieces):
    with pytest.raises(PiecesWrong):
        notify(policy, pieces)
    with reading():
        assert queries.claims_under(policy_id=policy.id) == []


def test_one_thing_is_missing_once(policy):
    with pytest.raises(PiecesWrong):
        notify(policy, (0, 1, 3), (0, 2, 3))


def test_what_the_seller_refunded_is_not_missing_too(policy):
    cover.goods_gone_back(
        parcel_ref=policy.parcel_ref, refunded=policy.sum_insured - eur("5.00"), actor=SYSTEM
    )

    with pytest.raises(AmountOverSumInsured):
        notify(policy, (0, 2, 3))


def test_reported_again_the_pieces_are_those_of_the_new_report(policy, holder):
    first = notify(policy, (0, 2, 3))
    asking.withdraw(claim_id=first.id, actor=holder)

    again = notify(policy, (1, 1, 1))

    assert again.id == first.id
    assert kept(again, policy) == [("Tray", 1, 1, 4000)]
    with reading():
        assert queries.noted(claim_id=first.id, what="withdrawn")["missing"] == [[0, 2, 3]]


def test_parcels_remember_how_many_pieces_they_hold():
    parcel = make_risk(items=THINGS)
    of_before = replace(parcel, items=THINGS[2:])

    assert parcel_from(stored_parcel(parcel)) == parcel
    assert "pieces" not in stored_parcel(of_before)["items"][0]
