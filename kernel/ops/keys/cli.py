"""Keys on the command line."""

from __future__ import annotations

import click

from kernel.ops.keys.errors import KeysStay
from kernel.terminal import in_a_sentence


@click.group("keys")
def keys() -> None:
    """Let a new secret key follow on the old one."""


@keys.command("list")
def list_keys() -> None:
    """Say which keys there are and how many secrets lie under each; 1 if one is missing."""
    from kernel.ops.keys import queries

    for number, key in enumerate(queries.keys()):
        role = "signs and locks" if number == 0 else "is still known"
        click.echo(f"{key.name}  {role}, {key.secrets} secrets lie under it")
    if missing := queries.without_key():
        raise click.ClickException(
            f"{missing} secrets lie under a key that is not here: put it back below the others."
        )


@keys.command("rotate")
@in_a_sentence(KeysStay)
def rotate() -> None:
    """Put a new key before the others."""
    from kernel.ops.keys import service

    if fresh := service.rotate():
        click.echo("Put this line before the others of ENTREPOT_SECRET_KEY:")
        click.echo(fresh)
    click.echo("Then restart every process, take a backup, and run `entrepot keys relock`.")


@keys.command("relock")
def relock() -> None:
    """Lock what lies under older keys with the newest one."""
    from kernel.actor import SYSTEM
    from kernel.ops.keys import queries, service

    click.echo(f"{service.relock(actor=SYSTEM)} secrets lie under the newest key now.")
    if queries.number_of_keys() > 1:
        click.echo(
            "Cookies under the old key count until it goes. Who comes in gets one under the new"
            " key; after 30 days nobody is left, and `entrepot keys drop` forgets it."
        )


@keys.command("drop")
@in_a_sentence(KeysStay)
def drop() -> None:
    """Forget the oldest key, once nothing lies under it."""
    from kernel.ops.keys import service

    click.echo(f"{service.drop()} is forgotten. Restart every process.")
