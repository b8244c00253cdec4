"""Limits of claims officers on the command line."""

from __future__ import annotations

import click


@click.command("insurance-claim-limit")
@click.argument("email")
@click.argument("amount")
@click.argument("currency")
@click.option("--from", "valid_from", help="First day, like 2026-12-31; today without it.")
def insurance_claim_limit(email: str, amount: str, currency: str, valid_from: str | None) -> None:
    """Let a claims officer approve claims up to AMOUNT of CURRENCY from a day on."""
    from datetime import date

    from insurance.losses.claims import authority
    from kernel import clock
    from kernel.actor import SYSTEM
    from kernel.app import prepare_process
    from kernel.money import Money
    from kernel.people.identity import queries as people

    prepare_process()
    officer = people.person_by_email(email.lower())
    if officer is None:
        raise click.ClickException(f"Nobody signs in as {email}.")
    day = date.fromisoformat(valid_from) if valid_from else clock.today()
    most = Money.of(amount, currency)
    authority.set_limit(officer_id=officer.id, most=most, valid_from=day, actor=SYSTEM)
    click.echo(f"{email} approves up to {most} from {day} on.")
