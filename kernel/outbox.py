"""Facts on their way: the stored event, its deliveries, and the relay that queues what is due.

A delivery is due until its handler's own transaction marks it done. The relay enqueues due ones and
looks again later, so an emptied Redis, a killed worker or a crash between the two loses nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Column, DateTime, Identity, Index, Integer, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from kernel.actor import SYSTEM, Actor
from kernel.db import command, plain_table, reading, rows_of_statement, session, transaction

BATCH = 200
MOST_FAILURES = 12

outbox = plain_table(
    __name__,
    "kernel.outbox",
    """A published fact; never changed, goes with its week once every delivery is done (forgetting).

    Shape: partitions are weeks, which the id tells: UUIDs of version 7 begin with their time.
    request_id and traceparent name what caused it, where something did: the request of a page, or a
    run of a schedule (Source: W3C Trace Context).
    """,
    Column("id", Uuid, primary_key=True),
    Column("seq", BigInteger, Identity(), nullable=False),
    Column("name", Text, nullable=False),
    Column("payload", JSONB, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Column("request_id", Text),
    Column("traceparent", Text),
    Index("ix_outbox_seq", "seq"),
    partition_by="RANGE (id)",
)

delivery = plain_table(
    __name__,
    "kernel.delivery",
    """One handler's share of a fact; done_at is the inbox: set in the handler's own commit.

    Shape: partitions are the weeks of the facts. attempts counts how often it was queued, failures
    how often it was run and failed; only these make it give up, since a night without workers is
    nobody's fault. queued_at names its last job, which may still wait when the delivery is looked
    at again.
    Units: real time, not business time: a demonstration that jumps ahead must not starve retries.
    """,
    Column("event_id", Uuid, primary_key=True),
    Column("handler", Text, primary_key=True),
    Column("queue", Text, nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("attempts", Integer, server_default="0", nullable=False),
    Column("queued_at", DateTime(timezone=True)),
    Column("failures", Integer, server_default="0", nullable=False),
    Column("done_at", DateTime(timezone=True)),
    Column("dead_at", DateTime(timezone=True)),
    Column("error", Text),
    Index(
        "ix_delivery_due",
        "due_at",
        postgresql_where=text("done_at IS NULL AND dead_at IS NULL"),
    ),
    partition_by="RANGE (event_id)",
)


# What rooms above may join.
READABLE = (outbox, delivery)


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery the relay claimed for queueing.

    Shape: claimed_at is one instant for all that are claimed together, queued_at when its last job
    was queued: the same instant the first time; traceparent is what caused it, if it is followed.
    """

    event_id: UUID
    handler: str
    queue: str
    attempts: int
    claimed_at: datetime
    queued_at: datetime
    traceparent: str | None = None


# No next look is farther away than ten minutes, unless the server's clock was set back since: then
# it is due, or it would wait for as long as the clock was ahead. It comes after 10 s, 20 s, 40 s …
# unless done by then; the power is bounded before it is taken, since a week without workers would
# leave the range of numbers.
_CLAIM = """
    WITH due AS (
        SELECT event_id, handler FROM kernel.delivery WHERE done_at IS NULL AND dead_at IS NULL
        AND queue <> ALL (CAST(%(besides)s AS text[]))
        AND due_at NOT BETWEEN clock_timestamp() AND clock_timestamp() + interval '11 minutes'
        ORDER BY due_at LIMIT %(batch)s FOR UPDATE SKIP LOCKED
    )
    UPDATE kernel.delivery d
    SET attempts = attempts + 1,
        queued_at = CASE WHEN attempts = 0 THEN statement_timestamp() ELSE queued_at END,
        due_at = statement_timestamp()
            + make_interval(secs => least(600, 10 * 2 ^ least(d.attempts, 6)))
    FROM due WHERE d.event_id = due.event_id AND d.handler = due.handler
    RETURNING d.event_id, d.handler, d.queue, d.attempts, statement_timestamp(), d.queued_at,
        (SELECT o.traceparent FROM kernel.outbox o WHERE o.id = d.event_id)
    """
_REQUEUE = text(
    """
    UPDATE kernel.delivery SET queued_at = :claimed_at
    WHERE event_id = :event_id AND handler = :handler
    """
)


def claim_due(*, besides: Sequence[str] = ()) -> list[Due]:
    """Take what is due, oldest first, and push its next look into the future.

    Shape: besides are queues that are left to others.
    Locks: the delivery rows, skipping those of other relays and of running handlers.
    """
    asked = {"batch": BATCH, "besides": list(besides)}
    rows = rows_of_statement(_CLAIM, asked, name="kernel.outbox.claim_due", actor=SYSTEM)
    return [Due(*row) for row in rows]


def note_requeued(due: Sequence[Due]) -> None:
    """Write down that deliveries whose last job is lost get a new one, before it is queued."""
    again = [
        {"event_id": item.event_id, "handler": item.handler, "claimed_at": item.claimed_at}
        for item in due
    ]
    with transaction(name="kernel.outbox.note_requeued", actor=SYSTEM) as current:
        current.execute(_REQUEUE, again)


def pending(*, besides: Sequence[str] = ()) -> int:
    """Return how many deliveries are neither done nor dead. Shape: besides are queues left out."""
    with reading() as current:
        return int(
            current.execute(
                text(
                    "SELECT count(*) FROM kernel.delivery WHERE done_at IS NULL"
                    " AND dead_at IS NULL AND NOT queue = ANY(CAST(:besides AS text[]))"
                ),
                {"besides": list(besides)},
            ).scalar_one()
        )


@command("kernel.outbox.revive_dead")
def revive_dead(*, actor: Actor) -> int:
    """Make every dead delivery due again, after the operator mended the cause; return how many."""
    revived = session().execute(
        text(
            "UPDATE kernel.delivery SET dead_at = NULL, attempts = 0, failures = 0,"
            " due_at = clock_timestamp() WHERE dead_at IS NOT NULL RETURNING event_id"
        )
    )
    return len(revived.all())


def settle_unheard(*, handlers: str) -> int:
    """Call the waiting deliveries of some handlers done, because a rebuild has read everything.

    Shape: handlers is the beginning of their names. Returns how many.
    """
    with transaction(name="kernel.outbox.settle_unheard", actor=SYSTEM) as current:
        return len(
            current.execute(
                text(
                    "UPDATE kernel.delivery SET done_at = clock_timestamp()"
                    " WHERE handler LIKE :beginning AND done_at IS NULL RETURNING event_id"
                ),
                {"beginning": f"{handlers}%"},
            ).all()
        )
