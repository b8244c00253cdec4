"""What the machinery comes to: what waits, what gave up, and how far copies are behind."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import text

from kernel.db import session
from kernel.jobs import QUEUES, schedules
from kernel.telemetry.metrics import Figure, Labels, Measure

Read = Iterator[tuple[Labels, float]]

WAITING = Figure(
    "entrepot_deliveries_waiting",
    "gauge",
    "Deliveries that are neither done nor given up; mails wait in the queue mail.",
    ("queue",),
)
OLDEST = Figure(
    "entrepot_oldest_delivery_seconds",
    "gauge",
    "Age of the oldest delivery that waits: of the outbox, and in the queue index of search.",
    ("queue",),
)
GIVEN_UP = Figure(
    "entrepot_deliveries_given_up",
    "gauge",
    "Deliveries that gave up and wait for somebody to mend their cause.",
    ("queue",),
)
OVERDUE = Figure(
    "entrepot_schedule_overdue_seconds",
    "gauge",
    "How long a schedule should have been queued by now, zero when it was.",
    ("schedule",),
)
REPLICAS = Figure("entrepot_replicas", "gauge", "Copies of the database that follow it.")
REPLICA_LAG = Figure(
    "entrepot_replica_lag_seconds",
    "gauge",
    "How long the slowest copy of the database takes; of one that stands still it is not known.",
)
REPLICA_BYTES = Figure(
    "entrepot_replica_lag_bytes",
    "gauge",
    "How much of the journal the copy that is behind most has still to take in.",
)
REPLICAS_HIDDEN = Figure(
    "entrepot_replicas_hidden",
    "gauge",
    "Connections that copy the database and that its owner may not look at; without any figure of"
    " copies then.",
)
ARCHIVE_AGE = Figure(
    "entrepot_wal_archive_age_seconds",
    "gauge",
    "Time since the server archived its log last, zero where it archives none.",
)
ARCHIVE_FAILURES = Figure(
    "entrepot_wal_archive_failures", "gauge", "Tries to archive the server's log that failed."
)

_QUEUES = text(
    """
    SELECT d.queue, count(*) FILTER (WHERE d.dead_at IS NULL) AS waiting,
        count(d.dead_at) AS given_up,
        coalesce(extract(epoch FROM clock_timestamp()
            - min(o.created_at) FILTER (WHERE d.dead_at IS NULL)), 0) AS oldest
    FROM kernel.delivery d JOIN kernel.outbox o ON o.id = d.event_id
    WHERE d.done_at IS NULL GROUP BY d.queue
    """
)
_RUNS = text(
    "SELECT name, extract(epoch FROM clock_timestamp() - ran_at) AS ago FROM kernel.schedule_run"
)
_COPIES = text("SELECT hidden, copies, seconds, bytes FROM kernel.copies()")
_ARCHIVE = text(
    """
    SELECT failed_count, CASE WHEN current_setting('archive_mode') = 'off' THEN 0
        ELSE coalesce(extract(epoch FROM clock_timestamp()
            - coalesce(last_archived_time, stats_reset)), 0) END AS age
    FROM pg_stat_archiver
    """
)


def _by_queue(column: str) -> Read:
    found = {row.queue: row for row in session().execute(_QUEUES)}
    for queue in QUEUES:
        yield (queue,), float(getattr(found[queue], column)) if queue in found else 0.0


def _overdue() -> Read:
    ran = {row.name: float(row.ago) for row in session().execute(_RUNS)}
    for name, schedule in schedules().items():
        yield (name,), max(0.0, ran.get(name, 0.0) - schedule.every.total_seconds())


def _copies(column: str) -> Read:
    """Yield nothing where nobody may look: a zero would say that all is well."""
    found = getattr(session().execute(_COPIES).one(), column)
    if found is not None:
        yield (), float(found)


def _archive(column: str) -> Read:
    yield (), float(getattr(session().execute(_ARCHIVE).one(), column))


MEASURES = (
    Measure(WAITING, lambda: _by_queue("waiting")),
    Measure(OLDEST, lambda: _by_queue("oldest")),
    Measure(GIVEN_UP, lambda: _by_queue("given_up")),
    Measure(OVERDUE, _overdue),
    Measure(REPLICAS, lambda: _copies("copies")),
    Measure(REPLICA_LAG, lambda: _copies("seconds")),
    Measure(REPLICA_BYTES, lambda: _copies("bytes")),
    Measure(REPLICAS_HIDDEN, lambda: _copies("hidden")),
    Measure(ARCHIVE_AGE, lambda: _archive("age")),
    Measure(ARCHIVE_FAILURES, lambda: _archive("failed_count")),
)
