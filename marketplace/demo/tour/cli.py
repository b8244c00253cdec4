"""The commands that fill the shop: `entrepot seed` and `entrepot catalog`."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from kernel.terminal import in_a_sentence
from marketplace.demo.seed.known import PASSWORD, NoDemonstration

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def seed() -> None:
    """Fill the shop with goods."""


@seed.command("demo")
@in_a_sentence(NoDemonstration)
def seed_demonstration() -> None:
    """Load the demonstration's people, shops, goods and stock."""
    from kernel.app import prepare_process
    from marketplace.demo.seed.seed import seed_demo

    prepare_process()
    started = time.monotonic()
    done = seed_demo()
    click.echo(
        f"{done.people} people, {done.vendors} shops, {done.products} new products,"
        f" {done.product_cards} on the shelves, {done.indexed} in the index,"
        f" {time.monotonic() - started:.1f} s. Everybody's password: {PASSWORD}"
    )


@seed.command("scale")
@click.option("--offers", type=click.IntRange(1, 1_000_000), default=1_000, show_default=True)
@click.option("--vendors", type=click.IntRange(1, 20_000), default=100, show_default=True)
def seed_of_any_size(offers: int, vendors: int) -> None:
    """Load a synthetic catalogue of exactly so many offers, for measuring."""
    from kernel.app import prepare_process
    from marketplace.demo.seed.seed import seed_reference
    from marketplace.demo.synthetic.scale import seed_scale

    prepare_process()
    started = time.monotonic()
    seed_reference()
    done = seed_scale(offers=offers, vendor_count=vendors)
    click.echo(
        f"{offers} offers of {done.vendors} shops, {done.changed} products new or changed,"
        f" {done.indexed} in the index, {time.monotonic() - started:.1f} s"
    )


@click.group()
def catalog() -> None:
    """Bring catalogues in."""


@catalog.command("import")
@click.option("--categories", type=_FILE, multiple=True, help="Categories, one or more files.")
@click.option("--vendors", type=_FILE, help="Vendors.")
@click.option("--attributes", type=_FILE, help="Names of attribute values (JSON).")
@click.option("--products", type=_FILE, help="Products.")
@click.option("--index/--no-index", default=True, help="Bring search up to date at once.")
def import_catalog(
    categories: tuple[Path, ...],
    vendors: Path | None,
    attributes: Path | None,
    products: Path | None,
    index: bool,
) -> None:
    """Import JSON Lines, gzip or plain; twice is once. Status 1 when a line was refused."""
    from kernel.app import prepare_process
    from marketplace.demo.imports.loading import import_files

    prepare_process()
    started = time.monotonic()
    done = import_files(
        categories=categories,
        vendors=vendors,
        attributes=attributes,
        products=products,
        index=index,
    )
    for error in done.errors:
        click.echo(error, err=True)
    click.echo(
        f"{done.categories} categories, {done.vendors} vendors, {done.products} products read,"
        f" {done.changed} new or changed, {len(done.errors)} lines refused,"
        f" {time.monotonic() - started:.1f} s"
    )
    sys.exit(1 if done.errors else 0)


@click.command()
@click.option("--port", default=8000, show_default=True)
@click.option("--exit", "leave", is_flag=True, help="Stop after the tour.")
@in_a_sentence(NoDemonstration)
def demo(port: int, leave: bool) -> None:
    """Start the house, walk one purchase through it, then serve it."""
    from marketplace.demo.tour.demo import run

    raise SystemExit(run(port=port, leave=leave))
