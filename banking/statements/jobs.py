"""What happens to statements by itself: months are closed, long files are written."""

from __future__ import annotations

from datetime import timedelta

from banking.statements import queries, service
from banking.statements.events import StatementAsked
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.events import on
from kernel.jobs import one_by_one, schedule

_AT_A_TIME = 20_000


@schedule(every=timedelta(minutes=5), queue="slow")
def close_months() -> None:
    """Close the months that are over, wallet by wallet."""
    with reading():
        due = queries.wallets_due(count=_AT_A_TIME)
    one_by_one(due, lambda wallet: service.close_months(wallet_id=wallet, actor=SYSTEM))


@on(StatementAsked, queue="documents")
def write_file(event: StatementAsked) -> None:
    """Write a long file."""
    service.write_order(order_id=event.order_id, actor=SYSTEM)
