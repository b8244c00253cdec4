"""The commands that fill the shop: `entrepot seed` and `entrepot catalog`."""

from __future__ import annotations

import time

import click


@click.group()
def seed() -> None:
    """Fill the shop with goods."""


@seed.command("demo")
def demo() -> None:
    """Load the demonstration's people, shops, goods and stock."""
    from kernel.app import prepare_process  # noqa: PLC0415 - the command line starts light
    from marketplace.world.seed import PASSWORD, seed_demo  # noqa: PLC0415

    prepare_process()
    started = time.monotonic()
    done = seed_demo()
    click.echo(
        f"{done.people} people, {done.vendors} shops, {done.products} new products,"
        f" {done.cards} on the shelves, {done.indexed} in the index,"
        f" {time.monotonic() - started:.1f} s. Everybody's password: {PASSWORD}"
    )
