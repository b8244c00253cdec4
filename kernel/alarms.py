"""Refusals that somebody should know of when there are many: who guesses, and who is kept out.

Each leaves a line in the log; an hour with more of a kind than usual is an alarm, told once.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum, auto
from functools import cache
from pathlib import Path

from sqlalchemy import Column, DateTime, Integer, Text, text

from kernel import clock, dated
from kernel.actor import SYSTEM, Actor
from kernel.checks import one_of
from kernel.db import command, plain_table, reading, session, statement
from kernel.geoip.rules import network_of, shown
from kernel.logging import log
from kernel.sealing import keys_for

KEPT = timedelta(days=30)


class Kind(StrEnum):
    """What was refused. Shape: errors name theirs as `watched`."""

    PASSWORD = auto()
    CODE = auto()
    PASSKEY = auto()
    LINK = auto()
    FORBIDDEN = auto()
    TOO_MANY = auto()
    WEBHOOK = auto()
    FLOOD = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """From how many refusals in an hour on each kind is an alarm."""

    valid_from: date
    password: int
    code: int
    passkey: int
    link: int
    forbidden: int
    too_many: int
    webhook: int
    flood: int
    source: str


@dataclass(frozen=True, slots=True)
class Alarm:
    """An hour in which too much of a kind was refused."""

    kind: Kind
    hour: datetime
    number: int


refusal_count = plain_table(
    __name__,
    "kernel.refusal_count",
    "How often a kind was refused in an hour; alarmed_at is when that was too often.",
    Column("kind", Text, one_of("kind", Kind), primary_key=True),
    Column("hour", DateTime(timezone=True), primary_key=True),
    Column("number", Integer, nullable=False),
    Column("alarmed_at", DateTime(timezone=True)),
)

_COUNT = """
    INSERT INTO kernel.refusal_count AS r (kind, hour, number, alarmed_at) VALUES (
        %(kind)s, date_trunc('hour', %(now)s::timestamptz, 'UTC'), %(more)s,
        CASE WHEN %(more)s::int >= %(most)s::int THEN %(now)s::timestamptz END
    )
    ON CONFLICT (kind, hour) DO UPDATE SET number = r.number + %(more)s::int,
        alarmed_at = CASE WHEN r.number + %(more)s::int >= %(most)s::int
            THEN coalesce(r.alarmed_at, %(now)s::timestamptz) ELSE r.alarmed_at END
    RETURNING number
"""
_ALARMS = text(
    "SELECT kind, hour, number FROM kernel.refusal_count WHERE alarmed_at >= :since"
    " ORDER BY hour DESC, kind LIMIT 50"
)
_FORGET = text("DELETE FROM kernel.refusal_count WHERE hour < :oldest")


def tell(*, kind: Kind, code: str, email: str, address: str) -> None:
    """Write a line of a refusal.

    Shape: it names a digest of the e-mail address under a key of the installation, so that
    lines of one person are found and nobody is, and the network around the address.
    """
    network = network_of(address)
    place = shown(network) if network else ""
    told = {"refused": kind.value, "code": code, "who": _digest(email), "network": place}
    log.warning("refused", extra={"fields": told})


def count(*, kind: Kind, more: int = 1) -> None:
    """Count refusals, and write an error once when there are too many of their kind in an hour."""
    most = _most(kind)
    counted = {"kind": kind.value, "now": clock.now(), "most": most, "more": more}
    (number,) = statement(_COUNT, counted, name="kernel.alarms.count", actor=SYSTEM)
    if number - more < most <= number:
        fields: Mapping[str, object] = {"alarm": kind.value, "number": number}
        log.error("too many refusals in an hour", extra={"fields": fields})


def alarms() -> list[Alarm]:
    """Return the alarms of the last days, newest first."""
    with reading() as current:
        rows = current.execute(_ALARMS, {"since": clock.now() - KEPT})
        return [Alarm(Kind(row.kind), row.hour, row.number) for row in rows]


@command("kernel.alarms.forget")
def forget(*, actor: Actor) -> None:
    """Delete the counts of hours that nobody looks at any more."""
    session().execute(_FORGET, {"oldest": clock.now() - KEPT})


def _digest(email: str) -> str:
    if not email:
        return ""
    return hmac.new(keys_for("logs")[0], email.encode(), hashlib.sha256).hexdigest()[:12]


def _most(kind: Kind) -> int:
    bounds = dated.in_force(_bounds(), clock.today())
    most: int = getattr(bounds, kind.value)
    return most


@cache
def _bounds() -> tuple[Bounds, ...]:
    return dated.read(Path(__file__).parent / "data/alarms.json", Bounds)
