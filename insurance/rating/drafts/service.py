"""Commands on tariffs: begin a draft, write it, propose it, send it back, publish it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select, text

from insurance.rating.drafts import queries, rules
from insurance.rating.drafts.errors import (
    DayTaken,
    DayTooEarly,
    DraftNotOpen,
    DraftOvertaken,
    DraftUnknown,
    DraftUnsound,
    NothingChanged,
    NotRated,
    TariffMakerIsChecker,
    VectorsUnexplained,
)
from insurance.rating.drafts.models import TariffDraft, TariffPublication
from insurance.rating.drafts.queries import DraftView, TariffView
from insurance.rating.drafts.rules import DraftState
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.ids import new_id, public_ref

_ONE_BY_ONE = text("SELECT pg_advisory_xact_lock(hashtext('insurance.tariffs.publish'))")


@command("insurance.tariffs.begin_draft")
def begin_draft(*, insurer_key: str, actor: Actor) -> DraftView:
    """Begin a draft that says what the insurer's latest tariff says."""
    latest = queries.tariffs(insurer_key=insurer_key)[0].version
    now = clock.now()
    row = TariffDraft(
        id=new_id(),
        ref=public_ref("T"),
        insurer_key=insurer_key,
        based_on=latest,
        document=queries.document_of(latest),
        edition=1,
        state=DraftState.OPEN,
        author_id=actor.somebody(),
        reason="",
        created_at=now,
        changed_at=now,
    )
    session().add(row)
    session().flush()
    return queries.view(row)


@command("insurance.tariffs.write_draft")
def write_draft(
    *,
    ref: str,
    edition: int,
    typed: Mapping[str, str],
    tax_row: Mapping[str, str] | None = None,
    actor: Actor,
) -> DraftView:
    """Write figures into a draft; whoever saw an older edition overwrites nothing.

    Shape: typed maps paths of cells to figures. Locks: the draft.
    Raises: DraftUnknown, DraftNotOpen, DraftOvertaken, DraftUnsound.
    """
    row = _locked(ref, DraftState.OPEN)
    if row.edition != edition:
        raise DraftOvertaken
    try:
        document = rules.with_cells(row.document, typed)
    except (KeyError, ValueError) as error:
        raise DraftUnsound(cells=str(error)) from error
    if tax_row is not None:
        document = rules.with_tax_row(document, tax_row)
    _check_sound(document, row.based_on)
    if rules.fingerprint(document) != rules.fingerprint(row.document):
        row.document = document
        row.edition += 1
        row.author_id = actor.somebody()
        row.changed_at = clock.now()
    return queries.view(row)


@command("insurance.tariffs.note_rated")
def note_rated(*, ref: str, edition: int, actor: Actor) -> None:
    """Note that an edition was rated against the policies of late. Locks: the draft."""
    row = _locked(ref)
    row.rated_edition = edition


@command("insurance.tariffs.propose")
def propose(*, ref: str, valid_from: date, actor: Actor) -> DraftView:
    """Propose a draft to a second person, from a later day on.

    Locks: the draft.
    Raises: DraftUnknown, DraftNotOpen, DraftUnsound, NothingChanged, NotRated, DayTooEarly,
    DayTaken.
    """
    row = _locked(ref, DraftState.OPEN)
    _check_due(row, valid_from)
    if row.rated_edition != row.edition:
        raise NotRated
    row.state = DraftState.PROPOSED
    row.proposed_by = actor.somebody()
    row.valid_from = valid_from
    row.changed_at = clock.now()
    return queries.view(row)


@command("insurance.tariffs.send_back")
def send_back(*, ref: str, reason: str, actor: Actor) -> DraftView:
    """Send a proposed draft back to be written further, with the reason.

    Locks: the draft. Raises: DraftUnknown, DraftNotOpen.
    """
    row = _locked(ref, DraftState.PROPOSED)
    row.state = DraftState.OPEN
    row.reason = reason
    row.changed_at = clock.now()
    return queries.view(row)


@command("insurance.tariffs.publish")
def publish(*, ref: str, accepted: Mapping[str, str], actor: Actor) -> TariffView:
    """Publish a proposed draft; who wrote or proposed it is refused.

    Its version is given here, so no two tariffs share one. Shape: accepted maps each worked case
    that it moves to the reason why that is right. Locks: publishing, one at a time; the draft.
    Raises: DraftUnknown, DraftNotOpen, TariffMakerIsChecker, DraftUnsound, NothingChanged,
    DayTooEarly, DayTaken, VectorsUnexplained.
    """
    session().execute(_ONE_BY_ONE)
    row = _locked(ref, DraftState.PROPOSED)
    assert row.valid_from is not None, "a proposal names its day"
    assert row.proposed_by is not None, "a proposal is somebody's"
    checker = actor.somebody()
    if checker in {row.proposed_by, row.author_id}:
        raise TariffMakerIsChecker
    _check_due(row, row.valid_from)
    base = queries.document_of(row.based_on)
    moved = queries.moved(base, row.document, on=row.valid_from)
    reasons = {one.id: accepted.get(one.id, "").strip() for one in moved}
    if unexplained := [case for case, reason in reasons.items() if not reason]:
        raise VectorsUnexplained(cases=", ".join(unexplained))
    version = rules.next_version(queries.versions(), valid_from=row.valid_from)
    document = rules.named(row.document, version=version, valid_from=row.valid_from)
    published = TariffPublication(
        version=version,
        insurer_key=row.insurer_key,
        based_on=row.based_on,
        valid_from=row.valid_from,
        document=document,
        sha256=rules.fingerprint(document),
        accepted=reasons,
        proposed_by=row.proposed_by,
        published_by=checker,
        published_at=clock.now(),
    )
    session().add(published)
    row.state, row.version = DraftState.PUBLISHED, version
    row.changed_at = published.published_at
    session().flush()
    return queries.tariffs(insurer_key=row.insurer_key)[0]


def _check_due(row: TariffDraft, valid_from: date) -> None:
    base = _check_sound(row.document, row.based_on)
    if not rules.differences(base, row.document):
        raise NothingChanged
    earliest = rules.earliest_day(clock.now())
    if valid_from < earliest:
        raise DayTooEarly(earliest=earliest)
    latest = queries.tariffs(insurer_key=row.insurer_key)[0]
    if latest.version != row.based_on or valid_from <= latest.valid_from:
        raise DayTaken(version=latest.version)


def _check_sound(document: Mapping[str, Any], based_on: str) -> dict[str, Any]:
    base = queries.document_of(based_on)
    if wrong := rules.complaints(document, based_on=base):
        raise DraftUnsound(cells=", ".join(wrong))
    return base


def _locked(ref: str, state: DraftState | None = None) -> TariffDraft:
    row = session().scalar(
        select(TariffDraft)
        .where(TariffDraft.ref == ref)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise DraftUnknown
    if state is not None and row.state != state:
        raise DraftNotOpen
    return row
