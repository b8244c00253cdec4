"""The rail's days and hours, and how names compare."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from banking.rail import rules
from banking.rail.calendars import calendar_of, currencies, reaches
from banking.rail.errors import RailNotOffered
from banking.rail.rules import Outcome

EURO = calendar_of(currency="EUR", on=date(2026, 11, 25))
POUND = calendar_of(currency="GBP", on=date(2026, 11, 25))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("year", "sunday"), [(2024, "03-31"), (2025, "04-20"), (2026, "04-05"), (2038, "04-25")]
)
def test_easter_falls_where_the_almanac_says(year, sunday):
    assert rules.easter(year).isoformat() == f"{year}-{sunday}"


@pytest.mark.parametrize(
    ("accepted", "leaves", "arrives"),
    [
        ("2026-11-25T09:00", "2026-11-25", "2026-11-26"),  # a Wednesday morning
        ("2026-11-25T14:30", "2026-11-26", "2026-11-27"),  # half past three in Brussels
        ("2026-07-15T13:30", "2026-07-16", "2026-07-17"),  # the same in summer time
        ("2026-11-27T09:00", "2026-11-27", "2026-11-30"),  # Friday: there on Monday
        ("2026-11-28T09:00", "2026-11-30", "2026-12-01"),  # Saturday counts as Monday
        ("2026-12-24T09:00", "2026-12-24", "2026-12-28"),  # Christmas and a weekend between
        ("2026-04-02T16:00", "2026-04-07", "2026-04-08"),  # past the cut-off before Good Friday
    ],
)
def test_money_leaves_and_arrives_on_business_days(accepted, leaves, arrives):
    promise = rules.promised(at(accepted), EURO)

    assert (promise.leaves_on.isoformat(), promise.arrives_on.isoformat()) == (leaves, arrives)


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        ("2026-05-04", False), ("2026-05-25", False), ("2026-08-31", False), ("2026-05-01", True),
        ("2026-12-28", False),  # Boxing Day falls on a Saturday
        ("2027-12-27", False), ("2027-12-28", False),  # Christmas on a Saturday, and the day after
        ("2027-12-29", True), ("2028-01-03", False),
    ],
)  # fmt: skip
def test_english_holidays_on_weekends_have_substitutes(day, is_open):
    assert rules.is_open(date.fromisoformat(day), POUND) is is_open


def test_a_transfer_can_be_recalled_for_minutes_but_never_past_the_cut_off():
    recall = timedelta(minutes=5)

    assert rules.leaves_at(at("2026-11-25T09:00"), EURO, recall=recall) == at("2026-11-25T09:05")
    assert rules.leaves_at(at("2026-11-25T13:58"), EURO, recall=recall) == at("2026-11-25T14:00")
    assert rules.leaves_at(at("2026-11-28T09:00"), EURO, recall=recall) == at("2026-11-30T06:00")


@given(st.datetimes(min_value=datetime(2026, 1, 1), max_value=datetime(2036, 1, 1)))  # noqa: DTZ001
def test_every_promise_is_on_open_days_and_in_order(moment):
    promise = rules.promised(moment.replace(tzinfo=UTC), EURO)

    assert rules.is_open(promise.leaves_on, EURO)
    assert rules.is_open(promise.arrives_on, EURO)
    assert moment.date() <= promise.leaves_on < promise.arrives_on


def test_a_day_moves_by_the_rule_of_its_calendar():
    sunday = date(2026, 5, 31)
    from dataclasses import replace

    assert rules.moved(sunday, EURO) == date(2026, 6, 1)
    assert rules.moved(sunday, replace(EURO, moves_to="preceding")) == date(2026, 5, 29)


def test_a_currency_without_a_rail_is_refused_with_those_that_have_one():
    assert currencies() == ["EUR", "GBP"]
    assert reaches(currency="EUR", country="NO", on=date(2026, 11, 25))
    assert not reaches(currency="GBP", country="NO", on=date(2026, 11, 25))
    with pytest.raises(RailNotOffered) as refused:
        calendar_of(currency="JPY", on=date(2026, 11, 25))
    assert refused.value.data == {"offered": "EUR, GBP"}


@pytest.mark.parametrize(
    ("typed", "holder", "outcome"),
    [
        ("Amélie Dupont", "Amélie Dupont", "match"),
        ("amelie DUPONT", "Amélie Dupont", "match"),  # case and accents
        ("Dupont, Amélie", "Amélie Dupont", "match"),  # order
        ("Mme Amélie Dupont", "Amélie Dupont", "match"),  # a title
        ("Mueller & Soehne", "Müller & Söhne GmbH", "match"),  # umlauts written out
        ("Muller & Sohne GmbH", "Müller & Söhne GmbH", "match"),  # or left away
        ("Lukasz Wojcik", "Łukasz Wójcik", "match"),
        ("Jean-Luc O'Neil", "Jean Luc ONeil", "match"),
        ("王小明", "王小明", "match"),
        ("A. Dupont", "Amélie Dupont", "close"),  # an initial
        ("Amelie Dupond", "Amélie Dupont", "close"),  # a slip
        ("Maria Garcia", "María José García Pérez", "close"),  # names left out
        ("Oliver Whitfield", "Oliver James Whitfield", "close"),
        ("Oliver", "Oliver James Whitfield", "no_match"),  # a first name says too little
        ("Anna Schmidt", "Amélie Dupont", "no_match"),
        ("B. Dupont", "Amélie Dupont", "no_match"),
        ("Tim Lee", "Kim Lee", "no_match"),  # short names differ by a letter
        ("Wang Xiaoming", "王小明", "cannot"),  # another script
        ("Amélie Dupont", "", "cannot"),
        ("?!", "Amélie Dupont", "cannot"),
    ],
)
def test_a_name_is_compared_as_people_write_names(typed, holder, outcome):
    found = rules.compare(typed, holder)

    assert found.outcome == Outcome(outcome)
    assert found.name == (holder if outcome in {"match", "close"} else "")


@given(st.text(max_size=40), st.text(max_size=40))
def test_comparing_names_never_fails_and_goes_both_ways(one, other):
    assert rules.compare(one, other).outcome == rules.compare(other, one).outcome
