"""Reads of customers."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from banking.parties.models import Customer
from kernel.db import session


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomerView:
    """A customer as other rooms see one."""

    id: UUID
    kind: str
    country: str
    locale: str
    since: datetime


def customer(*, owner_id: UUID) -> CustomerView | None:
    """Return the customer behind an owner of wallets, None when the bank knows none."""
    found = session().get(Customer, owner_id)
    if found is None:
        return None
    return CustomerView(
        id=found.id, kind=found.kind, country=found.country, locale=found.locale, since=found.since
    )
