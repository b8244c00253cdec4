"""Who is appointed, on the command line."""

from __future__ import annotations

import click

from kernel.actor import STAFF, Role
from kernel.people.identity.errors import PersonUnknown
from kernel.people.recovery.cli import people
from kernel.terminal import in_a_sentence

__all__ = ["people"]


@people.command("appoint")
@click.argument("email")
@click.argument("role", type=click.Choice(sorted(role.value for role in STAFF)))
@in_a_sentence(PersonUnknown)
def appoint(email: str, role: str) -> None:
    """Let somebody who has an account work for the house."""
    from kernel.actor import SYSTEM
    from kernel.people.account import operators

    operators.appoint(email=email, role=Role(role), actor=SYSTEM)
    click.echo(
        f"{email} works as {role}, once signed in by a second factor: whoever is new signs in"
        " again and is led to setting one up by mail."
    )
