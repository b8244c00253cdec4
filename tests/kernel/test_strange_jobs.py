"""Whoever can write to Redis brings work forward at most: nothing of theirs runs."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from typing import ClassVar

import pytest
from rq import Queue
from rq.serializers import DefaultSerializer, JSONSerializer
from sqlalchemy import text

from kernel import db as house
from kernel import jobs, outbox, worker
from kernel.actor import SYSTEM
from kernel.events import Event, on, publish


@dataclass(frozen=True, kw_only=True)
class KnockHeard(Event):
    name: ClassVar[str] = "tests.knock.heard.v1"


answered: list[str] = []


@on(KnockHeard, "tests.strange_jobs.answer", queue="mail")
def answer(event: KnockHeard) -> None:
    answered.append(str(event.id))


@house.command("tests.strange_jobs.knock")
def knock(*, actor=SYSTEM) -> None:
    publish(KnockHeard())


class Trap:
    """What runs as soon as it is unpickled."""

    def __init__(self, path: str) -> None:
        self.path = path

    def __reduce__(self):
        return os.system, (f"touch {self.path}",)


@pytest.fixture
def trace(tmp_path, db):
    answered.clear()
    jobs.connection().flushdb()
    return tmp_path / "somebody-was-here"


@pytest.mark.parametrize("queue", ["mail", "slow"])
def test_a_pickle_in_a_queue_is_not_opened(trace, queue):
    strange = Queue(queue, connection=jobs.connection(), serializer=DefaultSerializer)
    strange.enqueue_call("kernel.jobs.run_schedule", args=(Trap(str(trace)),), meta={"x": 1})

    worker.work((queue,), burst=True)

    assert not trace.exists()
    assert strange.count == 0


@pytest.mark.parametrize("name", ["os.system", "kernel.embedded.stop_redis", "subprocess.call"])
@pytest.mark.parametrize("queue", ["mail", "slow"])
def test_a_job_that_names_another_function_does_not_run(trace, queue, name):
    strange = Queue(queue, connection=jobs.connection(), serializer=JSONSerializer)
    job = strange.enqueue_call(name, args=(f"touch {trace}",))

    worker.work((queue,), burst=True)

    assert not trace.exists()
    assert job.get_status() == "failed"


def test_a_job_is_told_of_to_nobody_it_names(trace):
    job = jobs.queue("mail").enqueue_call("kernel.jobs.deliver_all", args=("mail", []))
    calls = {"success_callback_name": "tests.kernel.test_strange_jobs.called"}
    hooks = [{"url": "http://127.0.0.1:1/", "statuses": ["finished"]}]
    jobs.connection().hset(job.key, mapping=calls | {"webhooks": json.dumps(hooks)})

    worker.work(("mail",), burst=True)

    assert answered == []


def called(*_about: object) -> None:
    answered.append("called")


def test_what_an_older_version_queued_is_queued_again_and_done_once(trace, db):
    knock(actor=SYSTEM)
    (due,) = outbox.claim_due()
    older = Queue("mail", connection=jobs.connection(), serializer=DefaultSerializer)
    pairs = [(str(due.event_id), due.handler)]
    older.enqueue_call("kernel.jobs.deliver_all", args=("mail", pairs))
    worker.work(burst=True)
    assert answered == []

    db.execute(text("UPDATE kernel.delivery SET due_at = clock_timestamp()"))
    jobs.enqueue(outbox.claim_due())
    worker.work(burst=True)

    assert answered == [str(due.event_id)]
    assert outbox.pending() == 0
