"""Two relays and two schedulers on one database: nothing twice, and one takes over the other's."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import ClassVar

import psycopg
import pytest
import redis
from rq import Queue
from sqlalchemy import text

from kernel import db as house
from kernel import jobs, outbox
from kernel.actor import SYSTEM
from kernel.embedded import redis_url
from kernel.events import Event, Note, on, publish
from kernel.ids import new_id
from kernel.jobs import LEASE
from kernel.testing import server_url
from tests.kernel import leading

# Seconds until a delivery that was claimed is looked at again (test_outbox.py).
SEEN_AGAIN = 10
_MAIN = "from tests.kernel import leading; leading.main"


class Processes:
    """Processes of the house on one database and one Redis, each known to the server by name."""

    def __init__(self, database: str) -> None:
        self._database = database
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, kind: str, name: str) -> None:
        self._running[name] = subprocess.Popen(
            [sys.executable, "-c", f"{_MAIN}({kind!r}, {self._database!r})"],
            env=os.environ
            | {
                "ENTREPOT_REDIS_URL": redis_url(),
                "TEST_DATABASE_URL": server_url(),
                "PGAPPNAME": name,
                "PYTHONPATH": ".",
            },
        )

    def send(self, name: str, number: signal.Signals) -> None:
        self._running[name].send_signal(number)

    def end(self) -> None:
        for one in self._running.values():
            one.kill()
        for one in self._running.values():
            one.wait(30)


@pytest.fixture
def processes(own_database):
    here = jobs.connection()
    here.flushdb()
    started = Processes(own_database)
    yield started
    here.execute_command("CLIENT", "UNPAUSE")
    started.end()
    here.flushdb()


def until(what, *, seconds: float) -> float:
    """Wait until something is so; return how long that took."""
    begun = time.monotonic()
    while not what():
        assert time.monotonic() - begun < seconds, "it never came"
        time.sleep(0.05)
    return time.monotonic() - begun


def asked(sql: str, **parameters: object) -> list:
    with house.reading() as current:
        return list(current.execute(text(sql), parameters))


def hold_redis() -> None:
    """Let Redis take nothing: whoever brings it something stands in the middle of that."""
    jobs.connection().execute_command("CLIENT", "PAUSE", "120000", "WRITE")


def let_redis_go() -> None:
    jobs.connection().execute_command("CLIENT", "UNPAUSE")


def claimed() -> int:
    return asked("SELECT count(*) FROM kernel.delivery WHERE attempts > 0")[0][0]


def assert_each_was_heard_once(numbers: range) -> None:
    built = asked("SELECT name FROM kernel.schedule_run WHERE name LIKE 'stone-%'")
    assert sorted(row.name for row in built) == sorted(f"stone-{n}" for n in numbers)
    told = Counter(int(n) for n in jobs.connection().lrange(leading.TOLD, 0, -1))
    assert told == Counter(numbers)
    written = asked("SELECT request_id FROM kernel.outbox")
    assert [row.request_id for row in written] == ["told"] * len(numbers)
    assert asked("SELECT sum(failures) FROM kernel.delivery")[0][0] == 0


@pytest.mark.parametrize("fate", [signal.SIGKILL, signal.SIGSTOP])
def test_what_a_relay_had_claimed_is_brought_by_the_other_and_heard_once(processes, fate):
    numbers = range(outbox.BATCH)  # two deliveries each: a batch for either relay
    hold_redis()
    processes.start("relay", "relay-one")
    processes.start("relay", "relay-two")
    leading.lay(numbers=numbers, actor=SYSTEM)
    until(lambda: claimed() == 2 * len(numbers), seconds=30)

    processes.send("relay-one", fate)
    processes.start("worker", "worker-one")
    processes.start("worker", "worker-two")
    let_redis_go()
    until(lambda: outbox.pending() == 0, seconds=SEEN_AGAIN + 20)
    if fate == signal.SIGSTOP:
        processes.send("relay-one", signal.SIGCONT)
        time.sleep(2)
        until(lambda: not any(jobs.queue(q).count for q in ("mail", "index")), seconds=20)

    assert_each_was_heard_once(numbers)


def turns() -> list[str]:
    return [turn.decode() for turn in jobs.connection().lrange(leading.TURNS, 0, -1)]


def assert_one_turn_at_a_time(noted: list[str]) -> None:
    assert len(set(noted)) == len(noted)
    taken = [datetime.strptime(f"{turn[5:27]}Z", "%Y%m%dT%H%M%S_%f%z") for turn in noted]
    for before, after in pairwise(taken):
        assert after - before >= leading.EVERY


_HOLDER = """
    SELECT application_name FROM pg_stat_activity WHERE application_name LIKE 'scheduler-%'
    AND state = 'idle in transaction' AND query LIKE '%UPDATE kernel.schedule_run%'
"""


def holder() -> str:
    """The scheduler that has taken a turn and waits for Redis."""
    with psycopg.connect(server_url(), autocommit=True) as owner:
        row = owner.execute(_HOLDER).fetchone()
    return str(row[0]) if row else ""


@pytest.mark.parametrize("fate", [signal.SIGKILL, signal.SIGSTOP])
def test_a_turn_that_a_scheduler_fell_with_is_taken_by_the_other_and_no_turn_twice(processes, fate):
    processes.start("worker", "worker")
    processes.start("scheduler", "scheduler-one")
    processes.start("scheduler", "scheduler-two")
    until(lambda: len(turns()) >= 3, seconds=40)

    hold_redis()
    until(holder, seconds=30)
    fallen, before = holder(), len(turns())
    processes.send(fallen, fate)
    let_redis_go()
    took = until(lambda: len(turns()) >= before + 2, seconds=LEASE + 20)
    assert took < LEASE + 2 * leading.EVERY.total_seconds() + 5
    if fate == signal.SIGSTOP:
        processes.send(fallen, signal.SIGCONT)
        until(lambda: len(turns()) >= before + 4, seconds=30)

    assert_one_turn_at_a_time(turns())


@pytest.fixture
def ring_alone(own_database, monkeypatch):
    """One schedule in an empty house; return how its queue is asked."""
    jobs.connection().flushdb()
    monkeypatch.setattr(jobs, "_schedules", {leading.RING.name: leading.RING})
    yield Queue("mail", connection=jobs.connection())
    jobs.connection().flushdb()


def test_a_turn_that_redis_refuses_comes_again_at_once(ring_alone):
    here = jobs.connection()
    here.config_set("maxmemory", "1")
    try:
        with pytest.raises(redis.exceptions.RedisError):
            jobs.queue_due_schedules()
    finally:
        here.config_set("maxmemory", "0")
    assert jobs.queue_due_schedules() == [leading.RING.name]
    assert ring_alone.count == 1


def test_a_schedule_that_still_waits_in_its_queue_is_not_queued_again(ring_alone):
    assert jobs.queue_due_schedules() == [leading.RING.name]
    time.sleep(leading.EVERY.total_seconds() + 0.2)
    assert jobs.queue_due_schedules() == []
    assert ring_alone.count == 1


def test_a_schedule_goes_on_where_the_clock_was_set_back_by_a_day(ring_alone):
    assert jobs.queue_due_schedules() == [leading.RING.name]
    ring_alone.empty()
    with house.transaction(name="tests.leases.set_back", actor=SYSTEM) as current:
        current.execute(text("UPDATE kernel.schedule_run SET ran_at = ran_at + interval '1 day'"))
    assert jobs.queue_due_schedules() == [leading.RING.name]
    ring_alone.empty()
    assert jobs.queue_due_schedules() == [], "its turn is over"


@dataclass(frozen=True, kw_only=True)
class OfficeAsked(Event):
    name: ClassVar[str] = "tests.office.asked.v1"


asleep, woken = threading.Event(), threading.Event()


@on(OfficeAsked, "tests.leases.ask", queue="index", outside=True)
def ask(_event: OfficeAsked) -> Note:
    if not asleep.is_set():
        asleep.set()
        assert woken.wait(30)
    return lambda: house.session().execute(
        text("INSERT INTO kernel.schedule_run (name, ran_at) VALUES (:name, clock_timestamp())"),
        {"name": f"answer-{new_id()}"},
    )


@house.command("tests.leases.ask_office")
def ask_office(*, actor=SYSTEM) -> None:
    publish(OfficeAsked())


def test_who_hears_late_what_another_worker_has_written_down_writes_nothing(own_database):
    ask_office(actor=SYSTEM)
    [due] = outbox.claim_due()
    delivery = str(due.event_id), due.handler
    late = threading.Thread(target=jobs.deliver, args=delivery)
    late.start()
    assert asleep.wait(30)
    jobs.deliver(*delivery)
    woken.set()
    late.join(30)

    assert len(asked("SELECT name FROM kernel.schedule_run WHERE name LIKE 'answer-%'")) == 1
