"""What the database refuses when somebody goes round the ledger's own functions."""

from __future__ import annotations

import pytest
from bank_objects import CARD, COMMISSION, eur, house, make_wallet, posted, transfer, verified
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from banking.core.ledger import queries as ledger_queries
from banking.core.ledger import service as ledger
from banking.core.ledger.cli import verify_ledger
from kernel.actor import SYSTEM
from kernel.db import reading, session


def run(sql: str, **values: object) -> object:
    with reading(), session().begin_nested():
        return session().execute(text(sql), values)


def account_id(ref: ledger.AccountRef) -> int:
    with reading():
        return ledger_queries.balance(account=ref).account_id


def refused(sql: str, **values: object) -> str:
    with pytest.raises(DBAPIError) as error:
        run(sql, **values)
    return error.value.orig.sqlstate


INSERT_JOURNAL = (
    "INSERT INTO banking.journals (key, kind, subject, content_hash, legs, value_date, booked_at)"
    " VALUES (gen_random_uuid(), 'probe', 's', '\\x00', :legs, '2026-11-25', '2026-11-25Z')"
    " RETURNING id"
)


def insert_entries(journal: int, *entries: tuple[int, int, str, int]) -> str:
    """Shape: each entry is leg number, account, currency, amount; returns the SQLSTATE."""
    values = ", ".join(
        f"({journal}, {leg}, {account}, '{currency}', 1, {amount})"
        for leg, account, currency, amount in entries
    )
    return refused(
        "INSERT INTO banking.entries"
        " (journal_id, leg, account_id, currency, phase, amount)"
        f" VALUES {values}"
    )


@pytest.fixture
def accounts(db) -> tuple[int, int]:
    make_wallet("10")
    dollars = make_wallet("10", currency="USD")
    return account_id(house(CARD)), account_id(dollars.account)


@pytest.fixture
def journal(db) -> int:
    return run(INSERT_JOURNAL, legs=2).scalar_one()


def test_an_unbalanced_journal_is_refused(accounts, journal):
    euros, _ = accounts
    assert insert_entries(journal, (1, euros, "EUR", -5), (2, euros, "EUR", 4)) == "BK006"


def test_a_leg_of_nothing_is_refused(accounts, journal):
    euros, _ = accounts
    assert insert_entries(journal, (1, euros, "EUR", 0), (2, euros, "EUR", 0)) == "23514"


def test_a_leg_in_another_currency_than_its_account_is_refused(accounts, journal):
    euros, dollars = accounts
    assert insert_entries(journal, (1, euros, "EUR", -5), (2, dollars, "EUR", 5)) == "BK007"


def test_currencies_do_not_balance_each_other(accounts, journal):
    euros, dollars = accounts
    assert insert_entries(journal, (1, euros, "EUR", -5), (2, dollars, "USD", 5)) == "BK006"


def test_half_a_journal_is_refused(accounts, db):
    euros, _ = accounts
    journal = run(INSERT_JOURNAL, legs=3).scalar_one()
    assert insert_entries(journal, (1, euros, "EUR", -5), (2, euros, "EUR", 5)) == "BK006"


def test_entries_of_no_journal_or_no_account_are_refused(accounts, journal):
    euros, _ = accounts
    assert insert_entries(987_654, (1, euros, "EUR", -5), (2, euros, "EUR", 5)) == "BK006"
    assert insert_entries(journal, (1, 987_654, "EUR", -5), (2, euros, "EUR", 5)) == "BK007"


def test_nobody_adds_a_leg_to_a_booked_journal(db):
    booked = transfer(make_wallet("10"), make_wallet(), eur("1"))
    euros = account_id(house(CARD))
    for legs in ((3, 4), (1, 2)):
        state = insert_entries(booked.id, (legs[0], euros, "EUR", -5), (legs[1], euros, "EUR", 5))
        assert state in {"BK006", "23505"}


@pytest.mark.parametrize("table", ["entries", "journals"])
@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE banking.{0} SET {1} = {1}",
        "DELETE FROM banking.{0}",
        "DELETE FROM banking.{0} WHERE false",
        "TRUNCATE banking.{0}",
    ],
)
def test_what_was_booked_stays_booked(db, table: str, sql: str):
    make_wallet("10")
    column = {"entries": "amount", "journals": "kind"}[table]
    assert refused(sql.format(table, column)) == "42501"
    run("SET LOCAL ROLE NONE")  # the owner meets the trigger
    assert refused(sql.format(table, column)) == "EN001"


@pytest.mark.parametrize(
    "change", ["posted = posted - 1001", "held = 1001", "held = -1", "floor = 1001"]
)
def test_an_account_below_its_floor_cannot_be_written(db, change: str):
    wallet = make_wallet("10")
    assert (
        refused(
            f"UPDATE banking.ledger_accounts SET {change} WHERE id = :id",
            id=wallet.account_id,
        )
        == "23514"
    )


@pytest.mark.parametrize(
    ("sql", "check"),
    [
        ("UPDATE banking.ledger_accounts SET posted = posted + 1 WHERE id = :id", "account_posted"),
        ("UPDATE banking.ledger_accounts SET held = held + 1 WHERE id = :id", "account_holds"),
        (
            "UPDATE banking.ledger_accounts SET posted = posted + 1 WHERE kind = 'card_receivable'",
            "account_posted",
        ),
        (INSERT_JOURNAL.replace(":legs", "2"), "journal_whole"),
    ],
)
def test_the_verification_names_the_first_bad_row(db, sql: str, check: str):
    wallet = make_wallet("10")
    assert verified().balanced

    run(sql, **({"id": wallet.account_id} if ":id" in sql else {}))

    found = verified()
    assert not found.balanced
    assert found.problem["check"] == check


def rewrite(sql: str, **values: object) -> None:
    """Change evidence as only somebody who owns the server can: with the triggers switched off."""
    run("SET LOCAL ROLE NONE")
    run("SET LOCAL session_replication_role = replica")
    run(sql, **values)
    run("SET LOCAL session_replication_role = origin")
    run("SET LOCAL ROLE entrepot_app")


def test_a_rewritten_entry_is_found(db):
    transfer(make_wallet("10"), make_wallet(), eur("1"))
    good = transfer(make_wallet("10"), make_wallet(), eur("1"))
    rewrite(
        "UPDATE banking.entries SET amount = amount - 1 WHERE journal_id = :j AND leg = 2",
        j=good.id,
    )

    found = verified()
    assert (found.balanced, found.totals["EUR"]) == (False, -1)
    assert (found.problem["check"], found.problem["journal"]) == ("journal_balanced", good.id)


def test_a_leg_of_another_currency_is_found_although_the_numbers_still_cancel_out(db):
    good = transfer(make_wallet("10"), make_wallet(), eur("1"))
    rewrite(
        "UPDATE banking.entries SET currency = 'USD' WHERE journal_id = :j AND leg = 2", j=good.id
    )

    found = verified()
    assert found.totals == {"EUR": -100, "USD": 100}
    assert (found.problem["check"], found.problem["journal"]) == ("journal_balanced", good.id)


def test_a_rewritten_running_balance_is_found(db):
    wallet = make_wallet("10")
    rewrite(
        "UPDATE banking.entries SET balance_after = 7 WHERE account_id = :a", a=wallet.account_id
    )
    assert verified().problem["check"] == "entry_balance"


def test_a_deleted_journal_is_found(db):
    good = transfer(make_wallet("10"), make_wallet(), eur("1"))
    rewrite("DELETE FROM banking.journals WHERE id = :j", j=good.id)
    found = verified()
    assert (found.problem["check"], found.problem["journal"]) == ("journal_whole", good.id)


def test_the_command_line_says_whole_or_broken(db):
    wallet = make_wallet("10")
    whole = CliRunner().invoke(verify_ledger)
    assert (whole.exit_code, "2 entries checked" in whole.output) == (0, True)

    run("UPDATE banking.ledger_accounts SET posted = 1 WHERE id = :id", id=wallet.account_id)
    broken = CliRunner().invoke(verify_ledger)
    assert broken.exit_code == 1
    assert f"account {wallet.account_id}" in broken.output


def test_a_commission_account_has_no_floor_and_no_lock(db):
    transfer(make_wallet("10"), make_wallet(), eur("1"))
    wallet = make_wallet()
    ledger.post(
        key=wallet.id,
        kind="goodwill",
        legs=[ledger.Leg(house(COMMISSION), eur("-3")), ledger.Leg(wallet.account, eur("3"))],
        subject="s",
        actor=SYSTEM,
    )
    assert posted(house(COMMISSION)) == eur("-3")
    locked = run(
        "SELECT guarded OR posted <> 0 FROM banking.ledger_accounts"
        " WHERE kind = 'commission_revenue'"
    )
    assert locked.scalar_one() is False
