"""Days of the claims office leave out weekends and closing days, on the office's own clock."""

from datetime import UTC, date, datetime, timedelta

import pytest

from banking.core.rail import calendars
from insurance.office.hours import queries, rules

FIRST = date(2026, 12, 3)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("began", "days", "by"),
    [
        # A Friday before Christmas: 25 and 26 December rest, and so do both weekends.
        ("2026-12-18T13:00", 1, "2026-12-21T13:00"),
        ("2026-12-18T13:00", 5, "2026-12-28T13:00"),
        # The last day of the year, with 1 January on a Friday.
        ("2026-12-31T09:00", 1, "2027-01-04T09:00"),
        # Over Easter of 2027, 26 to 29 March, and the change to summer time.
        ("2027-03-22T09:00", 15, "2027-04-14T08:00"),
        # 1 May 2028 is a Monday.
        ("2028-04-28T10:00", 1, "2028-05-02T10:00"),
        # A Sunday counts from the Monday's beginning, which is an hour before midnight in London.
        ("2026-12-06T10:00", 1, "2026-12-07T23:00"),
        # Saturday by the office's clock, still Friday by the world's.
        ("2026-12-04T23:30", 1, "2026-12-07T23:00"),
    ],
)
def test_days_are_those_on_which_the_office_works(began, days, by):
    assert queries.later(at(began), days=days) == at(by)


def test_what_began_under_the_row_of_before_keeps_counting_every_day():
    began = at("2026-12-02T23:59")

    assert queries.later(began, days=5) == began + timedelta(days=5)
    assert queries.day_of(at("2026-12-07T23:30"), began=began) == date(2026, 12, 7)
    assert not queries.counts_working_days(FIRST - timedelta(days=1))


def test_a_day_ends_by_the_offices_clock():
    assert queries.day_of(at("2026-12-07T23:30"), began=at("2026-12-03T09:00")) == date(2026, 12, 8)


def test_its_clock_is_that_of_the_calendar_it_works_by():
    hours = rules.hours_on(FIRST)

    assert hours.valid_from == FIRST
    assert hours.zone == calendars.calendar_of(currency=hours.days_of, on=FIRST).zone
    with pytest.raises(ValueError, match="empty"):
        rules.hours_on(date(2025, 12, 31))
