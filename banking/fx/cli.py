"""Rates on the command line."""

from __future__ import annotations

import click

from banking.fx import service
from kernel.actor import SYSTEM


@click.command("load-rates")
def load_rates() -> None:
    """Store the packaged reference rates, the pegs and the terms of quotes; safe to repeat."""
    count = service.load_reference_data(actor=SYSTEM)
    click.echo(f"{count} reference rates stored.")
