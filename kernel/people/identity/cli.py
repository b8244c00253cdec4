"""People on the command line: whose sessions end, who gets in, and who works for the house."""

from __future__ import annotations

import click

from kernel.actor import STAFF, Role
from kernel.people.identity.errors import PersonUnknown
from kernel.terminal import in_a_sentence

_ROLE = click.Choice(sorted(role.value for role in STAFF))


@click.group("people")
def people() -> None:
    """End sessions, keep somebody out or let them in, appoint who works for the house."""


@people.command("sign-out")
@click.argument("email", required=False)
@click.option("--everybody", is_flag=True, help="Every session of every person, this once.")
@in_a_sentence(PersonUnknown)
def sign_out(email: str | None, *, everybody: bool) -> None:
    """End every session of somebody, or of everybody; each may sign in again at once."""
    from kernel.actor import SYSTEM
    from kernel.people.identity import operators

    if everybody == bool(email):
        raise click.UsageError("Name an e-mail address, or say --everybody.")
    ended = operators.sign_out(email=email, actor=SYSTEM)
    click.echo(f"{ended} sessions are over.")


@people.command("bar")
@click.argument("email")
@in_a_sentence(PersonUnknown)
def bar(email: str) -> None:
    """End every session of somebody and let nobody in with their account any more."""
    from kernel.actor import SYSTEM
    from kernel.people.identity import operators

    ended = operators.bar(email=email, actor=SYSTEM)
    click.echo(f"{email} gets in no more; {ended} sessions are over.")


@people.command("admit")
@click.argument("email")
@in_a_sentence(PersonUnknown)
def admit(email: str) -> None:
    """Let somebody in again who was barred."""
    from kernel.actor import SYSTEM
    from kernel.people.identity import operators

    operators.admit(email=email, actor=SYSTEM)
    click.echo(f"{email} may sign in again.")


@people.command("dismiss")
@click.argument("email")
@click.argument("role", type=_ROLE)
@in_a_sentence(PersonUnknown)
def dismiss(email: str, role: str) -> None:
    """Take a role of the house from somebody, from their next page on."""
    from kernel.actor import SYSTEM
    from kernel.people.identity import operators

    operators.dismiss(email=email, role=Role(role), actor=SYSTEM)
    click.echo(f"{email} does not work as {role} any more.")
