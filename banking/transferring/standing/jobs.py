"""Standing orders are looked at every ten minutes, and people are told what became of them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from banking.transferring.standing import queries, service
from banking.transferring.standing.events import StandingOrderChanged, StandingRunNotPaid
from kernel import mail
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.events import on
from kernel.jobs import one_by_one, schedule
from kernel.people.identity import queries as people


@schedule("banking.standing.run_standing_orders", every=timedelta(minutes=10), queue="money")
def run_standing_orders() -> None:
    """Pay what is due; several periods of one order when the bank was away."""
    with reading():
        due = queries.due()
    one_by_one(due, _run)


def _run(order_id: UUID) -> None:
    while service.run_due(order_id=order_id, actor=SYSTEM) is not None:
        pass


@on(StandingOrderChanged, "banking.standing.tell_of_change", queue="mail")
def tell_of_change(event: StandingOrderChanged) -> None:
    """Write that a standing order runs, rests or has ended."""
    _write(event.order_id, {"what": event.state, "day": "", "why": "", "again": ""})


@on(StandingRunNotPaid, "banking.standing.tell_of_unpaid", queue="mail")
def tell_of_unpaid(event: StandingRunNotPaid) -> None:
    """Write that a payment was not made, why, and when it is tried again."""
    again = event.retry_at.isoformat() if event.retry_at else ""
    _write(
        event.order_id,
        {
            "what": event.result,
            "day": event.due_on.isoformat(),
            "why": event.reason,
            "again": again,
        },
    )


def _write(order_id: UUID, more: dict[str, Any]) -> None:
    order = queries.order(order_id=order_id)
    owner = people.person(order.person_id)
    if owner is None:
        return
    mail.send(
        to=owner,
        template="banking/mail/standing.txt",
        locale=owner.locale,
        data=more
        | {
            "name": owner.name,
            "zone": owner.zone,
            "payee": order.payee_name,
            "ref": order.ref,
            "amount": order.amount.plain(),
            "next": order.coming[0].isoformat() if order.coming else "",
        },
    )
