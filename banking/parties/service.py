"""Commands on customers."""

from __future__ import annotations

from typing import Literal
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from banking.parties.models import Customer
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session


@command
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
        "id": owner_id, "kind": kind, "country": country, "locale": locale, "since": clock.now()
    }  # fmt: skip
    session().execute(insert(Customer).values(**values).on_conflict_do_nothing())
