"""What happens to statements by itself: months are closed, long files are written."""

from __future__ import annotations

from datetime import timedelta

from banking.accounts.wallets import queries as wallets
from banking.online.statements import queries, service
from banking.online.statements.events import MonthClosed, StatementAsked
from kernel import mail
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.events import on
from kernel.jobs import one_by_one, schedule
from kernel.people.identity import queries as people

_AT_A_TIME = 20_000


@schedule("banking.statements.close_months", every=timedelta(minutes=5), queue="slow")
def close_months() -> None:
    """Close the months that are over, wallet by wallet."""
    with reading():
        due = queries.wallets_due(count=_AT_A_TIME)
    one_by_one(due, lambda wallet: service.close_months(wallet_id=wallet, actor=SYSTEM))


@on(StatementAsked, "banking.statements.write_file", queue="documents")
def write_file(event: StatementAsked) -> None:
    """Write a long file."""
    service.write_order(order_id=event.order_id, actor=SYSTEM)


@on(MonthClosed, "banking.statements.tell_of_statement", queue="mail")
def tell_of_statement(event: MonthClosed) -> None:
    """Write to a person that a month's statement is there; companies look for themselves."""
    wallet = wallets.wallet(wallet_id=event.wallet_id)
    owner = people.person(wallet.owner_id)
    if owner is None:
        return
    mail.send(
        to=owner,
        template="banking/mail/statement.txt",
        locale=owner.locale,
        data={"name": owner.name, "currency": wallet.currency, "month": event.month.isoformat()},
    )
