"""Commands around the rail's stand-in."""

from __future__ import annotations

import click

from banking.core.rail import gateway
from banking.core.rail.gateway import FaultKind
from kernel.actor import SYSTEM


@click.command("rail-fault")
@click.argument("kind", type=click.Choice([kind.value for kind in FaultKind]))
@click.option("--reason", default="AC04", help="ISO 20022 reason, such as AC04 (account closed).")
@click.option("--times", default=1, help="How many payments meet it.")
def rail_fault(kind: str, reason: str, times: int) -> None:
    """Tell the payment rail's stand-in to misbehave with the next payments."""
    gateway.misbehave(kind=FaultKind(kind), reason=reason, times=times, actor=SYSTEM)
    click.echo(f"The rail will {kind} with {reason}, {times} time(s).")
