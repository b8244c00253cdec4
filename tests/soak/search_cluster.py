"""Nodes of a search server are lost under load: no page may be lost long, no change for good.

Three nodes of an Elasticsearch whose folder an operator names, on the settings of
docker/cluster/elasticsearch.yml. The house searches and changes prices all the time while one node
after the other is killed, stands still and comes back; in the end the index must be what the
database says.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

import requests
from sqlalchemy import text

from kernel import db
from kernel.actor import SYSTEM
from kernel.embedded import postgres
from kernel.money import Money
from kernel.processes import Family
from marketplace.catalogue.offers import service as offers
from search import api as search
from search.engine import choice
from tests.soak.cluster import AS_SERVER, filled, free_ports
from tests.soak.customers import busy
from tests.soak.kills import children, house, in_any_order, kill, wait_until_done

SETTING = "ENTREPOT_ELASTICSEARCH_URL"
OFFERS, SHOPS, HEAP = 1_000, 20, "512m"
# Seconds that a node is away, and that it stands still: longer than the others wait for it.
AWAY, STILL, PATIENCE = 30.0, 60.0, 240.0
# What a page may wait for the index before it lists from the database, in seconds.
LONGEST_GAP = 10.0
LATEST = 50
NOTICE = "Until then you'll see a simple list of products"
_WORDS = text("SELECT titles->>source_locale FROM marketplace.product_card ORDER BY product_id")
_OFFERS = text(
    "SELECT o.id, o.vendor_id, o.version, o.price_minor, o.currency FROM marketplace.offer o"
    " JOIN marketplace.product_card c ON c.offer_id = o.id ORDER BY o.id"
)
_DEAD = text("SELECT count(*) FROM kernel.delivery WHERE dead_at IS NOT NULL")


@dataclass
class Node:
    """One process of the server with a folder of its own."""

    name: str
    folder: Path
    http: int
    transport: int
    running: subprocess.Popen[bytes] | None = None

    def start(self, home: Path, peers: list[Node]) -> None:
        """Start it; on an empty folder it forms the cluster with the others."""
        assert self.running is None or self.running.poll() is not None, "it runs"
        config, is_new = self.folder / "config", not (self.folder / "data").exists()
        if is_new:
            shutil.copytree(home / "config", config)
            for place in ("data", "logs", "tmp"):
                (self.folder / place).mkdir()
        (config / "elasticsearch.yml").write_text(self._settings(peers, is_new=is_new))
        for path in [self.folder, *self.folder.rglob("*")]:
            shutil.chown(path, postgres._USER, postgres._USER)
        with (self.folder / "log").open("ab") as words:
            self.running = subprocess.Popen(
                [*AS_SERVER, str(home / "bin" / "elasticsearch")],
                stdout=words,
                stderr=words,
                cwd=self.folder,
                env={
                    **os.environ,
                    "HOME": str(self.folder),
                    "ES_PATH_CONF": str(config),
                    "ES_TMPDIR": str(self.folder / "tmp"),
                    "ES_JAVA_OPTS": f"-Xms{HEAP} -Xmx{HEAP}",
                },
            )

    def _settings(self, peers: list[Node], *, is_new: bool) -> str:
        own: dict[str, object] = {
            # On loopback, between processes of one drill.
            "xpack.security.enabled": False,
            # The disk of a machine that drills run on may be fuller than a server likes.
            "cluster.routing.allocation.disk.threshold_enabled": False,
        }
        if is_new:
            own["cluster.initial_master_nodes"] = [peer.name for peer in peers]
        further = "".join(f"{name}: {json.dumps(value)}\n" for name, value in own.items())
        return further + filled(
            "elasticsearch.yml",
            NODE=self.name,
            FOLDER=str(self.folder),
            ADDRESS="127.0.0.1",
            HTTP_PORT=str(self.http),
            TRANSPORT_PORT=str(self.transport),
            NODES=", ".join(f'"127.0.0.1:{peer.transport}"' for peer in peers),
        )

    def kill(self) -> None:
        """End it at once."""
        if self.running is not None and self.running.poll() is None:
            kill(self.running.pid)
            self.running.wait()

    def send(self, number: signal.Signals) -> None:
        """Send a signal to all of it."""
        assert self.running is not None
        for pid in [self.running.pid, *children(self.running.pid)]:
            with suppress(ProcessLookupError):
                os.kill(pid, number)


@dataclass
class Cluster:
    """Three nodes, each of which may lead and each of which has a copy."""

    home: Path
    nodes: list[Node]

    def address(self) -> str:
        return f"http://{','.join(f'127.0.0.1:{node.http}' for node in self.nodes)}"

    def ask(self, path: str) -> Any:
        """Ask the first node that answers. Raises: ConnectionError."""
        for node in self.nodes:
            with suppress(requests.RequestException):
                answer = requests.get(f"http://127.0.0.1:{node.http}{path}", timeout=5)
                if answer.ok:
                    return answer.json()
        raise ConnectionError(f"no node answers {path}")

    def is_whole(self) -> bool:
        """Whether all nodes are there, and all copies."""
        with suppress(ConnectionError):
            found = self.ask("/_cluster/health")
            return (found["status"], found["number_of_nodes"]) == ("green", len(self.nodes))
        return False

    def leader(self) -> Node:
        """Return the node that leads."""
        return self._named(self.ask("/_cat/master?format=json")[0]["node"])

    def writer(self) -> Node:
        """Return the node whose copy of the index is written first."""
        rows = self.ask("/_cat/shards/entrepot-products?format=json")
        return self._named(next(row["node"] for row in rows if row["prirep"] == "p"))

    def other(self) -> Node:
        """Return a node that only follows in both."""
        taken = {self.leader().name, self.writer().name}
        return next(node for node in self.nodes if node.name not in taken)

    def _named(self, name: str) -> Node:
        return next(node for node in self.nodes if node.name == name)


@contextmanager
def standing(folder: Path, home: Path) -> Iterator[Cluster]:
    """Start three nodes in an empty folder; take them away afterwards."""
    postgres._let_user_in(folder, socket_dir=folder)
    ports = free_ports(6)
    nodes = [Node(f"n{n}", folder / f"n{n}", ports[n], ports[n + 3]) for n in range(3)]
    for node in nodes:
        node.folder.mkdir()
    cluster = Cluster(home, nodes)
    try:
        for node in nodes:
            node.start(home, nodes)
        until(cluster.is_whole, "the cluster stands")
        yield cluster
    except BaseException:
        kept = Path("var/soak")
        shutil.rmtree(kept, ignore_errors=True)
        kept.mkdir(parents=True)
        for node in nodes:
            shutil.copy(node.folder / "log", kept / f"{node.name}.log")
        raise
    finally:
        for node in nodes:
            node.kill()


def until(ready: Callable[[], object], words: str) -> None:
    """Wait until something is so. Raises: TimeoutError."""
    deadline = time.monotonic() + PATIENCE
    while not ready():
        if time.monotonic() > deadline:
            raise TimeoutError(f"not within {PATIENCE} s: {words}")
        time.sleep(0.3)


@dataclass
class Load:
    """Who searches and who changes. Shape: each was at an instant, took seconds, and ended so."""

    port: int
    titles: list[str]
    goods: list[Any]
    searches: list[tuple[float, float, bool]] = field(default_factory=list)
    pages: list[tuple[float, float, str]] = field(default_factory=list)
    changes: int = 0
    stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Let everybody search and change for the length of the block."""
        with busy(self.stop, self.search, self.open, self.change):
            yield

    def search(self) -> None:
        """Search by the house's own client, in this process."""
        chance = random.Random(1)
        while not self.stop.wait(0.1):
            begun, found = time.monotonic(), True
            wanted = search.SearchRequest(text=chance.choice(self.titles), locale="en")
            try:
                search.search(request=wanted)
            except search.SearchUnavailable:
                found = False
            self.searches.append((time.monotonic(), time.monotonic() - begun, found))

    def open(self) -> None:
        """Open pages of results, in the web processes."""
        chance = random.Random(2)
        while not self.stop.wait(0.3):
            begun, how = time.monotonic(), "lost"
            asked = {"q": chance.choice(self.titles)}
            with suppress(requests.RequestException):
                where = f"http://127.0.0.1:{self.port}/en/search"
                page = requests.get(where, params=asked, timeout=15)
                if page.ok:
                    how = "plain" if NOTICE in page.text else "found"
            self.pages.append((time.monotonic(), time.monotonic() - begun, how))

    def change(self) -> None:
        """Give one thing after the other another price; relay and worker bring it to the index."""
        chance = random.Random(3)
        versions = {row.id: row.version for row in self.goods}
        while not self.stop.wait(0.5):
            row = chance.choice(self.goods)
            versions[row.id] = offers.change_price(
                vendor_id=row.vendor_id,
                offer_id=row.id,
                price=Money(row.price_minor + chance.randint(1, 99), row.currency),
                expected_version=versions[row.id],
                actor=SYSTEM,
            )
            self.changes += 1


@dataclass
class Drill:
    """What can happen to the cluster, by name. Shape: each returns what makes it good again."""

    cluster: Cluster

    def kinds(self) -> dict[str, Callable[[], Callable[[], None]]]:
        found = self.cluster
        return {
            "node that leads is killed": lambda: self.lose(found.leader()),
            "node that is written first is killed": lambda: self.lose(found.writer()),
            "node that follows is killed": lambda: self.lose(found.other()),
            "node that leads stands still": lambda: self.freeze(found.leader()),
            "node that is written first stands still": lambda: self.freeze(found.writer()),
        }

    def lose(self, node: Node) -> Callable[[], None]:
        node.kill()
        return lambda: node.start(self.cluster.home, self.cluster.nodes)

    def freeze(self, node: Node) -> Callable[[], None]:
        node.send(signal.SIGSTOP)
        return lambda: node.send(signal.SIGCONT)


def strike(drill: Drill, name: str, load: Load) -> dict[str, float]:
    """Let one thing happen, make it good, wait until all is whole; return what it cost.

    Units: seconds; numbers of searches and pages.
    """
    begun = time.monotonic()
    make_good = drill.kinds()[name]()
    time.sleep(STILL if "still" in name else AWAY)
    make_good()
    good = time.monotonic()
    until(drill.cluster.is_whole, f"whole after {name}")
    return counted(load, begun, good)


def counted(load: Load, begun: float, good: float) -> dict[str, float]:
    """Return what was seen since something began that was made good later."""
    whole = time.monotonic()
    searches = [one for one in list(load.searches) if one[0] > begun]
    pages = [one for one in list(load.pages) if one[0] > begun]
    return {
        "found again": longest_gap(searches, begun, whole),
        "whole again": whole - good,
        "slowest page": max((took for _, took, _ in pages), default=0.0),
        "searches": len(searches),
        "without index": sum(not is_found for _, _, is_found in searches),
        "pages": len(pages),
        "pages plain": sum(how == "plain" for _, _, how in pages),
        "searches took": median(took for _, took, _ in searches) if searches else 0.0,
        "pages lost": sum(how == "lost" for _, _, how in pages),
    }


def longest_gap(searches: list[tuple[float, float, bool]], begun: float, ended: float) -> float:
    """Return for how long no search found anything. Units: seconds."""
    found = [begun, *(at for at, _, is_found in searches if is_found), ended]
    return max(later - earlier for earlier, later in pairwise(found))


def fill() -> None:
    """Bring in goods, and index them on the cluster."""
    goods = ("--offers", str(OFFERS), "--vendors", str(SHOPS))
    subprocess.run([sys.executable, "-m", "kernel", "seed", "scale", *goods], check=True)


def run(*, var: Path, folder: Path, home: Path, blows: int, only: str = "") -> dict[str, Any]:
    """Let so many things happen under load; return what was counted.

    Raises: AssertionError when a change is not in the index, or a page waited too long.
    """
    with standing(folder, home) as cluster, searching_there(cluster), house(var, fill) as family:
        (port,) = free_ports(1)
        family.start("web", "serve", "--port", str(port))
        until(lambda: serves(port), "the web server serves")
        until(cluster.is_whole, "the index has its copies")
        load, costs = load_on(port), defaultdict[str, list[dict[str, float]]](list)
        drill = Drill(cluster)
        kinds = [only] if only else list(drill.kinds())
        with load.going_on():
            calm(load)
            begun = time.monotonic()
            time.sleep(AWAY)
            costs["nothing"].append(counted(load, begun, time.monotonic()))
            print(f"     0 nothing: {rounded(costs['nothing'][0])}", flush=True)
            for number, name in enumerate(in_any_order(kinds, blows), 1):
                costs[name].append(strike(drill, name, load))
                print(f"   {number:3} {name}: {rounded(costs[name][-1])}", flush=True)
                assert family.first_dead() is None, f"{family.first_dead()} fell"
        return {
            "blows": blows,
            "costs": {name: summed(told) for name, told in sorted(costs.items())},
            "changes": load.changes,
            "indexed": held(family),
        }


def calm(load: Load) -> None:
    """Wait until the servers are warm: their first questions cost many times the later ones."""

    def is_warm() -> bool:
        latest = load.searches[-LATEST:]
        return sum(is_found for _, _, is_found in latest) > 0.9 * LATEST

    until(is_warm, f"nine in ten of {LATEST} searches are answered")


def rounded(cost: dict[str, float]) -> dict[str, float]:
    return {what: round(much, 1) for what, much in cost.items()}


def serves(port: int) -> bool:
    """Whether web processes answer."""
    with suppress(requests.RequestException):
        return requests.get(f"http://127.0.0.1:{port}/healthz", timeout=5).ok
    return False


@contextmanager
def searching_there(cluster: Cluster) -> Iterator[None]:
    """Let the house search on the cluster."""
    os.environ[SETTING] = cluster.address()
    try:
        yield
    finally:
        os.environ.pop(SETTING)
        choice.use(None)


def load_on(port: int) -> Load:
    with db.reading() as current:
        titles = [str(title) for title in current.execute(_WORDS).scalars()]
        goods = list(current.execute(_OFFERS).all())
    assert titles
    assert goods
    return Load(port, titles, goods)


def held(family: Family) -> int:
    """Return how many goods the index holds when it is what the database says.

    Raises: AssertionError.
    """
    wait_until_done()
    assert family.first_dead() is None
    with db.reading() as current:
        assert not current.execute(_DEAD).scalar_one(), "failed deliveries"
    found = search.repair_drift()
    assert (found.stored, found.removed) == (0, 0), f"changes were lost: {found}"
    return search.status().documents


def summed(costs: list[dict[str, float]]) -> dict[str, Any]:
    times = {
        name: tuple(round(f([cost[name] for cost in costs]), 1) for f in (median, max))
        for name in ("found again", "whole again", "slowest page")
    }
    assert times["found again"][1] < LONGEST_GAP, times
    names = ("searches", "without index", "pages", "pages plain", "pages lost")
    counts = {name: int(sum(cost[name] for cost in costs)) for name in names}
    assert not counts["pages lost"], counts
    return {"times": len(costs), **times, **counts}
