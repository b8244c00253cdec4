"""Deliveries travel several to a job: one bad one stops no other, none is queued over and over."""

import os
import time
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import ClassVar

import pytest
from rq import Queue
from sqlalchemy import text

from kernel import db as house
from kernel import jobs, outbox, worker
from kernel.actor import SYSTEM
from kernel.events import Event, Note, handlers, on, publish


@dataclass(frozen=True, kw_only=True)
class BellRung(Event):
    name: ClassVar[str] = "tests.bell.rung.v1"
    strokes: int


heard: list[int] = []
told: list[int] = []


@on(BellRung, "tests.jobs.hear", queue="mail")
def hear(event: BellRung) -> None:
    if event.strokes == 0:
        raise RuntimeError("nothing to hear")
    heard.append(event.strokes)


@on(BellRung, "tests.jobs.tell_the_town", queue="index", outside=True)
def tell_the_town(event: BellRung) -> Note:
    assert not house.in_command()
    told.append(event.strokes)
    return lambda: house.session().execute(
        text("UPDATE kernel.outbox SET payload = '{\"strokes\": 12}' WHERE id = :id"),
        {"id": event.id},
    )


@house.command("tests.jobs.ring")
def ring(*, strokes: list[int], actor=SYSTEM) -> None:
    for number in strokes:
        publish(BellRung(strokes=number))


def an_hour_later() -> list[outbox.Due]:
    """Claim what is due in an hour; moving the rows' own time would hide which job they are in."""
    later = outbox._CLAIM.replace("BETWEEN clock_timestamp()", "BETWEEN now() + '1 hour'")
    asked = {"batch": outbox.BATCH, "besides": []}
    rows = house.rows_of_statement(later, asked, name="tests.later", actor=SYSTEM)
    return [outbox.Due(*row) for row in rows]


def queued(name: str) -> int:
    return Queue(name, connection=jobs.connection()).count


@pytest.fixture(autouse=True)
def _forget(db):
    heard.clear()
    told.clear()
    jobs.connection().flushdb()


def test_what_is_claimed_together_travels_in_one_job_for_each_queue(db):
    ring(strokes=[1, 2, 3], actor=SYSTEM)
    jobs.enqueue(outbox.claim_due())
    assert (queued("mail"), queued("index")) == (1, 1)

    worker.work(burst=True)
    assert (heard, told) == ([1, 2, 3], [1, 2, 3])
    assert outbox.pending() == 0


def test_a_job_that_is_done_leaves_nothing_in_redis_and_asks_little_of_it(db):
    redis = jobs.connection()

    def asked() -> int:
        return int(redis.info("stats")["total_commands_processed"])

    ring(strokes=[1] * 6, actor=SYSTEM)
    due = [item for item in outbox.claim_due() if item.queue == "mail"]
    for item in due:  # each in a job of its own
        jobs.enqueue([item])
    before = asked()
    worker.work(("mail",), burst=True)
    # All that a worker says of itself at its beginning and end is among these.
    assert asked() - before < 6 * 55

    assert heard == [1] * 6
    left = {key.decode().split(":")[1] for key in redis.scan_iter("rq:*")}
    assert not left & {"job", "executions", "wip", "finished", "results"}, left


def test_a_delivery_that_leaves_nothing_to_write_is_done_by_two_statements(db, monkeypatch):
    ring(strokes=[5], actor=SYSTEM)
    silent = replace(handlers()["tests.jobs.tell_the_town"], function=lambda _event: None)
    monkeypatch.setitem(handlers(), silent.name, silent)
    due = [item for item in outbox.claim_due() if item.handler == silent.name]
    with house.counting_queries() as counted:
        jobs.deliver(str(due[0].event_id), silent.name)

    assert len(counted) == 2, counted.statements


def test_a_job_carries_no_more_than_its_queue_allows(db):
    ring(strokes=[1] * (jobs.PACKED["mail"] + 1), actor=SYSTEM)
    jobs.enqueue(outbox.claim_due())
    assert queued("mail") == 2


def test_a_bad_delivery_stops_no_other_of_its_job(db):
    ring(strokes=[1, 0, 3], actor=SYSTEM)
    jobs.enqueue(outbox.claim_due())
    worker.work(burst=True)
    assert heard == [1, 3]
    assert outbox.pending() == 1


def test_a_delivery_that_still_waits_is_not_queued_again_and_a_lost_one_is(db):
    ring(strokes=[1], actor=SYSTEM)
    jobs.enqueue(outbox.claim_due())
    for _ in range(4):  # however often it is looked at
        jobs.enqueue(an_hour_later())
        assert (queued("mail"), queued("index")) == (1, 1)

    jobs.connection().flushdb()
    for _ in range(4):
        jobs.enqueue(an_hour_later())
        assert (queued("mail"), queued("index")) == (1, 1)


def test_what_the_world_answered_is_written_with_the_delivery(db):
    ring(strokes=[4], actor=SYSTEM)
    jobs.drain()
    row = db.execute(
        text(
            "SELECT o.payload, d.done_at FROM kernel.outbox o JOIN kernel.delivery d"
            " ON d.event_id = o.id WHERE d.queue = 'index'"
        )
    ).one()
    assert row.payload == {"strokes": 12}
    assert row.done_at is not None


def test_a_job_that_takes_longer_than_a_look_at_it_is_done_and_no_failure(monkeypatch):
    # Looks are half a minute apart and count for a minute more; here for a second altogether.
    always = property(lambda _self: -59, lambda _self, _seconds: None)
    monkeypatch.setattr(worker.HouseWorker, "job_monitoring_interval", always, raising=False)
    slow = jobs.Schedule("tests.jobs.nap", lambda: time.sleep(2), timedelta(days=1), "index")
    monkeypatch.setitem(jobs.schedules(), slow.name, slow)
    queue = jobs.queue("index")
    job = queue.enqueue_call("kernel.jobs.run_schedule", args=(slow.name,), result_ttl=0)
    worker.work((queue.name,), burst=True)
    assert job.id not in queue.failed_job_registry


def process_of(name: str, monkeypatch) -> int:
    """The process in which a job of a queue ran."""

    def note():
        jobs.connection().set("tests.process", os.getpid())

    here = jobs.Schedule("tests.jobs.note", note, timedelta(days=1), name)
    monkeypatch.setitem(jobs.schedules(), here.name, here)
    jobs.queue(name).enqueue_call("kernel.jobs.run_schedule", args=(here.name,))
    worker.work((name,), burst=True)
    return int(jobs.connection().get("tests.process"))


def test_a_large_job_has_a_process_of_its_own_and_no_other_has(monkeypatch):
    assert process_of("mail", monkeypatch) == os.getpid()
    assert process_of("slow", monkeypatch) != os.getpid()
