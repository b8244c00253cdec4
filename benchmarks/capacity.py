"""What ten, a hundred and a thousand machines carry, reckoned from what one was measured to carry.

Nobody here has a thousand machines: this is paper. What an operation takes of each kind of process
was measured (docs/benchmarks.md, "Pages"); from there on queues decide. Machines are shared out
among web, workers, the database that writes and its replicas so that as many orders as possible fit
while nobody is busier than `BUSIEST`; then visits are drawn by lot and wait in line at each kind,
and that says how long people wait. docs/capacity.md has the assumptions in words.

    python -m benchmarks.capacity [--write]
"""

from __future__ import annotations

import argparse
import heapq
import math
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from pathlib import Path

PAGE = Path(__file__).parents[1] / "docs" / "capacity.md"
FLEETS = (10, 100, 1_000)

# Cores of a machine, each like one of those that were measured, and of the one large machine that
# a database may have to itself.
CORES, LARGE = 8, 64
# No part is busier: one machine or one zone may fall, and waiting grows without bound near 1.
BUSIEST = 0.7
# Seconds that an operation is under way between machines: statements one after the other.
ON_THE_WIRE = 0.005
# Bytes a second that a journal is written, sent to two standbys and archived at.
JOURNAL = 200e6
# A database that writes has two others that stand by, and take reads only as replicas.
STANDBYS = 2
# One machine for Redis and search for so many of the others.
BESIDE = 20
# Operations drawn for one figure of waiting.
DRAWN = 20_000

# Milliseconds of processor that one operation takes, by process, on a core that does nothing else;
# the worker's have those of relay and Redis with them.
MEASURED: Mapping[str, Mapping[str, float]] = {
    "listing": {"web": 5.3, "worker": 0.0, "database": 0.4},
    "product": {"web": 6.5, "worker": 0.0, "database": 0.4},
    "search": {"web": 7.1, "worker": 0.0, "database": 0.4},
    "cart": {"web": 15.2, "worker": 0.0, "database": 0.8},
    "checkout": {"web": 80.0, "worker": 30.0, "database": 16.0},
}
# Bytes of the database's journal that an order writes, until every event of it is worked off: twice
# what was measured, for the whole pages that follow each checkpoint.
JOURNAL_OF_AN_ORDER = 120_000
# What people do for one order: one visit in fifty buys, and opens a few pages more.
FOR_ONE_ORDER: Mapping[str, float] = {
    "listing": 60,
    "product": 60,
    "search": 30,
    "cart": 3,
    "checkout": 1,
}
# How many requests each is, one after the other.
REQUESTS: Mapping[str, int] = {"listing": 1, "product": 1, "search": 1, "cart": 3, "checkout": 11}
PUBLIC = ("listing", "product", "search")
# What of an order's work at the database is the ledger's, and is done in two places when buyer and
# shop have their accounts on different ones.
LEDGER = 0.25


@dataclass(frozen=True)
class Layout:
    """How machines are used. Shape: cores of each machine that a database writes on."""

    name: str
    database_cores: int = CORES
    has_replicas: bool = False
    is_spread: bool = False


LAYOUTS = (
    Layout("one database"),
    Layout("one database, replicas", has_replicas=True),
    Layout("one large database, replicas", database_cores=LARGE, has_replicas=True),
    Layout("accounts spread, replicas", has_replicas=True, is_spread=True),
)


@dataclass(frozen=True)
class Fleet:
    """Machines, what each is for, and what they carry together.

    Units: orders a second. Shape: what is full first.
    """

    layout: Layout
    machines: int
    web: int
    workers: int
    databases: int
    replicas: int
    orders: float
    full: str

    @property
    def used(self) -> int:
        """Machines that have work; the rest of the fleet waits for something else that is full."""
        busy = self.web + self.workers + self.databases * (1 + STANDBYS) + self.replicas
        return busy + math.ceil(busy / BESIDE)


def demand(process: str, *, of: tuple[str, ...] = tuple(MEASURED)) -> float:
    """Return the seconds of processor that all the operations for one order take of a process."""
    return sum(MEASURED[kind][process] * FOR_ONE_ORDER[kind] for kind in of) / 1000


def at_the_writer(layout: Layout, databases: int) -> float:
    """Return the seconds that an order and the pages before it take of databases that write."""
    kinds = tuple(kind for kind in MEASURED if not layout.has_replicas or kind not in PUBLIC)
    apart = 1 - 1 / databases  # how often buyer and shop have their accounts on two databases
    twice = MEASURED["checkout"]["database"] / 1000 * LEDGER * apart
    return demand("database", of=kinds) + twice


def most_orders(layout: Layout, databases: int) -> tuple[float, str]:
    """Return how many orders a second so many databases write, and what ends it."""
    processor = databases * layout.database_cores * BUSIEST / at_the_writer(layout, databases)
    journal = databases * JOURNAL * BUSIEST / JOURNAL_OF_AN_ORDER
    return (processor, "the database") if processor < journal else (journal, "the journal")


def needed(layout: Layout, orders: float, databases: int) -> Fleet:
    """Return the fleet that carries so many orders a second."""
    web = _machines(orders * demand("web"))
    workers = _machines(orders * demand("worker"))
    reads = _machines(orders * demand("database", of=PUBLIC)) if layout.has_replicas else 0
    # Standbys are replicas too: they read while they wait.
    replicas = max(0, reads - databases * STANDBYS)
    bare = Fleet(layout, 0, max(2, web), max(2, workers), databases, replicas, orders, "")
    return replace(bare, machines=bare.used)


def _machines(busy_cores: float) -> int:
    return math.ceil(busy_cores / CORES / BUSIEST)


def best(layout: Layout, machines: int) -> Fleet:
    """Return the most that so many machines carry."""
    found = None
    for databases in range(1, max(2, machines // 4) if layout.is_spread else 2):
        limit, full = most_orders(layout, databases)
        low, high = 0.0, limit
        if needed(layout, limit, databases).used > machines:
            full = "the machines"
            for _ in range(50):
                middle = (low + high) / 2
                fits = needed(layout, middle, databases).used <= machines
                low, high = (middle, high) if fits else (low, middle)
            limit = low
        fleet = replace(needed(layout, limit, databases), machines=machines, full=full)
        if fleet.used <= machines and (found is None or fleet.orders > found.orders):
            found = fleet
    assert found is not None, "too few machines for one of each"
    return found


@dataclass(frozen=True)
class Asking:
    """One kind of those who come. Units: seconds of service. Shape: share of any sum."""

    share: float
    mean: float


def erlang_c(load: float, servers: int) -> float:
    """Return the chance to wait in line at M/M/c. Source: Erlang 1917; by his B, which is stable.

    Units: load in busy servers.
    """
    blocked = 1.0
    for number in range(1, servers + 1):
        blocked = load * blocked / (number + load * blocked)
    busy = load / servers
    return blocked / (1 - busy + busy * blocked)


def line(
    rate: float, servers: int, asking: Sequence[Asking], *, lot: random.Random, drawn: int
) -> list[float]:
    """Return how long each of those who come waits before they are served.

    They come by chance, `rate` a second; of which kind each is, and how long that takes, is drawn;
    whoever came first is served first. Units: seconds. Shape: an eighth as many come before, so
    that the first who are told do not find an empty house.
    """
    free = [0.0] * servers
    weights = list(accumulate(one.share for one in asking))
    kinds = lot.choices(asking, cum_weights=weights, k=drawn + drawn // 8)
    now, waited = 0.0, []
    for kind in kinds:
        now += lot.expovariate(rate)
        begun = max(now, free[0])
        heapq.heapreplace(free, begun + lot.expovariate(1 / kind.mean))
        waited.append(begun - now)
    return waited[drawn // 8 :]


@dataclass(frozen=True)
class Place:
    """Where operations wait: machines of one sort, each with a line of its own."""

    process: str
    machines: int
    cores: int
    kinds: tuple[str, ...]


def places(fleet: Fleet, kind: str) -> list[Place]:
    """Return where an operation of a kind passes while somebody waits for it."""
    everything = tuple(MEASURED)
    web = Place("web", fleet.web, CORES, everything)
    if not fleet.layout.has_replicas:
        return [web, Place("database", fleet.databases, fleet.layout.database_cores, everything)]
    if kind in PUBLIC:
        reading = fleet.databases * STANDBYS + fleet.replicas
        return [web, Place("database", reading, CORES, PUBLIC)]
    writing = tuple(one for one in everything if one not in PUBLIC)
    return [web, Place("database", fleet.databases, fleet.layout.database_cores, writing)]


def slowest(fleet: Fleet, kind: str, *, drawn: int = DRAWN) -> float:
    """Return the seconds that 95 of a hundred requests of a kind do not exceed."""
    lot = random.Random(f"{fleet.layout.name}, {fleet.machines}, {kind}")
    took = [ON_THE_WIRE] * drawn
    for place in places(fleet, kind):
        asking = [
            Asking(FOR_ONE_ORDER[one] * REQUESTS[one], _mean(one, place.process))
            for one in place.kinds
        ]
        coming = fleet.orders * sum(one.share for one in asking) / place.machines
        waited = line(coming, place.cores, asking, lot=lot, drawn=drawn)
        own = 1 / _mean(kind, place.process)
        took = [
            so_far + wait + lot.expovariate(own) for so_far, wait in zip(took, waited, strict=True)
        ]
    return sorted(took)[int(drawn * 0.95)]


def _mean(kind: str, process: str) -> float:
    return MEASURED[kind][process] / 1000 / REQUESTS[kind]


_HEAD = (
    "| machines | laid out as | orders a minute | requests a second | slowest of twenty, public"
    " and paying, ms | web, workers, databases, replicas | in use | full first |"
)


def table() -> str:
    """Return what every fleet carries, as docs/capacity.md shows it."""
    lines = [_HEAD, "|---|---|---|---|---|---|---|---|"]
    for machines in FLEETS:
        for layout in LAYOUTS:
            fleet = best(layout, machines)
            pages = fleet.orders * sum(FOR_ONE_ORDER[kind] * REQUESTS[kind] for kind in MEASURED)
            public, paying = (slowest(fleet, kind) * 1000 for kind in ("product", "checkout"))
            lines.append(
                f"| {machines:,} | {layout.name} | {_rough(fleet.orders * 60)} | {_rough(pages)}"
                f" | {public:.0f} and {paying:.0f}"
                f" | {fleet.web}, {fleet.workers}, {fleet.databases}, {fleet.replicas}"
                f" | {fleet.used:,} | {fleet.full} |"
            )
    return "\n".join(lines)


def _rough(number: float) -> str:
    """Write two figures: more would claim to be known."""
    digits = max(0, int(math.log10(number)) - 1)
    return f"{round(number, -digits):,.0f}"


_SHOWN = re.compile(r"(<!-- python -m benchmarks.capacity -->\n).*?(<!-- end -->)", re.DOTALL)


def shown(page: str) -> str:
    """Return the page with the table as it is now."""
    return _SHOWN.sub(lambda found: f"{found[1]}{table()}\n{found[2]}", page)


def main() -> None:
    """Print the table, or write it into its page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--write", action="store_true", help=f"into docs/{PAGE.name}")
    if parser.parse_args().write:
        PAGE.write_text(shown(PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    else:
        print(table())


if __name__ == "__main__":
    main()
