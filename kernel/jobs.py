"""Work away from the page: RQ queues, the worker's function, and schedules.

Redis only carries the news that something is due; what is due and done stands in the database.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

from sqlalchemy import Column, DateTime, Row, Text, text

from kernel import events
from kernel.actor import SYSTEM
from kernel.config import settings
from kernel.db import plain_table, reading, rows_of_statement, transaction
from kernel.ids import new_id
from kernel.logging import log, request_id
from kernel.outbox import MOST_FAILURES, Due, claim_due, note_requeued
from kernel.redis_client import client
from kernel.telemetry import metrics, outages, tracing

if TYPE_CHECKING:
    from threading import Event

    import redis
    from rq import Queue

T = TypeVar("T")
R = TypeVar("R")

# By purpose, so that a flood of pictures never delays money. Order = order of service.
QUEUES = ("money", "default", "mail", "index", "documents", "slow")
TIMEOUTS = {"money": 60, "default": 60, "mail": 60, "index": 300, "documents": 120, "slow": 1800}
# How many deliveries one job carries: a job costs Redis and the worker more than a short delivery,
# but what is behind it in another queue waits for all of it.
PACKED = {"money": 20, "default": 20, "mail": 10, "index": 10, "documents": 1, "slow": 1}

schedule_run = plain_table(
    __name__,
    "kernel.schedule_run",
    """When a schedule ran last; the row lock keeps two schedulers apart.

    Shape: ran_at names the turn as well: a job that was queued for another one does nothing.
    Units: real time.
    """,
    Column("name", Text, primary_key=True),
    Column("ran_at", DateTime(timezone=True), nullable=False),
)


# What rooms above may join.
READABLE = (schedule_run,)


@dataclass(frozen=True)
class Schedule:
    """A function that runs again and again.

    Shape: is_spare marks work that only makes later work cheaper; nothing ever waits for it.
    is_mirror marks work that makes something follow what it was made from: after a turn, it is as
    if every turn before had been taken.
    """

    name: str
    function: Callable[[], None]
    every: timedelta
    queue: str
    is_spare: bool = False
    is_mirror: bool = False


_schedules: dict[str, Schedule] = {}


def schedule(
    name: str,
    *,
    every: timedelta,
    queue: str = "default",
    is_spare: bool = False,
    is_mirror: bool = False,
) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Run a function without arguments every so often, in a worker; it opens its own commands.

    When it ran last is stored under the name, which is the schedule's own.
    Shape: name is `<package>.<noun>.<verb>`, no two alike.
    """

    def register(function: Callable[[], None]) -> Callable[[], None]:
        assert name not in _schedules, f"two schedules are called {name}"
        _schedules[name] = Schedule(name, function, every, queue, is_spare, is_mirror)
        return function

    return register


def one_by_one(items: Iterable[T], act: Callable[[T], R]) -> list[R]:
    """Do something with every item, each in a commit of its own; a bad one holds nobody else up.

    Raises: the first failure, once all the others had their turn.
    """
    done, failures = [], []
    for item in items:
        try:
            done.append(act(item))
        except Exception as failure:  # noqa: BLE001 - told below, and raised after the others
            outages.tell(failure, "one of many failed: %s", item)
            failures.append(failure)
    if failures:
        raise failures[0]
    return done


def schedules() -> dict[str, Schedule]:
    """Return every schedule by name."""
    return _schedules


@cache
def connection() -> redis.Redis:
    """Return the Redis client of this process, starting the embedded server when none is set."""
    from kernel.embedded import redis_url  # noqa: PLC0415 - processes with a URL never load it

    return client(settings().redis_url or redis_url())


def queue(name: str) -> Queue:
    """Return a queue. Shape: jobs are JSON, since reading a pickle runs what its writer wants."""
    from rq import Queue  # noqa: PLC0415 - as Redis: no page queues anything
    from rq.serializers import JSONSerializer  # noqa: PLC0415 - comes with Queue

    return Queue(name, connection=connection(), serializer=JSONSerializer)


def enqueue(due: Sequence[Due]) -> None:
    """Queue deliveries, several to a job, but those whose last job still waits in its queue."""
    first = [item for item in due if item.attempts == 1]
    again = _lost([item for item in due if item.attempts > 1])
    if again:
        note_requeued(again)
    jobs: dict[tuple[str, datetime], list[Due]] = defaultdict(list)
    for item in first + again:
        jobs[item.queue, item.claimed_at].append(item)
    for (name, claimed_at), items in jobs.items():
        for start in range(0, len(items), PACKED[name]):
            _enqueue(name, _stamp(claimed_at), items[start : start + PACKED[name]])


def _lost(due: Sequence[Due]) -> list[Due]:
    waiting = {name: _waiting_in(name) for name in {item.queue for item in due}}
    return [item for item in due if _stamp(item.queued_at) not in waiting[item.queue]]


def _enqueue(name: str, stamp: str, items: Sequence[Due]) -> None:
    queue(name).enqueue_call(
        "kernel.jobs.deliver_all",
        args=(name, [(str(item.event_id), item.handler) for item in items]),
        job_id=f"{stamp}-{new_id().hex}",
        timeout=TIMEOUTS[name] * len(items),
        result_ttl=0,
        failure_ttl=86_400,
    )


def _stamp(queued_at: datetime) -> str:
    # What a delivery's row still knows of its last job.
    return queued_at.strftime("%Y%m%dT%H%M%S_%f")


def _waiting_in(name: str) -> set[str]:
    ids = queue(name).get_job_ids()
    return {job_id.rpartition("-")[0] for job_id in ids}


_TAKE = text(
    """
    SELECT o.name, o.payload, o.request_id, o.traceparent, d.failures FROM kernel.delivery d
    JOIN kernel.outbox o ON o.id = d.event_id
    WHERE d.event_id = :event_id AND d.handler = :handler AND d.done_at IS NULL
    FOR UPDATE OF d SKIP LOCKED
    """
)
# Without a lock: it would end with the statement, long before the talk with the world.
_WAITS = text(
    """
    SELECT o.name, o.payload, o.request_id, o.traceparent, d.failures
    FROM kernel.delivery d JOIN kernel.outbox o ON o.id = d.event_id
    WHERE d.event_id = :event_id AND d.handler = :handler AND d.done_at IS NULL
    """
)
_DONE = """
    UPDATE kernel.delivery SET done_at = clock_timestamp(), error = NULL
    WHERE event_id = %(event_id)s AND handler = %(handler)s AND done_at IS NULL RETURNING event_id
    """
_FAILED = text(
    """
    UPDATE kernel.delivery
    SET error = :error, failures = failures + 1,
        dead_at = CASE WHEN failures + 1 >= :most THEN clock_timestamp() END
    WHERE event_id = :event_id AND handler = :handler AND done_at IS NULL
    """
)


def deliver_all(name: str, deliveries: list[tuple[str, str]]) -> None:
    """Run the deliveries of one job, each with its own time and commit; a bad one stops no other.

    Shape: name of the queue, deliveries are pairs of event id and handler. Raises: the first
    failure, at the end.
    """
    from rq.timeouts import (  # noqa: PLC0415 - pages import this module, and only workers have rq
        JobTimeoutException,
        UnixSignalDeathPenalty,
    )

    def run(delivery: tuple[str, str]) -> None:
        # rq gives this class no types.
        limit = UnixSignalDeathPenalty(TIMEOUTS[name], JobTimeoutException)  # type: ignore[no-untyped-call]
        with limit:
            deliver(*delivery)

    one_by_one(deliveries, run)


def deliver(event_id: str, handler_name: str) -> None:
    """Run one handler for one event; a delivery that is done or running elsewhere is left alone."""
    key = {"event_id": UUID(event_id), "handler": handler_name}
    caused_by = request_id.set("-")
    try:
        # Inside, so that a delivery to a handler of an older version is counted and given up.
        handler = events.handlers()[handler_name]
        if handler.is_outside:
            _deliver_outside(handler, key)
        else:
            _deliver_inside(handler, key)
    except Exception as error:
        outages.tell(error, "delivery failed: %s", handler_name)
        with transaction(name="kernel.jobs.failed", actor=SYSTEM) as current:
            current.execute(_FAILED, key | {"error": repr(error)[:2000], "most": MOST_FAILURES})
        raise
    finally:
        request_id.reset(caused_by)


def _hear(handler: events.Handler, row: Row[Any]) -> events.Note | None:
    """Run a handler on behalf of the request that caused its event."""
    request_id.set(row.request_id or "-")
    begun, outcome = time.perf_counter(), "failed"
    try:
        note = _followed(handler, row)
        outcome = "done" if row.failures == 0 else "done_again"
        return note
    finally:
        metrics.DELIVERIES.count(handler.name, outcome)
        metrics.DELIVERY_SECONDS.observe(time.perf_counter() - begun, handler.queue)


def _followed(handler: events.Handler, row: Row[Any]) -> events.Note | None:
    with tracing.span(
        f"deliver {handler.name}",
        kind="consumer",
        cause=row.traceparent,
        about={"messaging.destination.name": handler.queue, "entrepot.event": row.name},
    ):
        return handler.function(events.decode(row.name, row.payload))


def _deliver_inside(handler: events.Handler, key: dict[str, Any]) -> None:
    with transaction(name=handler.name, actor=SYSTEM) as current:
        row = current.execute(_TAKE, key).one_or_none()
        if row is None:
            return
        _hear(handler, row)
        _is_done_by_us(handler, key)


def _deliver_outside(handler: events.Handler, key: dict[str, Any]) -> None:
    with reading() as current:
        row = current.execute(_WAITS, key).one_or_none()
    if row is None:
        return
    note = _hear(handler, row)
    if note is None:
        _is_done_by_us(handler, key)
        return
    with transaction(name=handler.name, actor=SYSTEM):
        # Who stood still for long finds that another worker has written the answer down.
        if _is_done_by_us(handler, key):
            note()


def _is_done_by_us(handler: events.Handler, key: dict[str, Any]) -> bool:
    """Mark a delivery done in the open transaction, or alone; whether no other worker had."""
    return bool(rows_of_statement(_DONE, key, name=handler.name, actor=SYSTEM))


def run_schedule(name: str) -> None:
    """Run one schedule's function; a failure is logged and the next turn comes anyway.

    What it leads to bears an id of its own, like what a request leads to. A job whose turn another
    scheduler has taken since does nothing.
    """
    if not _is_turn(name):
        log.info("another scheduler has taken the turn of %s", name)
        return
    run = request_id.set(new_id().hex[-12:])
    try:
        with tracing.span(f"run {name}", kind="consumer", starts=True):
            _schedules[name].function()
        metrics.SCHEDULE_SUCCESS.set(time.time(), name)
    except Exception:
        metrics.SCHEDULE_FAILURES.count(name)
        raise
    finally:
        request_id.reset(run)


# Seconds in which a scheduler brings a job to Redis. The transaction is its lease: the server ends
# one that stands still, as it ends one whose process is gone, and the other scheduler takes over.
LEASE = 10
_LEASE = text(f"SET LOCAL idle_in_transaction_session_timeout = '{LEASE}s'")
_LAST = text("SELECT name, ran_at, clock_timestamp() - ran_at AS passed FROM kernel.schedule_run")
# Due at once, and seen by the worker that is about to ask for the first turn.
_FIRST = text(
    """
    INSERT INTO kernel.schedule_run (name, ran_at)
    VALUES (:name, clock_timestamp() - make_interval(secs => :seconds)) ON CONFLICT DO NOTHING
    """
)
# A last turn that is still to come was taken before the server's clock was set back: the next one
# would wait for as long as the clock was ahead. Servers that lead in turn differ by less.
_APART = timedelta(minutes=1)
_TURN = text(
    """
    UPDATE kernel.schedule_run SET ran_at = clock_timestamp() WHERE name = :name
    AND ran_at NOT BETWEEN clock_timestamp() - make_interval(secs => :seconds)
        AND clock_timestamp() + :apart
    RETURNING ran_at
    """
)
# How the job of a turn is called; the rest says whose turn it is, and when it was taken.
_TURNS = "turn-"
# Waits for a scheduler that has queued the job and is about to commit its turn.
_WHOSE = text("SELECT ran_at FROM kernel.schedule_run WHERE name = :name FOR SHARE")


def _is_turn(name: str) -> bool:
    """Whether the turn that the present job was queued for is the schedule's last one."""
    from rq import get_current_job  # noqa: PLC0415 - pages import this module, and only workers have rq

    job = get_current_job()
    # Called by hand, or queued by a version that named no turns.
    if job is None or not job.id.startswith(_TURNS):
        return True
    with reading() as current:
        ran_at = current.execute(_WHOSE, {"name": name}).scalar_one_or_none()
    return ran_at is not None and job.id == _turn_of(name, ran_at)


def _turn_of(name: str, ran_at: datetime) -> str:
    return f"{_TURNS}{_stamp(ran_at)}-{name.replace('.', '_')}"


def queue_due_schedules(*, at_once: bool = False) -> list[str]:
    """Queue each schedule whose turn has come (all with `at_once`); return their names.

    One whose last job still waits in its queue has no new turn until that has run.
    Locks: the row of one schedule, while its job is brought to Redis: a turn that never got there
    is nobody's, and comes again at once.
    """
    queued = []
    for item in _whose_turn_has_come(at_once=at_once):
        with transaction(name="kernel.jobs.schedule", actor=SYSTEM) as current:
            current.execute(_LEASE)
            seconds = 0 if at_once else item.every.total_seconds()
            whose = {"name": item.name, "seconds": seconds, "apart": _APART}
            turn = current.execute(_TURN, whose).one_or_none()
            if turn is None:
                continue
            queue(item.queue).enqueue_call(
                "kernel.jobs.run_schedule",
                args=(item.name,),
                job_id=_turn_of(item.name, turn.ran_at),
                timeout=TIMEOUTS[item.queue],
                result_ttl=0,
                failure_ttl=3600,
            )
        queued.append(item.name)
    return queued


def _whose_turn_has_come(*, at_once: bool) -> list[Schedule]:
    with reading() as current:
        last = {row.name: row for row in current.execute(_LAST)}
    for item in _schedules.values():
        if item.name not in last:
            with transaction(name="kernel.jobs.schedule", actor=SYSTEM) as current:
                current.execute(_FIRST, {"name": item.name, "seconds": item.every.total_seconds()})
    return [
        item
        for item in _schedules.values()
        if at_once or item.name not in last or _is_due(item, last[item.name])
    ]


def _is_due(item: Schedule, last: Row[Any]) -> bool:
    return (
        not -_APART <= last.passed < item.every
        and _turn_of(item.name, last.ran_at) not in queue(item.queue).get_job_ids()
    )


def relay_forever(*, stop: Event | None = None, idle: float = 0.1) -> None:
    """Queue what is due until told to stop; sleeps only when nothing was due."""
    while stop is None or not stop.is_set():
        try:
            since_ns = time.time_ns()
            due = claim_due()
            if due:
                enqueue(due)
                _note_queued(due, since_ns)
                outages.REDIS.over()
        except Exception as error:  # noqa: BLE001 - a server is away: tell, wait, look again
            outages.tell(error, "relay pauses")
            time.sleep(1)
            continue
        if not due:
            time.sleep(idle)


def _note_queued(due: Sequence[Due], since_ns: int) -> None:
    for item in due:
        if item.traceparent:
            tracing.passed(
                f"queue {item.handler}",
                kind="producer",
                since_ns=since_ns,
                cause=item.traceparent,
                about={"messaging.destination.name": item.queue},
            )


def schedule_forever(*, stop: Event | None = None) -> None:
    """Queue due schedules once a second until told to stop."""
    while stop is None or not stop.is_set():
        try:
            if queue_due_schedules():
                outages.REDIS.over()
        except Exception as error:  # noqa: BLE001 - a server is away: tell, wait, look again
            outages.tell(error, "scheduler pauses")
        time.sleep(1)


def drain(*, rounds: int = 200, besides: Sequence[str] = ()) -> int:
    """Deliver everything that is due here and now, in this process; return how many ran.

    For tests and for the tour: no Redis, no relay, the same functions.
    Shape: besides are queues that are left to the workers.
    """
    ran = 0
    for _ in range(rounds):
        due = claim_due(besides=besides)
        if not due:
            return ran
        for item in due:
            deliver(str(item.event_id), item.handler)
            ran += 1
    raise AssertionError("the house keeps talking to itself")


def dead_letters() -> list[dict[str, Any]]:
    """Return the deliveries that gave up, newest first, for the operator's page."""
    with reading() as current:
        rows = current.execute(
            text(
                "SELECT event_id, handler, queue, failures, dead_at, error FROM kernel.delivery"
                " WHERE dead_at IS NOT NULL ORDER BY dead_at DESC LIMIT 200"
            )
        )
        return [dict(row) for row in rows.mappings()]
