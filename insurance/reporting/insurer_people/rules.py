"""Who may join an insurer's people, by which link, and where an invitation stands."""

from __future__ import annotations

import hashlib
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID

from insurance.reporting.insurer_people.errors import (
    InvitationForOther,
    InviterIsSender,
    WorksForTheHouse,
)
from kernel.actor import STAFF, Role


class Part(StrEnum):
    """What somebody does at an insurer: looks, or also answers letters for claims money."""

    READER = "reader"
    TREASURER = "treasurer"


class Stage(StrEnum):
    """Where somebody's access stands."""

    PROPOSED = "proposed"
    SENT = "sent"
    EXPIRED = "expired"
    JOINED = "joined"
    ENDED = "ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms in force from a day on. Source: the dated data beside this file."""

    valid_from: date
    link_days: int
    source: str

    @property
    def link(self) -> timedelta:
        """How long a link counts."""
        return timedelta(days=self.link_days)


def digest(token: str) -> str:
    """Return what is stored of the token in a letter."""
    return hashlib.sha256(b"entrepot/insurer/v1" + token.encode()).hexdigest()


def check_second(*, maker: UUID, checker: UUID) -> None:
    """Refuse who proposed somebody as the one who sends the link. Raises: InviterIsSender."""
    if maker == checker:
        raise InviterIsSender


def check_joins(*, invited: str, email: str, roles: AbstractSet[Role]) -> None:
    """Refuse another account than the one that was invited, and whoever works for the house.

    Shape: roles are all that a person has, those that a session has not earned among them.
    Raises: InvitationForOther, WorksForTheHouse.
    """
    if invited != email:
        raise InvitationForOther
    if roles & STAFF:
        raise WorksForTheHouse


def stage_of(
    *,
    expires_at: datetime | None,
    joined_at: datetime | None,
    ended_at: datetime | None,
    now: datetime,
) -> Stage:
    """Return where somebody's access stands."""
    if ended_at is not None:
        return Stage.ENDED
    if joined_at is not None:
        return Stage.JOINED
    if expires_at is None:
        return Stage.PROPOSED
    return Stage.SENT if expires_at > now else Stage.EXPIRED
