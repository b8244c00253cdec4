"""The command that says what is missing, and a service to try it with."""

from __future__ import annotations

import click

from kernel.actor import SYSTEM
from kernel.terminal import in_a_sentence
from marketplace.catalogue.translating.errors import TranslatorDown
from marketplace.catalogue.translating.stand_in import Fault, StandIn


@click.command()
@in_a_sentence(TranslatorDown)
def translate() -> None:
    """Translate what shops wrote in one language, and reviews, as far as it is missing or over."""
    from kernel.app import prepare_process
    from marketplace.catalogue.translating import service
    from marketplace.catalogue.translating.gateway import translator

    prepare_process()
    done, by = service.backfill(actor=SYSTEM), translator()
    name = by.name if by else "nobody translates here"
    click.echo(f"{done.said} said, {done.refused} refused, {done.over} taken away ({name})")


@click.command()
@click.option("--port", default=5000, show_default=True)
@click.option("--fault", type=click.Choice([fault.value for fault in Fault]))
@click.option("--times", default=1, show_default=True)
def translator_stand_in(port: int, fault: str | None, times: int) -> None:
    """Run a service to try translating with, until stopped."""
    with StandIn(port) as service:
        if fault:
            service.faults[Fault(fault)] = times
        click.echo(f"translations at {service.address}")
        service.serve_forever()
