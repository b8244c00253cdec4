"""Keeps what referrals promise: an answer in time, and a price no longer than was said."""

from __future__ import annotations

from datetime import timedelta

from insurance.offers.referrals import queries, service
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.jobs import one_by_one, schedule


@schedule("insurance.referrals.end_waiting", every=timedelta(minutes=5))
def end_waiting() -> None:
    """Decline what nobody answered within its working day, and let unbought prices lapse."""
    with reading():
        unanswered, run_out = queries.unanswered(), queries.run_out()
    one_by_one(unanswered, lambda ref: service.end_unanswered(ref=ref, actor=SYSTEM))
    one_by_one(run_out, lambda ref: service.end_offer(ref=ref, actor=SYSTEM))
