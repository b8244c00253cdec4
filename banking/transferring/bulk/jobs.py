"""Batches are booked once they are approved, and looked after every minute."""

from __future__ import annotations

from datetime import timedelta
from functools import partial
from uuid import UUID

from banking.transferring.bulk import queries, service
from banking.transferring.bulk.events import BatchApproved
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.events import on
from kernel.jobs import one_by_one, schedule


@on(BatchApproved, "banking.bulk.book_batch", queue="money", outside=True)
def book_batch(event: BatchApproved) -> None:
    """Book what is due of a batch; outside, because each group has a commit of its own."""
    _book(event.batch_id)


@schedule("banking.bulk.book_due_batches", every=timedelta(minutes=1), queue="money")
def book_due_batches() -> None:
    """Book groups whose day has come, or that a killed worker left; end what nobody approved."""
    with reading():
        due, late = queries.due_batches(), queries.unapproved()
    acts = [partial(_book, batch_id) for batch_id in due] + [
        partial(_end, batch_id) for batch_id in late
    ]
    one_by_one(acts, lambda act: act())


def _book(batch_id: UUID) -> None:
    service.execute(batch_id=batch_id, actor=SYSTEM)


def _end(batch: tuple[str, UUID]) -> None:
    ref, owner_id = batch
    service.cancel(ref=ref, owner_id=owner_id, reason="not_approved", actor=SYSTEM)
