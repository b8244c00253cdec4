"""Policies of cargo as programs walk through them: by pages, newest first."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select, tuple_

from insurance.trade.cargo.models import CargoPolicy, CargoQuote
from insurance.trade.cargo.queries import (
    CargoQuoteView,
    CargoView,
    numbered_view,
    termed_view,
)
from kernel.db import session
from kernel.ids import PageKey


def policies_after(
    *, owner_id: UUID, after: PageKey | None = None, limit: int = 50
) -> list[CargoView]:
    """Return somebody's policies of cargo, newest first, from behind the last row of a page."""
    query = select(CargoPolicy).where(CargoPolicy.owner_id == owner_id)
    if after is not None:
        query = query.where(tuple_(CargoPolicy.bound_at, CargoPolicy.id) < (after.at, after.id))
    query = query.order_by(CargoPolicy.bound_at.desc(), CargoPolicy.id.desc()).limit(limit)
    rows = session().scalars(query).all()
    terms = _terms_of(rows)
    return [termed_view(row, terms[row.terms_id or row.quote_id]) for row in rows]


def _terms_of(rows: Sequence[CargoPolicy]) -> dict[UUID, CargoQuoteView]:
    """Return what each of some policies says, by the row that holds it: one read for all."""
    wanted = {row.terms_id or row.quote_id for row in rows}
    numbers = {row.quote_id: row.number for row in rows}
    found = session().scalars(select(CargoQuote).where(CargoQuote.id.in_(wanted)))
    return {one.id: numbered_view(one, numbers.get(one.id)) for one in found}
