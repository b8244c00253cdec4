"""What it costs to be seen: CPU of pages from a server that shows everything, beside one at rest.

One installation has two web servers. One writes no line for a request; the other writes them as
JSON, shows figures to somebody who reads them as often as Prometheus does, and sends traces to a
collector on this machine, of as many requests as the house follows by itself. Both are asked in
turns for the same pages, a few at a time, so that whatever the machine's temper, both meet it. CPU
is that of the web processes alone: what the database takes is the same for both, and would flatter
the ratio.

    python -m benchmarks.telemetry [--offers 1000] [--visits 400] [--rounds 20] [--share 0.05]
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import statistics
import tempfile
import threading
import urllib.request
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import product
from pathlib import Path

from benchmarks.pages import answers, cpu_of, entrepot, reckon_dues, vacuum
from benchmarks.visitors import BUYERS_COUNTRY, Market
from kernel.app import prepare_process
from kernel.config import settings
from kernel.processes import Family, start_servers

METRICS_PORT = 9460
# As docker/observability/prometheus.yaml has it.
SCRAPES_S = 15
WARM = 60


class Collector(BaseHTTPRequestHandler):
    """Takes whatever is sent."""

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_about: object) -> None:
        """Say nothing."""


def surroundings(collector: str, share: str) -> dict[str, dict[str, str]]:
    """Return what each server finds in its environment."""
    return {
        "unseen": {"ENTREPOT_LOG_LEVEL": "WARNING"},
        "seen": {
            "ENTREPOT_LOG_LEVEL": "INFO",
            "ENTREPOT_LOG_FORMAT": "json",
            "ENTREPOT_METRICS": f"127.0.0.1:{METRICS_PORT}",
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector,
            "OTEL_TRACES_SAMPLER": "parentbased_traceidratio",
            "OTEL_TRACES_SAMPLER_ARG": share,
        },
    }


def scrape(stop: threading.Event) -> None:
    """Read the figures as Prometheus does."""
    while not stop.wait(SCRAPES_S):
        urllib.request.urlopen(f"http://127.0.0.1:{METRICS_PORT}/metrics", timeout=30).read()


def operations(market: Market) -> dict[str, Callable[[], object]]:
    """Return what is asked for, by kind."""
    return {
        "listing": lambda: market.visitor().get(market.listing()),
        "product": lambda: market.visitor().get(market.product()),
        "search": lambda: market.visitor().get(market.search()),
        "cart": lambda: market.visitor(BUYERS_COUNTRY).fill_cart(market.buyable()),
    }


def filled(offers: int) -> None:
    """Start the servers of an installation and fill it."""
    start_servers()
    entrepot("migrate")
    entrepot("seed", "demo")
    entrepot("seed", "scale", "--offers", str(offers), "--vendors", str(offers // 50))
    prepare_process()
    reckon_dues()
    vacuum()


def measure(options: argparse.Namespace, collector: str) -> dict[str, dict[str, list[float]]]:
    """Ask both servers in turns. Shape: kind → server → CPU milliseconds of a visit, by turn."""
    family, acts = Family(), {}
    found: dict[str, dict[str, list[float]]] = {}
    stop = threading.Event()
    try:
        for number, (name, environment) in enumerate(
            surroundings(collector, options.share).items()
        ):
            os.environ.update(environment)
            family.start(name, "serve", "--port", str(options.port + number))
            answers(options.port + number)
            acts[name] = operations(Market(options.port + number, random.Random(7)))
        threading.Thread(target=scrape, args=(stop,), daemon=True).start()
        for name, kind in product(acts, acts["seen"]):
            cost(family, name, acts[name][kind], WARM)
        for turn, kind in product(range(options.rounds), acts["seen"]):
            for name in sorted(acts, reverse=bool(turn % 2)):
                took = cost(family, name, acts[name][kind], options.visits // options.rounds)
                found.setdefault(kind, {}).setdefault(name, []).append(took)
    finally:
        stop.set()
        family.stop()
    return found


def cost(family: Family, name: str, act: Callable[[], object], times: int) -> float:
    """Return the CPU milliseconds that a server takes for one of some visits."""
    before = cpu_of(family.children[name].pid)
    for _ in range(times):
        act()
    return (cpu_of(family.children[name].pid) - before) * 1000 / times


def main() -> None:
    """Measure and print both figures and their ratio, whole and by the median of all turns."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--offers", type=int, default=1_000)
    parser.add_argument("--visits", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=20)
    parser.add_argument("--share", default="0.05", help="of requests that are followed")
    parser.add_argument("--port", type=int, default=8937)
    options = parser.parse_args()
    var = Path(tempfile.mkdtemp(prefix="entrepot-telemetry-"))
    os.environ["ENTREPOT_VAR"] = str(var)
    settings.cache_clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Collector)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        filled(options.offers)
        found = measure(options, f"http://127.0.0.1:{server.server_port}")
    finally:
        entrepot("stop")
        shutil.rmtree(var, ignore_errors=True)
    print(f"{'CPU ms a visit':16}{'unseen':>10}{'seen':>10}{'ratio':>10}{'median turn':>14}")
    for kind, by_server in found.items():
        unseen, seen = by_server["unseen"], by_server["seen"]
        turns = [s / u for s, u in zip(seen, unseen, strict=True) if u]
        print(
            f"{kind:16}{statistics.mean(unseen):>10.2f}{statistics.mean(seen):>10.2f}"
            f"{sum(seen) / sum(unseen):>10.3f}{statistics.median(turns):>14.3f}"
        )


if __name__ == "__main__":
    main()
