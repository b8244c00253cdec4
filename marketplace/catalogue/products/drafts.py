"""Reads of drafts, by the shop that keeps them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.ids import public_ref
from marketplace.catalogue.products.errors import DraftChangedMeanwhile, TooManyDrafts
from marketplace.catalogue.products.models import ListingDraft

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
        row.ref,
        {name: tuple(typed) for name, typed in fields.items()},
        row.version,
        row.saved_at,
        row.saved_by,
    )


MOST_DRAFTS = 50


@dataclass(frozen=True, slots=True)
class Saved:
    """A kept draft. Shape: version is what the next saving must name."""

    version: int
    at: datetime


@command("marketplace.drafts.save")
def save(
    *,
    vendor_id: int,
    ref: str,
    fields: Mapping[str, Sequence[str]],
    seen_version: int,
    actor: Actor,
) -> Saved:
    """Keep a form as it was typed; the same form again changes nothing.

    Shape: seen_version is the version that the form was opened with, 0 for none.
    Locks: the draft. Raises: DraftChangedMeanwhile, TooManyDrafts.
    """
    form = {name: list(typed) for name, typed in fields.items()}
    row = session().execute(_one(vendor_id, ref).with_for_update()).scalar_one_or_none()
    if row is None:
        return _begun(vendor_id, ref, form, actor)
    if row.fields != form:
        if row.version != seen_version:
            raise DraftChangedMeanwhile
        row.fields, row.version = form, row.version + 1
        row.saved_at, row.saved_by = clock.now(), actor.person_id
        session().flush()
    return Saved(row.version, row.saved_at)


@command("marketplace.drafts.discard")
def discard(*, vendor_id: int, ref: str, actor: Actor) -> None:
    """Throw a draft away; one that is gone already is no news."""
    session().execute(
        delete(ListingDraft).where(ListingDraft.vendor_id == vendor_id, ListingDraft.ref == ref)
    )


def _begun(vendor_id: int, ref: str, kept: Mapping[str, list[str]], actor: Actor) -> Saved:
    count = select(func.count()).where(ListingDraft.vendor_id == vendor_id)
    if session().execute(count).scalar_one() >= MOST_DRAFTS:
        raise TooManyDrafts(most=MOST_DRAFTS)
    row = (
        session()
        .execute(
            insert(ListingDraft)
            .values(
                vendor_id=vendor_id,
                ref=ref,
                fields=kept,
                version=1,
                saved_at=clock.now(),
                saved_by=actor.person_id,
            )
            .on_conflict_do_nothing()
            .returning(ListingDraft.version, ListingDraft.saved_at)
        )
        .one_or_none()
    )
    if row is None:  # two windows began it at once: the other one was first
        raise DraftChangedMeanwhile
    return Saved(row.version, row.saved_at)


def _one(vendor_id: int, ref: str) -> Select[ListingDraft]:
    return select(ListingDraft).where(ListingDraft.vendor_id == vendor_id, ListingDraft.ref == ref)
