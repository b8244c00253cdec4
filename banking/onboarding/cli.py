"""Customers on the command line: the simulated identity service, and the end of a relationship."""

from __future__ import annotations

import json
from uuid import UUID

import click

from banking.onboarding.gateway import Fault, order_fault
from banking.wallets import service as wallets
from kernel.actor import SYSTEM


@click.command("identity-fault")
@click.argument("fault", type=click.Choice([fault.value for fault in Fault]))
@click.option("--times", default=1, show_default=True)
def identity_fault(fault: str, times: int) -> None:
    """Let the simulated identity service answer so, or time out, the next times it is asked."""
    click.echo(json.dumps(order_fault(Fault(fault), times)))


@click.command("end-customer")
@click.argument("owner_id", type=click.UUID)
def end_customer(owner_id: UUID) -> None:
    """Close a customer's empty wallets for good; the time of their documents runs from then on."""
    wallets.end_relationship(owner_id=owner_id, actor=SYSTEM)
    click.echo("The relationship has ended.")
