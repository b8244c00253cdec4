"""What a page costs: CPU of every process, answer times, queries' server and memory, by catalogue.

Starts an installation of its own for each size (PostgreSQL, Redis, relay, worker, web under
gunicorn, and the simulated card network), fills it with the demonstration and a synthetic
catalogue, and visits it over HTTP as anonymous visitors with random languages, countries, goods,
places on shelves and words. Purchases are whole, until every event they published is worked off: a
buyer's by wallet from the product page over cart and checkout to the paid order, a guest's by card
from the product page over address, payment and the network's page to the paid order. CPU is user
and system time of web, worker, relay, PostgreSQL and Redis from /proc, less what the idle house
takes in the same time; what the network takes is not the house's.

A machine that shares its processors with others is half as fast again at one time as at another.
So the houses stand side by side and are visited in turns, a few visits each, while the others wait:
whatever the machine's temper, it is the same for all sizes. Beside each figure stands the pace:
what a fixed piece of work took the visitor meanwhile.

    python -m benchmarks.pages [--offers 1000 10000 100000] [--visits 200] [--json pages.json]
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import platform
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from jinja2 import Environment
from sqlalchemy import text

from benchmarks.visitors import BUYERS_COUNTRY, Buyer, Market, open_buyers
from kernel import db, jobs
from kernel.actor import SYSTEM
from kernel.app import prepare_process
from kernel.config import settings
from kernel.outbox import pending
from kernel.processes import Family, start_servers
from marketplace.shop.listing_index import landed_costs as doors

TICK = os.sysconf("SC_CLK_TCK")
KINDS = ("listing", "product", "search", "cart", "checkout", "card")
LIMITS = {"listing": 10, "product": 8, "search": 15, "cart": 40, "checkout": 160, "card": 100}
# Kinds that end in a paid order.
PURCHASES = ("checkout", "card")
MEMORY_LIMIT_MIB = 400
# Purchases before the first that counts: every connection knows every statement by then. The driver
# asks five times without a name, and the server plans five times more before it keeps a plan; two
# web processes have two connections each, which take turns.
WARM = 60


@dataclass(frozen=True)
class House:
    """A running installation. Shape: roots are process ids by name; children belong to them."""

    port: int
    roots: dict[str, int]

    def cpu(self) -> dict[str, float]:
        """Seconds of CPU so far, by name, of living processes and of those that ended."""
        parents = dict(_parents())
        return {
            name: sum(_ticks(pid) for pid in _family(root, parents)) / TICK
            for name, root in self.roots.items()
        }

    def memory(self) -> dict[str, float]:
        """Proportional set size in MiB, by name."""
        parents = dict(_parents())
        return {
            name: round(sum(_pss_kib(pid) for pid in _family(root, parents)) / 1024, 1)
            for name, root in self.roots.items()
        }


def _parents() -> Iterator[tuple[int, int]]:
    for folder in Path("/proc").iterdir():
        if folder.name.isdigit():
            try:
                fields = (folder / "stat").read_text().rpartition(")")[2].split()
            except (FileNotFoundError, ProcessLookupError):
                continue
            yield int(folder.name), int(fields[1])


def _family(root: int, parents: dict[int, int]) -> list[int]:
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def cpu_of(root: int) -> float:
    """Return the seconds of CPU that a process and its children took so far."""
    return sum(_ticks(pid) for pid in _family(root, dict(_parents()))) / TICK


def _ticks(pid: int) -> int:
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    return sum(int(value) for value in fields[11:15])  # own and ended children's time


def _pss_kib(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except (FileNotFoundError, ProcessLookupError):
        return 0  # a job's child that has just ended
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


@contextmanager
def running(var: Path, port: int, offers: int) -> Iterator[House]:
    """Run a filled installation for the length of the block."""
    os.environ |= {"ENTREPOT_VAR": str(var), "ENTREPOT_BASE_URL": f"http://127.0.0.1:{port}"}
    for name in ("ENTREPOT_DATABASE_URL", "ENTREPOT_REDIS_URL"):
        os.environ.pop(name, None)
    settings.cache_clear()
    start_servers()
    family = Family()
    try:
        entrepot("migrate")
        if not (var / "filled").exists():
            entrepot("seed", "demo")
            entrepot("seed", "scale", "--offers", str(offers), "--vendors", str(offers // 50))
            (var / "filled").touch()
        prepare_process()
        reckon_dues()
        vacuum()
        # Any free port: what it takes is no process of the house, `_roots` leaves it out.
        family.start("card-network", "card-network", "--port", "0")
        family.start("relay", "relay")
        family.start("worker", "worker")
        family.start("web", "serve", "--port", str(port))
        answers(port)
        yield House(port, _roots(family, var))
    finally:
        family.stop()
        db.dispose()
        jobs.connection.cache_clear()  # the next size has a Redis of its own
        entrepot("stop")


def reckon_dues() -> None:
    """Do at once what the worker does by and by: a few milliseconds for each product."""
    last: int | None = 0
    while last is not None:
        last = doors.reckon(after=last, actor=SYSTEM)


def answers(port: int) -> None:
    """Return once the web server answers."""
    for _ in range(200):
        try:
            with socket.create_connection(("127.0.0.1", port), timeout=1):
                return
        except OSError:
            time.sleep(0.2)
    raise TimeoutError("the web server does not come up")


def _roots(family: Family, var: Path) -> dict[str, int]:
    postgres = int((var / "postgres" / "postmaster.pid").read_text().split()[0])
    redis = int((var / "redis" / "redis.pid").read_text())
    started = {name: child.pid for name, child in family.children.items() if name != "card-network"}
    return started | {"postgres": postgres, "redis": redis}


def entrepot(*arguments: str) -> None:
    """Run one command of the house."""
    subprocess.run([sys.executable, "-m", "kernel", *arguments], check=True)


def vacuum() -> None:
    """Bring statistics up to date, as a shop has them after its first night."""
    with db.engine().execution_options(isolation_level="AUTOCOMMIT").connect() as connection:
        connection.exec_driver_sql("SET ROLE NONE")  # as who looks after the server
        connection.exec_driver_sql("VACUUM ANALYZE")
        connection.exec_driver_sql("CHECKPOINT")


def started(name: str) -> int:
    """Return how many jobs of a queue run at this moment."""
    return int(jobs.queue(name).started_job_registry.count)


def settled() -> None:
    """Return once every published event is worked off and no job is left in any queue."""
    deadline = time.monotonic() + 240
    while pending() or any(jobs.queue(name).count or started(name) for name in jobs.QUEUES):
        assert time.monotonic() < deadline, "the worker does not keep up"
        time.sleep(0.2)


_FIXED = Environment(autoescape=True).from_string(
    "{% for n in range(300) %}<tr class=row-{{ n % 7 }}><td>{{ n }}<td>{{ words[n % 5] }}"
    "<td>{{ words | join(', ') | upper }}{% endfor %}"
)
_WORDS = ("tea & cup", "лампа", "绿茶", "abat-jour", "<b>")


def paced() -> float:
    """Return the CPU milliseconds that a fixed piece of work takes now: 300 rows of a template."""
    begun = time.thread_time()
    _FIXED.render(words=_WORDS)
    return (time.thread_time() - begun) * 1000


@dataclass(frozen=True)
class Round:
    """Some visits of one kind.

    Units: seconds of CPU by process, milliseconds each took, bytes of the database's journal.
    """

    cpu: dict[str, float]
    took: list[float]
    paces: list[float]
    journal: int


def journal() -> int:
    """Return how many bytes the database has written into its journal so far."""
    with db.reading() as current:
        return int(current.execute(text("SELECT pg_current_wal_lsn() - '0/0'")).scalar_one())


def visited(house: House, idle: dict[str, float], act: Callable[[], object], times: int) -> Round:
    """Do an operation again and again and return what it cost."""
    written, before, begun = journal(), house.cpu(), time.monotonic()
    took, paces = [], []
    for _ in range(times):
        start = time.perf_counter()
        act()
        took.append((time.perf_counter() - start) * 1000)
        paces.append(paced())
    settled()
    passed, after = time.monotonic() - begun, house.cpu()
    cpu = {name: after[name] - before[name] - idle[name] * passed for name in after}
    return Round(cpu, took, paces, journal() - written)


def figures(rounds: list[Round]) -> dict[str, object]:
    """Return what one operation cost over all rounds. Units: milliseconds."""
    took = sorted(each for one in rounds for each in one.took)
    by_process = {
        name: round(sum(one.cpu[name] for one in rounds) * 1000 / len(took), 2)
        for name in rounds[0].cpu
    }
    return {
        "cpu": round(sum(by_process.values()), 2),
        "by_process": by_process,
        "p50": round(statistics.median(took), 1),
        "p95": round(took[int(len(took) * 0.95)], 1),
        "journal": round(sum(one.journal for one in rounds) / len(took)),
        "times": len(took),
        "pace": round(statistics.median([pace for one in rounds for pace in one.paces]), 2),
    }


def idling(house: House, seconds: float) -> dict[str, float]:
    """Return CPU seconds per second that the house takes while nobody comes."""
    settled()
    before = house.cpu()
    time.sleep(seconds)
    return {name: (used - before[name]) / seconds for name, used in house.cpu().items()}


def operations(market: Market, buyers: list[Buyer]) -> dict[str, Callable[[], object]]:
    """Return what is measured, by kind."""
    waiting = iter(buyers)
    return {
        "listing": lambda: market.visitor().get(market.listing()),
        "product": lambda: market.visitor().get(market.product()),
        "search": lambda: market.visitor().get(market.search()),
        "cart": lambda: market.visitor(BUYERS_COUNTRY).fill_cart(market.buyable()),
        "checkout": lambda: next(waiting).check_out(market.buyable()),
        "card": lambda: market.guest().buy_by_card(market.buyable()),
    }


def keep_house(options: argparse.Namespace, offers: int, port: int, line: Connection) -> None:
    """Run an installation of one size and do what comes over the line, until nothing more comes.

    Shape: "idle" answers nothing; a kind and a number of times answers a round; None answers the
    memory and the idle house's CPU, and ends it.
    """
    var = options.keep or Path(tempfile.mkdtemp(prefix="entrepot-pages-"))
    try:
        with running(var, port, offers) as house:
            acts = operations(
                Market(port, random.Random(7)), open_buyers(port, options.checkouts + WARM + 1)
            )
            for kind in KINDS:
                for _ in range(WARM if kind in PURCHASES else max(40, options.visits // 4)):
                    acts[kind]()
            # What the server would tidy up after these visits by itself, some time in the baseline.
            settled()
            vacuum()
            line.send("ready")
            assert line.recv() == "idle"
            idle = idling(house, options.idle)
            line.send("rested")
            while (asked := line.recv()) is not None:
                kind, times = asked
                line.send(visited(house, idle, acts[kind], times))
            line.send((house.memory(), {n: round(u * 1000, 1) for n, u in idle.items()}))
    finally:
        if options.keep is None:
            shutil.rmtree(var, ignore_errors=True)


def measure(options: argparse.Namespace) -> list[dict[str, Any]]:
    """Run an installation of each size, visit them in turns, and return their figures."""
    context, lines, children = multiprocessing.get_context("spawn"), {}, []
    for number, offers in enumerate(options.offers):
        lines[offers], end = context.Pipe()
        child = context.Process(
            target=keep_house, args=(options, offers, options.port + number, end)
        )
        child.start()
        end.close()  # so that a house that falls is heard of
        children.append(child)
        assert lines[offers].recv() == "ready"
    for offers in options.offers:
        lines[offers].send("idle")
        assert lines[offers].recv() == "rested"
    found: dict[int, dict[str, list[Round]]] = {o: {k: [] for k in KINDS} for o in options.offers}
    for _ in range(options.rounds):
        for kind in KINDS:
            for offers in options.offers:
                lines[offers].send((kind, _times(options, kind)))
                found[offers][kind].append(lines[offers].recv())
    results = []
    for offers, child in zip(options.offers, children, strict=True):
        lines[offers].send(None)
        memory, idle = lines[offers].recv()
        child.join()
        results.append(
            {
                "offers": offers,
                "figures": {k: figures(found[offers][k]) for k in KINDS},
                "memory_mib": memory,
                "idle_ms_per_second": idle,
            }
        )
    return results


def _times(options: argparse.Namespace, kind: str) -> int:
    visits, rounds = int(options.visits), int(options.rounds)
    fewer: dict[str, int] = {"cart": visits // 3}
    times = int(options.checkouts) if kind in PURCHASES else fewer.get(kind, visits)
    return max(1, times // rounds)


def table(results: list[dict[str, Any]]) -> str:
    """Return the figures for people to read."""
    sizes = [result["offers"] for result in results]
    lines = [
        "CPU ms per operation   limit" + "".join(f"{size:>12,}" for size in sizes) + "   last/1st"
    ]
    for kind in KINDS:
        found = [result["figures"][kind] for result in results]
        ratio = found[-1]["cpu"] / found[0]["cpu"]
        lines.append(
            f"{kind:22}{LIMITS[kind]:>6}"
            + "".join(f"{f['cpu']:>12}" for f in found)
            + f"{ratio:>11.2f}"
        )
        lines.append(
            f"{'  p50 / p95 ms':28}" + "".join(f"{f['p50']:>6}/{f['p95']:<5}" for f in found)
        )
        lines.append(f"{'  pace':28}" + "".join(f"{f['pace']:>12}" for f in found))
    memory = [r["memory_mib"]["web"] + r["memory_mib"]["worker"] for r in results]
    lines.append(
        f"{'web and worker, MiB':22}{MEMORY_LIMIT_MIB:>6}"
        + "".join(f"{value:>12.0f}" for value in memory)
    )
    return "\n".join(lines)


def main() -> None:
    """Measure all sizes, print, and write the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--offers", type=int, nargs="+", default=[1_000, 10_000, 100_000])
    parser.add_argument("--visits", type=int, default=200)
    parser.add_argument("--checkouts", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=5, help="turns that the visits are cut into")
    parser.add_argument("--idle", type=float, default=8, help="seconds of the idle baseline")
    parser.add_argument("--port", type=int, default=8917)
    parser.add_argument("--keep", type=Path, help="folder to keep and use again, for one size")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    results = measure(options)
    print(table(results), flush=True)
    report = {
        "machine": {
            "cpus": os.cpu_count(),
            "python": platform.python_version(),
            "load": os.getloadavg(),
        },
        "results": results,
    }
    print(json.dumps(report, indent=1))
    if options.json:
        options.json.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
