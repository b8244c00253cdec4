"""Commands on customers."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from banking.accounts.parties.errors import CustomerUnknown
from banking.accounts.parties.models import Customer, TierGrant
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.ids import new_id
from kernel.people.identity import queries as people


@command("banking.parties.register_customer")
def register_customer(
    *,
    owner_id: UUID,
    kind: Literal["person", "organisation"],
    country: str,
    locale: str,
    actor: Actor,
) -> None:
    """Note somebody as a customer of the bank; who is one already stays as noted."""
    values = {
        "id": owner_id,
        "kind": kind,
        "country": country,
        "locale": locale,
        "since": clock.now(),
    }
    session().execute(insert(Customer).values(**values).on_conflict_do_nothing())


@command("banking.parties.greet")
def greet(*, person_id: UUID, actor: Actor) -> None:
    """Note a person as a customer who is here before the news of their sign-up."""
    person = people.person(person_id)
    if person is not None and session().get(Customer, person_id) is None:
        register_customer(
            owner_id=person_id,
            kind="person",
            country=person.country,
            locale=person.locale,
            actor=actor,
        )


@command("banking.parties.grant_tier")
def grant_tier(*, owner_id: UUID, tier: int, basis: str, evidence: str, actor: Actor) -> bool:
    """Note that a customer reached a tier and why; return whether it is higher than before.

    What the tier allows counts once limits follow it, in the same command of the caller.
    Locks: the customer. Raises: CustomerUnknown.
    """
    customer = session().get(Customer, owner_id, with_for_update=True, populate_existing=True)
    if customer is None:
        raise CustomerUnknown
    if tier <= customer.tier:
        return False
    customer.tier = tier
    session().add(
        TierGrant(
            id=new_id(),
            customer_id=owner_id,
            tier=tier,
            basis=basis,
            evidence=evidence,
            granted_at=clock.now(),
            granted_by=actor.person_id,
        )
    )
    session().flush()
    return True


@command("banking.parties.close_customer")
def close_customer(*, owner_id: UUID, actor: Actor) -> None:
    """Note that a customer left the bank; whoever left stays so. Locks: the customer."""
    customer = session().get(Customer, owner_id, with_for_update=True, populate_existing=True)
    if customer is not None and customer.closed_at is None:
        customer.closed_at = clock.now()
