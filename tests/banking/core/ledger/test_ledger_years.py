"""The ledger lies by years; one that is not kept any more is put aside, and balances stand."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from bank_objects import CARD, available, eur, house, make_wallet, posted, transfer, verified
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from banking import api as bank
from banking.accounts.wallets import service as wallet_service
from banking.control.explorer.queries import books
from banking.control.safeguarding import queries as safeguarding
from banking.core.ledger import jobs, keeping
from banking.core.ledger import queries as ledger_queries
from banking.core.ledger import service as ledger
from banking.core.ledger.errors import PutAside
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.ids import new_id
from kernel.manifest import manifests
from tests.banking.years import NEXT, let_a_year_begin, put_aside, roll_up
from tests.owner import as_owner

pytestmark = pytest.mark.usefixtures("numbers_go_back")
FIRST = NEXT * 10**12
# Where journals of this year lie: years have numbers of their own since 2027.
PART = "before" if NEXT == 2027 else str(NEXT - 1)


def parts(db) -> list[str]:
    sql = (
        "SELECT inhrelid::regclass::text FROM pg_inherits"
        " WHERE inhparent = 'banking.entries'::regclass ORDER BY 1"
    )
    return list(db.execute(text(sql)).scalars())


def lies_in(db, journal: bank.JournalView) -> set[str]:
    sql = "SELECT DISTINCT tableoid::regclass::text FROM banking.entries WHERE journal_id = :id"
    return set(db.execute(text(sql), {"id": journal.id}).scalars())


@pytest.fixture
def past(db, clock) -> tuple[bank.WalletView, bank.WalletView]:
    """Two wallets that moved money in 2020 and again today, in numbers of two years."""
    clock("2020-03-01T10:00")
    wallets = make_wallet("100"), make_wallet("20")
    transfer(*wallets, eur("30.50"))
    let_a_year_begin(db)
    clock(f"{NEXT - 1}-11-30T10:00")
    transfer(*reversed(wallets), eur("1.25"))
    roll_up(db)
    return wallets


def test_next_year_has_its_table_before_it_begins_and_one_call_is_enough(db):
    assert {"banking.entries_before", f"banking.entries_{NEXT}"} <= set(parts(db))
    assert ledger.begin_years(actor=SYSTEM) == 0


def test_journals_take_numbers_of_a_year_once_it_has_begun_and_never_go_back(db):
    payer, payee = make_wallet("100"), make_wallet()
    before = transfer(payer, payee, eur("10"))
    assert before.id < FIRST
    assert lies_in(db, before) == {f"banking.entries_{PART}"}

    let_a_year_begin(db)
    after = transfer(payer, payee, eur("20"))
    assert FIRST < after.id < FIRST + 10
    assert lies_in(db, after) == {f"banking.entries_{NEXT}"}
    let_a_year_begin(db)
    assert transfer(payer, payee, eur("1")).id > after.id

    assert available(payee) == eur("31")
    assert verified().balanced
    with reading():
        moved = ledger_queries.movements(account_id=payee.account_id, count=10)
        legs = ledger_queries.legs_of(journal_id=before.id)
    assert [one.amount for one in moved] == [eur("1"), eur("20"), eur("10")]
    assert [leg.amount for leg in legs] == [-eur("10"), eur("10")]


def test_what_was_booked_before_the_year_is_booked_back_in_it(db):
    payer, payee = make_wallet("100"), make_wallet()
    before = transfer(payer, payee, eur("10"))
    let_a_year_begin(db)
    back = ledger.reverse(journal_id=before.id, key=new_id(), actor=SYSTEM)
    assert back.id > FIRST
    assert (available(payer), available(payee)) == (eur("100"), eur("0"))
    again = transfer(payer, payee, eur("10"), key=before.key)
    assert (again.id, again.is_replay) == (before.id, True)
    assert verified().balanced


@pytest.mark.parametrize(
    "sql",
    [
        f"UPDATE banking.entries_{PART} SET amount = amount + 1",
        f"DELETE FROM banking.entries_{PART}",
        f"TRUNCATE banking.entries_{PART}",
        (
            f"INSERT INTO banking.entries_{PART}"
            " (journal_id, leg, account_id, currency, phase, amount)"
            " SELECT max(journal_id) + 1, 1, min(account_id), 'EUR', 1, 5 FROM banking.entries"
        ),
    ],
)
def test_a_part_of_the_ledger_refuses_even_its_owner_what_the_ledger_refuses(db, sql):
    make_wallet("100")
    with pytest.raises(DBAPIError) as refused, db.begin_nested(), as_owner(db):
        db.execute(text(sql))
    assert refused.value.orig.sqlstate in {"EN001", "BK006"}


def test_whoever_serves_reaches_no_part_and_turns_no_year(db):
    make_wallet("100")
    for sql in (
        f"SELECT count(*) FROM banking.entries_{PART}",
        "SELECT banking.add_ledger_year(2040)",
        "SELECT banking.number_journals_of(2040)",
        "SELECT banking.guard_entries('banking.entries')",
    ):
        with pytest.raises(DBAPIError, match="permission denied"), db.begin_nested():
            db.execute(text(sql))


def test_a_year_is_put_aside_and_everything_comes_to_the_same(db, past):
    payer, payee = past
    with reading():
        before = verified()
        kinds = books().kinds
        held = safeguarding.positions_on(date(NEXT - 1, 11, 29))
    assert before.balanced

    assert put_aside() == 1

    assert f"banking.entries_{PART}" not in parts(db)
    after = verified()
    assert after.balanced, after.problem
    assert (after.entries, after.totals) == (before.entries, before.totals)
    assert (available(payer), available(payee)) == (eur("70.75"), eur("49.25"))
    assert posted(house(CARD)) == -eur("120")
    with reading():
        assert books().kinds == kinds
        assert safeguarding.positions_on(date(NEXT - 1, 11, 29)) == held
        now = datetime(NEXT - 1, 11, 30, 9, tzinfo=UTC)
        assert ledger_queries.posted_at(account_id=payer.account_id, at=now) == eur("69.50")
        seen = ledger_queries.movements(account_id=payer.account_id)
    assert [one.amount for one in seen] == [eur("1.25")]
    for proof in (proof for manifest in manifests() for proof in manifest.proofs()):
        assert proof.prove()[0], proof.name
    # The chain of running balances goes on from what is carried.
    transfer(payer, payee, eur("70.75"))
    assert verified().balanced
    assert put_aside() == 0
    row = db.execute(text("SELECT name, journals, entries FROM banking.ledger_years")).one()
    assert row == (PART, 3, 6)


def test_a_time_that_was_put_aside_is_not_told_as_zero(db, past):
    payer, _ = past
    assert put_aside() == 1
    with reading(), pytest.raises(PutAside) as refused:
        ledger_queries.posted_at(account_id=payer.account_id, at=datetime(2020, 3, 1, tzinfo=UTC))
    assert refused.value.data["since"] == date(2020, 3, 2)


def test_what_was_put_aside_is_not_booked_twice_and_not_booked_back(db, clock):
    clock("2020-03-01T10:00")
    payer, payee = make_wallet("100"), make_wallet()
    before = transfer(payer, payee, eur("30.50"))
    let_a_year_begin(db)
    clock(f"{NEXT - 1}-11-30T10:00")
    roll_up(db)
    assert put_aside() == 1

    again = transfer(payer, payee, eur("30.50"), key=before.key)
    assert (again.id, again.is_replay) == (before.id, True)
    with pytest.raises(PutAside):
        ledger.reverse(journal_id=before.id, key=new_id(), actor=SYSTEM)
    assert available(payee) == eur("30.50")
    assert verified().balanced


def test_what_was_put_aside_stays_what_it_was_behind_a_closed_door(db, past):
    assert put_aside() == 1
    with pytest.raises(DBAPIError, match="permission denied"), db.begin_nested():
        db.execute(text(f"SELECT count(*) FROM banking_past.entries_{PART}"))
    for sql in (
        f"DELETE FROM banking_past.entries_{PART}",
        "UPDATE banking.ledger_carried SET posted = posted + 1",
        "DELETE FROM banking.ledger_years",
    ):
        with pytest.raises(DBAPIError, match="refused"), db.begin_nested(), as_owner(db):
            db.execute(text(sql))


@pytest.mark.parametrize(
    ("sql", "check"),
    [
        (
            (
                "UPDATE banking.ledger_carried SET posted = posted + 1"
                " WHERE account_id = (SELECT max(account_id) FROM banking.ledger_carried)"
            ),
            "account_posted",
        ),
        (
            (
                "UPDATE banking.ledger_carried SET held = held + 1 WHERE account_id ="
                " (SELECT min(id) FROM banking.ledger_accounts WHERE kind = 'wallet')"
            ),
            "account_held",
        ),
        ("DELETE FROM banking.ledger_carried", "account_posted"),
        ("UPDATE banking.ledger_years SET entries = entries + 2", "year_whole"),
        ("UPDATE banking.ledger_years SET journals = journals - 1", "year_whole"),
        ("DELETE FROM banking.ledger_years", "journal_whole"),
    ],
)
def test_whoever_changes_what_is_carried_past_every_guard_is_found(db, past, sql, check):
    assert put_aside() == 1
    with as_owner(db):
        db.execute(text("SET LOCAL session_replication_role = replica"))
        assert db.execute(text(sql)).rowcount
        db.execute(text("SET LOCAL session_replication_role = origin"))
    found = verified()
    assert not found.balanced
    assert found.problem["check"] == check


def test_years_without_a_journal_are_in_nobodys_way(db, clock):
    clock("2020-03-01T10:00")
    make_wallet("100")
    # The year after next, with next year empty between.
    let_a_year_begin(db, NEXT + 1)
    make_wallet("5")
    let_a_year_begin(db, NEXT + 2)
    roll_up(db)
    assert put_aside() == 2
    assert f"banking.entries_{NEXT}" in parts(db)
    assert verified().balanced


def test_a_year_with_an_open_hold_stays(db, clock):
    clock("2020-03-01T10:00")
    wallet = make_wallet("100")
    hold = wallet_service.hold(
        key=new_id(),
        wallet_id=wallet.id,
        amount=eur("5"),
        reason="Order G-1",
        subject="G-1",
        expires_at=datetime(2020, 3, 1, 10, tzinfo=UTC) + timedelta(minutes=30),
        actor=SYSTEM,
    )
    let_a_year_begin(db)
    roll_up(db)
    assert put_aside() == 0
    ledger.release(hold_id=hold.id, key=new_id(), actor=SYSTEM)
    roll_up(db)
    assert put_aside() == 1
    assert verified().balanced


def test_a_year_stays_until_house_accounts_have_counted_it(db, clock):
    clock("2020-03-01T10:00")
    make_wallet("100")
    let_a_year_begin(db)
    assert put_aside() == 0
    roll_up(db)
    assert put_aside() == 1
    assert posted(house(CARD)) == -eur("100")


def test_the_year_that_is_written_and_one_that_is_young_stay(db, clock):
    clock("2020-03-01T10:00")
    make_wallet("100")
    roll_up(db)
    assert put_aside() == 0, "journals still take its numbers"
    clock(f"{datetime.now(UTC).year - 4}-01-01T00:30")
    make_wallet("5")
    let_a_year_begin(db)
    roll_up(db)
    assert put_aside() == 0, "its last journal is younger"
    assert put_aside(date(2100, 1, 1)) == 0, "nobody asks for less than five years"


def test_the_schedule_keeps_ten_whole_years(db, past, clock):
    clock("2030-12-31T10:00")
    assert keeping.kept_since() == date(2020, 1, 1)
    jobs.turn_years()
    assert f"banking.entries_{PART}" in parts(db)
    clock("2031-01-01T10:00")
    assert keeping.kept_since() == date(2021, 1, 1)
    jobs.turn_years()
    assert f"banking.entries_{PART}" not in parts(db)
    assert verified().balanced
