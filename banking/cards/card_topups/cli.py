"""The bank's reference data and the simulated card network on the command line."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Mapping

import click

from banking.cards.card_topups import client, queries, service
from banking.cards.card_topups.standin.faults import Fault
from kernel import clock
from kernel.actor import SYSTEM
from kernel.config import settings
from kernel.db import reading

# Seconds for the stand-in, which shares a busy machine with everything it stands in for.
_PATIENCE = 30


@click.command("card-network")
@click.option("--port", default=8420, show_default=True, help="0 takes any free port.")
def card_network(port: int) -> None:
    """Run the simulated card network until stopped."""
    # Loading localstripe takes a quarter of a second, which every other command would wait for.
    from banking.cards.card_topups.standin import network, server

    if settings().demo:
        clock.use_offset_file(settings().clock_file)
    place = client.address_file()
    simulated = network.Network(
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

    asyncio.run(server.serve(server.Server(simulated), port=port, ready=ready, until=stopped))


@click.command("card-fault")
@click.argument("fault", type=click.Choice([fault.value for fault in Fault]))
@click.option("--times", default=1, show_default=True)
def card_fault(fault: str, times: int) -> None:
    """Let the simulated card network misbehave the next times it can."""
    click.echo(_told("_faults", {"fault": fault, "times": times}))


@click.command("card-event")
@click.argument("act", type=click.Choice(["dispute", "won", "lost", "return", "let-go", "pay-out"]))
@click.argument("ref", default="")
def card_event(act: str, ref: str) -> None:
    """Let something happen at the simulated card network.

    REF is our top-up for `dispute`, the network's dispute for `won` and `lost`, its refund for
    `return`. `let-go` delivers webhooks that were kept, `pay-out` sends what it owes us.
    """
    with reading():
        payment = queries.top_up_by_ref(ref=ref).payment_ref if act == "dispute" else ""
    acts: Mapping[str, Mapping[str, str | int]] = {
        "dispute": {"act": "dispute", "payment": payment},
        "won": {"act": "decide", "dispute": ref, "won": True},
        "lost": {"act": "decide", "dispute": ref, "won": False},
        "return": {"act": "return", "refund": ref},
        "let-go": {"act": "let_go"},
        "pay-out": {"act": "pay_out"},
    }
    click.echo(_told("_world", acts[act]))


def _told(path: str, wanted: Mapping[str, str | int]) -> str:
    """Tell the stand-in something and return its answer."""
    import requests

    address = client.address_file().read_text(encoding="ascii").strip()
    answer = requests.post(f"{address}/{path}", json=wanted, timeout=_PATIENCE)
    answer.raise_for_status()
    return answer.text


@click.command("load-rates")
def load_rates() -> None:
    """Store the packaged reference rates, pegs, terms and limits; safe to repeat."""
    click.echo(f"{service.load_reference_data(actor=SYSTEM)} reference rates stored.")
