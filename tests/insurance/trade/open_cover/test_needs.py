"""What of an open cover an underwriter has to look at, and in which order."""

from datetime import date

import pytest

from insurance.trade.open_cover.needs import Facts, Need, needs_of
from insurance.trade.open_cover.rules import State, Use
from tests.insurance.trade.open_cover.conftest import eur, terms


def facts(**overrides) -> Facts:
    fields = {
        "state": State.ACTIVE,
        "agreed": terms(),
        "ends_on": date(2027, 5, 31),
        "is_adjustable": False,
        "deposit": eur("100.00"),
        "overdue": eur("0.00"),
        "cif": eur("200000.00"),
        "uses": (Use(what="", used=eur("47999.99"), limit=eur("60000.00")),),
        "today": date(2026, 6, 20),
    }
    return Facts(**fields | overrides)


NEAR = (Use(what="", used=eur("48000.00"), limit=eur("60000.00")),)


@pytest.mark.parametrize(
    ("overrides", "needs"),
    [
        ({}, []),
        ({"uses": NEAR}, [Need.LIMIT]),
        ({"cif": eur("200000.01")}, [Need.TURNOVER]),
        ({"deposit": eur("0.00")}, [Need.DEPOSIT]),
        ({"state": State.SUSPENDED, "overdue": eur("1.00")}, [Need.OVERDUE]),
        ({"today": date(2027, 5, 20)}, [Need.RENEWAL]),
        ({"today": date(2027, 5, 20), "ends_on": date(2027, 5, 30)}, []),
        ({"agreed": None, "state": State.DRAFT, "deposit": eur("0.00")}, [Need.TERMS]),
        ({"agreed": None, "state": State.ENDED}, []),
        ({"state": State.DRAFT, "deposit": eur("0.00"), "uses": NEAR}, []),
        ({"state": State.ENDED, "deposit": eur("0.00")}, []),
        ({"state": State.ENDED, "is_adjustable": True}, [Need.YEAR]),
        (
            {"state": State.ENDED, "is_adjustable": True, "overdue": eur("1.00")},
            [Need.OVERDUE, Need.YEAR],
        ),
        (
            {"overdue": eur("1.00"), "deposit": eur("0.00"), "uses": NEAR},
            [Need.OVERDUE, Need.LIMIT, Need.DEPOSIT],
        ),
    ],
)
def test_what_waits_for_an_underwriter_is_named_by_how_pressing_it_is(overrides, needs):
    assert needs_of(facts(**overrides)) == needs
