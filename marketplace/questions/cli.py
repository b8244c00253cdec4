"""The command that lets somebody's questions, messages and stock alerts be forgotten."""

from __future__ import annotations

import click

from kernel.actor import SYSTEM
from kernel.identity import queries as people
from marketplace.questions import service


@click.command()
@click.argument("email")
def forget_words(email: str) -> None:
    """Forget who asked and wrote, what they wrote as a buyer, their photos, what they wait for."""
    from kernel.app import prepare_process  # noqa: PLC0415 - pure commands never load it

    prepare_process()
    person = people.person_by_email(email.lower())
    if person is None:
        raise click.ClickException(f"Nobody is called {email}.")
    service.forget(person_id=person.id, actor=SYSTEM)
    click.echo(f"Forgotten: questions, messages, photos of reviews and stock alerts of {email}.")
