"""A worker that is stopped in the middle and wakes up late has done nothing; another did it."""

import threading
import time
from dataclasses import dataclass
from typing import ClassVar

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from kernel import db as house
from kernel import jobs
from kernel.actor import SYSTEM
from kernel.events import Event, on, publish
from kernel.jobs import deliver
from kernel.outbox import claim_due

_asleep, _woken = threading.Event(), threading.Event()
_sleepers: list[str] = []


@dataclass(frozen=True, kw_only=True)
class CandleLit(Event):
    name: ClassVar[str] = "tests.candle.lit.v1"
    place: str


@on(CandleLit, "tests.sleeping_worker.note", queue="mail")
def note(event: CandleLit) -> None:
    house.session().execute(
        text("INSERT INTO kernel.schedule_run (name, ran_at) VALUES (:n, clock_timestamp())"),
        {"n": event.place},
    )
    if not _sleepers and not _woken.is_set():
        _sleepers.append(event.place)
        # In minutes, as every connection has it, this test would take minutes.
        house.session().execute(text("SET LOCAL idle_in_transaction_session_timeout = '500ms'"))
        _asleep.set()
        assert _woken.wait(30)


@house.command("tests.sleeping_worker.light")
def light(*, place: str, actor=SYSTEM) -> None:
    publish(CandleLit(place=place))


@pytest.fixture(autouse=True)
def _awake():
    _sleepers.clear()
    _asleep.clear()
    _woken.clear()


def noted() -> int:
    with house.reading() as current:
        return current.execute(
            text("SELECT count(*) FROM kernel.schedule_run WHERE name = 'by the door'")
        ).scalar_one()


def test_a_worker_that_wakes_after_its_server_gave_it_up_changes_nothing(own_database):
    light(place="by the door", actor=SYSTEM)
    [due] = [item for item in claim_due() if item.queue == "mail"]
    delivery = str(due.event_id), due.handler
    failures: list[DBAPIError] = []

    def sleep_in_the_middle() -> None:
        try:
            deliver(*delivery)
        except DBAPIError as failure:
            failures.append(failure)

    sleeper = threading.Thread(target=sleep_in_the_middle)
    sleeper.start()
    assert _asleep.wait(30)
    assert not failures
    # While the first is alive, nobody else takes its delivery.
    deliver(*delivery)
    assert noted() == 0

    deadline = time.monotonic() + 30
    while noted() == 0 and time.monotonic() < deadline:
        deliver(*delivery)
    assert noted() == 1
    _woken.set()
    sleeper.join(30)

    assert len(failures) == 1
    assert noted() == 1
    with house.reading() as current:
        left = current.execute(
            text("SELECT count(*) FROM kernel.delivery WHERE handler = :h AND done_at IS NULL"),
            {"h": due.handler},
        ).scalar_one()
    assert left == 0


def test_every_connection_is_given_up_when_it_sleeps_in_a_transaction(own_database):
    with house.reading() as current:
        limit = current.execute(text("SHOW idle_in_transaction_session_timeout")).scalar_one()
    assert limit == "5min"


def test_a_delivery_done_long_ago_is_done_once_however_late_its_job_comes(own_database):
    _woken.set()
    light(place="by the door", actor=SYSTEM)
    [due] = [item for item in claim_due() if item.queue == "mail"]
    for _ in range(3):
        jobs.deliver_all("mail", [(str(due.event_id), due.handler)])
    assert noted() == 1
