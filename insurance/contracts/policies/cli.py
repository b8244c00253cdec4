"""Policies on the command line."""

from __future__ import annotations

import click


@click.command("insurance-note-sellers")
def insurance_note_sellers() -> None:
    """Write down which shops sold the parcels of policies of before; twice is once."""
    from insurance.contracts.policies import sellers
    from kernel.actor import SYSTEM
    from kernel.app import prepare_process

    prepare_process()
    noted = sellers.note_all(actor=SYSTEM)
    click.echo(f"{noted} policies know their shop now.")
