from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from kernel.db import reading
from marketplace.catalogue.ratings import rules
from marketplace.catalogue.ratings.queries import STANDING
from marketplace.catalogue.ratings.rules import Bar

COUNTS = st.lists(st.integers(0, 10**6), min_size=5, max_size=5)


def test_without_a_review_there_is_no_rating():
    assert rules.rating((0, 0, 0, 0, 0)) is None


@pytest.mark.parametrize(
    ("counts", "average", "share"),
    [
        ((0, 0, 0, 0, 3), "5", 100),
        ((1, 0, 0, 0, 0), "1", 20),
        ((0, 0, 0, 1, 1), "4.5", 90),
        ((0, 0, 1, 1, 4), "4.5", 90),
        ((1, 0, 0, 2, 10), "4.5", 91),
        ((0, 0, 0, 9, 11), "4.6", 91),
    ],
)
def test_the_average_is_rounded_to_one_decimal_halves_up(counts, average, share):
    found = rules.rating(counts)

    assert (found.average, found.share, found.count) == (Decimal(average), share, sum(counts))


@given(COUNTS)
def test_the_average_lies_between_one_star_and_five(counts):
    found = rules.rating(counts)

    assert found is None or (1 <= found.average <= 5 and 20 <= found.share <= 100)


def test_bars_begin_with_five_stars_and_hold_their_share():
    assert rules.bars((1, 0, 0, 0, 2)) == (
        Bar(5, 2, 67),
        Bar(4, 0, 0),
        Bar(3, 0, 0),
        Bar(2, 0, 0),
        Bar(1, 1, 33),
    )


@given(COUNTS, st.sampled_from(rules.STARS), st.none() | st.sampled_from(rules.STARS))
def test_what_comes_changes_and_goes_leaves_no_trace(counts, first, second):
    kept = dict(zip(rules.STARS, counts, strict=True))
    moves = [(None, first), (first, second)] + ([(second, None)] if second else [])
    for before, after in moves:
        for stars, change in rules.moved(before=before, after=after).items():
            kept[stars] += change

    assert list(kept.values()) == counts


def stands(*stars):
    return rules.standing(len(stars), sum(stars))


def test_one_pleased_buyer_does_not_lift_goods_over_what_pleases_many():
    assert stands(*[5] * 18, 4, 4) > stands(5, 5, 5) > stands(5) > stands(*[2] * 9) > stands() == 0


@given(st.lists(st.integers(1, 5), max_size=40), st.integers(1, 4))
def test_a_better_review_never_lets_goods_stand_lower(stars, low):
    assert stands(*stars, low + 1) > stands(*stars, low) > 0


@pytest.mark.parametrize(
    ("counts", "reached"),
    [
        ((0, 0, 0, 0, 1), (1, 2, 3, 4, 5)),
        ((0, 0, 0, 9, 11), (1, 2, 3, 4)),
        ((0, 0, 1, 18, 0), (1, 2, 3)),
        ((0, 0, 1, 19, 0), (1, 2, 3, 4)),
        ((1, 0, 0, 0, 0), (1,)),
    ],
)
def test_stars_are_reached_by_the_average_as_it_is_shown(counts, reached):
    found = rules.rating(counts)

    assert found.reached == reached
    assert found.average >= max(reached)


@pytest.mark.parametrize(("count", "total"), [(0, 0), (1, 1), (1, 5), (7, 30), (10**6, 4 * 10**6)])
def test_shelves_reckon_the_standing_as_the_rule_does(db, count, total):
    row = (
        f"SELECT {STANDING} FROM (SELECT {count} AS rating_count, {total}::bigint AS rating_total)"
    )
    with reading() as current:
        assert current.execute(text(f"{row} c")).scalar_one() == rules.standing(count, total)
