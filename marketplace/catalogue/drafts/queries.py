"""Reads of drafts, by the shop that keeps them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from kernel.db import session
from kernel.ids import public_ref
from marketplace.catalogue.drafts.models import ListingDraft

# Goods that are not listed yet are known by a reference of this kind.
_KIND = "D"
MOST_SHOWN = 50


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft as its shop sees it. Shape: fields maps a field to all that was typed in it."""

    ref: str
    fields: Mapping[str, tuple[str, ...]]
    version: int
    saved_at: datetime
    saved_by: UUID | None

    @property
    def is_new(self) -> bool:
        """Whether the goods are not listed yet."""
        return self.ref.startswith(f"{_KIND}-")

    def typed(self, name: str) -> str:
        """Return what stands in a field, empty when nothing does."""
        given = self.fields.get(name, ())
        return given[0] if given else ""


def new_ref() -> str:
    """Return a reference for a draft of new goods."""
    return public_ref(_KIND)


def is_ref(ref: str) -> bool:
    """Whether a reference may name a draft of new goods."""
    return ref.startswith(f"{_KIND}-") and len(ref) <= 20 and ref[2:].isalnum() and ref.isascii()


def draft(*, vendor_id: int, ref: str) -> DraftView | None:
    """Return a shop's draft, None when there is none."""
    row = session().get(ListingDraft, (vendor_id, ref))
    return _view(row) if row is not None else None


def drafts_of(*, vendor_id: int) -> tuple[DraftView, ...]:
    """Return a shop's drafts, the last saved first; a shop keeps no more than are shown."""
    query = (
        select(ListingDraft)
        .where(ListingDraft.vendor_id == vendor_id)
        .order_by(ListingDraft.saved_at.desc(), ListingDraft.ref)
        .limit(MOST_SHOWN)
    )
    return tuple(_view(row) for row in session().execute(query).scalars())


def _view(row: ListingDraft) -> DraftView:
    fields: Mapping[str, Any] = row.fields
    return DraftView(
        row.ref, {name: tuple(typed) for name, typed in fields.items()}, row.version,
        row.saved_at, row.saved_by,
    )  # fmt: skip
