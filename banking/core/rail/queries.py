"""What other rooms read of the rail: its calendars, its promises, and how names compare."""

from __future__ import annotations

from sqlalchemy import func, select

from banking.core.rail.calendars import (
    business_days_later,
    calendar_of,
    check_reach,
    currencies,
    examples,
    open_day,
    promised,
    reaches,
)
from banking.core.rail.gateway import RailAccount, RailOrder, rail
from banking.core.rail.models import RailMessage
from banking.core.rail.rules import (
    RETURN_REASONS,
    Calendar,
    NameCheck,
    Outcome,
    Promise,
    compare,
    is_open,
    leaves_at,
    moved,
)
from kernel.db import session

__all__ = [
    "RETURN_REASONS",
    "Calendar",
    "NameCheck",
    "Outcome",
    "Promise",
    "RailAccount",
    "RailOrder",
    "business_days_later",
    "calendar_of",
    "check_reach",
    "compare",
    "currencies",
    "examples",
    "is_open",
    "last_place",
    "leaves_at",
    "moved",
    "open_day",
    "promised",
    "rail",
    "reaches",
]


def last_place() -> int:
    """Return the rail's running number of the last notification that was kept."""
    return session().execute(select(func.coalesce(func.max(RailMessage.place), 0))).scalar_one()
