"""Reads of the machinery.

It lives in the real world's time, and is shown in that of the business, as the page around it is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from kernel import alarms, clock
from kernel.alarms import Alarm
from kernel.db import reading
from kernel.jobs import QUEUES, dead_letters, schedules


@dataclass(frozen=True, slots=True)
class QueueView:
    """One queue: what waits and how old the oldest is."""

    name: str
    waiting: int
    oldest_at: datetime | None


@dataclass(frozen=True, slots=True)
class Machinery:
    """Everything an operator looks at first.

    Shape: dead are delivery rows, newest first; alarms are hours, newest first; runs maps a
    schedule to its last run.
    """

    queues: list[QueueView]
    dead: list[dict[str, Any]]
    alarms: list[Alarm]
    runs: dict[str, datetime | None]


_WAITING = text(
    """
    SELECT d.queue, count(*) AS waiting, min(o.created_at) AS oldest_at
    FROM kernel.delivery d JOIN kernel.outbox o ON o.id = d.event_id
    WHERE d.done_at IS NULL AND d.dead_at IS NULL GROUP BY d.queue
    """
)


def machinery() -> Machinery:
    """Return queues, dead deliveries and schedules."""
    with reading() as current:
        waiting = {r.queue: r for r in current.execute(_WAITING)}
        rows = current.execute(text("SELECT name, ran_at FROM kernel.schedule_run"))
        ran = {row.name: clock.from_world(row.ran_at) for row in rows}
    queues = [
        QueueView(q, waiting[q].waiting, clock.from_world(waiting[q].oldest_at))
        if q in waiting
        else QueueView(q, 0, None)
        for q in QUEUES
    ]
    return Machinery(
        queues,
        [row | {"dead_at": clock.from_world(row["dead_at"])} for row in dead_letters()],
        alarms.alarms(),
        {name: ran.get(name) for name in sorted(schedules())},
    )
