"""The command line of search."""

from __future__ import annotations

from dataclasses import asdict

import click

from search import api


@click.group(name="search")
def search() -> None:
    """Look after the search index."""


@search.command()
def rebuild() -> None:
    """Build the index anew from the database; the old one answers meanwhile."""
    _prepare()
    click.echo(f"{api.rebuild()} products indexed")


@search.command()
def repair() -> None:
    """Compare the index with the database and put right what differs."""
    _prepare()
    drift = api.repair_drift()
    click.echo(f"stored {drift.stored}, removed {drift.removed}")


@search.command()
def status() -> None:
    """Show how the index is doing; status 1 when searches are not answered."""
    state = api.status()
    for name, value in asdict(state).items():
        click.echo(f"{name}: {value}")
    if state.problem:
        raise SystemExit(1)


def _prepare() -> None:
    from kernel.app import prepare_process  # noqa: PLC0415 - only these commands need a database

    prepare_process()
