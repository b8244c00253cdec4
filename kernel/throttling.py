"""Counted tries in windows of a quarter hour, by bucket: who guesses is stopped.

Each count is a commit of its own, because a refusal must not undo it. Which buckets there are and
how much each allows is said by the rooms that count.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import Column, DateTime, Integer, Text, text

from kernel import clock
from kernel.actor import Actor
from kernel.db import command, plain_table, session

WINDOW = timedelta(minutes=15)

_TRIES = text(
    "SELECT bucket, tries, window_started_at FROM kernel.try_count"
    " WHERE bucket = ANY(:buckets) AND window_started_at >= :oldest"
)
_COUNT = text(
    """
    INSERT INTO kernel.try_count (bucket, window_started_at, tries) VALUES (:bucket, :now, 1)
    ON CONFLICT (bucket) DO UPDATE SET
        tries = CASE WHEN try_count.window_started_at < :oldest THEN 1 ELSE try_count.tries + 1 END,
        window_started_at = CASE WHEN try_count.window_started_at < :oldest THEN :now
                                 ELSE try_count.window_started_at END
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


@command("kernel.throttling.count")
def count(*, buckets: list[str], actor: Actor) -> None:
    """Count one try in each bucket. Locks: the buckets, by name."""
    now = clock.now()
    for bucket in sorted(buckets):
        session().execute(_COUNT, {"bucket": bucket, "now": now, "oldest": now - WINDOW})


@command("kernel.throttling.forget")
def forget(*, bucket: str, actor: Actor) -> None:
    """Forget the tries of a bucket."""
    session().execute(_FORGET, {"bucket": bucket})


@command("kernel.throttling.forget_over")
def forget_over(*, batch: int, actor: Actor) -> int:
    """Delete a batch of buckets whose window is over; return how many. Locks: the buckets."""
    over = {"oldest": clock.now() - WINDOW, "batch": batch}
    return len(session().execute(_FORGET_OVER, over).all())


def so_far(*buckets: str) -> dict[str, tuple[int, int]]:
    """Return tries and seconds until the window ends, by bucket."""
    now = clock.now()
    rows = session().execute(_TRIES, {"buckets": list(buckets), "oldest": now - WINDOW})
    return {row.bucket: (row.tries, seconds_left(row.window_started_at, now)) for row in rows}


def wait(tries: Mapping[str, tuple[int, int]], allowed: Mapping[str, int]) -> int:
    """Return the seconds until every bucket allows another try, 0 when all do."""
    over = [tries[b][1] for b, most in allowed.items() if b in tries and tries[b][0] >= most]
    return max(over, default=0)


def seconds_left(window_started_at: datetime, now: datetime) -> int:
    """Return the seconds until a window of tries ends, at least one."""
    return max(1, ceil((window_started_at + WINDOW - now).total_seconds()))
