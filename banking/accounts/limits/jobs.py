"""What limits do by themselves: follow their dates, and tell whose money waits."""

from __future__ import annotations

from datetime import timedelta

from banking.accounts.limits import queries, service
from banking.core.ledger.events import CreditParked
from kernel import mail
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.events import on
from kernel.jobs import one_by_one, schedule
from kernel.people.identity import queries as people


@on(CreditParked, "banking.limits.tell_what_waits", queue="mail")
def tell_what_waits(event: CreditParked) -> None:
    """Tell a person that money waits outside of a full wallet, and how to free it."""
    for owner_id, amount in queries.parked_by(journal_id=event.journal_id):
        owner = people.person(owner_id)
        if owner is None:
            continue
        mail.send(
            to=owner,
            template="banking/mail/waiting.txt",
            locale=owner.locale,
            data={"name": owner.name, "amount": amount.plain()},
        )


@schedule("banking.limits.let_limits_count", every=timedelta(minutes=5), queue="money")
def let_limits_count() -> None:
    """Let higher limits count whose wait is over, and a tariff whose day has come."""
    with reading():
        owners = queries.owners_due()
    one_by_one(owners, lambda owner_id: service.follow_tier(owner_id=owner_id, actor=SYSTEM))
