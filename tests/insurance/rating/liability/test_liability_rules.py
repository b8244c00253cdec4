"""Who bears what on the way, and what each level of cover adds to that for each person."""

from datetime import date, timedelta
from fractions import Fraction

import pytest

from insurance.rating.liability import rules
from insurance.rating.liability.rules import Carriage, Cause, Gain, Interest, Regime, Remedy
from kernel import countries
from kernel.money import Money

DAY = date(2026, 11, 25)
OWES = {
    Interest.CONSUMER: {
        Cause.LOST: Remedy.REFUND,
        Cause.DAMAGE: Remedy.RETURN,
        Cause.MISSING: Remedy.RETURN,
        Cause.THEFT: Remedy.NONE,
        Cause.DELAY: Remedy.RETURN,
    },
    Interest.BUSINESS: {
        Cause.LOST: Remedy.NONE,
        Cause.DAMAGE: Remedy.RETURN,
        Cause.MISSING: Remedy.RETURN,
        Cause.THEFT: Remedy.NONE,
        Cause.DELAY: Remedy.RETURN,
    },
    Interest.PRIVATE: dict.fromkeys(Cause, Remedy.NONE),
    Interest.SENDER: dict.fromkeys(Cause, Remedy.NONE),
}
LOST, DAMAGE, MISSING, THEFT = Cause.LOST, Cause.DAMAGE, Cause.MISSING, Cause.THEFT
LEVELS = {"TL": (LOST,), "STD": (LOST, DAMAGE), "PLUS": (LOST, DAMAGE, MISSING, THEFT)}


@pytest.mark.parametrize("interest", Interest)
def test_what_a_seller_owes_is_told_for_every_person_and_cause(interest):
    told = {cause: rules.remedy(cause=cause, interest=interest, on=DAY) for cause in Cause}

    assert told == OWES[interest]


@pytest.mark.parametrize("level", LEVELS)
def test_each_level_pays_for_what_the_narrower_one_pays_for_and_more(level):
    assert rules.level_causes(level=level, on=DAY) == LEVELS[level]


@pytest.mark.parametrize(
    ("interest", "level", "adds"),
    [
        (Interest.CONSUMER, "TL", {}),
        (Interest.CONSUMER, "STD", {DAMAGE: Gain.KEEPS}),
        (Interest.CONSUMER, "PLUS", {DAMAGE: Gain.KEEPS, MISSING: Gain.KEEPS, THEFT: Gain.PAYS}),
        (Interest.BUSINESS, "TL", {LOST: Gain.PAYS}),
        (Interest.BUSINESS, "STD", {LOST: Gain.PAYS, DAMAGE: Gain.KEEPS}),
        (
            Interest.BUSINESS,
            "PLUS",
            {LOST: Gain.PAYS, DAMAGE: Gain.KEEPS, MISSING: Gain.KEEPS, THEFT: Gain.PAYS},
        ),
        *(
            (interest, level, dict.fromkeys(causes, Gain.PAYS))
            for interest in (Interest.PRIVATE, Interest.SENDER)
            for level, causes in LEVELS.items()
        ),
    ],
)
def test_a_level_adds_only_what_nobody_owes_already(interest, level, adds):
    assert rules.gains(level=level, interest=interest, on=DAY) == adds


def test_the_narrow_level_adds_nothing_for_who_buys_from_a_trader_for_themselves():
    assert not rules.gains(level="TL", interest=Interest.CONSUMER, on=DAY)


@pytest.mark.parametrize("owed", Remedy)
def test_a_delay_is_a_sum_agreed_whatever_the_seller_owes(owed):
    assert rules.gain(cause=Cause.DELAY, owed=owed) is Gain.FIXED


def owes(by, weight_g, origin="GB", destination="NO", on=DAY):
    return rules.carrier_owes(
        by=by, origin=origin, destination=destination, weight_g=weight_g, on=on
    )


@pytest.mark.parametrize(
    ("by", "weight_g", "regime", "sdr", "euro"),
    [
        (Carriage.AIR, 1000, Regime.MONTREAL, "26", "30.42"),
        (Carriage.AIR, 2500, Regime.MONTREAL, "65", "76.05"),
        (Carriage.SEA, 1000, Regime.HAGUE_VISBY, "666.67", "780.00"),
        (Carriage.SEA, 400_000, Regime.HAGUE_VISBY, "800", "936.00"),
        (Carriage.ROAD, 1000, Regime.CMR, "8.33", "9.75"),
    ],
)
def test_a_carrier_owes_by_weight_or_by_package_what_its_convention_says(
    by, weight_g, regime, sdr, euro
):
    assert owes(by, weight_g) == rules.Owed(
        regime=regime, sdr=Fraction(sdr), euro=Money.of(euro, "EUR")
    )


def test_a_post_and_a_way_inside_a_country_have_no_convention():
    assert owes(Carriage.POST, 1000) is None
    for by in (Carriage.AIR, Carriage.ROAD, Carriage.SEA):
        assert owes(by, 1000, origin="NO", destination="NO") is None


@pytest.mark.parametrize(
    ("by", "origin", "destination", "is_bound"),
    [
        (Carriage.AIR, "US", "GB", True),
        (Carriage.ROAD, "US", "GB", False),
        (Carriage.ROAD, "GB", "US", False),
        (Carriage.AIR, "TW", "DE", False),
        (Carriage.AIR, "DE", "TW", False),
    ],
)
def test_a_convention_is_taken_to_hold_where_it_binds_both_ends(by, origin, destination, is_bound):
    assert (owes(by, 1000, origin, destination) is not None) is is_bound


def test_nothing_is_said_of_days_before_the_first_row():
    first = date(2026, 1, 1)
    for ask in (
        lambda on: rules.remedy(cause=LOST, interest=Interest.CONSUMER, on=on),
        lambda on: rules.level_causes(level="TL", on=on),
        lambda on: rules.gains(level="TL", interest=Interest.SENDER, on=on),
    ):
        assert ask(first)
        with pytest.raises(ValueError, match="empty"):
            ask(first - timedelta(days=1))
    assert owes(Carriage.AIR, 1000, on=date(2024, 12, 28))
    with pytest.raises(ValueError, match="empty"):
        owes(Carriage.AIR, 1000, on=date(2024, 12, 27))


def test_every_row_has_a_day_and_a_source():
    tables = (
        rules.remedy_rows(),
        rules.level_rows(),
        rules.carriage_rows(),
        rules.parties_rows(),
        rules.sdr_rows(),
    )
    for row in (row for rows in tables for row in rows):
        assert isinstance(row.valid_from, date)
        assert row.source
        assert row.confidence in {"high", "medium"}


def test_every_convention_tells_its_days_for_protests_and_its_years_for_a_suit():
    told = {row.regime: (dict(row.notice_days), row.suit_years) for row in rules.carriage_rows()}

    assert told == {
        "montreal": ({"damage": 14, "delay": 21}, 2),
        "hague_visby": ({"damage": 3}, 1),
        "cmr": ({"damage": 7, "delay": 21}, 1),
    }


def test_conventions_bind_countries_that_the_house_knows():
    for row in rules.parties_rows():
        assert set(row.countries) <= set(countries.HOUSE.files)
