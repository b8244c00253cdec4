"""Counted tries in windows of a quarter hour, by bucket: who guesses is stopped.

A guess is counted before it is looked at, in a commit of its own; what is only too much is counted
with what is written. Which buckets there are and how much each allows is said by the rooms that
count.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import Column, DateTime, Integer, Text, text

from kernel import clock
from kernel.actor import Actor
from kernel.db import command, plain_table, rows_of_statement, session

WINDOW = timedelta(minutes=15)

Tries = Mapping[str, int]

# Locks the buckets by name, so that guesses at one of them go through one after the other. A window
# that begins later than one from now is of a clock that was ahead, and over with it. Where most is
# given, what is more is counted as one more.
_COUNT = """
    INSERT INTO kernel.try_count (bucket, window_started_at, tries)
        SELECT bucket, %(now)s, 1 FROM unnest(CAST(%(buckets)s AS text[])) bucket ORDER BY bucket
    ON CONFLICT (bucket) DO UPDATE SET
        tries = CASE WHEN try_count.window_started_at BETWEEN %(oldest)s AND %(latest)s
                     THEN least(try_count.tries + 1, CAST(%(most)s AS int) + 1) ELSE 1 END,
        window_started_at =
            CASE WHEN try_count.window_started_at BETWEEN %(oldest)s AND %(latest)s
                 THEN try_count.window_started_at ELSE %(now)s END
    RETURNING bucket, tries, window_started_at
"""
_UNCOUNT = text("UPDATE kernel.try_count SET tries = tries - 1 WHERE bucket = ANY(:buckets)")
_GIVE_BACK = text(
    """
    WITH held AS MATERIALIZED (
        SELECT bucket FROM kernel.try_count WHERE bucket = ANY(:buckets)
        ORDER BY bucket FOR UPDATE
    )
    UPDATE kernel.try_count t SET tries = greatest(t.tries - 1, 0)
    FROM held WHERE t.bucket = held.bucket
    """
)
_FORGET = text("DELETE FROM kernel.try_count WHERE bucket = :bucket")

_FORGET_OVER = text(
    """
    WITH old AS MATERIALIZED (
        SELECT bucket FROM kernel.try_count WHERE window_started_at < :oldest
        LIMIT :batch FOR UPDATE SKIP LOCKED
    )
    DELETE FROM kernel.try_count t USING old WHERE t.bucket = old.bucket RETURNING t.bucket
    """
)

try_count = plain_table(
    __name__,
    "kernel.try_count",
    "Failed tries in one window, of one bucket; kept when what was tried fails.",
    Column("bucket", Text, primary_key=True),
    Column("window_started_at", DateTime(timezone=True), nullable=False),
    Column("tries", Integer, nullable=False),
)


@command("kernel.throttling.take")
def take(*, allowed: Mapping[str, int], actor: Actor) -> int:
    """Count one try in each bucket if all allow one more; return the seconds to wait, 0 if so.

    It counts as long as what is tried is kept: a message that is not written is none.
    Locks: the buckets, by name, until the caller's commit.
    """
    return _taken(list(allowed), lambda _: allowed, actor)


@command("kernel.throttling.guess", is_apart=True)
def guess(
    *, buckets: Collection[str], allowed: Callable[[Tries], Mapping[str, int]], actor: Actor
) -> int:
    """Count a guess before anybody looks at it; return the seconds to wait, 0 if it may be made.

    In a commit of its own, so that it counts whatever is undone afterwards, and so that of guesses
    at once no more pass than one after the other. A right one is given back.
    Shape: allowed names the buckets that stop a guess, by what was counted in all so far.
    Locks: the buckets, by name, for a moment.
    """
    return _taken(list(buckets), allowed, actor)


def guess_at(*, bucket: str, most: int, actor: Actor) -> int:
    """Count a guess as `guess` does, where one bucket stops it and no right one is given back.

    It costs one statement, which is a transaction of its own: a bucket that is full is full
    whatever else is tried, so nothing has to be uncounted. No audit row says that it was counted.
    Locks: the bucket, for a moment.
    """
    now = clock.now()
    ((_, tries, window),) = _counted([bucket], now, actor, most=most, is_apart=True)
    return seconds_left(window, now) if tries > most else 0


@command("kernel.throttling.give_back", is_apart=True)
def give_back(*, buckets: Collection[str], actor: Actor, forgotten: str = "") -> None:
    """Count a guess no more that was right, and forget all of one bucket. Locks: the buckets."""
    session().execute(_GIVE_BACK, {"buckets": list(buckets)})
    session().execute(_FORGET, {"bucket": forgotten})


@command("kernel.throttling.forget")
def forget(*, bucket: str, actor: Actor) -> None:
    """Forget the tries of a bucket."""
    session().execute(_FORGET, {"bucket": bucket})


@command("kernel.throttling.forget_over")
def forget_over(*, batch: int, actor: Actor) -> int:
    """Delete a batch of buckets whose window is over; return how many. Locks: the buckets."""
    over = {"oldest": clock.now() - WINDOW, "batch": batch}
    return len(session().execute(_FORGET_OVER, over).all())


def _taken(buckets: list[str], allowed: Callable[[Tries], Mapping[str, int]], actor: Actor) -> int:
    now = clock.now()
    rows = _counted(buckets, now, actor)
    counted = {bucket: (tries, window) for bucket, tries, window in rows}
    limits = allowed({bucket: tries - 1 for bucket, (tries, _) in counted.items()})
    full = [counted[bucket][1] for bucket, most in limits.items() if counted[bucket][0] > most]
    if not full:
        return 0
    session().execute(_UNCOUNT, {"buckets": buckets})
    return max(seconds_left(window, now) for window in full)


def _counted(
    buckets: list[str],
    now: datetime,
    actor: Actor,
    *,
    most: int | None = None,
    is_apart: bool = False,
) -> list[tuple[str, int, datetime]]:
    """Return (bucket, tries, when its window began) of each that one more was counted in."""
    given: dict[str, object] = {"buckets": buckets, "most": most}
    given |= {"now": now, "oldest": now - WINDOW, "latest": now + WINDOW}
    return rows_of_statement(
        _COUNT, given, name="kernel.throttling.count", actor=actor, is_apart=is_apart
    )


def seconds_left(window_started_at: datetime, now: datetime) -> int:
    """Return the seconds until a window of tries ends, at least one."""
    return max(1, ceil((window_started_at + WINDOW - now).total_seconds()))
