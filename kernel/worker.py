"""The worker: serves the queues, in its own process or in children that give their memory back."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from types import FrameType
from typing import Any

from redis.client import Pipeline
from redis.exceptions import RedisError
from rq import Queue, SimpleWorker, Worker
from rq.exceptions import StopRequested
from rq.executions import Execution
from rq.job import Job
from rq.serializers import JSONSerializer
from rq.utils import now as rq_now

from kernel import jobs
from kernel.db import leave_pool
from kernel.jobs import QUEUES, connection
from kernel.memory import give_back
from kernel.telemetry import outages, tracing

LARGE = {"slow"}
# Whose jobs take tens of megabytes for a moment.
SWELLING = {"index", "documents"}
# Seconds beyond its time limit for which a job that runs in this process is known to Redis.
_MARGIN = 60
# Seconds within which a worker that said that it lives need not say so again.
_MOMENT = 1


# All that a job may ask for. Which delivery or schedule it names is looked up in the database and
# in the code, so a job that a stranger wrote can bring work forward and nothing else.
_KNOWN: dict[str, Callable[..., Any]] = {
    "kernel.jobs.deliver_all": jobs.deliver_all,
    "kernel.jobs.run_schedule": jobs.run_schedule,
}


class NotOurJob(RuntimeError):
    """A job that names what the house never queues."""


class HouseJob(Job):
    """A job as it lies in Redis: its function is looked up, never imported by the name it gives."""

    @property
    def func(self) -> Callable[..., Any]:
        """Return what the job asks for. Raises: NotOurJob."""
        if self.instance or self.func_name not in _KNOWN:
            raise NotOurJob(repr(self.func_name)[:80])
        return _KNOWN[self.func_name]

    def restore(self, raw_data: Any) -> None:  # noqa: ANN401 - as rq's
        """Read a job, but neither the functions nor the addresses that it wants told of its end."""
        super().restore(raw_data)
        self._success_callback_name = None
        self._failure_callback_name = None
        self._stopped_callback_name = None
        self.webhooks = []


class HouseWorker(Worker):
    """Works in its own process: deliveries are transactions, so a fork per job buys nothing.

    Only jobs that take much memory for a while have a process each, which gives it back.

    Shape: is_told once somebody asked it to stop; whatever else ends its work is a misfortune.
    is_known_until is when Redis forgets it unless it says again that it lives.
    Units: is_known_until in seconds of the machine's monotonic clock.
    """

    # Seconds, at most, between two looks whether Redis is back.
    max_connection_wait_time = 5.0
    is_told = False
    is_known_until = 0.0

    def request_stop(self, signum: int, frame: FrameType | None) -> None:
        """Stop after the present job."""
        self.is_told = True
        super().request_stop(signum, frame)  # type: ignore[no-untyped-call]  # rq gives it no types

    def execute_job(self, job: Job, queue: Queue) -> None:
        """Do a job here, or in a child when its queue is for large things."""
        if queue.name in LARGE:
            super().execute_job(job, queue)
        else:
            # Its way of working without a child, which needs nothing of its own class: the two are
            # brothers, not parent and child, so the checker must be told.
            SimpleWorker.execute_job(self, job, queue)  # type: ignore[arg-type]
            if queue.name in SWELLING:
                give_back()

    def get_heartbeat_ttl(self, job: Job, working_time: float = 0.0) -> int:
        """Return how long Redis keeps what it knows of a job that runs, in seconds.

        A child is looked at meanwhile, and keeps it alive. While a job runs here nobody does, so it
        has to last to the end: without it a job that was done counts as one that failed.
        """
        if job.origin in LARGE or not job.timeout:
            return super().get_heartbeat_ttl(job, working_time)
        return int(job.timeout) + _MARGIN

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        """Say that this worker lives, and that Redis does, unless that was said a moment ago.

        rq says it twice between two jobs, and before each once more.
        """
        until = time.monotonic() + (timeout or self.worker_ttl + _MARGIN)
        if pipeline is None and until - self.is_known_until < _MOMENT:
            return
        super().heartbeat(timeout, pipeline)
        self.is_known_until = until
        if pipeline is None:
            outages.REDIS.over()

    def handle_execution_ended(self, job: Job, *_: object) -> None:
        """Note when a job ended; none of ours calls anything back, so nobody waits on."""
        job.ended_at = rq_now()

    def handle_job_success(self, job: Job, *_: object, **about: object) -> None:
        """Forget a job that was done: ours have no result and no repeat, and no job waits for one.

        What rq looks up for those costs more than most of the jobs do.
        """
        execution = about["execution"]
        assert isinstance(execution, Execution), "rq passes what it began by its name"
        assert job.started_at, "a job that ended has begun"
        assert job.ended_at, "its end was noted a moment ago"
        with self.connection.pipeline() as pipeline:
            self.increment_successful_job_count(pipeline=pipeline)
            self.increment_total_working_time(job.ended_at - job.started_at, pipeline)
            pipeline.delete(job.key)
            self.cleanup_execution(job, pipeline=pipeline, execution=execution)
            pipeline.execute()

    def perform_job(self, job: Job, queue: Queue, execution: Execution) -> bool:
        """Do a job; a child, which ends without a word, sends first what is to be seen of it."""
        try:
            done: bool = super().perform_job(job, queue, execution)
            return done
        finally:
            if self.is_horse:
                tracing.flush()

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """Do a job as the child."""
        leave_pool()
        super().main_work_horse(job, queue)


def work(queues: tuple[str, ...] = QUEUES, *, burst: bool = False) -> None:
    """Serve queues until told to stop; with `burst` until they are empty.

    A Redis that goes away ends nothing: what it had stands in the database, so the worker waits and
    serves on.
    """
    logging.getLogger("rq.worker").addFilter(outages.Once())
    while not _serve(queues, burst=burst):
        try:
            time.sleep(1)
        except StopRequested:
            return


def _serve(queues: tuple[str, ...], *, burst: bool) -> bool:
    """Serve until told to stop, and return True; or until Redis goes away, or is not there yet."""
    worker: HouseWorker | None = None
    try:
        # Made inside: it says who it is at once, and Redis may not be back yet.
        worker = HouseWorker(
            [jobs.queue(q) for q in queues],
            connection=connection(),
            job_class=HouseJob,
            serializer=JSONSerializer,
        )
        worker.work(burst=burst, logging_level="WARNING")
    except RedisError as failure:
        outages.tell(failure, "the worker lost Redis and looks for it")
        return worker is not None and worker.is_told
    return burst or worker.is_told
