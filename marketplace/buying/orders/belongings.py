"""Orders of guests, for the account that takes them along."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from kernel.db import reading
from kernel.manifest import Belongings
from marketplace.buying.orders.models import OrderGroup


def whose(ref: str) -> tuple[UUID, str] | None:
    """Return who bought what a reference is printed on, and its page; a parcel's leads there."""
    group_ref = ref.rpartition("-")[0] if ref.count("-") == 2 else ref
    query = select(OrderGroup.person_id).where(OrderGroup.ref == group_ref)
    with reading() as current:
        person_id = current.execute(query).scalar_one_or_none()
    return (person_id, f"/orders/{group_ref}") if person_id else None


BELONGINGS = Belongings(key="marketplace.orders", columns=(OrderGroup.person_id,), whose=whose)
