"""Every day is computed by itself; who looks after it is told what is short."""

from __future__ import annotations

from datetime import timedelta

from banking.control.safeguarding import service
from banking.control.safeguarding.events import PackAsked, ShortfallFound
from kernel import mail
from kernel.actor import SYSTEM, Role
from kernel.events import on
from kernel.jobs import schedule
from kernel.people.identity import queries as people


@schedule("banking.safeguarding.compute_days", every=timedelta(hours=1), queue="slow")
def compute_days() -> None:
    """Compute the days that are over: hourly, so that a short one is known in the morning."""
    service.compute_days(actor=SYSTEM)


@on(ShortfallFound, "banking.safeguarding.tell_operators", queue="mail")
def tell_operators(event: ShortfallFound) -> None:
    """Tell everybody who may top up."""
    amount = event.amount.plain()
    for person in people.people_with(Role.OPERATOR):
        mail.send(
            to=person,
            template="banking/mail/shortfall.txt",
            locale=person.locale,
            data={"name": person.name, "amount": amount, "on": event.on.isoformat()},
        )


@on(PackAsked, "banking.safeguarding.make_pack", queue="slow")
def make_pack(event: PackAsked) -> None:
    """Make the pack that somebody asked for."""
    service.make_pack(pack_id=event.pack_id, actor=SYSTEM)
