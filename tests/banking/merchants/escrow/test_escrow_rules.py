"""What may leave an escrow, on plain values."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banking.merchants.escrow import rules
from banking.merchants.escrow.errors import EscrowFrozenAmount, EscrowTooSmall
from banking.merchants.escrow.rules import EscrowState, Position
from kernel.errors import RuleBroken
from kernel.money import Money


def eur(minor: int) -> Money:
    return Money(minor, "EUR")


@pytest.mark.parametrize(
    ("released", "refunded", "state"),
    [
        (0, 0, EscrowState.FUNDED),
        (0, 40, EscrowState.FUNDED),
        (40, 0, EscrowState.PARTLY_RELEASED),
        (40, 59, EscrowState.PARTLY_RELEASED),
        (40, 60, EscrowState.RELEASED),
        (100, 0, EscrowState.RELEASED),
        (0, 100, EscrowState.REFUNDED),
    ],
)
def test_the_state_follows_the_sums(released: int, refunded: int, state: EscrowState):
    assert Position(100, released, refunded).state is state


def test_a_release_leaves_what_is_frozen():
    position = Position(100, frozen=30)
    assert rules.release(position, amount=70, currency="EUR") == Position(100, 70, 0, 30)
    with pytest.raises(EscrowFrozenAmount) as refused:
        rules.release(position, amount=71, currency="EUR")
    assert refused.value.data == {"free": eur(70), "frozen": eur(30)}


def test_a_refund_may_take_what_is_frozen():
    assert rules.refund(Position(100, frozen=30), amount=80, currency="EUR") == Position(
        100, 0, 80, 20
    )


@pytest.mark.parametrize("move", [rules.release, rules.refund, rules.freeze])
def test_nothing_takes_more_than_is_there(move):
    with pytest.raises(EscrowTooSmall) as refused:
        move(Position(100, 60, 20), amount=21, currency="EUR")
    assert refused.value.data == {"remaining": eur(20)}


@pytest.mark.parametrize(
    ("borne", "has", "sources"),
    [
        (50, (60, 60, 0, 60), (50, 0, 0, 0)),
        (50, (20, 60, 0, 60), (20, 30, 0, 0)),
        (50, (20, 10, 0, 60), (20, 10, 20, 0)),
        (50, (20, 10, 0, 5), (20, 10, 5, 15)),
        (50, (0, 40, 30, 60), (0, 10, 40, 0)),
        (50, (0, 10, 30, -5), (0, 0, 0, 50)),
        (0, (20, 10, 0, 5), (0, 0, 0, 0)),
    ],
)
def test_a_late_refund_takes_reserve_future_sales_wallet_and_then_the_house(borne, has, sources):
    reserve, sales, debt, wallet = map(eur, has)
    purse = rules.Purse(reserve=reserve, sales=sales, debt=debt, wallet=wallet)

    found = rules.waterfall(escrow=eur(0), borne=eur(borne), commission=eur(0), purse=purse)

    assert (found.reserve, found.sales, found.wallet, found.loss) == tuple(map(eur, sources))


@given(*[st.integers(-100, 500)] * 6)
def test_whoever_bears_it_a_late_refund_is_borne_whole(borne, fee, reserve, sales, debt, wallet):
    purse = rules.Purse(
        reserve=eur(abs(reserve)), sales=eur(abs(sales)), debt=eur(abs(debt)), wallet=eur(wallet)
    )

    fee = min(abs(fee), abs(borne))
    found = rules.waterfall(escrow=eur(0), borne=eur(abs(borne)), commission=eur(fee), purse=purse)

    parts = (found.commission, found.reserve, found.sales, found.wallet, found.loss)
    assert all(part.minor >= 0 for part in parts)
    assert sum(part.minor for part in parts) == eur(abs(borne)).minor
    assert found.reserve <= purse.reserve
    assert found.sales + purse.debt <= max(purse.sales, purse.debt)
    assert not found.loss or found.wallet == max(purse.wallet, eur(0))


@given(st.integers(1, 9_000), st.integers(0, 100), st.lists(st.integers(1, 4_000), max_size=8))
def test_commission_goes_back_with_what_went_back_and_never_more_than_was_taken(gross, fee, steps):
    taken = Money(gross * fee // 100, "EUR")
    borne = returned = eur(0)
    for step in steps:
        sold = rules.Sold(
            gross=Money(gross, "EUR"), commission=taken, borne=borne, returned=returned
        )
        back = rules.commission_back(borne=Money(step, "EUR"), sold=sold)
        assert 0 <= back.minor <= step
        borne, returned = borne + Money(step, "EUR"), returned + back

    whole = min(borne.minor, gross)
    assert abs(returned.minor - Fraction(taken.minor * whole, gross)) <= 1
    assert returned == taken or whole < gross


moves = st.tuples(st.sampled_from([rules.release, rules.refund, rules.freeze]), st.integers(1, 150))


@given(funded=st.integers(1, 200), plan=st.lists(moves, max_size=30))
def test_no_order_of_moves_pays_out_more_than_was_paid_in(funded: int, plan):
    position = Position(funded)
    for move, amount in plan:
        before = position
        try:
            position = move(position, amount=amount, currency="EUR")
        except RuleBroken:
            assert position == before
        assert position.released >= before.released
        assert position.refunded >= before.refunded
        assert 0 <= position.frozen <= position.remaining
        assert position.released + position.refunded + position.remaining == funded


@pytest.mark.parametrize(
    ("move", "then"),
    [
        (rules.release, Position(100, 80, 20)),
        (rules.refund, Position(100, 60, 40)),
        (rules.freeze, Position(100, 60, 20, 20)),
    ],
)
def test_all_that_is_left_may_move_at_once(move, then):
    assert move(Position(100, 60, 20), amount=20, currency="EUR") == then


def test_an_order_that_brought_nothing_has_no_commission_to_give_back():
    sold = rules.Sold(gross=eur(0), commission=eur(0), borne=eur(0), returned=eur(0))

    assert rules.commission_back(borne=eur(5), sold=sold) == eur(0)
