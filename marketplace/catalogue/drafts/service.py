"""Commands of drafts: keep what was typed, throw it away."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, func, select
from sqlalchemy.dialects.postgresql import insert

from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from marketplace.catalogue.drafts.errors import DraftChangedMeanwhile, TooManyDrafts
from marketplace.catalogue.drafts.models import ListingDraft

MOST_DRAFTS = 50


@dataclass(frozen=True, slots=True)
class Saved:
    """A kept draft. Shape: version is what the next saving must name."""

    version: int
    at: datetime


@command("marketplace.drafts.save")
def save(
    *, vendor_id: int, ref: str, fields: Mapping[str, Sequence[str]], seen_version: int,
    actor: Actor,
) -> Saved:  # fmt: skip
    """Keep a form as it was typed; the same form again changes nothing.

    Shape: seen_version is the version that the form was opened with, 0 for none.
    Locks: the draft. Raises: DraftChangedMeanwhile, TooManyDrafts.
    """
    kept = {name: list(typed) for name, typed in fields.items()}
    row = session().execute(_one(vendor_id, ref).with_for_update()).scalar_one_or_none()
    if row is None:
        return _begun(vendor_id, ref, kept, actor)
    if row.fields != kept:
        if row.version != seen_version:
            raise DraftChangedMeanwhile
        row.fields, row.version = kept, row.version + 1
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
    row = session().execute(
        insert(ListingDraft).values(
            vendor_id=vendor_id, ref=ref, fields=kept, version=1, saved_at=clock.now(),
            saved_by=actor.person_id,
        ).on_conflict_do_nothing().returning(ListingDraft.version, ListingDraft.saved_at)
    ).one_or_none()  # fmt: skip
    if row is None:  # two windows began it at once: the other one was first
        raise DraftChangedMeanwhile
    return Saved(row.version, row.saved_at)


def _one(vendor_id: int, ref: str) -> Select[ListingDraft]:
    return select(ListingDraft).where(ListingDraft.vendor_id == vendor_id, ListingDraft.ref == ref)
