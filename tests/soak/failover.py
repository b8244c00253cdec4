"""Kill, freeze and cut off whatever stands between a customer and the rows, under purchases.

A database of three nodes under Patroni and etcd, led to by HAProxy and PgBouncer, two Redis under
sentinels, and the house's own relay, scheduler, worker and two web servers behind a HAProxy of
their own (tests/soak/cluster.py).
Payments and orders that were answered must stand in the ledger once, whoever leads in the end.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import requests

from benchmarks.visitors import open_buyers
from kernel import processes
from kernel.app import prepare_process
from kernel.processes import Family
from kernel.redis_client import client
from tests.soak import journal
from tests.soak.cluster import Cluster, Node, until
from tests.soak.customers import Load, Visitors, customers
from tests.soak.kills import environment, in_any_order, kill, wait_until_done
from tests.soak.purchases import PEOPLE, Purchases
from tests.soak.shoppers import fill_market, shoppers

# Pages are asked for at one place, and served by two machines behind it.
PORT, SERVED_AT = 8765, {"web 1": 8766, "web 2": 8767}
FRONT = "HAProxy before the pages"
# What a new version does to each of them; no page is lost for it.
EXCHANGE = "web servers exchanged"
# Seconds that a node is kept away, stands still, or is cut off: longer than its lease of `ttl`.
AWAY = 30.0
SHORT = 5.0
# Beside the demonstration's market.
OFFERS, VENDORS = 200, 10


@dataclass
class Drill:
    """One thing that happens to the whole. Shape: strike returns what makes it good again."""

    cluster: Cluster
    family: Family

    def kinds(self) -> dict[str, Callable[[], Callable[[], None]]]:
        """Return everything that can happen, by name."""
        return {
            "PostgreSQL that leads": lambda: self.crash(self.leader()),
            "PostgreSQL that follows": lambda: self.crash(self.follower()),
            "Patroni that leads": lambda: self.end("patroni", self.leader()),
            "etcd of the leader": lambda: self.end("etcd", self.leader()),
            "node that leads": lambda: self.lose(self.leader()),
            "node that follows": lambda: self.lose(self.follower()),
            "leader stands still": lambda: self.freeze(self.leader()),
            "leader is cut off": lambda: self.cut(self.leader()),
            "follower is cut off": lambda: self.cut(self.follower()),
            "HAProxy": lambda: self.end("haproxy"),
            FRONT: lambda: self.end(FRONT),
            "PgBouncer": lambda: self.end("pgbouncer"),
            "Redis that leads": self.end_redis,
            EXCHANGE: self.exchange,
            **{name: lambda n=name: self.end_child(n) for name in self.family.children},
        }

    def leader(self) -> Node:
        found = self.cluster.leader()
        assert found is not None, "it is whole before each blow"
        return found

    def follower(self) -> Node:
        leading = self.leader()
        return next(node for node in self.cluster.nodes if node is not leading)

    def crash(self, node: Node) -> Callable[[], None]:
        pid = node.postmaster
        assert pid is not None
        kill(pid)
        return nothing

    def end(self, name: str, node: Node | None = None) -> Callable[[], None]:
        (node.processes if node else self.cluster.processes)[name].kill()
        return nothing

    def end_child(self, name: str) -> Callable[[], None]:
        kill(self.family.children[name].pid)
        return nothing

    def exchange(self) -> Callable[[], None]:
        """Let each web server end in peace and stand up again, one after the other."""
        for name, port in SERVED_AT.items():
            ending = self.family.children[name]
            ending.terminate()
            until(
                lambda at=port, was=ending: was.poll() is not None and self.answers(at),
                f"{name} again",
                cluster=self.cluster,
                seconds=120,
            )
        return nothing

    def answers(self, port: int) -> bool:
        """Whether a web server shows a page."""
        self.look_after()
        with suppress(requests.RequestException):
            return requests.get(f"http://127.0.0.1:{port}/healthz", timeout=5).ok
        return False

    def end_redis(self) -> Callable[[], None]:
        with client(self.cluster.redis_url()) as queues:
            port = queues.connection_pool.get_master_address()[1]
        self.cluster.processes[f"redis {port}"].kill()
        return nothing

    def lose(self, node: Node) -> Callable[[], None]:
        """Let a machine disappear: nobody there says good-bye."""
        node.link("down")
        for process in node.processes.values():
            process.is_held = True
            process.kill()
        pid = node.postmaster
        if pid is not None:
            kill(pid)

        def back() -> None:
            node.link("up")
            for process in node.processes.values():
                process.is_held = False

        return back

    def freeze(self, node: Node) -> Callable[[], None]:
        """Let everything on a machine stand still, with its connections open."""
        pids = [int(p) for p in told("ip", "netns", "pids", node.name).split()]
        for pid in pids:
            send(pid, signal.SIGSTOP)

        def back() -> None:
            for pid in pids:
                send(pid, signal.SIGCONT)

        return back

    def cut(self, node: Node) -> Callable[[], None]:
        """Let a machine run on, heard by nobody."""
        node.link("down")
        return lambda: node.link("up")

    def look_after(self) -> None:
        """Start again what ended, on both sides."""
        self.cluster.look_after()
        word = self.family.look_after()
        assert word is None, word

    def is_whole(self) -> bool:
        """Whether everything is there again."""
        self.look_after()
        if self.family.first_dead() is not None or not self.cluster.is_whole():
            return False
        with suppress(requests.RequestException, ValueError, KeyError):
            return all(self.serves(port) for port in (PORT, *SERVED_AT.values()))
        return False

    def serves(self, port: int) -> bool:
        """Whether whoever listens there reaches all that pages need. Raises: RequestException."""
        parts = requests.get(f"http://127.0.0.1:{port}/readyz", timeout=15).json()["parts"]
        return all(parts[part] == "ok" for part in ("database", "replicas", "redis"))


def nothing() -> None:
    """Whoever looks after the process starts it again."""


def told(*words: str) -> str:
    return subprocess.run(words, check=True, capture_output=True, text=True).stdout


def send(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


def strike(drill: Drill, name: str, load: Load, visitors: Visitors) -> dict[str, float]:
    """Let one thing happen, make it good, wait until all is whole; return what it cost.

    Units: seconds; pages that were not shown.
    """
    begun = time.monotonic()
    make_good = drill.kinds()[name]()
    is_long = "node" in name or "still" in name or "cut" in name
    pause_until(drill, begun + (AWAY if is_long else SHORT))
    make_good()
    until(drill.is_whole, f"whole after {name}", cluster=drill.cluster, seconds=300)
    whole = time.monotonic()
    answers = [begun, *(at for at in list(load.answers) if at > begun)]
    gaps = [later - earlier for earlier, later in pairwise(answers)]
    pages = [status for at, status in list(visitors.seen) if at > begun]
    return {
        "answers again": max(gaps, default=whole - begun),
        "whole again": whole - begun,
        "pages": len(pages),
        "pages lost": sum(status != requests.codes.ok for status in pages),
    }


def pause_until(drill: Drill, instant: float) -> None:
    while time.monotonic() < instant:
        drill.look_after()
        time.sleep(0.2)


@contextmanager
def house(cluster: Cluster, var: Path) -> Iterator[Family]:
    """Run the house's processes on a cluster."""
    own = {
        "ENTREPOT_VAR": str(var),
        "ENTREPOT_DATABASE_URL": cluster.url("work"),
        "ENTREPOT_DATABASE_IS_POOLED": "1",
        "ENTREPOT_REPLICA_URL": cluster.replica_url(),
        "ENTREPOT_REDIS_URL": cluster.redis_url(),
        "ENTREPOT_BASE_URL": f"http://127.0.0.1:{PORT}",
        "ENTREPOT_TRUSTED_PROXIES": "1",
    }
    with environment(**own):
        family = Family()
        try:
            # Migrations are the owner's, past the pooler.
            owner = {
                "ENTREPOT_DATABASE_URL": cluster.owner_url(),
                "ENTREPOT_DATABASE_IS_POOLED": "0",
            }
            migrate = [sys.executable, "-m", "kernel", "migrate"]
            subprocess.run(migrate, check=True, env={**os.environ, **owner})
            prepare_process()
            fill_market(offers=OFFERS, vendors=VENDORS, **owner)
            for name in ("relay", "scheduler", "worker"):
                family.start(name, name)
            # A page may wait less than a job, so it goes by the pooler's other entry.
            pages = {"ENTREPOT_DATABASE_URL": cluster.url("pages")}
            for name, port in SERVED_AT.items():
                family.start(name, "serve", "--port", str(port), **pages)
            cluster.lead_to_pages(FRONT, at=PORT, ports=list(SERVED_AT.values()))
            yield family
        finally:
            family.stop()


def run(*, cluster: Cluster, var: Path, blows: int, only: str = "") -> dict[str, Any]:
    """Let so many things happen, in any order, under load; return what was counted.

    Shape: by kind the median and the longest seconds until payments were answered again and until
    all was whole, and the pages of the public that were not shown of all that were asked for.
    """
    processes.WELL = 0.0
    with house(cluster, var) as family:
        drill = Drill(cluster, family)
        until(drill.is_whole, "the house stands", cluster=cluster, seconds=180)
        load, visitors = customers(), Visitors(PORT)
        purchases = Purchases(shoppers(PORT).market, open_buyers(PORT, PEOPLE))
        costs: dict[str, list[dict[str, float]]] = defaultdict(list)
        kinds = [only] if only else sorted(drill.kinds())
        with load.going_on(), visitors.going_on(), purchases.going_on():
            for number, name in enumerate(in_any_order(kinds, blows), 1):
                pause_until(drill, time.monotonic() + random.Random(number).uniform(1, 3))
                costs[name].append(strike(drill, name, load, visitors))
                print(f"   {number:3} {name}: {rounded(costs[name][-1])}", flush=True)
        wait_until_done()
        load.check()
        purchases.check()
        exchanged = [cost["pages lost"] for cost in costs.get(EXCHANGE, [])]
        assert not any(exchanged), f"pages lost to a new version: {exchanged}"
        return {
            "blows": blows,
            "costs": {name: summed(told_of) for name, told_of in sorted(costs.items())},
            "payments": len(load.paid),
            "asked again": load.repeats,
            "orders": purchases.bought,
            "looked whether it was one": purchases.unanswered,
            "people": len(load.joined),
            "pages": len(visitors.seen),
            "parts of the journal": journal.check(cluster.folder / "archive"),
        }


def rounded(cost: dict[str, float]) -> dict[str, float]:
    return {name: round(value, 1) for name, value in cost.items()}


def summed(costs: list[dict[str, float]]) -> dict[str, Any]:
    times = {
        name: tuple(round(f([cost[name] for cost in costs]), 1) for f in (median, max))
        for name in ("answers again", "whole again")
    }
    pages = {name: int(sum(cost[name] for cost in costs)) for name in ("pages", "pages lost")}
    return {"times": len(costs), **times, **pages}
