"""How a year of the ledger begins and is put aside, in a test that nobody else writes beside."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import text

from banking.core.ledger import service as ledger
from kernel.actor import SYSTEM
from tests.owner import as_owner

NEXT = datetime.now(UTC).year + 1


def let_a_year_begin(db, year: int = NEXT) -> None:
    """Turn the year, as the schedule does on its first day."""
    with as_owner(db):
        db.execute(text("SELECT banking.add_ledger_year(:year)"), {"year": year})
        db.execute(text("SELECT banking.number_journals_of(:year)"), {"year": year})


def roll_up(db) -> None:
    """Bring the snapshots of house accounts up to the last entry.

    Nobody else writes here, so nobody is waited for: whatever runs elsewhere on the server.
    """
    for _ in range(3):
        ledger.roll_up(actor=SYSTEM)
        db.execute(text("UPDATE banking.roll_up_mark SET horizon = 1"))


def put_aside(before: date = date(2021, 1, 1)) -> int:
    """Put aside what was booked before a day; return how many years."""
    return ledger.put_years_aside(before=before, actor=SYSTEM)
