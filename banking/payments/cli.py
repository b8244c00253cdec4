"""The bank's reference data and the simulated card network on the command line."""

from __future__ import annotations

import asyncio
import json
import signal
import urllib.request

import click

from banking.payments import client, service
from banking.payments.standin.faults import Fault
from kernel.actor import SYSTEM
from kernel.config import settings


@click.command("card-network")
@click.option("--port", default=8420, show_default=True, help="0 takes any free port.")
def card_network(port: int) -> None:
    """Run the simulated card network until stopped."""
    from banking.payments.standin.server import Network, serve  # noqa: PLC0415 - own process only

    place = client.address_file()
    network = Network(
        folder=place.parent,
        webhook_address=f"{settings().base_url}/webhooks/card-network",
        webhook_secret=settings().stripe_webhook_secret,
    )

    def ready(address: str) -> None:
        place.write_text(address, encoding="ascii")
        click.echo(f"card network at {address}")

    async def stopped() -> None:
        stop = asyncio.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
        await stop.wait()

    asyncio.run(serve(network, port=port, ready=ready, until=stopped))


@click.command("card-fault")
@click.argument("fault", type=click.Choice([fault.value for fault in Fault]))
@click.option("--times", default=1, show_default=True)
def card_fault(fault: str, times: int) -> None:
    """Let the simulated card network misbehave the next times it can."""
    address = client.address_file().read_text(encoding="ascii").strip()
    body = json.dumps({"fault": fault, "times": times}).encode()
    request = urllib.request.Request(  # noqa: S310 - our own loopback address
        f"{address}/_faults", data=body, headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=5) as answer:  # noqa: S310
        click.echo(answer.read().decode())


@click.command("load-rates")
def load_rates() -> None:
    """Store the packaged reference rates, pegs, terms and limits; safe to repeat."""
    click.echo(f"{service.load_reference_data(actor=SYSTEM)} reference rates stored.")
