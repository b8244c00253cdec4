"""Tables by stretches of time: what is to come has its place, what is over goes as a whole.

The work is done by functions of the database, with its owner's rights: whoever serves makes no
tables and drops none (kernel/sql/partitions.sql).
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from kernel.actor import SYSTEM, Actor
from kernel.db import command, session
from kernel.jobs import schedule
from kernel.logging import log

T = TypeVar("T")

# Weeks that have their place before they begin: as long as nobody looks after a house.
AHEAD = 8
# A place is made and taken away under locks that everybody has to wait for, so it is tried for half
# a second at a time, between which they all have their turn.
_TRIES = 10
_PAUSE = 2.0
_LOCK_NOT_AVAILABLE = "55P03"


@schedule("kernel.partitions.make_room", every=timedelta(days=1), queue="slow")
def make_room() -> None:
    """Give the news of this week and of the weeks to come their places."""
    between_others(lambda: add_weeks(actor=SYSTEM))


def between_others(act: Callable[[], T]) -> T | None:
    """Do what needs a table for a moment, once nobody is in the way; None when it never was free.

    The next turn of the schedule comes anyway, and what is done late is done the same.
    """
    for left in reversed(range(_TRIES)):
        try:
            return act()
        except DBAPIError as failure:
            if getattr(failure.orig, "sqlstate", None) != _LOCK_NOT_AVAILABLE:
                raise
            if left:
                time.sleep(_PAUSE)
    log.warning("a table was never free for its partitions; they wait for the next turn")
    return None


@command("kernel.partitions.add_weeks")
def add_weeks(*, actor: Actor) -> int:
    """Add the partitions of this week and of the next ones; return how many were missing.

    Locks: the outbox and its deliveries, against other changes of the tables themselves; their
    rests against everybody, for as long as it takes to see that they hold nothing of that week.
    """
    found = session().execute(text("SELECT kernel.add_weeks(:ahead)"), {"ahead": AHEAD})
    return int(found.scalar_one())


@command("kernel.partitions.drop_heard_weeks")
def drop_heard_weeks(*, days: int, actor: Actor) -> int:
    """Let go of the weeks that ended so many days ago and that everybody has heard; say how many.

    Units: days of real time. Locks: the outbox and its deliveries, against everybody, for a moment.
    """
    found = session().execute(text("SELECT kernel.drop_heard_weeks(:days)"), {"days": days})
    return int(found.scalar_one())
