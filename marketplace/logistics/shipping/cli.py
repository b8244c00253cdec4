"""Commands that move the demonstration's world: let days pass, let the outside misbehave."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import datetime, timedelta

import click

from kernel import clock, jobs
from kernel.actor import SYSTEM
from kernel.config import settings
from kernel.db import reading
from kernel.logging import log
from marketplace.borders.customs import queries
from marketplace.borders.customs import service as customs
from marketplace.logistics.carriers import gateway as carriers

# Two looks a day: fine enough that an order passes customs and door in the right order.
_STEP = timedelta(hours=12)


@click.group()
def world() -> None:
    """Move the simulated outside world of a demonstration."""


@world.command()
@click.option("--days", type=click.IntRange(0, 400), default=0)
@click.option("--hours", type=click.IntRange(0, 400), default=0)
def advance(days: int, hours: int) -> None:
    """Let business time pass; carriers, customs and every schedule act on the way."""
    _prepare()
    _pass(timedelta(days=days, hours=hours))


@world.command("catch-up")
def catch_up() -> None:
    """Let business time pass until it is that of the real world; nothing where it is ahead."""
    _prepare()
    _pass(-clock.moved_by())


def _pass(left: timedelta) -> None:
    # What is slow is for the workers: no time has to wait until pictures are cut.
    ran: dict[str, datetime] = {}
    settle(besides=("slow",), ran=ran)
    while left > timedelta():
        step = min(_STEP, left)
        clock.advance(step)
        left -= step
        settle(besides=("slow",), ran=ran)
    click.echo(clock.now().strftime("%Y-%m-%d %H:%M UTC"))


@world.command()
@click.argument("who", type=click.Choice(["carrier", "customs"]))
@click.argument("kind")
@click.option("--parcel", "parcel_ref", default=None, help="Only this parcel; else the next one.")
@click.option("--hours", type=click.IntRange(1, 2000), default=96)
@click.option("--percent", type=click.IntRange(0, 1000), default=150, help="For customs reassess.")
@click.option("--times", type=click.IntRange(1, 1000), default=1)
def misbehave(
    who: str, kind: str, parcel_ref: str | None, hours: int, percent: int, times: int
) -> None:
    """Tell a carrier or customs to misbehave.

    KIND is lose, delay, duplicate, reorder or timeout; customs can refuse and reassess, too.
    """
    _prepare()
    if parcel_ref is not None:
        _known(parcel_ref)
    try:
        if who == "customs":
            customs.misbehave(
                kind=kind,
                parcel_ref=parcel_ref,
                hours=hours,
                percent=percent,
                times=times,
                actor=SYSTEM,
            )
        else:
            carriers.misbehave(
                kind=carriers.MischiefKind(kind),
                parcel_ref=parcel_ref,
                hours=hours,
                times=times,
                actor=SYSTEM,
            )
    except ValueError:
        raise click.BadParameter(f"{who} does not know {kind!r}", param_hint="KIND") from None
    detail = {"delay": f" by {hours} hours", "reassess": f" at {percent} per cent"}.get(kind, "")
    often = "" if times == 1 else f", {times} times"
    click.echo(f"{who} will {kind}{detail}: {parcel_ref or 'whatever comes next'}{often}")


def _known(parcel_ref: str) -> None:
    with reading():
        if not queries.is_parcel(ref=parcel_ref):
            raise click.BadParameter(f"there is no parcel {parcel_ref}", param_hint="--parcel")


# A chain such as label, scan, fact, next order step needs a few turns; more would be a loop.
_TURNS = 5
# What comes as seldom as once an hour would not come again before the chain has ended.
_SELDOM = timedelta(hours=1)


def settle(*, besides: Sequence[str] = (), ran: dict[str, datetime] | None = None) -> None:
    """Bring every fact to its handlers and let schedules have their turn, until all is quiet.

    Shape: besides are queues that are left to the workers; their schedules have their turn here.
    ran says when schedules had their last turn and is kept up: what comes daily comes once a day.
    """
    jobs.drain(besides=besides)
    last = {} if ran is None else ran
    for turn in range(_TURNS):
        for name, item in jobs.schedules().items():
            is_due = name not in last or clock.now() - last[name] >= item.every
            if not item.is_spare and (is_due if turn == 0 else item.every < _SELDOM):
                _turn(name)
                last[name] = clock.now()
        if not jobs.drain(besides=besides):
            return


def _turn(name: str) -> None:
    try:
        jobs.run_schedule(name)
    except Exception:  # noqa: BLE001 - as in the scheduler: log, and the next turn comes anyway
        log.exception("schedule failed: %s", name)


def _prepare() -> None:
    from kernel.app import prepare_process

    if not settings().demo:
        click.echo("only a demonstration has a world that can be moved", err=True)
        sys.exit(2)
    prepare_process()
