"""Facts about people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class PersonRegistered(Event):
    """Somebody opened an account."""

    name: ClassVar[str] = "kernel.person.registered.v1"
    person_id: UUID
    country: str
    locale: str


@dataclass(frozen=True, kw_only=True)
class SignedIn(Event):
    """Somebody signed in on a device."""

    name: ClassVar[str] = "kernel.person.signed_in.v1"
    person_id: UUID
    session_id: UUID
