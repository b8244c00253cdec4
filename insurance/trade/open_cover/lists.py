"""Open covers and declarations as programs walk through them: by pages, newest first."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, tuple_

from insurance.trade.open_cover.models import Declaration, OpenCover
from insurance.trade.open_cover.queries import (
    DeclarationView,
    OpenCoverView,
    declaration_view,
    declared_as,
    view,
)
from kernel.db import session
from kernel.ids import PageKey


def covers_after(*, owner_id: UUID, after: PageKey | None, limit: int) -> list[OpenCoverView]:
    """Return somebody's open covers, from behind the last row of the page before."""
    query = select(OpenCover).where(OpenCover.owner_id == owner_id)
    if after is not None:
        query = query.where(tuple_(OpenCover.created_at, OpenCover.id) < (after.at, after.id))
    query = query.order_by(OpenCover.created_at.desc(), OpenCover.id.desc()).limit(limit)
    return [view(row) for row in session().scalars(query)]


def declarations_after(
    cover: OpenCoverView, *, reference: str, after: PageKey | None, limit: int
) -> list[DeclarationView]:
    """Return what was declared under a cover, from behind the last row of the page before.

    Shape: reference is the holder's own, empty for all of them.
    """
    query = select(Declaration).where(Declaration.open_cover_id == cover.id)
    if reference:
        query = query.where(Declaration.reference == reference)
    if after is not None:
        query = query.where(tuple_(Declaration.at, Declaration.policy_id) < (after.at, after.id))
    query = query.order_by(Declaration.at.desc(), Declaration.policy_id.desc()).limit(limit)
    return [declaration_view(row, cover.deposit.currency) for row in session().scalars(query)]


def declaration_called(cover: OpenCoverView, number: str) -> DeclarationView:
    """Return a declaration under a cover by its certificate. Raises: DeclaredShipmentUnknown."""
    return declaration_view(declared_as(cover, number), cover.deposit.currency)
