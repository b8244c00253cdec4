"""Points of a claim: each sign alone, what they ask for together, and photographs seen again."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from insurance.losses.suspicion import rules
from insurance.losses.suspicion.rules import Reason, Signs
from kernel.money import Money

POINTS = rules.points_on(date(2026, 1, 1))
NOW = rules.points_on(date(2026, 12, 4))
CAME = datetime(2026, 6, 8, 9, tzinfo=UTC)


def eur(amount):
    return Money.of(str(amount), "EUR")


QUIET = Signs(
    claims=1,
    is_theft=False,
    loss=eur(94),
    insured=eur(100),
    refunded=eur(0),
    bound_at=CAME - timedelta(hours=48),
    loss_at=CAME,
    reported_at=CAME,
)


def weighed(*, is_photo_seen=False, **signs):
    return rules.weigh(replace(QUIET, **signs), POINTS, is_photo_seen=is_photo_seen)


def test_a_quiet_claim_has_no_points_and_asks_for_nothing():
    found = weighed()
    assert (found.points, found.score, found.is_unusual, found.is_held) == ({}, 0, False, False)


@pytest.mark.parametrize(
    ("signs", "points"),
    [
        ({"claims": 2}, {Reason.SEVERAL_CLAIMS: 20}),
        ({"claims": 3}, {Reason.SEVERAL_CLAIMS: 20}),
        ({"claims": 4}, {Reason.MANY_CLAIMS: 40}),
        ({"is_photo_seen": True}, {Reason.PHOTO_SEEN: 50}),
        ({"loss": eur(95)}, {Reason.NEAR_LIMIT: 15}),
        ({"bound_at": CAME - timedelta(hours=47)}, {Reason.NEW_COVER: 10}),
        ({"is_theft": True}, {Reason.THEFT_AT_ONCE: 10}),
        ({"is_theft": True, "reported_at": CAME + timedelta(hours=2)}, {}),
        ({"refunded": eur(1)}, {Reason.PARTLY_REFUNDED: 30}),
    ],
)
def test_each_sign_has_its_points(signs, points):
    assert weighed(**signs).points == points


def test_a_photograph_of_another_claim_holds_a_claim_alone():
    found = rules.weigh(QUIET, NOW, is_photo_seen=True)

    assert (found.points, found.is_held) == ({Reason.PHOTO_SEEN: 60}, True)
    assert replace(NOW, valid_from=POINTS.valid_from, points=POINTS.points) == POINTS


@pytest.mark.parametrize(
    ("signs", "score", "unusual", "held"),
    [
        ({"claims": 2}, 20, False, False),
        ({"refunded": eur(1)}, 30, True, False),
        ({"is_photo_seen": True}, 50, True, False),
        ({"is_photo_seen": True, "is_theft": True}, 60, True, True),
    ],
)
def test_points_together_ask_for_a_person_or_hold(signs, score, unusual, held):
    found = weighed(**signs)
    assert (found.score, found.is_unusual, found.is_held) == (score, unusual, held)


def test_marks_that_differ_in_few_bits_share_a_band_wherever_these_are():
    mark = 0x0F1E_2D3C_4B5A_6978
    for places in [(0, 17, 33), (5, 20, 60), (16, 32, 48), (1, 2, 3)]:
        other = mark
        for place in places:
            other ^= 1 << place
        assert set(rules.bands(mark)) & set(rules.bands(other))
        assert rules.is_seen(mark, [other], bits=3)
        assert not rules.is_seen(mark, [other], bits=2)


def test_bands_are_the_parts_of_a_mark_with_their_places():
    assert rules.bands(0x0004_0003_0002_0001) == (1, 0x1_0002, 0x2_0003, 0x3_0004)


@pytest.mark.parametrize(
    ("bits", "says"), [(0, False), (7, False), (8, True), (56, True), (57, False), (64, False)]
)
def test_a_plain_wall_tells_nothing(bits, says):
    assert rules.is_telling((1 << bits) - 1) is says
