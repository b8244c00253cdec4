"""The worker: serves the queues, in its own process or in children that give their memory back."""

from __future__ import annotations

from rq import Queue, SimpleWorker, Worker
from rq.job import Job

from kernel import jobs
from kernel.db import leave_pool
from kernel.jobs import QUEUES, connection
from kernel.memory import give_back

LARGE = {"slow"}
# Whose jobs take tens of megabytes for a moment.
SWELLING = {"index", "documents"}


class HouseWorker(Worker):
    """Works in its own process: deliveries are transactions, so a fork per job buys nothing.

    Only jobs that take much memory for a while have a process each, which gives it back.
    """

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

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """Do a job as the child."""
        leave_pool()
        super().main_work_horse(job, queue)


def work(queues: tuple[str, ...] = QUEUES, *, burst: bool = False) -> None:
    """Serve queues until told to stop; with `burst` until they are empty."""
    worker = HouseWorker([jobs.queue(q) for q in queues], connection=connection())
    worker.work(burst=burst, logging_level="WARNING")
