"""What the ledger does by itself: ends holds, moves snapshots forward, begins and ends years."""

from __future__ import annotations

from datetime import timedelta

from banking.core.ledger import keeping, queries, service
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.jobs import schedule
from kernel.partitions import between_others


@schedule("banking.ledger.end_overdue_holds", every=timedelta(minutes=1), queue="money")
def end_overdue_holds() -> None:
    """Give back what overdue holds keep, account by account, and tell of it."""
    with reading():
        accounts = queries.accounts_with_overdue_holds()
    for account_id in accounts:
        service.expire_holds(account_id=account_id, actor=SYSTEM)
    service.announce_expired_holds(actor=SYSTEM)


@schedule("banking.ledger.move_snapshots", every=timedelta(minutes=5), queue="money")
def move_snapshots() -> None:
    """Keep the balances of house accounts quick to read."""
    service.roll_up(actor=SYSTEM)


@schedule("banking.ledger.turn_years", every=timedelta(days=1), queue="money")
def turn_years() -> None:
    """Give the year to come its table, and put aside what is older than books are kept."""
    between_others(lambda: service.begin_years(actor=SYSTEM))
    before = keeping.kept_since()
    between_others(lambda: service.put_years_aside(before=before, actor=SYSTEM))
