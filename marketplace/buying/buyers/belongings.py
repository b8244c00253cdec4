"""Addresses of guests, for the account that takes them along."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import delete, text

from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.manifest import Belongings
from marketplace.buying.buyers.models import Address

# What an account has already is not there twice, and its own first address stays the first.
_DOUBLED = text(
    """
    UPDATE marketplace.address g SET removed_at = coalesce(g.removed_at, :now), is_default = false
    FROM marketplace.address a
    WHERE g.person_id = :guest AND a.person_id = :person AND a.removed_at IS NULL
        AND (a.name, a.lines, a.city, a.region, a.postcode, a.country)
          = (g.name, g.lines, g.city, g.region, g.postcode, g.country)
    """
)
_NOT_FIRST = text(
    """
    UPDATE marketplace.address g SET is_default = false
    WHERE g.person_id = :guest AND g.is_default AND EXISTS (
        SELECT FROM marketplace.address a
        WHERE a.person_id = :person AND a.is_default AND a.removed_at IS NULL
    )
    """
)


@command("marketplace.buyers.join_addresses")
def join_addresses(*, guest_id: UUID, person_id: UUID, actor: Actor) -> None:
    """Put a guest's addresses beside an account's own, none of them twice."""
    asked = {"guest": guest_id, "person": person_id, "now": clock.now()}
    session().execute(_DOUBLED, asked)
    session().execute(_NOT_FIRST, asked)


@command("marketplace.buyers.forget_guest")
def forget_guest(*, guest_id: UUID, actor: Actor) -> None:
    """Delete the addresses of a guest who bought nothing."""
    session().execute(delete(Address).where(Address.person_id == guest_id))


BELONGINGS = Belongings(
    key="marketplace.addresses",
    columns=(Address.person_id,),
    take=join_addresses,
    forget=forget_guest,
)
