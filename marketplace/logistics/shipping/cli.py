"""Commands that move the demonstration's world: let days pass, let the outside misbehave."""

from __future__ import annotations

import sys
from datetime import datetime, timedelta

import click

from kernel import clock
from kernel.actor import SYSTEM
from kernel.config import settings
from kernel.db import reading
from marketplace.borders.customs import queries
from marketplace.borders.customs import service as customs
from marketplace.logistics.carriers import gateway as carriers
from marketplace.logistics.shipping.passing import pass_time, settle

__all__ = ["settle", "world"]  # what stories let happen between two looks


@click.group()
def world() -> None:
    """Move the simulated outside world of a demonstration."""


@world.command()
@click.option("--days", type=click.IntRange(0, 400), default=0)
@click.option("--hours", type=click.IntRange(0, 400), default=0)
def advance(days: int, hours: int) -> None:
    """Let business time pass; carriers, customs and every schedule act on the way."""
    _prepare()
    click.echo(_told(pass_time(timedelta(days=days, hours=hours))))


@world.command("catch-up")
def catch_up() -> None:
    """Let business time pass until it is that of the real world; nothing where it is ahead."""
    _prepare()
    click.echo(_told(pass_time(-clock.moved_by())))


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


def _told(at: datetime) -> str:
    return at.strftime("%Y-%m-%d %H:%M UTC")


def _known(parcel_ref: str) -> None:
    with reading():
        if not queries.is_parcel(ref=parcel_ref):
            raise click.BadParameter(f"there is no parcel {parcel_ref}", param_hint="--parcel")


def _prepare() -> None:
    from kernel.app import prepare_process

    if not settings().demo:
        click.echo("only a demonstration has a world that can be moved", err=True)
        sys.exit(2)
    prepare_process()
