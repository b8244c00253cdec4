"""The simulated identity service on the command line."""

from __future__ import annotations

import json

import click

from banking.compliance.onboarding.gateway import Fault, order_fault


@click.command("identity-fault")
@click.argument("fault", type=click.Choice([fault.value for fault in Fault]))
@click.option("--times", default=1, show_default=True)
def identity_fault(fault: str, times: int) -> None:
    """Let the simulated identity service answer so, or time out, the next times it is asked."""
    click.echo(json.dumps(order_fault(Fault(fault), times)))
