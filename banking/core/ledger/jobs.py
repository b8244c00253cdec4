"""What the ledger does by itself: ends holds whose time is over, moves snapshots forward."""

from __future__ import annotations

from datetime import timedelta

from banking.core.ledger import queries, service
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.jobs import schedule


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
