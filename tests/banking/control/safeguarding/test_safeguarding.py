"""A missing cent is found, told and topped up by two people; a computed day is evidence."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from click.testing import CliRunner
from sqlalchemy import text

from banking.control.safeguarding import jobs, queries, service
from banking.control.safeguarding.cli import safeguarding_own_money
from banking.control.safeguarding.errors import TopUpClosed
from banking.control.safeguarding.events import ShortfallFound
from banking.core.ledger import service as ledger
from kernel.actor import SYSTEM
from kernel.db import reading, transaction
from kernel.four_eyes import OwnProposal
from kernel.ids import new_id
from kernel.money import Money
from tests.banking.bank_objects import book, eur, house, posted
from tests.banking.control.safeguarding.safeguarded_days import (
    MONDAY,
    SUNDAY,
    compute,
    days,
    deposit,
    of_kind,
    open_one,
)


def test_a_day_with_everything_in_its_place_is_short_of_nothing(scope, clock, outbox):
    deposit("100.00")

    assert compute(clock) == [SUNDAY]

    day = days()[SUNDAY, "EUR"]
    assert (day.requirement, day.resource) == (eur("100.00"), eur("100.00"))
    assert of_kind(outbox, ShortfallFound) == []


def test_money_of_the_house_beside_the_customers_bears_what_is_missing_once_per_key(
    scope, clock, outbox, sound
):
    deposit("100.00", missing="1.70")
    key = new_id()
    for _ in range(2):
        service.place_own_money(amount=eur("5.00"), key=key, actor=SYSTEM)

    compute(clock)

    day = days()[SUNDAY, "EUR"]
    assert (day.requirement, day.resource) == (eur("100.00"), eur("103.30"))
    assert posted(house("operating_bank")) == eur("5.00")
    assert of_kind(outbox, ShortfallFound) == []


def test_own_money_is_placed_from_the_command_line(db):
    words = ["--amount", "250.00", "--currency", "EUR"]
    for _ in range(2):
        said = CliRunner().invoke(safeguarding_own_money, words, catch_exceptions=False)
    assert said.output == "250.00 EUR of the house's own are kept beside the customers'.\n"
    assert posted(house("safeguarding_bank")) == eur("-250.00")


def test_a_missing_cent_is_found_told_and_topped_up_by_two_people(
    scope, clock, outbox, make_operator, db, sound
):
    deposit("100.00", missing="0.01")
    first, second = make_operator(), make_operator()
    compute(clock)

    (told,) = of_kind(outbox, ShortfallFound)
    with transaction(name="test", actor=SYSTEM):
        jobs.tell_operators(told)
    mails = db.execute(
        text("SELECT recipient FROM kernel.mail WHERE template LIKE '%shortfall%'")
    ).scalars()
    proposed = open_one()
    service.sign(top_up_id=proposed.id, actor=first)
    with pytest.raises(OwnProposal):
        service.book(top_up_id=proposed.id, actor=first)
    nothing_yet = posted(house("safeguarding_bank"))
    service.book(top_up_id=proposed.id, actor=second)

    assert (told.on, told.amount, proposed.amount) == (SUNDAY, eur("0.01"), eur("0.01"))
    assert {first.email, second.email} <= set(mails)
    assert nothing_yet == eur("-99.99")
    assert posted(house("safeguarding_bank")) == eur("-100.00")
    assert posted(house("operating_bank")) == eur("0.01")
    compute(clock, "2026-11-03T06:00")
    assert not days()[MONDAY, "EUR"].difference
    with reading():
        assert queries.warning(first) is None
    with pytest.raises(TopUpClosed):
        service.book(top_up_id=proposed.id, actor=second)
    sound()


def test_nobody_books_what_nobody_signed(scope, clock, make_operator):
    deposit("100.00", missing="0.01")
    compute(clock)

    with pytest.raises(TopUpClosed):
        service.book(top_up_id=open_one().id, actor=make_operator())


def test_the_database_refuses_a_top_up_by_one_person(scope, clock, db, make_operator):
    deposit("100.00", missing="0.01")
    compute(clock)
    with pytest.raises(Exception, match="booked_by_two"), db.begin_nested():
        db.execute(
            text(
                "UPDATE banking.safeguarding_top_ups SET state = 'booked', maker_id = :p,"
                " checker_id = :p, journal_id = 1, closed_at = proposed_at"
            ),
            {"p": make_operator().person_id},
        )


def test_no_currency_covers_another(scope, clock, outbox):
    deposit("100.00", missing="1.00")
    book(
        ledger.Leg(house("safeguarding_bank", "USD"), Money.of("-500.00", "USD")),
        ledger.Leg(house("operating_bank", "USD"), Money.of("500.00", "USD")),
    )

    compute(clock)

    assert [event.amount for event in of_kind(outbox, ShortfallFound)] == [eur("1.00")]


def test_a_day_is_what_stood_at_its_midnight(scope, clock):
    deposit("100.00")
    clock("2026-11-02T00:00")
    deposit("40.00", missing="2.00")

    compute(clock)

    assert days()[SUNDAY, "EUR"].requirement == eur("100.00")
    with reading():
        (position,) = queries.positions_now()
    assert (position.requirement, position.shortfall) == (eur("140.00"), eur("2.00"))


def test_missed_days_are_made_good_and_the_newest_alone_is_topped_up(scope, clock, outbox):
    deposit("100.00", missing="3.00")
    compute(clock)
    clock("2026-11-04T12:00")
    deposit("10.00", missing="0.50")

    assert compute(clock, "2026-11-06T06:00") == [MONDAY + timedelta(days=n) for n in range(4)]
    assert compute(clock, "2026-11-06T07:00") == []

    found = open_one()
    assert (found.on, found.amount) == (date(2026, 11, 5), eur("3.50"))
    assert [event.amount for event in of_kind(outbox, ShortfallFound)] == [
        eur("3.00"),
        eur("3.50"),
    ]
    assert days()[date(2026, 11, 3), "EUR"].difference == eur("-3.00")


def test_a_shortfall_is_told_when_it_begins_and_when_it_grows_and_not_day_by_day(
    scope, clock, outbox, make_operator
):
    deposit("100.00", missing="3.00")
    for day in (2, 3, 4):
        compute(clock, f"2026-11-0{day}T06:00")
    deposit("10.00", missing="0.50")
    for day in (5, 6):
        compute(clock, f"2026-11-0{day}T06:00")
    service.sign(top_up_id=open_one().id, actor=make_operator())
    service.book(top_up_id=open_one().id, actor=make_operator())
    deposit("10.00", missing="0.20")
    compute(clock, "2026-11-07T06:00")

    assert [(event.on.day, event.amount) for event in of_kind(outbox, ShortfallFound)] == [
        (1, eur("3.00")),
        (4, eur("3.50")),
        (6, eur("0.20")),
    ]
    assert (open_one().on.day, open_one().amount) == (6, eur("0.20"))


@pytest.mark.parametrize("table", ["safeguarding_days", "safeguarding_parts"])
@pytest.mark.parametrize(
    "sql", ["UPDATE banking.{} SET currency = 'USD'", "DELETE FROM banking.{}"]
)
def test_a_computed_day_is_evidence(scope, clock, db, table, sql):
    deposit("100.00")
    compute(clock)

    with pytest.raises(Exception, match=r"permission denied|evidence"), db.begin_nested():
        db.execute(text(sql.format(table)))


@pytest.mark.parametrize("currency", ["EUR", "CNY", "JPY"])
def test_what_goes_to_another_bank_is_owed_until_it_is_there_and_then_kept_no_more(scope, currency):
    wallet = deposit("100", currency=currency)
    sent, clearing = Money.of("30", currency), house("rail_clearing", currency)
    book(ledger.Leg(wallet.account, -sent), ledger.Leg(clearing, sent))
    with reading():
        (under_way,) = queries.positions_now()
    book(ledger.Leg(clearing, -sent), ledger.Leg(house("rail_nostro", currency), sent))
    with reading():
        (there,) = queries.positions_now()

    whole = Money.of("100", currency)
    assert (under_way.requirement, under_way.resource) == (whole, whole)
    assert (there.requirement, there.resource) == (whole - sent, whole - sent)
