"""The single window of a customs authority: its protocol, and the stand-in of a demonstration.

The stand-in keeps its own books and answers by business time: it accepts, asks for documents,
picks a lane, assesses, and releases or refuses. It can be told to misbehave: to answer late, twice,
in the wrong order or not at all, to lose what it was given, to refuse and to assess anew.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Protocol

from sqlalchemy import or_, select

from kernel import clock
from kernel.actor import SYSTEM, Actor
from kernel.config import outside
from kernel.db import command, reading, session
from kernel.ids import new_id
from kernel.money import Money
from marketplace.borders.customs.errors import AuthorityDown
from marketplace.borders.customs.models import AuthorityEntry, AuthorityMischief
from marketplace.borders.customs.rules import DeclarationState, Lane, lane_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What is lodged: the data set of one declaration in one version."""

    entry_ref: str
    parcel_ref: str
    version: int
    due: Money
    document: dict[str, object]


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One word of the authority. Shape: id is the same when the answer is fetched again."""

    id: str
    entry_ref: str
    state: DeclarationState
    at: datetime
    note: str
    lane: Lane | None = None
    registration_number: str | None = None
    assessed: Money | None = None


class SingleWindow(Protocol):
    """Where declarations go in and answers come out."""

    def lodge(self, entry: Entry) -> None:
        """Hand in a declaration; the same reference and version twice is once.

        Raises: AuthorityDown.
        """

    def answers(self, entry_refs: Sequence[str]) -> list[Answer]:
        """Return everything said about these entries so far, oldest first.

        Raises: AuthorityDown.
        """


@cache
def single_window() -> SingleWindow:
    """Return the authority of this installation. Raises: UnsafeSetting."""
    return outside("customs_client", stand_in=SimulatedAuthority)


class MischiefKind(StrEnum):
    """How the stand-in can misbehave.

    What is lost is a declaration on its way in, or every answer about one that is in already,
    until it is lodged again.
    """

    LOSE = "lose"
    DELAY = "delay"
    DUPLICATE = "duplicate"
    REORDER = "reorder"
    TIMEOUT = "timeout"
    REFUSE = "refuse"
    REASSESS = "reassess"


# Hours after lodging at which the stand-in speaks, lane by lane.
_ACCEPT, _ASSESS = 1, 4
_RELEASE = {Lane.GREEN: 6, Lane.YELLOW: 20, Lane.RED: 44}


class SimulatedAuthority:
    """A customs authority in our own tables."""

    def lodge(self, entry: Entry) -> None:
        """Take a declaration into the books."""
        if _used_up(actor=SYSTEM, parcel_ref=entry.parcel_ref, kinds=[MischiefKind.TIMEOUT]):
            raise AuthorityDown(parcel_ref=entry.parcel_ref)
        _lodge(entry=entry, actor=SYSTEM)

    def answers(self, entry_refs: Sequence[str]) -> list[Answer]:
        """Return what the passing of business time has brought about."""
        with reading() as current:
            rows = current.scalars(
                select(AuthorityEntry)
                .where(AuthorityEntry.entry_ref.in_(entry_refs))
                .order_by(AuthorityEntry.lodged_at, AuthorityEntry.entry_ref)
            ).all()
            silent = _silent()
        for row in rows:
            if silent & {row.parcel_ref, None}:
                _used_up(actor=SYSTEM, parcel_ref=row.parcel_ref, kinds=[MischiefKind.TIMEOUT])
                raise AuthorityDown(parcel_ref=row.parcel_ref)
        now = clock.now()
        by_entry = [(row, sorted(_said(row, now), key=lambda answer: answer.at)) for row in rows]
        straight = [
            answer for row, answers in by_entry if not row.is_reordered for answer in answers
        ]
        backwards = [
            answer for row, answers in by_entry if row.is_reordered for answer in reversed(answers)
        ]
        twice = {row.entry_ref for row in rows if row.is_duplicated}
        every = [*sorted(straight, key=lambda answer: answer.at), *backwards]
        return [*every, *(answer for answer in every if answer.entry_ref in twice)]


def _silent() -> set[str | None]:
    """Return the parcels, None for any, that the authority was told not to answer about."""
    return set(
        session().scalars(
            select(AuthorityMischief.parcel_ref).where(
                AuthorityMischief.remaining > 0,
                AuthorityMischief.kind == MischiefKind.TIMEOUT.value,
            )
        )
    )


@command("marketplace.customs.let_authority_misbehave")
def misbehave(
    *,
    kind: MischiefKind,
    actor: Actor,
    parcel_ref: str | None = None,
    hours: int = 48,
    percent: int = 120,
    times: int = 1,
) -> None:
    """Tell the stand-in to misbehave: with one parcel, now or later, or with the next ones."""
    mischief = AuthorityMischief(
        id=new_id(),
        kind=kind.value,
        parcel_ref=parcel_ref,
        hours=hours,
        percent=percent,
        remaining=times,
    )
    row = _lodged(parcel_ref) if parcel_ref else None
    if row is None or kind is MischiefKind.TIMEOUT:
        session().add(mischief)
        return
    row.is_silent = row.is_silent or kind is MischiefKind.LOSE
    _spoil(row, [mischief])


def _lodged(parcel_ref: str) -> AuthorityEntry | None:
    return session().scalar(
        select(AuthorityEntry).where(AuthorityEntry.parcel_ref == parcel_ref).with_for_update()
    )


def _spoil(row: AuthorityEntry, mischief: Sequence[AuthorityMischief]) -> None:
    by_kind = {piece.kind: piece for piece in mischief}
    if MischiefKind.DELAY in by_kind:
        row.delay_hours += by_kind[MischiefKind.DELAY].hours
    if MischiefKind.REASSESS in by_kind:
        row.due_minor = row.due_minor * by_kind[MischiefKind.REASSESS].percent // 100
    row.is_refused = row.is_refused or MischiefKind.REFUSE in by_kind
    row.is_duplicated = row.is_duplicated or MischiefKind.DUPLICATE in by_kind
    row.is_reordered = row.is_reordered or MischiefKind.REORDER in by_kind


@command("marketplace.customs.enter_at_authority")
def _lodge(*, entry: Entry, actor: Actor) -> None:
    row = session().get(AuthorityEntry, entry.entry_ref)
    if row is not None:
        # A later version answers a query; the clock of the entry runs on.
        row.version = max(row.version, entry.version)
        row.is_silent = False
        return
    if _used_up(actor=actor, parcel_ref=entry.parcel_ref, kinds=[MischiefKind.LOSE]):
        return
    row = AuthorityEntry(
        entry_ref=entry.entry_ref,
        parcel_ref=entry.parcel_ref,
        version=entry.version,
        lane=lane_of(entry.entry_ref).value,
        lodged_at=clock.now(),
        due_minor=entry.due.minor,
        currency=entry.due.currency,
        delay_hours=0,
        is_refused=False,
        is_silent=False,
        is_duplicated=False,
        is_reordered=False,
    )
    kinds = [k for k in MischiefKind if k not in {MischiefKind.LOSE, MischiefKind.TIMEOUT}]
    _spoil(row, _used_up(actor=actor, parcel_ref=entry.parcel_ref, kinds=kinds))
    session().add(row)


@command("marketplace.customs.used_up")
def _used_up(
    *, actor: Actor, parcel_ref: str, kinds: Sequence[MischiefKind]
) -> list[AuthorityMischief]:
    by_kind: dict[str, AuthorityMischief] = {}
    rows = session().scalars(
        select(AuthorityMischief)
        .where(
            AuthorityMischief.remaining > 0,
            AuthorityMischief.kind.in_([kind.value for kind in kinds]),
            or_(AuthorityMischief.parcel_ref == parcel_ref, AuthorityMischief.parcel_ref.is_(None)),
        )
        .order_by(AuthorityMischief.id)
        .with_for_update()
    )
    for row in rows:
        if row.kind not in by_kind:
            row.remaining -= 1
            by_kind[row.kind] = row
    return list(by_kind.values())


def _said(row: AuthorityEntry, now: datetime) -> list[Answer]:
    if row.is_silent:
        return []
    start = row.lodged_at + timedelta(hours=row.delay_hours)
    lane = Lane(row.lane)
    due = Money(row.due_minor, row.currency)
    number = f"26{row.entry_ref.replace('-', '')}"
    accepted = start + timedelta(hours=_ACCEPT)
    last = start + timedelta(hours=_RELEASE[lane])
    script: list[Answer] = []
    if lane is Lane.YELLOW:
        script.append(
            Answer(
                id=f"{row.entry_ref}-query",
                entry_ref=row.entry_ref,
                state=DeclarationState.QUERIED,
                at=accepted,
                lane=lane,
                note="commercial invoice and proof of payment",
            )
        )
        accepted += timedelta(hours=_ACCEPT)
        if row.version < 2:
            return [answer for answer in script if answer.at <= now]
    script += [
        Answer(
            id=f"{row.entry_ref}-accept",
            entry_ref=row.entry_ref,
            state=DeclarationState.ACCEPTED,
            at=accepted,
            lane=lane,
            registration_number=number,
            note=number,
        ),
        Answer(
            id=f"{row.entry_ref}-assess",
            entry_ref=row.entry_ref,
            state=DeclarationState.ASSESSED,
            at=start + timedelta(hours=_ASSESS),
            assessed=due,
            note=str(due),
        ),
        Answer(
            id=f"{row.entry_ref}-last",
            entry_ref=row.entry_ref,
            state=DeclarationState.REFUSED if row.is_refused else DeclarationState.RELEASED,
            at=last,
            note="goods not admitted" if row.is_refused else "released",
        ),
    ]
    return [answer for answer in script if answer.at <= now]
