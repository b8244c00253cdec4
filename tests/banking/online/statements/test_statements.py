"""Closed months: one after the other without a gap, chained, and never changed."""

from __future__ import annotations

from datetime import date

import pytest
from bank_objects import CARD, book, eur, house, make_wallet
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from banking.core.ledger import service as ledger
from banking.core.ledger.queries import movements
from banking.online.statements import jobs, proofs, queries, rules, service
from banking.online.statements.errors import StatementUnknown
from banking.online.statements.events import MonthClosed
from banking.online.statements.rules import Format
from kernel.actor import SYSTEM
from kernel.db import reading, transaction
from kernel.web.letters import render_letter
from tests.asking import english
from tests.banking.online.statements.lived_months import (
    NOVEMBER,
    OCTOBER,
    SEPTEMBER,
    months_of,
    paper,
    period_of,
    top_up,
)


def test_months_follow_each_other_without_a_gap_even_where_nothing_moved(closed):
    assert months_of(closed) == [
        (1, SEPTEMBER, 0, 87950, 2),
        (2, OCTOBER, 87950, 87950, 0),
        (3, NOVEMBER, 87950, 67950, 1),
    ]


def test_a_month_is_closed_an_hour_after_it_ends_and_only_once(lived, clock):
    clock("2026-12-01T00:59:59")
    assert service.close_months(wallet_id=lived.id, actor=SYSTEM) == 2
    clock("2026-12-01T01:00")
    assert service.close_months(wallet_id=lived.id, actor=SYSTEM) == 1
    assert service.close_months(wallet_id=lived.id, actor=SYSTEM) == 0


def test_a_person_hears_of_a_month_in_which_something_moved_and_of_no_other(
    make_person, clock, outbox, db
):
    clock("2026-09-10T12:00")
    person = make_person()
    wallet = make_wallet(owner_id=person.person_id)
    top_up(wallet, "10")

    for now in ("2026-10-01T02:00", "2026-11-01T02:00"):
        clock(now)
        service.close_months(wallet_id=wallet.id, actor=SYSTEM)
    told = [event for event in outbox() if isinstance(event, MonthClosed)]
    with transaction(name="test", actor=SYSTEM):
        jobs.tell_of_statement(told[0])

    assert [event.month for event in told] == [date(2026, 9, 1)]
    data = db.execute(
        text("SELECT data FROM kernel.mail WHERE template = 'banking/mail/statement.txt'")
    ).scalar_one()
    letter = render_letter("banking/mail/statement.txt", "en", data)
    assert letter.subject == english(
        "Your statement for %(month)s: %(currency)s", month="September 2026", currency="Euro"
    )


def test_the_schedule_closes_what_is_due_and_finds_nothing_afterwards(lived, clock):
    clock("2026-12-24T09:00")

    jobs.close_months()

    assert len(months_of(lived)) == 3
    with reading():
        assert lived.id not in queries.wallets_due(count=500)


def test_an_entry_of_midnight_that_comes_late_stands_in_the_next_month(lived, clock):
    clock("2026-10-05T09:00")
    service.close_months(wallet_id=lived.id, actor=SYSTEM)
    later = make_wallet()
    assert months_of(lived)[0].entries == 2
    clock("2026-12-01T02:00")
    service.close_months(wallet_id=lived.id, actor=SYSTEM)

    periods = [period_of(lived, month) for month in (SEPTEMBER, OCTOBER, NOVEMBER)]
    with reading():
        everything = movements(account_id=lived.account_id)
    told = [line.entry_id for period in periods for line in period.lines]
    assert told == [move.entry_id for move in reversed(everything)]
    assert months_of(later) == []


def test_a_closed_month_cannot_be_changed(closed, db):
    for change in (
        "DELETE FROM banking.statements",
        "UPDATE banking.statements SET closing_minor = 0",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), db.begin_nested():
            db.execute(text(change))


def test_every_month_is_chained_to_the_one_before(closed):
    with reading() as current:
        prints = current.execute(
            text("SELECT fingerprint FROM banking.statements WHERE wallet_id = :w"),
            {"w": closed.id},
        ).scalars()
    assert len(set(prints)) == 3


def test_opening_and_entries_lead_to_closing_with_exchange_and_fees_apart(closed):
    september, november = period_of(closed, SEPTEMBER), period_of(closed, NOVEMBER)

    assert september.sums == rules.Sums(
        received=eur("1000"),
        paid=eur("-120.50"),
        exchanged_in=eur(0),
        exchanged_out=eur(0),
        fees=eur(0),
    )
    assert november.sums == rules.Sums(
        received=eur(0),
        paid=eur(0),
        exchanged_in=eur(0),
        exchanged_out=eur("-200"),
        fees=eur("1.00"),
    )
    assert september.opening + eur("1000") - eur("120.50") == september.closing


def test_a_month_that_is_not_closed_has_no_file(lived):
    with pytest.raises(StatementUnknown):
        paper(lived, NOVEMBER, Format.PDF)


def test_where_an_account_stood_is_found_in_the_middle_of_its_past(db, clock):
    days = [f"2026-{month:02d}-{day:02d}T12:00" for month in (1, 2, 3) for day in range(1, 28)]
    clock(days[0])
    wallet, other = make_wallet(), make_wallet()
    booked = {}
    for day in days:
        at = clock(day)
        book(ledger.Leg(wallet.account, eur(1)), ledger.Leg(house(CARD), eur(-1)))
        book(ledger.Leg(other.account, eur(2)), ledger.Leg(house(CARD), eur(-2)))
        booked[at] = db.execute(
            text("SELECT max(id) FROM banking.entries WHERE account_id = :a"),
            {"a": wallet.account_id},
        ).scalar_one()

    def before(at):
        return db.execute(
            text("SELECT banking.entry_before(:a, :at)"), {"a": wallet.account_id, "at": at}
        ).scalar_one()

    last = 0
    for at, entry in booked.items():
        assert before(at) == last
        last = entry
    assert before(clock("2027-01-01T00:00")) == last


def test_a_month_that_is_not_as_it_was_closed_is_found(closed, db):
    assert proofs.PROOF.prove() == (True, "3 closed months, each chained to the one before")

    db.execute(text("SET LOCAL ROLE NONE"))
    db.execute(text("SET LOCAL session_replication_role = replica"))  # past what keeps it so
    db.execute(text("UPDATE banking.statements SET closing_minor = 1 WHERE sequence = 2"))

    assert proofs.PROOF.prove() == (False, f"{closed.iban} 2026-10 is not as it was closed")
