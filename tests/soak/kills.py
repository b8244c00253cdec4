"""Kill -9 what the bank stands on, again and again, while customers pay and sign up.

A real PostgreSQL with durability on, a real Redis, the house's own relay and worker.
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
from pathlib import Path
from statistics import median
from typing import Any

import psycopg
import redis
import requests

from benchmarks.pages import answers
from kernel import db, embedded, jobs, processes
from kernel.app import prepare_process
from kernel.config import settings
from kernel.outbox import pending
from kernel.processes import Family, start_servers
from tests.soak.cluster import free_ports
from tests.soak.customers import AWAY, customers


def kill(pid: int) -> None:
    """End a process and its children at once, whatever they are doing, and see them gone."""
    below = children(pid)
    for one in [pid, *below]:
        with suppress(ProcessLookupError):
            os.kill(one, signal.SIGKILL)
    while any(is_alive(one) for one in [pid, *below]):
        time.sleep(0.05)


def is_alive(pid: int) -> bool:
    """Whether a process still holds anything; one that nobody has fetched yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except (FileNotFoundError, ProcessLookupError):
        return False


def children(pid: int) -> list[int]:
    """Return the processes that a process started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(stat.read_text().rpartition(")")[2].split()[1]) == pid:
                found.append(int(stat.parent.name))
        except (FileNotFoundError, ProcessLookupError):
            continue
    return found


def victims(family: Family, var: Path) -> dict[str, int]:
    """Return what can be killed, by name, as it lives now."""
    postmaster = (var / "postgres" / "postmaster.pid").read_text(encoding="ascii").split()[0]
    return {name: child.pid for name, child in family.children.items()} | {
        "PostgreSQL": int(postmaster),
        "Redis": int((var / "redis" / "redis.pid").read_text(encoding="ascii")),
    }


def kill_and_see_it_back(name: str, family: Family, var: Path, port: int) -> float:
    """Kill one of the house, let it be looked after; return the seconds until it serves again.

    Shape: port is the web server's.
    """
    pid = victims(family, var)[name]
    begun = time.monotonic()
    kill(pid)
    while not serves(name, pid, family, var, port):
        word = family.look_after()
        assert word is None, word
        time.sleep(0.02)
    return time.monotonic() - begun


def serves(name: str, before: int, family: Family, var: Path, port: int) -> bool:
    """Whether another one than before is there, and answers where it is a server."""
    if name in family.children:
        child = family.children[name]
        lives = child.pid != before and child.poll() is None
        return lives and (name != "web" or is_served(port))
    with suppress(*AWAY, redis.RedisError, KeyError, IndexError, ValueError):
        if victims(family, var)[name] == before:
            return False
        if name == "Redis":
            with redis.Redis.from_url(os.environ["ENTREPOT_REDIS_URL"]) as queues:
                return bool(queues.ping())
        psycopg.connect(os.environ["ENTREPOT_DATABASE_URL"]).close()
        return True
    return False


def is_served(port: int) -> bool:
    """Whether a page comes, from the database and back."""
    with suppress(requests.RequestException):
        return requests.get(f"http://127.0.0.1:{port}/en/", timeout=5).status_code == 200
    return False


@contextmanager
def environment(**own: str) -> Iterator[None]:
    """Live with settings of one's own for the length of the block, whatever it sets besides."""
    before = dict(os.environ)
    os.environ |= own
    settings.cache_clear()
    db.use_engine(None)
    try:
        yield
    finally:
        db.dispose()
        jobs.connection.cache_clear()
        for name in set(os.environ) - set(before):
            del os.environ[name]
        os.environ |= before
        settings.cache_clear()


@contextmanager
def house(var: Path, fill: Callable[[], object] | None = None) -> Iterator[Family]:
    """Run the servers, relay, scheduler and worker of a house, looked after.

    Shape: fill brings in what is there before anybody works; without it the house is empty.
    """
    with environment(ENTREPOT_VAR=str(var)):
        family = Family()
        try:
            family.servers = start_servers()
            subprocess.run([sys.executable, "-m", "kernel", "migrate"], check=True)
            prepare_process()  # who subscribes to what
            if fill is not None:
                fill()
            for name in ("relay", "scheduler", "worker"):
                family.start(name, name)
            yield family
        finally:
            family.stop()
            db.dispose()
            embedded.stop_redis(var / "redis")
            embedded.stop_postgres(var / "postgres")


def run(*, var: Path, kills: int, pause: float) -> dict[str, Any]:
    """Kill everything in turn, in any order, under load; return what was counted.

    Shape: back are the seconds until it served again, the median and the longest, by name.
    """
    # Here everything falls all the time; nothing of it is hopeless.
    processes.WELL = 0.0
    [port] = free_ports(1)
    with house(var) as family:
        family.start("web", "serve", "--port", str(port))
        answers(port)
        load, back = customers(), defaultdict[str, list[float]](list)
        with load.going_on():
            for name in in_any_order(sorted(victims(family, var)), kills):
                chance = random.Random(f"{name}{len(back[name])}")
                time.sleep(pause * chance.uniform(0.5, 1.5))
                back[name].append(kill_and_see_it_back(name, family, var, port))
        wait_until_done()
        load.check()
        return {
            "kills": kills,
            "back": {
                name: (round(median(took), 1), round(max(took), 1)) for name, took in back.items()
            },
            "payments": len(load.paid),
            "refused": load.refused,
            "asked again": load.repeats,
            "people": len(load.joined),
        }


def in_any_order(names: list[str], kills: int) -> list[str]:
    """Return so many names, each as often as any other, shuffled; the same each time."""
    chosen = [names[number % len(names)] for number in range(kills)]
    random.Random(9).shuffle(chosen)
    return chosen


def wait_until_done() -> None:
    """Return once relay and worker have worked off what the killed ones left behind."""
    deadline = time.monotonic() + 300
    while pending():
        assert time.monotonic() < deadline, "deliveries stay undone"
        time.sleep(0.5)
