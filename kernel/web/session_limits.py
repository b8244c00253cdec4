"""How long somebody counts as being there, by what a page could lose: dated, and without a clock.

The bank asks soonest, whoever works for the house after a while, the shop once in a month.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum, auto
from functools import cache
from pathlib import Path

from kernel import clock, dated
from kernel.errors import Forbidden
from kernel.text import NP_


class Risk(StrEnum):
    """What somebody else at the same browser could do on a page."""

    BANK = auto()
    STAFF = auto()
    SHOP = auto()


class NotThere(Forbidden):
    """Somebody is signed in, but it is too long ago that they were seen to be themselves."""

    way = "account.confirm"
    watched = ""

    def __init__(self, risk: Risk, **data: object) -> None:
        super().__init__(**data)
        self.risk = risk


class WasAway(NotThere):
    """Nobody did anything for a while."""

    code = "was_away"
    message = NP_(
        "You were away for more than %(minutes)d minute, so we locked this page. Confirm "
        "it's you to pick up where you left off.",
        "You were away for more than %(minutes)d minutes, so we locked this page. Confirm"
        " it's you to pick up where you left off.",
        by="minutes",
    )


class SignedInLong(NotThere):
    """The last proof is too old, however busy somebody was since."""

    code = "signed_in_long"
    message = NP_(
        "You've been signed in for more than %(hours)d hour. Confirm it's you to pick up "
        "where you left off.",
        "You've been signed in for more than %(hours)d hours. Confirm it's you to pick up"
        " where you left off.",
        by="hours",
    )


@dataclass(frozen=True, slots=True)
class Limit:
    """How long one may do nothing, and how long one proof holds at all."""

    idle: timedelta
    most: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionLimits:
    """What is in force from a day on; a session of the shop ends by its row in the database.

    Shape: most is how many sessions of one person are open at once.
    """

    valid_from: date
    bank_idle_minutes: int
    bank_hours: int
    staff_idle_minutes: int
    staff_hours: int
    shop_days: int
    most: int
    source: str

    def asking(self) -> Mapping[Risk, Limit]:
        """Return the limits of what asks again within a session."""
        return {
            Risk.BANK: Limit(
                timedelta(minutes=self.bank_idle_minutes), timedelta(hours=self.bank_hours)
            ),
            Risk.STAFF: Limit(
                timedelta(minutes=self.staff_idle_minutes), timedelta(hours=self.staff_hours)
            ),
        }


def in_force() -> SessionLimits:
    """Return the limits of today."""
    return dated.in_force(_rows(), clock.today())


def why_not(risk: Risk, *, idle: timedelta, proven: timedelta) -> NotThere | None:
    """Return why somebody has to show again who they are, None while there is no need.

    Shape: idle is how long ago they did something, proven how long ago they proved themselves.
    """
    limit = in_force().asking().get(risk)
    if limit is None:
        return None
    if idle >= limit.idle:
        return WasAway(risk, minutes=limit.idle // timedelta(minutes=1))
    if proven >= limit.most:
        return SignedInLong(risk, hours=limit.most // timedelta(hours=1))
    return None


@cache
def _rows() -> tuple[SessionLimits, ...]:
    return dated.read(Path(__file__).parent / "data" / "session_limits.json", SessionLimits)
