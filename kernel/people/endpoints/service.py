"""Commands on addresses of programs and the letters to them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

from sqlalchemy import ColumnElement, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.forgetting import BATCH
from kernel.ids import id_of_instant, new_id
from kernel.people.endpoints import rules
from kernel.people.endpoints.errors import AddressRefused, EndpointUnknown, TooManyEndpoints
from kernel.people.endpoints.models import Endpoint, EndpointLetter
from kernel.people.mfa import queries as factors
from kernel.people.safety import service as safety
from kernel.people.safety.service import Kind
from kernel.sealing import unlocked, vault
from kernel.text import Message

_PURPOSE: Final = "endpoints"
_NOW = func.clock_timestamp()
# As many lines at once as one worker opens.
MOST_AT_ONCE: Final = 8
_CLAIM = text(
    """
    WITH due AS (
        SELECT l.id FROM kernel.endpoint_letter l WHERE l.id IN (
            SELECT DISTINCT ON (endpoint_id) id FROM kernel.endpoint_letter
            WHERE done_at IS NULL AND given_up_at IS NULL AND due_at <= clock_timestamp()
            ORDER BY endpoint_id, due_at
        ) ORDER BY l.due_at LIMIT :most FOR UPDATE SKIP LOCKED
    )
    UPDATE kernel.endpoint_letter l SET due_at = clock_timestamp() + interval '2 minutes'
    FROM due, kernel.endpoint e WHERE l.id = due.id AND e.id = l.endpoint_id
    RETURNING l.id, l.event_id, l.body, l.attempts, e.url, e.secret, e.secret_before, e.before_until
    """
)
# By id, which grows with time, so that the oldest come first without an index of their own.
_FORGET = text(
    """
    DELETE FROM kernel.endpoint_letter WHERE id IN (
        SELECT id FROM kernel.endpoint_letter
        WHERE id < :before AND coalesce(done_at, given_up_at)
            < clock_timestamp() - make_interval(days => CAST(:days AS integer))
        ORDER BY id LIMIT :batch FOR UPDATE SKIP LOCKED
    ) RETURNING id
    """
)
_LOCKED = text("SELECT FROM kernel.person WHERE id = :id FOR UPDATE")


@dataclass(frozen=True, slots=True, kw_only=True)
class DueLetter:
    """A letter to be sent now. Shape: secrets are those that sign it, the newest first."""

    id: UUID
    event_id: UUID
    url: str
    body: str
    attempt: int
    secrets: tuple[str, ...] = field(repr=False)


@command("kernel.endpoints.add")
def add(*, url: str, actor: Actor) -> str:
    """Let a program hear at an address, and return its secret this once; its person is told.

    Locks: the person. Events: SafetyChanged. Raises: NotSignedIn, ConfirmFirst,
    AddressRefused, TooManyEndpoints.
    """
    factors.require_fresh(actor)
    if not rules.is_fit(url):
        raise AddressRefused({"url": Message(AddressRefused.message)})
    person_id = actor.somebody()
    session().execute(_LOCKED, {"id": person_id})
    known = select(func.count()).where(Endpoint.person_id == person_id, Endpoint.ended_at.is_(None))
    if session().execute(known).scalar_one() >= rules.MOST_ENDPOINTS:
        raise TooManyEndpoints(most=rules.MOST_ENDPOINTS)
    secret = rules.new_secret()
    session().add(
        Endpoint(
            id=new_id(),
            person_id=person_id,
            url=url,
            secret=_locked(secret),
            made_at=clock.now(),
        )
    )
    _log(Kind.WEBHOOK_ADDED, url, actor)
    return secret


@command("kernel.endpoints.rotate")
def rotate(*, endpoint_id: UUID, actor: Actor) -> str:
    """Give an address another secret and return it this once; the earlier one signs for a day.

    Locks: the address. Events: SafetyChanged. Raises: NotSignedIn, ConfirmFirst, EndpointUnknown.
    """
    factors.require_fresh(actor)
    row = _own(endpoint_id, actor)
    secret = rules.new_secret()
    row.secret_before, row.before_until = row.secret, clock.now() + rules.OVERLAP
    row.secret, row.paused_at = _locked(secret), None
    _log(Kind.WEBHOOK_RENEWED, row.url, actor)
    return secret


@command("kernel.endpoints.remove")
def remove(*, endpoint_id: UUID, actor: Actor) -> None:
    """Write to an address no more. Locks: the address. Raises: NotSignedIn, EndpointUnknown."""
    row = _own(endpoint_id, actor)
    row.ended_at = clock.now()
    session().execute(
        update(EndpointLetter)
        .where(EndpointLetter.endpoint_id == row.id, _is_open())
        .values(given_up_at=_NOW)
    )


@command("kernel.endpoints.send_again")
def send_again(*, endpoint_id: UUID, letter_id: UUID, actor: Actor) -> None:
    """Send a letter once more: the same bytes and event, as a delivery of its own.

    Locks: the address. Raises: NotSignedIn, EndpointUnknown.
    """
    row = _own(endpoint_id, actor)
    sent = session().get(EndpointLetter, letter_id)
    if sent is None or sent.endpoint_id != row.id:
        raise EndpointUnknown
    row.paused_at = None
    session().execute(
        insert(EndpointLetter).values(
            _fresh(row.id, sent.event_id, sent.kind, sent.body) | {"is_again": True}
        )
    )


@command("kernel.endpoints.tell")
def tell(
    *, person_id: UUID, event_id: UUID, kind: str, data: Mapping[str, Any], actor: Actor
) -> None:
    """Write what happened to every address of a person; an event is one letter to each.

    Shape: data is plain JSON values.
    """
    query = select(Endpoint.id).where(
        Endpoint.person_id == person_id, Endpoint.ended_at.is_(None), Endpoint.paused_at.is_(None)
    )
    at = clock.now().astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    body = json.dumps({"type": kind, "timestamp": at, "data": data}, separators=(",", ":"))
    for endpoint_id in session().scalars(query).all():
        session().execute(
            insert(EndpointLetter)
            .values(_fresh(endpoint_id, event_id, kind, body))
            .on_conflict_do_nothing()
        )


@command("kernel.endpoints.note")
def note(*, letter_id: UUID, status: int, said: str, actor: Actor) -> None:
    """Write down how a try ended, and when the next one comes. Shape: status is 0 for no answer.

    Locks: the letter, then its address where the receiver wants no more.
    """
    row = (
        session()
        .scalars(select(EndpointLetter).where(EndpointLetter.id == letter_id).with_for_update())
        .one()
    )
    row.attempts, row.said = row.attempts + 1, said
    wait = rules.next_wait(row.attempts)
    is_done = 200 <= status < 300
    is_over = not is_done and (wait is None or status == rules.GONE)
    values: dict[str, object] = {"tried_at": _NOW}
    if is_done:
        values["done_at"] = _NOW
    elif is_over:
        values["given_up_at"] = _NOW
    else:
        values["due_at"] = _NOW + (wait or timedelta())
    session().flush()
    session().execute(update(EndpointLetter).where(EndpointLetter.id == row.id).values(values))
    if status == rules.GONE:
        session().execute(
            update(Endpoint).where(Endpoint.id == row.endpoint_id).values(paused_at=clock.now())
        )


@command("kernel.endpoints.claim")
def claim(*, actor: Actor) -> list[DueLetter]:
    """Take some letters that are due, one of each address, and return them to be sent.

    Who falls before noting how it went has lost them to the next turn after two minutes.
    Locks: the letters; those that others hold are left to them.
    """
    rows = session().execute(_CLAIM, {"most": MOST_AT_ONCE}).all()
    now = clock.now()
    return [
        DueLetter(
            id=row.id,
            event_id=row.event_id,
            url=row.url,
            body=row.body,
            attempt=row.attempts + 1,
            secrets=tuple(
                unlocked(bytes(held), _PURPOSE)
                for held, until in ((row.secret, None), (row.secret_before, row.before_until))
                if held is not None and (until is None or until > now)
            ),
        )
        for row in rows
    ]


@command("kernel.endpoints.forget_letters")
def forget_letters(*, actor: Actor) -> int:
    """Delete a batch of letters that were sent or given up long ago; return how many.

    Locks: the letters. Units: real time, as of all tries.
    """
    days = rules.terms_on(clock.today()).kept_days
    before = id_of_instant(datetime.now(UTC) - timedelta(days=days))
    asked = {"before": before, "days": days, "batch": BATCH}
    return len(session().execute(_FORGET, asked).all())


def _log(kind: Kind, url: str, actor: Actor) -> None:
    """Write down whose host was let in; the rest of an address may hold a secret of theirs."""
    host = urlsplit(url).hostname or ""
    safety.record(person_id=actor.somebody(), kind=kind, actor=actor, data={"host": host})


def _fresh(endpoint_id: UUID, event_id: UUID, kind: str, body: str) -> dict[str, Any]:
    return {
        "id": new_id(),
        "endpoint_id": endpoint_id,
        "event_id": event_id,
        "kind": kind,
        "body": body,
        "is_again": False,
        "due_at": _NOW,
        "attempts": 0,
        "said": "",
    }


def _own(endpoint_id: UUID, actor: Actor) -> Endpoint:
    query = select(Endpoint).where(
        Endpoint.id == endpoint_id,
        Endpoint.person_id == actor.somebody(),
        Endpoint.ended_at.is_(None),
    )
    row = session().scalars(query.with_for_update()).one_or_none()
    if row is None:
        raise EndpointUnknown
    return row


def _is_open() -> ColumnElement[bool]:
    return EndpointLetter.done_at.is_(None) & EndpointLetter.given_up_at.is_(None)


def _locked(secret: str) -> bytes:
    return vault(_PURPOSE).encrypt(secret.encode())
