"""How long the house keeps what it no longer needs, and the news that everybody has heard."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from pathlib import Path

from sqlalchemy import text

from kernel import alarms, clock, dated, partitions, throttling
from kernel.actor import SYSTEM, Actor
from kernel.db import command, session
from kernel.jobs import schedule

BATCH = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """How long what is over stays. Units: days."""

    valid_from: date
    news_days: int
    session_days: int
    mail_days: int
    source: str


def keeping() -> Keeping:
    """Return what is in force today."""
    return dated.in_force(_rows(), clock.today())


def in_batches(forget: Callable[[], int]) -> None:
    """Forget one batch after the other, each in a commit of its own, until one is not full."""
    while forget() == BATCH:
        pass


@schedule("kernel.forgetting.forget_news", every=timedelta(days=1), queue="slow")
def forget_news() -> None:
    """Let go of weeks that everybody has heard; of a week that somebody has not, row by row."""
    days = keeping().news_days
    partitions.between_others(lambda: partitions.drop_heard_weeks(days=days, actor=SYSTEM))
    after: int | None = 0
    while after is not None:
        after = forget_heard(after=after, actor=SYSTEM)


@schedule("kernel.forgetting.forget_tries", every=timedelta(days=1), queue="slow")
def forget_tries() -> None:
    """Delete counts of tries whose window is over, and of refusals of a month ago."""
    in_batches(lambda: throttling.forget_over(batch=BATCH, actor=SYSTEM))
    alarms.forget(actor=SYSTEM)


# By seq, which grows with created_at, so that the oldest come first without an index of their own.
# What still waits or gave up stays, however old, and so does what was done a moment ago. Weeks are
# as they are for partitions: rows of one that is not over yet will go with it.
_FORGET = text(
    """
    WITH looked AS MATERIALIZED (
        SELECT id, seq, created_at < date_trunc(
            'week', clock_timestamp() - make_interval(days => :days), 'UTC') AS is_old
        FROM kernel.outbox WHERE seq > :after ORDER BY seq LIMIT :batch
    ), facts AS (
        DELETE FROM kernel.outbox o USING looked
        WHERE o.id = looked.id AND looked.is_old AND NOT EXISTS (
            SELECT FROM kernel.delivery d WHERE d.event_id = o.id AND (
                d.done_at IS NULL OR d.done_at >= clock_timestamp() - make_interval(days => :days)
            )
        )
        RETURNING o.id
    ), deliveries AS (DELETE FROM kernel.delivery d USING facts WHERE d.event_id = facts.id)
    SELECT max(seq) FROM looked HAVING bool_and(is_old) AND count(*) = :batch
    """
)


@command("kernel.forgetting.forget_heard")
def forget_heard(*, after: int, actor: Actor) -> int | None:
    """Look at a batch of facts of weeks that stayed, and delete those that everybody has heard.

    Shape: after is the number of the last fact that was looked at; returns the next one, None at
    the end. Units: real time, as in the outbox.
    """
    where = {"after": after, "batch": BATCH, "days": keeping().news_days}
    return session().execute(_FORGET, where).scalar_one_or_none()


@cache
def _rows() -> tuple[Keeping, ...]:
    return dated.read(Path(__file__).parent / "data/keeping.json", Keeping)
