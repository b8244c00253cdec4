"""How many who say nothing the shop survives: pages of others beside a crowd of silent sockets.

One installation as `entrepot serve` runs it. Three visitors look around on shelves, at goods and
at what a search finds; a crowd comes, each opens a connection and is rude in one manner; the same
visitors look around again. Crowd and quiet take turns, so that whatever the machine's temper, both
meet it. Who is rude is hung up on after twenty seconds (`kernel/web/listening.py`) and comes again.

    python -m benchmarks.silence [--offers 1000] [--visits 300] [--rounds 3]
"""

from __future__ import annotations

import argparse
import random
import resource
import shutil
import socket
import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from itertools import product
from pathlib import Path

from benchmarks.pages import running
from benchmarks.visitors import Market

HEAD = b"GET /en/ HTTP/1.1\r\nHost: 127.0.0.1\r\n"
MANNERS = {
    "silent": b"",
    "amid a head": HEAD + b"X-Long: ",
    "amid a form": HEAD.replace(b"GET", b"POST") + b"Content-Length: 900\r\n\r\nname=",
    "deaf to an answer": HEAD + b"\r\n",
}
CROWDS = (16, 150, 1_000)
VISITORS = 3
# Fewer than two processors compute.
PAGES_A_SECOND = 50


def opened(port: int, said: bytes) -> socket.socket:
    """Open a connection and say something on it."""
    one = socket.create_connection(("127.0.0.1", port), timeout=30)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    one.sendall(said)
    return one


@contextmanager
def crowd(port: int, said: bytes, many: int) -> Iterator[None]:
    """Let so many be rude for the length of the block."""
    with ExitStack() as all_of_them:
        for _ in range(many):
            all_of_them.enter_context(closing(opened(port, said)))
        # What they asked for before they fell deaf is answered by then.
        time.sleep(many / PAGES_A_SECOND if said.endswith(b"\r\n\r\n") else 1)
        yield


def p95(markets: list[Market], visits: int) -> float:
    """Return the milliseconds that 95 of 100 pages stay under, for a few visitors at once."""
    took: list[float] = []

    def look_around(market: Market) -> None:
        for number in range(visits // VISITORS):
            where = (market.listing, market.product, market.search)[number % 3]()
            begun = time.perf_counter()
            market.visitor().get(where)
            took.append(time.perf_counter() - begun)

    visitors = [threading.Thread(target=look_around, args=(market,)) for market in markets]
    for one in visitors:
        one.start()
    for one in visitors:
        one.join()
    assert len(took) == visits // VISITORS * VISITORS, "somebody was shown no page"
    return statistics.quantiles(took, n=20)[-1] * 1_000


def main() -> None:
    """Print both figures and their ratio, for each crowd and manner the middle of all rounds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--offers", type=int, default=1_000)
    parser.add_argument("--visits", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--port", type=int, default=8941)
    options = parser.parse_args()
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    var = Path(tempfile.mkdtemp(prefix="entrepot-silence-"))
    try:
        with running(var, options.port, options.offers) as house:
            markets = [Market(house.port, random.Random(seed)) for seed in range(VISITORS)]
            p95(markets, options.visits)
            print(f"{'crowd':28}{'quiet, ms':>12}{'beside, ms':>12}{'ratio':>8}", flush=True)
            for manner, many in product(MANNERS, CROWDS):
                quiet, beside = [], []
                for _ in range(options.rounds):
                    quiet.append(p95(markets, options.visits))
                    with crowd(house.port, MANNERS[manner], many):
                        beside.append(p95(markets, options.visits))
                ratios = [b / q for b, q in zip(beside, quiet, strict=True)]
                print(
                    f"{f'{many} {manner}':28}{statistics.median(quiet):>12.1f}"
                    f"{statistics.median(beside):>12.1f}{statistics.median(ratios):>8.2f}",
                    flush=True,
                )
    finally:
        shutil.rmtree(var, ignore_errors=True)


if __name__ == "__main__":
    main()
