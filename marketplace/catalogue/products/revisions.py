"""Reads of a listing's history; the caller says which shop asks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from marketplace.catalogue.products import rules
from marketplace.catalogue.products.errors import NoSuchRevision
from marketplace.catalogue.products.models import ListingRevision
from marketplace.catalogue.products.rules import Facts, Kind

__all__ = [
    "Facts",
    "Kind",
]

PAGE = 20
# A person's name stands in the kernel's schema; the join is one to one and spares a question.
_PAGE = text(
    """
    SELECT r.id, r.kind, r.before, r.after, r.at, r.actor, p.name
    FROM marketplace.listing_revision r LEFT JOIN kernel.person p ON p.id = r.person_id
    WHERE r.product_id = :product_id AND r.vendor_id = :vendor_id AND r.id < :before
    ORDER BY r.id DESC LIMIT :most
    """
)
_ONE = text(
    """
    SELECT kind, before FROM marketplace.listing_revision
    WHERE id = :id AND product_id = :product_id AND vendor_id = :vendor_id
    """
)
_LATEST = text(
    """
    SELECT coalesce(max(id), 0) FROM marketplace.listing_revision
    WHERE product_id = :product_id AND kind = 'words'
    """
)


@dataclass(frozen=True, slots=True)
class Revision:
    """One change. Shape: who is a person's name, or what the trail calls the actor."""

    id: int
    kind: Kind
    before: Mapping[str, Any]
    after: Mapping[str, Any]
    at: datetime
    who: str


@dataclass(frozen=True, slots=True)
class History:
    """A page of changes, newest first. Shape: before is the next page's cursor, or 0."""

    revisions: tuple[Revision, ...]
    before: int


def history(*, product_id: int, vendor_id: int, before: int = 0) -> History:
    """Return what a shop changed on a listing."""
    rows = (
        session()
        .execute(
            _PAGE,
            {
                "product_id": product_id,
                "vendor_id": vendor_id,
                "before": before or 2**62,
                "most": PAGE + 1,
            },
        )
        .all()
    )
    revisions = tuple(
        Revision(row.id, Kind(row.kind), row.before, row.after, row.at, row.name or row.actor)
        for row in rows[:PAGE]
    )
    return History(revisions, revisions[-1].id if len(rows) > PAGE else 0)


def words_version(*, product_id: int) -> int:
    """Return a number that every change of a listing's words raises, 0 before the first."""
    return int(session().execute(_LATEST, {"product_id": product_id}).scalar_one())


def former_words(
    *, product_id: int, vendor_id: int, revision_id: int
) -> dict[str, tuple[str, str]]:
    """Return title and description by language as they were before a change.

    Raises: NoSuchRevision.
    """
    row = (
        session()
        .execute(_ONE, {"id": revision_id, "product_id": product_id, "vendor_id": vendor_id})
        .one_or_none()
    )
    if row is None or row.kind != Kind.WORDS or not row.before:
        raise NoSuchRevision
    return {locale: (given[0], given[1]) for locale, given in row.before.items()}


@command("marketplace.revisions.note")
def note(
    *, product_id: int, vendor_id: int, kind: Kind, before: Facts, after: Facts, actor: Actor
) -> None:
    """Note a change in the commit that makes it; nothing is noted when nothing differs."""
    was, became = rules.difference(before, after)
    if was == became:
        return
    session().execute(
        insert(ListingRevision).values(
            product_id=product_id,
            vendor_id=vendor_id,
            kind=kind.value,
            before=was,
            after=became,
            at=clock.now(),
            person_id=actor.person_id,
            actor=actor.label,
        )
    )
