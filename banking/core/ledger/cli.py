"""The ledger on the command line."""

from __future__ import annotations

import sys

import click

from banking.core.ledger import queries
from kernel.db import reading


@click.command("verify-ledger")
def verify_ledger() -> None:
    """Recompute every balance from its entries; name the first bad row and end with 1 if any."""
    with reading():
        verification = queries.verify_ledger()
    for currency, total in sorted(verification.totals.items()):
        click.echo(f"{currency}  sum of all accounts {total}")
    if verification.balanced:
        click.echo(f"The ledger is whole: {verification.entries} entries checked.")
        return
    problem = verification.problem or {"check": "currency_total"}
    facts = ", ".join(f"{name} {value}" for name, value in problem.items())
    click.echo(f"The ledger is broken. First bad row: {facts}", err=True)
    sys.exit(1)
