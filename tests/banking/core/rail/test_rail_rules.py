"""The rail's days and hours, and how names compare."""

from __future__ import annotations

import json
from datetime import MAXYEAR, UTC, date, datetime, timedelta
from functools import cache
from itertools import product

import pytest
from dateutil.easter import easter as of_dateutil
from hypothesis import given
from hypothesis import strategies as st

from banking.accounts.wallets.rules import WALLET_CURRENCIES
from banking.core.rail import rules
from banking.core.rail.calendars import calendar_of, check_reach, currencies, examples
from banking.core.rail.errors import CountryNotReached, RailDoesNotReach, RailNotOffered
from banking.core.rail.public_days import DATA
from banking.core.rail.rules import Outcome
from kernel.money import Money
from tests.banking.core.rail import days_of_package

EURO = calendar_of(currency="EUR", on=date(2026, 11, 25))
POUND = calendar_of(currency="GBP", on=date(2026, 11, 25))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("year", "sunday"), [(2024, "03-31"), (2025, "04-20"), (2026, "04-05"), (2038, "04-25")]
)
def test_easter_falls_where_the_almanac_says(year, sunday):
    assert rules.easter(year).isoformat() == f"{year}-{sunday}"


def test_easter_falls_where_another_reckoning_says_in_every_year_of_the_calendar():
    years = range(1583, MAXYEAR + 1)

    assert [rules.easter(year) for year in years] == [of_dateutil(year) for year in years]


def days(*of_2026):
    return {date.fromisoformat(f"2026-{day}") for day in of_2026}


@pytest.mark.parametrize(
    ("expressions", "closed"),
    [
        (["05-02~"], ["05-02", "05-04"]),  # a Saturday: Monday makes up for it
        (["05-03~"], ["05-03", "05-04"]),
        (["05-01~"], ["05-01"]),  # a Friday needs no substitute
        (["05-02~", "05-03~"], ["05-02", "05-03", "05-04", "05-05"]),
        # Where the week after is closed as well, its first open day, or that of the next.
        (
            ["05-02~", "05-04", "05-05", "05-06", "05-07"],
            ["05-02", "05-04", "05-05", "05-06", "05-07", "05-08"],
        ),
        (
            ["05-02~", "05-04", "05-05", "05-06", "05-07", "05-08"],
            ["05-02", "05-04", "05-05", "05-06", "05-07", "05-08", "05-11"],
        ),
        (["05-03^"], ["05-03", "05-04"]),
        (["05-02^"], ["05-02"]),  # Sundays alone
        (["05-03"], ["05-03"]),  # neither: nothing makes up for it
    ],
)
def test_a_holiday_on_a_weekend_is_made_up_for_as_its_sign_says(expressions, closed):
    assert rules.holidays_of(2026, expressions) == days(*closed)


@pytest.mark.parametrize(
    ("expression", "day"),
    [
        ("mon1/06", "06-01"),  # the month begins with it
        ("mon-1/08", "08-31"),  # and ends with it
        ("mon-1/05", "05-25"),
        ("thu4/11", "11-26"),
        ("fri-1/02", "02-27"),
    ],
)
def test_a_weekday_of_a_month_is_counted_from_its_beginning_or_its_end(expression, day):
    assert rules.holidays_of(2026, [expression]) == days(day)


def test_what_is_accepted_at_the_cut_off_itself_counts_as_the_next_day():
    # Three in the afternoon in Brussels.
    before, then = at("2026-11-25T13:59:59"), at("2026-11-25T14:00:00")

    assert rules.promised(before, EURO).leaves_on == date(2026, 11, 25)
    assert rules.promised(then, EURO).leaves_on == date(2026, 11, 26)


def test_the_other_bank_books_at_its_hour_by_its_own_clock():
    assert rules.settled_at(date(2026, 11, 26), EURO) == at("2026-11-26T09:00")
    assert rules.settled_at(date(2026, 7, 15), EURO) == at("2026-07-15T08:00")


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
    ("asked", "due"),
    [
        ("2026-11-25T09:00", "2026-11-26T09:00"),  # a Wednesday, by Thursday at the same time
        ("2026-11-27T16:00", "2026-11-30T16:00"),  # Friday, by Monday
        ("2026-11-28T09:00", "2026-11-30T23:00"),  # Saturday counts from Monday's beginning
        ("2026-12-24T09:00", "2026-12-28T09:00"),  # Christmas and a weekend between
        ("2026-10-23T15:30", "2026-10-26T16:30"),  # the hour of Brussels stays, winter comes
    ],
)
def test_a_business_day_later_is_the_same_time_on_the_next_open_day(asked, due):
    assert rules.days_later(at(asked), EURO, days=1) == at(due)


@pytest.mark.parametrize(
    ("day", "is_open"),
    [
        ("2026-05-04", False),
        ("2026-05-25", False),
        ("2026-08-31", False),
        ("2026-05-01", True),
        ("2026-12-28", False),  # Boxing Day falls on a Saturday
        ("2027-12-27", False),
        ("2027-12-28", False),  # Christmas on a Saturday, and the day after
        ("2027-12-29", True),
        ("2028-01-03", False),
    ],
)
def test_english_holidays_on_weekends_have_substitutes(day, is_open):
    assert rules.is_open(date.fromisoformat(day), POUND) is is_open


def test_a_transfer_can_be_recalled_for_minutes_but_never_past_the_cut_off():
    recall = timedelta(minutes=5)

    assert rules.leaves_at(at("2026-11-25T09:00"), EURO, recall=recall) == at("2026-11-25T09:05")
    assert rules.leaves_at(at("2026-11-25T13:58"), EURO, recall=recall) == at("2026-11-25T14:00")
    assert rules.leaves_at(at("2026-11-28T09:00"), EURO, recall=recall) == at("2026-11-30T06:00")


@given(
    st.dates(min_value=date(2026, 1, 1), max_value=date(2036, 1, 1)),
    st.times(timezones=st.just(UTC)),
)
def test_every_promise_is_on_open_days_and_in_order(day, time):
    promise = rules.promised(datetime.combine(day, time), EURO)

    assert rules.is_open(promise.leaves_on, EURO)
    assert rules.is_open(promise.arrives_on, EURO)
    assert day <= promise.leaves_on < promise.arrives_on


def test_a_day_moves_by_the_rule_of_its_calendar():
    saturday, sunday = date(2026, 5, 30), date(2026, 5, 31)
    from dataclasses import replace

    preceding = replace(EURO, moves_to="preceding")
    assert [rules.moved(day, EURO) for day in (saturday, sunday)] == [date(2026, 6, 1)] * 2
    assert [rules.moved(day, preceding) for day in (saturday, sunday)] == [date(2026, 5, 29)] * 2


TODAY = date(2026, 11, 25)


@pytest.mark.parametrize(
    ("currency", "day", "is_open"),
    [
        ("USD", "2026-07-03", True),  # the Fed does not make up for a Saturday
        ("USD", "2027-07-05", False),  # Independence Day on a Sunday
        ("USD", "2026-11-26", False),
        ("USD", "2026-11-27", True),  # Thanksgiving, a day after
        ("CNY", "2026-02-14", True),  # a Saturday that is worked for the Spring Festival
        ("CNY", "2026-02-16", False),
        ("CNY", "2026-02-24", True),
        ("CNY", "2026-02-21", False),
        ("CNY", "2026-10-07", False),
        ("CNY", "2026-10-10", True),  # National Day, worked after
        ("JPY", "2026-12-31", False),
        ("JPY", "2027-01-04", True),
        ("JPY", "2026-05-06", False),
        ("JPY", "2026-09-22", False),  # a day between two holidays
        ("KRW", "2026-05-01", False),
        ("KRW", "2026-09-25", False),
        ("KRW", "2026-08-17", False),
        ("BRL", "2026-02-17", False),
        ("BRL", "2026-06-04", False),
        ("BRL", "2026-02-18", True),
        ("AED", "2026-12-02", False),
        ("AED", "2026-11-27", True),  # a Friday is worked
        ("INR", "2026-01-26", False),
        ("INR", "2026-10-02", False),
        ("MXN", "2026-12-12", False),
        ("MXN", "2026-04-02", False),
        ("MXN", "2026-11-02", False),
        ("DKK", "2026-05-15", False),
        ("DKK", "2026-06-05", False),
        ("DKK", "2026-12-24", False),
        ("SEK", "2026-06-19", False),
        ("SEK", "2026-06-18", True),  # Midsummer Eve
        ("NOK", "2026-05-25", False),
        ("CHF", "2026-04-03", False),
        ("CHF", "2027-01-04", True),
        ("PLN", "2026-06-04", False),
        ("CZK", "2026-11-17", False),
        ("CAD", "2026-09-30", False),
        ("AUD", "2026-06-08", False),
        ("SGD", "2026-08-10", False),
        ("HKD", "2026-04-03", False),
        ("NZD", "2026-07-10", False),
        ("ZAR", "2026-08-10", False),
    ],
)
def test_each_rail_rests_on_the_days_of_its_own_country(currency, day, is_open):
    calendar = calendar_of(currency=currency, on=date(2026, 11, 25))

    assert rules.is_open(date.fromisoformat(day), calendar) is is_open


@pytest.mark.parametrize(
    ("currency", "accepted", "leaves", "arrives"),
    [
        ("JPY", "2026-11-25T05:00", "2026-11-25", "2026-11-26"),  # two in the afternoon in Tokyo
        ("JPY", "2026-11-25T09:00", "2026-11-26", "2026-11-27"),  # six in the evening
        ("CNY", "2026-09-30T05:00", "2026-09-30", "2026-10-08"),  # before the golden week
        ("CNY", "2026-10-09T05:00", "2026-10-09", "2026-10-10"),  # there on a worked Saturday
        ("USD", "2026-11-25T19:00", "2026-11-25", "2026-11-27"),  # over Thanksgiving
        ("NZD", "2026-11-25T05:00", "2026-11-26", "2026-11-27"),  # already evening in Auckland
    ],
)
def test_a_promise_goes_by_the_clock_and_the_days_of_where_the_money_goes(
    currency, accepted, leaves, arrives
):
    calendar = calendar_of(currency=currency, on=date(2026, 11, 25))
    promise = rules.promised(at(accepted), calendar)

    assert (promise.leaves_on.isoformat(), promise.arrives_on.isoformat()) == (leaves, arrives)


def test_every_calendar_has_an_example_that_it_reaches():
    from banking.authorisation.payees.rules import target

    for currency in currencies():
        calendar = calendar_of(currency=currency, on=TODAY)
        found = target(calendar.example)
        assert found.printed == calendar.example
        assert found.country in calendar.countries


def test_examples_are_of_what_is_carried_and_never_none():
    assert examples(currencies=["JPY", "TRY"], on=TODAY) == ["JP 0001001 1234567"]
    assert examples(currencies=["TRY"], on=TODAY) == ["DE89 3704 0044 0532 0130 00"]


def test_a_currency_without_a_rail_is_refused():
    assert set(currencies()) < set(WALLET_CURRENCIES)
    with pytest.raises(RailNotOffered) as refused:
        calendar_of(currency="TRY", on=TODAY)
    assert str(refused.value.sentence).startswith("You can't send TRY to other banks")


def test_a_country_out_of_reach_is_refused_with_the_currencies_that_go_there():
    check_reach(currency="EUR", country="DK", on=TODAY)
    check_reach(currency="DKK", country="DK", on=TODAY)
    with pytest.raises(RailDoesNotReach) as refused:
        check_reach(currency="GBP", country="DK", on=TODAY)
    assert refused.value.data["offered"] == "EUR, DKK"
    with pytest.raises(CountryNotReached):
        check_reach(currency="EUR", country="TR", on=TODAY)
    with pytest.raises(RailNotOffered):
        check_reach(currency="TRY", country="TR", on=TODAY)


def test_the_days_of_countries_are_those_of_the_package_and_last_two_years_more():
    kept = DATA.read_text(encoding="utf-8")
    said = json.loads(kept)

    assert kept == days_of_package.lines(range(said["first_year"], said["last_year"] + 1))
    assert said["last_year"] >= datetime.now(UTC).year + 2, "write the next years"


def test_every_country_that_a_rail_rests_on_has_its_days():
    rested_on = {calendar_of(currency=c, on=TODAY).country for c in currencies()} - {""}

    assert rested_on == set(days_of_package.CATEGORIES)


def test_every_rail_rests_on_the_weekend_of_its_country():
    found = {c: calendar_of(currency=c, on=TODAY) for c in currencies()}

    assert {c: tuple(one.weekend) for c, one in found.items()} == {
        c: days_of_package.WEEKENDS.get(one.country, (5, 6)) for c, one in found.items()
    }


@pytest.mark.parametrize(
    ("day", "paid"),
    [
        ("2026-11-26", "2026-11-26"),
        ("2026-11-27", "2026-11-29"),  # Friday and Saturday rest, Sunday works
        ("2026-11-28", "2026-11-29"),
        ("2027-02-25", "2027-02-28"),  # National and Liberation Day, then the weekend
    ],
)
def test_in_kuwait_money_moves_on_sundays_and_rests_on_fridays(day, paid):
    calendar = calendar_of(currency="KWD", on=TODAY)

    assert rules.moved(date.fromisoformat(day), calendar) == date.fromisoformat(paid)


@pytest.mark.parametrize(
    ("account", "written"),
    [
        ("DK5000400440116243", "<IBAN>DK5000400440116243</IBAN>"),
        (
            "CN 102290002433 6222021001234567890",
            "<Othr><Id>CN1022900024336222021001234567890</Id></Othr>",
        ),
        ("MX 032180000118359719", "<Othr><Id>MX032180000118359719</Id></Othr>"),
    ],
)
def test_a_notice_names_an_account_by_iban_else_as_its_country_writes_it(account, written):
    from banking.core.rail import messages

    entry = rules.NotifiedEntry(
        end_to_end="W-1",
        amount=Money(1500, "JPY"),
        is_return=False,
        reason="",
        booked_on=TODAY,
        account=account,
    )
    document = messages.written(
        message_id="N1",
        account="LU280019400644750000",
        at=at("2026-11-25T09:00"),
        entries=[entry],
    )

    assert written in document.replace("\n", "").replace("> <", "><")
    (read,) = messages.read(document)
    assert (read.end_to_end, read.amount) == ("W-1", Money(1500, "JPY"))


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
        ("Annemarie Roux", "Anne Marie Roux", "match"),  # written in one word
        ("Jean ONeil", "O'Neil Jean", "match"),  # an apostrophe takes no word apart
        ("Jean ONeil", "O’Neil Jean", "match"),
        ("(Amélie) Dupont", "Amélie Dupont", "match"),  # a sign has no script
        ("Amélie Dupont", "A. Dupont", "close"),  # an initial on the other side
        ("Li W.", "Li Wei", "close"),  # two letters are a whole name
        ("A. B.", "A. Bertram", "no_match"),  # two initials are none
        ("Anna A.", "Anna Berg", "no_match"),  # an initial of the name that stands there already
        ("A. A. Dupont", "Amélie Bea Dupont", "no_match"),  # two initials of one name
        ("Tim Lee", "Tom Lee", "close"),  # one slip, however short
        ("Tim Lees", "Tom Leas", "no_match"),  # two in eight letters
        ("Holger Beckmon", "Holgar Beckman", "no_match"),  # two in fourteen
        ("Holgar Beckmanni", "Holger Beckmanno", "close"),  # two in sixteen
        ("Holger Beckmann", "Holgar Beckmanno", "no_match"),  # the shorter one counts
        ("Wang Xiaoming", "王小明", "cannot"),  # another script
        ("007", "007", "match"),
        ("Amélie Dupont", "", "cannot"),
        ("?!", "Amélie Dupont", "cannot"),
    ],
)
def test_a_name_is_compared_as_people_write_names(typed, holder, outcome):
    found = rules.compare(typed, holder)

    assert found.outcome == Outcome(outcome)
    assert found.name == (holder if outcome in {"match", "close"} else "")


def test_slips_are_counted_as_the_textbook_counts_them():
    """Over all words of two letters up to five long, and of three up to three long."""
    words = {"".join(word) for length in range(6) for word in product("ab", repeat=length)}
    words |= {"".join(word) for length in range(4) for word in product("abc", repeat=length)}

    for one, other in product(words, repeat=2):
        assert rules._distance(one, other) == slips(one, other), (one, other)


@cache
def slips(one, other):
    """The restricted Damerau-Levenshtein distance by its definition, as a recursion."""
    if not one or not other:
        return len(one) + len(other)
    found = min(
        slips(one[:-1], other) + 1,
        slips(one, other[:-1]) + 1,
        slips(one[:-1], other[:-1]) + (one[-1] != other[-1]),
    )
    if len(one) > 1 and len(other) > 1 and one[-2:] == other[-2:][::-1]:
        found = min(found, slips(one[:-2], other[:-2]) + 1)
    return found


@given(st.text(max_size=40), st.text(max_size=40))
def test_comparing_names_never_fails_and_goes_both_ways(one, other):
    assert rules.compare(one, other).outcome == rules.compare(other, one).outcome
