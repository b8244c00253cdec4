"""People on the command line: whose sessions end, and who gets in no more."""

from __future__ import annotations

import click

from kernel.people.identity.errors import PersonUnknown
from kernel.terminal import in_a_sentence


@click.group("people")
def people() -> None:
    """End somebody's sessions, keep somebody out, or let them in again."""


@people.command("sign-out")
@click.argument("email", required=False)
@click.option("--everybody", is_flag=True, help="Every session of every person, this once.")
@in_a_sentence(PersonUnknown)
def sign_out(email: str | None, *, everybody: bool) -> None:
    """End every session of somebody, or of everybody; each may sign in again at once."""
    from kernel.actor import SYSTEM
    from kernel.people.identity import service

    if everybody == bool(email):
        raise click.UsageError("Name an e-mail address, or say --everybody.")
    ended = service.sign_out(email=email, actor=SYSTEM)
    click.echo(f"{ended} sessions are over.")


@people.command("bar")
@click.argument("email")
@in_a_sentence(PersonUnknown)
def bar(email: str) -> None:
    """End every session of somebody and let nobody in with their account any more."""
    from kernel.actor import SYSTEM
    from kernel.people.identity import service

    ended = service.bar(email=email, actor=SYSTEM)
    click.echo(f"{email} gets in no more; {ended} sessions are over.")


@people.command("admit")
@click.argument("email")
@in_a_sentence(PersonUnknown)
def admit(email: str) -> None:
    """Let somebody in again who was barred."""
    from kernel.actor import SYSTEM
    from kernel.people.identity import service

    service.admit(email=email, actor=SYSTEM)
    click.echo(f"{email} may sign in again.")
