"""The insurer's claims money on the command line."""

from __future__ import annotations

import sys

import click


@click.command("insurance-fund-float")
@click.option("--amount", required=True, help="Decimal amount, such as 5000.00.")
@click.option("--currency", required=True, help="ISO 4217 code.")
@click.option("--insurer", default="havre-cargo", show_default=True)
@click.option(
    "--reference",
    default="opening",
    show_default=True,
    help="One payment per reference; twice is once.",
)
def insurance_fund_float(amount: str, currency: str, insurer: str, reference: str) -> None:
    """Place an insurer's claims money with the platform."""
    from uuid import NAMESPACE_URL, uuid5

    from insurance.money.books import service
    from kernel.actor import SYSTEM
    from kernel.app import prepare_process
    from kernel.money import Money

    prepare_process()
    key = uuid5(NAMESPACE_URL, f"insurer-float:{insurer}:{currency}:{reference}")
    service.fund_float(
        amount=Money.of(amount, currency),
        insurer_key=service.insurer(insurer).key,
        key=key,
        actor=SYSTEM,
    )
    click.echo(f"{insurer} has placed {amount} {currency}.")


@click.command("insurance-control")
def insurance_control() -> None:
    """Compare the platform's book with the insurers' books; end with 1 when they differ."""
    from insurance.money.books.queries import control_accounts
    from kernel.app import prepare_process
    from kernel.db import reading

    prepare_process()
    with reading():
        rows = control_accounts()
    for row in rows:
        verdict = "agree" if row.is_balanced else "DIFFER"
        click.echo(
            f"{row.insurer_key}: premium {row.premium_due_platform} / {row.premium_due_insurer},"
            f" float {row.float_platform} / {row.float_insurer}: {verdict}"
        )
    if not all(row.is_balanced for row in rows):
        sys.exit(1)
