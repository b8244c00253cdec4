"""Reads of the address book, always the actor's own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text

from kernel.actor import Actor
from kernel.db import session
from kernel.errors import NotSignedIn
from marketplace.buying.buyers.errors import NoSuchAddress
from marketplace.buying.buyers.rules import (
    in_order,
    phone,
    phone_example,
    phone_forms,
    phone_in,
    postcode,
)

__all__ = [
    "in_order",
    "phone",
    "phone_example",
    "phone_forms",
    "phone_in",
    "postcode",
]  # what other rooms read of this one's rules

_OF_PERSON = """
    SELECT id, label, name, name_latin, lines, city, region, postcode, country, phone, tax_ref,
        is_default
    FROM marketplace.address WHERE person_id = :person_id AND removed_at IS NULL
"""
_OWN = text(f"{_OF_PERSON} ORDER BY is_default DESC, created_at")
_ONE = text(f"{_OF_PERSON} AND id = :id")


@dataclass(frozen=True, slots=True)
class AddressView:
    """An address of the actor; fields as in the table. Shape: phone as E.164, empty for none."""

    id: UUID
    label: str
    name: str
    name_latin: str
    lines: list[str]
    city: str
    region: str
    postcode: str
    country: str
    phone: str
    tax_ref: str
    is_default: bool

    @property
    def place(self) -> dict[str, Any]:
        """Where it is, without who lives there."""
        return {
            "lines": self.lines,
            "postcode": self.postcode,
            "city": self.city,
            "region": self.region,
            "country": self.country,
        }


def addresses_of(actor: Actor) -> list[AddressView]:
    """Return the actor's addresses, the default first. Raises: NotSignedIn."""
    if actor.person_id is None:
        raise NotSignedIn
    return [AddressView(*row) for row in session().execute(_OWN, {"person_id": actor.person_id})]


def address_for(actor: Actor, address_id: UUID) -> AddressView:
    """Return one of the actor's addresses. Raises: NoSuchAddress, NotSignedIn."""
    if actor.person_id is None:
        raise NotSignedIn
    row = session().execute(_ONE, {"id": address_id, "person_id": actor.person_id}).one_or_none()
    if row is None:
        raise NoSuchAddress
    return AddressView(*row)
