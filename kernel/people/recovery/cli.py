"""A colleague's lost second factor, on the command line."""

from __future__ import annotations

import click

from kernel.people.identity.cli import people
from kernel.people.identity.errors import PersonUnknown
from kernel.people.recovery.errors import NoColleague, NothingLost
from kernel.terminal import in_a_sentence

__all__ = ["people"]


@people.command("reset")
@click.argument("email")
@in_a_sentence(NothingLost)
@in_a_sentence(NoColleague)
@in_a_sentence(PersonUnknown)
def reset(email: str) -> None:
    """Remove the second factors of somebody who works for the house, and sign them out."""
    from kernel.actor import SYSTEM
    from kernel.people.recovery import service

    service.reset_colleague(email=email, actor=SYSTEM)
    click.echo(f"{email} has no second factor any more, and is led to setting one up by mail.")
