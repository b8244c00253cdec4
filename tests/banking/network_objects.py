"""A card network of the tests' own: the real stand-in on a free port, webhooks caught by hand."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import requests

from banking.cards.card_topups import client
from banking.cards.card_topups.standin.faults import Fault
from banking.cards.card_topups.standin.network import Network
from banking.cards.card_topups.standin.server import Server


@dataclass
class Caught:
    """Webhooks as they came.

    Shape: (body, signature) pairs; answers are given in turn, or by the door where there is one.
    """

    letters: list[tuple[bytes, str]] = field(default_factory=list)
    answers: list[int] = field(default_factory=list)
    door: Callable[[bytes, str], int] | None = None
    arrived: threading.Condition = field(default_factory=threading.Condition)

    def wait_for(self, count: int) -> list[tuple[bytes, str]]:
        """Return the webhooks once there are so many, at most ten seconds later."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.letters) >= count, 10), self.letters
            return list(self.letters)


@dataclass
class CardNetwork:
    """The stand-in as a test holds it."""

    network: Network
    server: Server
    caught: Caught
    settle: Callable[[], None]
    run: Callable[[Any], Any]

    def rest(self) -> None:
        """Wait until the network has nothing more to do by itself."""
        self.run(self.server.back.settle())

    def let_go(self) -> None:
        """Deliver the webhooks that were kept back."""

        async def go() -> None:
            self.network.courier.let_go()

        self.run(go())

    def dispute(self, top_up: Any, **how: Any) -> str:
        """Let a cardholder dispute a payment; return the network's name of the dispute."""

        async def open_one() -> str:
            return await self.server.back.open_dispute(top_up.payment_ref, **how)

        return str(self.run(open_one()))

    def decide(self, dispute_ref: str, *, is_won: bool) -> None:
        """Let the card's bank decide a dispute."""

        async def close() -> None:
            self.server.back.close_dispute(dispute_ref, is_won=is_won)

        self.run(close())

    def refund_behind_our_back(self, top_up: Any, amount: int) -> None:
        """Let somebody refund on the network's own pages."""

        async def refund() -> None:
            await self.server.back.work(
                "POST", "refunds", {"payment_intent": top_up.payment_ref, "amount": str(amount)}
            )

        self.run(refund())

    def tamper(self, *, duplicate: Any, wrong: tuple[Any, int], missing: Any, unknown: int) -> None:
        """Let the network's account of us be wrong in four ways."""
        back, lines = self.server.back, self.network.records.lines

        async def note() -> None:
            await back.note_charges()

        self.run(note())
        by_payment = {line["source"]["payment_intent"]: line for line in lines.values()}
        again = by_payment[duplicate.payment_ref]
        lines["txn_again"] = again | {"id": "txn_again"}
        by_payment[wrong[0].payment_ref]["net"] += wrong[1]
        by_payment[missing.payment_ref]["created"] = -1  # before anybody asks
        lines["txn_unknown"] = again | {
            "id": "txn_unknown",
            "net": unknown,
            "amount": unknown,
            "source": {"id": "ch_x", "object": "charge", "payment_intent": "pi_unknown"},
        }

    def pay_out(self) -> list[str]:
        """Let the network send what it owes us to our bank; return the payouts."""

        async def pay() -> list[str]:
            await self.server.back.note_charges()
            return [one["id"] for one in self.server.back.pay_out()]

        return list(self.run(pay()))

    def fault(self, fault: Fault, times: int = 1) -> None:
        """Let it misbehave."""
        self.network.faults.order(fault, times)

    @staticmethod
    def pay(url: str, number: str = "4242 4242 4242 4242") -> requests.Response:
        """Type a card on the network's page."""
        form = {"number": number, "expiry": "08/39", "cvc": "123"}
        return requests.post(url, data=form, allow_redirects=False, timeout=10)

    def charges(self) -> list[dict[str, Any]]:
        """Return the charges the network has made."""
        answer = requests.get(
            f"{self.network.address}/v1/charges",
            params={"limit": "100000"},
            headers={"Authorization": "Bearer sk_test_entrepot"},
            timeout=10,
        )
        return [charge for charge in answer.json()["data"] if charge["status"] == "succeeded"]


@pytest.fixture(scope="session")
def _caught() -> Iterator[tuple[Caught, str]]:
    caught = Caught()

    class Catcher(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            signature = self.headers["Stripe-Signature"]
            status = caught.door(body, signature) if caught.door else 200
            with caught.arrived:
                caught.letters.append((body, signature))
                status = caught.answers.pop(0) if caught.answers else status
                caught.arrived.notify_all()
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Stay quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Catcher)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield caught, f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def _running(
    _caught: tuple[Caught, str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[CardNetwork]:
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, daemon=True).start()
    caught, address = _caught
    folder: Path = tmp_path_factory.mktemp("card-network")

    async def start() -> tuple[Network, Server]:
        network = Network(
            folder=folder,
            webhook_address=address,
            webhook_secret="whsec_entrepot_demo",
            again_after=(0.05, 0.05, 0.05),
        )
        server = Server(network)
        await server.start(port=0)
        return network, server

    def run(work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, loop).result(30)

    network, server = run(start())
    place = client.address_file()
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(network.address, encoding="ascii")
    yield CardNetwork(network, server, caught, lambda: run(network.courier.settle()), run)
    place.unlink()
    run(server.stop())
    loop.call_soon_threadsafe(loop.stop)


@pytest.fixture
def network(_running: CardNetwork) -> Iterator[CardNetwork]:
    """The card network, behaving well, with nothing caught and nothing charged yet."""
    requests.delete(f"{_running.network.address}/_faults", timeout=10)
    from localstripe.resources import store

    store.clear()
    _running.network.records.clear()
    _running.server.back.later = 0.0
    _running.server.back.pays_out_daily = False
    _running.caught.letters.clear()
    _running.caught.answers.clear()
    yield _running
    _running.caught.door = None
    _running.network.faults.clear()
    _running.settle()


@pytest.fixture
def deliver(client: Any) -> Callable[..., int]:
    """Hand a webhook to the house's door; return the status it was answered with."""

    def hand(body: bytes, signature: str) -> int:
        answer = client.post(
            "/webhooks/card-network", data=body, headers={"Stripe-Signature": signature}
        )
        return int(answer.status_code)

    return hand


@pytest.fixture
def outcomes() -> Callable[[int, Callable[[int], Any]], list[Any]]:
    """Run some work many times at once; return each result."""
    from tests.banking.bank_objects import outcomes as run

    return run
