"""Money of the house beside the customers', on the command line."""

from __future__ import annotations

import click


@click.command("safeguarding-own-money")
@click.option("--amount", required=True, help="Decimal amount, such as 5000.00.")
@click.option("--currency", required=True, help="ISO 4217 code.")
@click.option(
    "--reference",
    default="opening",
    show_default=True,
    help="One payment per reference; twice is once.",
)
def safeguarding_own_money(amount: str, currency: str, reference: str) -> None:
    """Place money of the house where customers' money is kept safe."""
    from uuid import NAMESPACE_URL, uuid5

    from banking.control.safeguarding import service
    from kernel.actor import SYSTEM
    from kernel.app import prepare_process
    from kernel.money import Money

    prepare_process()
    key = uuid5(NAMESPACE_URL, f"safeguarding-own-money:{currency}:{reference}")
    service.place_own_money(amount=Money.of(amount, currency), key=key, actor=SYSTEM)
    click.echo(f"{amount} {currency} of the house's own are kept beside the customers'.")
