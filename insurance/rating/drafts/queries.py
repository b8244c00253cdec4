"""Reads of tariffs: in force, coming, being written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from insurance.rating.drafts import rules, vectors
from insurance.rating.drafts.errors import DraftUnknown
from insurance.rating.drafts.models import TariffDraft, TariffPublication
from insurance.rating.drafts.rules import Change, DraftState
from insurance.rating.drafts.vectors import Moved
from insurance.rating.tariff.queries import Tariff, packaged_document
from kernel import clock
from kernel.db import session

__all__ = ["Change", "DraftState", "Moved"]


@dataclass(frozen=True, slots=True, kw_only=True)
class TariffView:
    """A tariff by which cover is or will be sold. Shape: people and instant None if packaged."""

    version: str
    valid_from: date
    sha256: str
    proposed_by: UUID | None = None
    published_by: UUID | None = None
    published_at: datetime | None = None
    accepted: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftView:
    """A draft without its figures. Shape: as `models.TariffDraft`."""

    id: UUID
    ref: str
    insurer_key: str
    based_on: str
    edition: int
    state: DraftState
    author_id: UUID
    proposed_by: UUID | None
    valid_from: date | None
    version: str | None
    reason: str
    changed_at: datetime
    is_rated: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftFile:
    """A draft with what it would change.

    Shape: cells and base map paths to figures of the draft and of the tariff that it follows;
    moved are the worked cases that it prices otherwise, on its first day or, before one is
    proposed, on the first day it may begin; complaints are paths whose figures cannot be sold by.
    """

    draft: DraftView
    document: Mapping[str, Any]
    cells: Mapping[str, str]
    base: Mapping[str, str]
    changes: tuple[Change, ...]
    moved: tuple[Moved, ...]
    earliest: date


def tariffs(*, insurer_key: str) -> tuple[TariffView, ...]:
    """Return every tariff of an insurer, latest first, the packaged one last."""
    rows = session().scalars(
        select(TariffPublication)
        .where(TariffPublication.insurer_key == insurer_key)
        .order_by(TariffPublication.valid_from.desc())
    )
    first = packaged_document()
    return (
        *(
            TariffView(
                version=row.version,
                valid_from=row.valid_from,
                sha256=row.sha256,
                proposed_by=row.proposed_by,
                published_by=row.published_by,
                published_at=row.published_at,
                accepted=row.accepted,
            )
            for row in rows
        ),
        TariffView(
            version=first["tariff_version"],
            valid_from=date.fromisoformat(first["valid_from"]),
            sha256=rules.fingerprint(first),
        ),
    )


def document_of(version: str) -> dict[str, Any]:
    """Return the document of a tariff. Raises: LookupError."""
    first = packaged_document()
    if first["tariff_version"] == version:
        return first
    found = session().scalar(
        select(TariffPublication.document).where(TariffPublication.version == version)
    )
    if found is None:
        raise LookupError(version)
    return dict(found)


def versions() -> tuple[str, ...]:
    """Return the names of all tariffs, whosever they are: no two share one."""
    rows = session().scalars(select(TariffPublication.version))
    return (packaged_document()["tariff_version"], *rows)


def drafts(*, insurer_key: str) -> tuple[DraftView, ...]:
    """Return the drafts of an insurer that are not published, newest first."""
    rows = session().scalars(
        select(TariffDraft)
        .where(TariffDraft.insurer_key == insurer_key, TariffDraft.state != DraftState.PUBLISHED)
        .order_by(TariffDraft.created_at.desc())
    )
    return tuple(view(row) for row in rows)


def draft_file(ref: str) -> DraftFile:
    """Return a draft with all that it would change. Raises: DraftUnknown."""
    row = session().scalar(select(TariffDraft).where(TariffDraft.ref == ref))
    if row is None:
        raise DraftUnknown
    return file_of(row)


def file_of(row: TariffDraft) -> DraftFile:
    """Return what a draft would change."""
    base = document_of(row.based_on)
    earliest = rules.earliest_day(clock.now())
    # A page shows a draft that nobody can sell by yet; its cases are worked once it is sound.
    is_sound = not rules.complaints(row.document, based_on=base)
    old, new = base, row.document
    return DraftFile(
        draft=view(row),
        document=row.document,
        cells=_as_packaged(rules.cells(row.document)),
        base=rules.cells(base),
        changes=rules.differences(base, row.document),
        moved=moved(old, new, on=row.valid_from or earliest) if is_sound else (),
        earliest=earliest,
    )


def _as_packaged(cells: dict[str, str]) -> dict[str, str]:
    """Return cells in the order of the packaged file, which the database does not keep."""
    order = dict.fromkeys((*rules.cells(packaged_document()), *cells))
    return {path: cells[path] for path in order if path in cells}


def moved(old: Mapping[str, Any], new: Mapping[str, Any], *, on: date) -> tuple[Moved, ...]:
    """Return the worked cases that two tariffs price otherwise on a day."""
    return vectors.moved(rules.tariff_of(old), rules.tariff_of(new), on=on)


def drafted_tariff(ref: str) -> tuple[DraftView, Tariff]:
    """Return a draft with the tariff that it holds. Raises: DraftUnknown."""
    row = session().scalar(select(TariffDraft).where(TariffDraft.ref == ref))
    if row is None:
        raise DraftUnknown
    return view(row), rules.tariff_of(row.document)


def view(row: TariffDraft) -> DraftView:
    """Return a draft without its figures."""
    return DraftView(
        id=row.id,
        ref=row.ref,
        insurer_key=row.insurer_key,
        based_on=row.based_on,
        edition=row.edition,
        state=DraftState(row.state),
        author_id=row.author_id,
        proposed_by=row.proposed_by,
        valid_from=row.valid_from,
        version=row.version,
        reason=row.reason,
        changed_at=row.changed_at,
        is_rated=row.rated_edition == row.edition,
    )
