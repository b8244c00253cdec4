"""Business time that passes in a demonstration: carriers, customs and schedules act on the way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from kernel import clock, jobs

# Two looks a day: fine enough that an order passes customs and door in the right order.
_STEP = timedelta(hours=12)


def pass_time(left: timedelta) -> datetime:
    """Let business time pass; return the new instant. What is slow is left to the workers."""
    # No time has to wait until pictures are cut.
    ran: dict[str, datetime] = {}
    settle(besides=("slow",), ran=ran, is_last=left <= timedelta())
    while left > timedelta():
        step = min(_STEP, left)
        clock.advance(step)
        left -= step
        settle(besides=("slow",), ran=ran, is_last=left <= timedelta())
    return clock.now()


# A chain such as label, scan, fact, next order step needs a few turns; more would be a loop.
_TURNS = 5
# What comes as seldom as once an hour would not come again before the chain has ended.
_SELDOM = timedelta(hours=1)


def settle(
    *,
    besides: Sequence[str] = (),
    ran: dict[str, datetime] | None = None,
    is_last: bool = True,
) -> None:
    """Bring every fact to its handlers and let schedules have their turn, until all is quiet.

    Shape: besides are queues that are left to the workers; their schedules have their turn here.
    ran says when schedules had their last turn and is kept up: what comes daily comes once a day.
    is_last says that nobody looks before this is done and after it somebody may: mirrors follow.
    Raises: the first failure of a schedule, once all others that are due had their turn.
    """
    jobs.drain(besides=besides)
    last = {} if ran is None else ran
    for turn in range(_TURNS):
        due = []
        for name, item in jobs.schedules().items():
            is_due = name not in last or clock.now() - last[name] >= item.every
            if item.is_spare or (item.is_mirror and not is_last):
                continue
            if is_due if turn == 0 else item.every < _SELDOM:
                due.append(name)
                last[name] = clock.now()
        jobs.one_by_one(due, jobs.run_schedule)
        if not jobs.drain(besides=besides):
            return
