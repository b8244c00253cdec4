"""Who signs up becomes a customer."""

from __future__ import annotations

from banking.accounts.parties import service
from kernel.actor import SYSTEM
from kernel.events import on
from kernel.people.identity.events import PersonRegistered


@on(PersonRegistered, "banking.parties.know_customer", queue="money")
def know_customer(event: PersonRegistered) -> None:
    """Note a new person as a customer."""
    service.register_customer(
        owner_id=event.person_id,
        kind="person",
        country=event.country,
        locale=event.locale,
        actor=SYSTEM,
    )
