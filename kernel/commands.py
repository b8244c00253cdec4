"""Commands of the foundation that need the whole house, so that help comes without loading it."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from kernel.actor import SYSTEM
from kernel.app import prepare_process
from kernel.manifest import manifests
from kernel.people.identity import gateway as breached
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


@click.command("prove")
def prove() -> None:
    """Prove all that an installation can prove of itself; end with 1 if anything does not hold."""
    prepare_process()
    are_good = True
    for proof in (proof for package in manifests() for proof in package.proofs()):
        is_good, words = proof.prove()
        click.echo(f"{proof.name}: {words}", err=not is_good)
        are_good &= is_good
    if not are_good:
        sys.exit(1)


@click.command("breached-passwords")
@click.argument("source", type=click.Path(exists=True, path_type=Path))
@click.argument("target", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--at-least", default=1, show_default=True, help="Seen at least so many times.")
def breached_passwords(source: Path, target: Path, at_least: int) -> None:
    """Build the file of stolen passwords from a list of SHA-1 digests, as HIBP publishes it."""
    number = breached.build(breached.published(source, at_least=at_least), target)
    click.echo(f"{target}: {number} passwords that nobody may choose.")
