"""Reads of keys of programs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import select, text

from kernel import clock
from kernel.actor import GUARDED, Actor, Role
from kernel.db import reading
from kernel.manifest import manifests
from kernel.people.program_keys import rules
from kernel.people.program_keys.models import ProgramKey

_KEY = text(
    """
    SELECT k.id, k.scopes, k.name, k.used_on, p.id AS person_id, p.email, p.roles, ARRAY(
        SELECT organisation_id FROM kernel.membership m WHERE m.person_id = p.id
    ) AS companies
    FROM kernel.program_key k JOIN kernel.person p ON p.id = k.person_id
    WHERE k.digest = :digest AND k.ended_at IS NULL AND k.expires_at > :now
        AND p.barred_at IS NULL AND p.email IS NOT NULL
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyView:
    """A key as its owner sees it. Shape: name is its beginning; the rest is kept nowhere."""

    id: UUID
    label: str
    name: str
    scopes: tuple[str, ...]
    made_at: datetime
    expires_at: datetime
    used_on: date | None
    is_over: bool


@dataclass(frozen=True, slots=True)
class Recognised:
    """Whom a key stands for, and the last day on which it was used."""

    key_id: UUID
    actor: Actor
    used_on: date | None


def scopes() -> Mapping[str, str]:
    """Return what keys may be made for, each with the sentence that says what it allows."""
    return {name: said for one in manifests() for name, said in one.scopes.items()}


def keys_of(actor: Actor) -> list[KeyView]:
    """Return somebody's keys that were not taken back, newest first."""
    query = (
        select(ProgramKey)
        .where(ProgramKey.person_id == actor.somebody(), ProgramKey.ended_at.is_(None))
        .order_by(ProgramKey.made_at.desc(), ProgramKey.id)
    )
    now = clock.now()
    with reading() as current:
        return [
            KeyView(
                id=row.id,
                label=row.label,
                name=row.name,
                scopes=tuple(row.scopes),
                made_at=row.made_at,
                expires_at=row.expires_at,
                used_on=row.used_on,
                is_over=row.expires_at <= now,
            )
            for row in current.scalars(query)
        ]


def recognised(secret: str) -> Recognised | None:
    """Return whom a key stands for, None for one that opens nothing.

    To a program whoever works for the house is a customer: no key opens what is other people's.
    """
    asked = {"digest": rules.digest(secret), "now": clock.now()}
    with reading() as current:
        row = current.execute(_KEY, asked).one_or_none()
    if row is None:
        return None
    roles = frozenset(Role(role) for role in row.roles)
    actor = Actor(
        person_id=row.person_id,
        roles=roles - GUARDED | {Role.BUYER},
        withheld=roles & GUARDED,
        organisation_ids=frozenset(row.companies),
        scopes=frozenset(row.scopes),
        label=f"key:{row.name}",
        email=row.email,
    )
    return Recognised(row.id, actor, row.used_on)
