"""Owners are told of every change to their handle and payees; old ones are forgotten."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from banking.authorisation.payees import service
from banking.authorisation.payees.events import HandleChosen, PayeeRemoved, PayeeSaved
from kernel import mail
from kernel.actor import SYSTEM
from kernel.events import on
from kernel.jobs import schedule
from kernel.people.identity import queries as people


@schedule("banking.payees.forget_old_payees", every=timedelta(hours=6), queue="slow")
def forget_old_payees() -> None:
    """Delete payees whose time is over."""
    service.forget_payees(actor=SYSTEM)


@on(HandleChosen, "banking.payees.tell_of_handle", queue="mail")
def tell_of_handle(event: HandleChosen) -> None:
    """Write which handle an owner is paid under."""
    _write(event.owner_id, {"what": "handle", "account": f"@{event.handle}", "payee": ""})


@on(PayeeSaved, "banking.payees.tell_of_saved_payee", queue="mail")
def tell_of_saved_payee(event: PayeeSaved) -> None:
    """Write whom an owner saved."""
    _write(event.owner_id, {"what": "saved", "account": event.account, "payee": event.payee_name})


@on(PayeeRemoved, "banking.payees.tell_of_removed_payee", queue="mail")
def tell_of_removed_payee(event: PayeeRemoved) -> None:
    """Write whom an owner removed."""
    _write(event.owner_id, {"what": "removed", "account": event.account, "payee": event.payee_name})


def _write(owner_id: UUID, data: dict[str, str]) -> None:
    owner = people.person(owner_id)
    if owner is None:  # companies read their log
        return
    mail.send(
        to=owner,
        template="banking/mail/payees.txt",
        locale=owner.locale,
        data=data | {"name": owner.name},
    )
