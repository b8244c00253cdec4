"""What a level is called and said to add is what it pays for."""

from datetime import date

import pytest

from insurance.losses.claims.rules import handling_on
from insurance.offers.quotes.rules import LEVEL_ADDS, Cover
from insurance.rating.liability.queries import level_causes

DAY = date(2026, 11, 1)
SAYS = {
    "lost": "lost or stolen in transit",
    "damage": "damage in transit",
    "theft": "theft within {days} days",
    "missing": "items missing",
}


@pytest.mark.parametrize(("narrower", "level"), [(None, "TL"), ("TL", "STD"), ("STD", "PLUS")])
def test_each_line_names_every_cause_that_its_level_adds_and_no_other(narrower, level):
    days = handling_on(DAY).notice_days
    before = level_causes(level=narrower, on=DAY) if narrower else ()

    line = LEVEL_ADDS[Cover(level)]
    said = {c for c, words in SAYS.items() if words.format(days=days.get(c)) in line}
    assert said == set(level_causes(level=level, on=DAY)) - set(before)
