"""The stand-in of carriers that track parcels from elsewhere, on the command line."""

from __future__ import annotations

import json
from datetime import timedelta

import click

from insurance.offers.shipments.gateway import Fault, order_fault, tell


@click.command("parcel-scan")
@click.argument("number")
@click.argument("state", type=click.Choice(["accepted", "in_transit", "delivered", "lost"]))
@click.option("--place", default="", help="Where it was scanned.")
@click.option("--hours-ago", default=0, show_default=True)
def parcel_scan(number: str, state: str, place: str, hours_ago: int) -> None:
    """Let the simulated carriers have scanned a parcel that was not bought here."""
    tell(number, state, place=place, ago=timedelta(hours=hours_ago))


@click.command("parcel-fault")
@click.argument("fault", type=click.Choice([fault.value for fault in Fault]))
@click.option("--times", default=1, show_default=True)
def parcel_fault(fault: str, times: int) -> None:
    """Let the simulated carriers misbehave the next times they are asked about such a parcel."""
    click.echo(json.dumps(order_fault(Fault(fault), times)))
