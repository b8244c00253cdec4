"""Commands of the foundation that need the whole house, so that help comes without loading it."""

from __future__ import annotations

import click

from kernel.actor import SYSTEM
from kernel.app import prepare_process
from kernel.people.identity import queries as people
from kernel.people.privacy import service


@click.command("forget-words")
@click.argument("email")
def forget_words(email: str) -> None:
    """Forget who asked, wrote and reviewed, what they wrote as a buyer, and what they wait for."""
    prepare_process()
    person = people.person_by_email(email.lower())
    if person is None:
        raise click.ClickException(f"Nobody is called {email}.")
    service.let_go(person_id=person.id, actor=SYSTEM)
    click.echo(f"Forgotten: everything that {email} wrote.")
