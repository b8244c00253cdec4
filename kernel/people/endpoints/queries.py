"""Reads of addresses of programs and of the letters to them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from kernel.actor import Actor
from kernel.db import reading
from kernel.people.endpoints.errors import EndpointUnknown
from kernel.people.endpoints.models import Endpoint, EndpointLetter

_SHOWN = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class EndpointView:
    """An address as its owner sees it."""

    id: UUID
    url: str
    made_at: datetime
    paused_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LetterView:
    """A letter as its receiver's owner sees it. Shape: state is sent, waiting or given_up."""

    id: UUID
    event_id: UUID
    kind: str
    body: str
    attempts: int
    tried_at: datetime | None
    due_at: datetime
    said: str
    state: str


def endpoints_of(actor: Actor) -> list[EndpointView]:
    """Return somebody's addresses, newest first."""
    query = (
        select(Endpoint)
        .where(Endpoint.person_id == actor.somebody(), Endpoint.ended_at.is_(None))
        .order_by(Endpoint.made_at.desc(), Endpoint.id)
    )
    with reading() as current:
        return [_view(row) for row in current.scalars(query)]


def endpoint_for(actor: Actor, endpoint_id: UUID) -> EndpointView:
    """Return an address of the actor's own. Raises: EndpointUnknown."""
    for found in endpoints_of(actor):
        if found.id == endpoint_id:
            return found
    raise EndpointUnknown


def letters_to(endpoint: EndpointView) -> list[LetterView]:
    """Return the latest letters to an address, newest first."""
    query = (
        select(EndpointLetter)
        .where(EndpointLetter.endpoint_id == endpoint.id)
        .order_by(EndpointLetter.id.desc())
        .limit(_SHOWN)
    )
    with reading() as current:
        return [_letter(row) for row in current.scalars(query)]


def _view(row: Endpoint) -> EndpointView:
    return EndpointView(id=row.id, url=row.url, made_at=row.made_at, paused_at=row.paused_at)


def _letter(row: EndpointLetter) -> LetterView:
    over = "sent" if row.done_at else "given_up" if row.given_up_at else "waiting"
    return LetterView(
        id=row.id,
        event_id=row.event_id,
        kind=row.kind,
        body=row.body,
        attempts=row.attempts,
        tried_at=row.tried_at,
        due_at=row.due_at,
        said=row.said,
        state=over,
    )
