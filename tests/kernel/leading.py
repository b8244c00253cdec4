"""One process of the house that a test starts, stops and kills.

It knows one fact, two who hear of it, and one schedule.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

from rq import get_current_job
from sqlalchemy import text

from kernel import db, jobs, testing
from kernel.actor import SYSTEM, Actor
from kernel.events import Event, Note, on, publish

EVERY = timedelta(seconds=2)
TOLD = "tests.leading.told"
TURNS = "tests.leading.turns"


@dataclass(frozen=True, kw_only=True)
class StoneLaid(Event):
    name: ClassVar[str] = "tests.stone.laid.v1"
    number: int


@on(StoneLaid, "tests.leading.build", queue="mail")
def build(event: StoneLaid) -> None:
    # A row that stands already is a failure of the delivery, and counted.
    db.session().execute(
        text("INSERT INTO kernel.schedule_run (name, ran_at) VALUES (:n, clock_timestamp())"),
        {"n": f"stone-{event.number}"},
    )


@on(StoneLaid, "tests.leading.tell", queue="index", outside=True)
def tell(event: StoneLaid) -> Note:
    jobs.connection().rpush(TOLD, event.number)
    return lambda: db.session().execute(
        text(
            "UPDATE kernel.outbox SET request_id = coalesce(request_id, '') || 'told'"
            " WHERE id = :id"
        ),
        {"id": event.id},
    )


def ring() -> None:
    """Note which turn of the schedule this is."""
    job = get_current_job()
    assert job is not None
    jobs.connection().rpush(TURNS, job.id)


RING = jobs.Schedule("tests.leading.ring", ring, EVERY, "mail")


@db.command("tests.leading.lay")
def lay(*, numbers: range, actor: Actor = SYSTEM) -> None:
    for number in numbers:
        publish(StoneLaid(number=number))


def main(kind: str, database: str) -> None:
    """Be a relay, a scheduler or a worker until killed."""
    jobs.schedules().clear()
    jobs.schedules()[RING.name] = RING
    with testing.engine_on(database):
        if kind == "relay":
            jobs.relay_forever(stop=threading.Event())
        elif kind == "scheduler":
            jobs.schedule_forever(stop=threading.Event())
        else:
            from kernel import worker

            worker.work(("mail", "index"))
