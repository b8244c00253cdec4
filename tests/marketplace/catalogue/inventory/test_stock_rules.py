from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.catalogue.inventory import rules
from marketplace.catalogue.inventory.errors import InsufficientStock, StockInUse
from marketplace.catalogue.inventory.rules import Level


@pytest.mark.parametrize(
    ("level", "quantity", "expected"),
    [
        (Level(5), 5, Level(5, reserved=5)),
        (Level(5, reserved=2), 3, Level(5, reserved=5)),
        (Level(5, allocated=4), 1, Level(5, reserved=1, allocated=4)),
    ],
)
def test_free_pieces_can_be_kept_to_the_last_one(level, quantity, expected):
    assert rules.reserve(level, quantity) == expected


@pytest.mark.parametrize(
    ("level", "quantity", "free"),
    [(Level(0), 1, 0), (Level(5, reserved=3), 3, 2), (Level(5, reserved=1, allocated=4), 1, 0)],
)
def test_more_than_is_free_is_refused_with_what_is_left(level, quantity, free):
    with pytest.raises(InsufficientStock) as refused:
        rules.reserve(level, quantity)

    assert refused.value.data == {"free": free}


def test_a_claim_walks_from_cart_to_door():
    kept = rules.reserve(Level(10), 3)
    sold = rules.allocate(kept, 3)
    gone = rules.ship(sold, 3)

    assert (kept, sold, gone) == (
        Level(10, reserved=3),
        Level(10, allocated=3),
        Level(7),
    )


def test_a_cancelled_order_frees_its_pieces():
    assert rules.deallocate(Level(4, allocated=4), 4) == Level(4)


def test_a_count_below_the_promises_is_refused():
    with pytest.raises(StockInUse) as refused:
        rules.recount(Level(9, reserved=2, allocated=3), 4)

    assert refused.value.data == {"claimed": 5}


def test_a_count_of_exactly_the_promises_is_taken():
    assert rules.recount(Level(9, reserved=2, allocated=3), 5) == Level(5, 2, 3)


@pytest.mark.parametrize(
    ("before", "after", "crossed"),
    [
        (Level(1), Level(1, reserved=1), True),
        (Level(1, reserved=1), Level(1), True),
        (Level(5), Level(5, reserved=4), False),
        (Level(2, reserved=2), Level(2, allocated=2), False),
    ],
)
def test_only_selling_out_and_coming_back_cross(before, after, crossed):
    assert rules.crossed(before, after) is crossed


_STEPS = st.lists(
    st.tuples(
        st.sampled_from(["reserve", "release", "allocate", "ship", "deallocate"]), st.integers(1, 6)
    ),
    max_size=40,
)


@given(on_hand=st.integers(0, 20), steps=_STEPS)
def test_claims_never_exceed_what_lies_there(on_hand, steps):
    level, shipped = Level(on_hand), 0
    for name, quantity in steps:
        most = {
            "reserve": level.available,
            "release": level.reserved,
            "allocate": level.reserved,
            "ship": level.allocated,
            "deallocate": level.allocated,
        }[name]
        if quantity > most:
            continue
        level = getattr(rules, name)(level, quantity)
        shipped += quantity if name == "ship" else 0

        assert min(level.available, level.reserved, level.allocated) >= 0
        assert level.on_hand + shipped == on_hand
