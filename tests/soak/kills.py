"""Kill -9 what the bank stands on, again and again, while customers pay and sign up.

A real PostgreSQL with durability on, a real Redis, the house's own relay and worker. Whoever got
an answer wrote it down; whoever got none asks again with the same key, as a page does. At the end
every answer must stand in the ledger once, and everybody who signed up must be a customer once.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import Any
from uuid import UUID

import psycopg
import redis
from bank_objects import make_wallet, transfer, verified
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from banking import api as bank
from kernel import db, embedded, processes
from kernel.actor import SYSTEM
from kernel.app import prepare_process
from kernel.config import settings
from kernel.errors import Invalid
from kernel.ids import new_id
from kernel.money import Money
from kernel.outbox import pending
from kernel.people.identity import service as identity
from kernel.processes import Family, start_servers

PAYERS, WALLETS, AWAY = 6, 12, (SQLAlchemyError, psycopg.Error, OSError)


@dataclass
class Load:
    """Customers who never tire. Shape: paid maps a key to payer, payee and minor units."""

    wallets: list[bank.WalletView]
    paid: dict[UUID, tuple[int, int, int]] = field(default_factory=dict)
    refused: int = 0
    repeats: int = 0
    joined: list[str] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    def pay(self, seed: int) -> None:
        """Pay until told to stop; without an answer ask again with the same key."""
        chance = random.Random(seed)
        while not self.stop.is_set():
            payer, payee = chance.sample(range(WALLETS), 2)
            minor, key = chance.randint(1, 500), new_id()
            try:
                self.insist(
                    lambda a=payer, b=payee, m=minor, k=key: transfer(
                        self.wallets[a], self.wallets[b], Money(m, "EUR"), key=k
                    )
                )
                self.paid[key] = (payer, payee, minor)
            except bank.InsufficientFunds:
                self.refused += 1

    def join(self) -> None:
        """Let people sign up; an address that is taken on the second try is one's own."""
        number = 0
        while not self.stop.is_set():
            number += 1
            email = f"person-{number}@example.com"
            try:
                self.insist(
                    lambda e=email: identity.register(
                        email=e,
                        password="a lighthouse in fog",
                        name="P",
                        locale="en",
                        country="FR",
                        actor=SYSTEM,
                    )
                )
            except Invalid:
                assert self.repeats, "nobody else signs up here"
            self.joined.append(email)

    def insist(self, act: Callable[[], object]) -> None:
        """Do it; while the database is away, wait and do the same again."""
        while True:
            try:
                act()
            except AWAY:
                self.repeats += 1
                time.sleep(0.05)
            else:
                return


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


def kill_and_see_it_back(name: str, family: Family, var: Path) -> float:
    """Kill one of the house, let it be looked after; return the seconds until it serves again."""
    pid = victims(family, var)[name]
    begun = time.monotonic()
    kill(pid)
    while not serves(name, pid, family, var):
        word = family.look_after()
        assert word is None, word
        time.sleep(0.02)
    return time.monotonic() - begun


def serves(name: str, before: int, family: Family, var: Path) -> bool:
    """Whether another one than before is there, and answers where it is a server."""
    if name in family.children:
        child = family.children[name]
        return child.pid != before and child.poll() is None
    with suppress(*AWAY, redis.RedisError, KeyError, IndexError, ValueError):
        if victims(family, var)[name] == before:
            return False
        if name == "Redis":
            with redis.Redis.from_url(os.environ["ENTREPOT_REDIS_URL"]) as queues:
                return bool(queues.ping())
        psycopg.connect(os.environ["ENTREPOT_DATABASE_URL"]).close()
        return True
    return False


@contextmanager
def house(var: Path) -> Iterator[Family]:
    """Run the servers, relay, scheduler and worker of an empty house, looked after."""
    os.environ["ENTREPOT_VAR"] = str(var)
    settings.cache_clear()
    servers = start_servers()
    db.use_engine(None)
    subprocess.run([sys.executable, "-m", "kernel", "migrate"], check=True)
    prepare_process()  # who subscribes to what
    family = Family(servers=servers)
    for name in ("relay", "scheduler", "worker"):
        family.start(name, name)
    try:
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
    with house(var) as family:
        load = Load([make_wallet("500") for _ in range(WALLETS)])
        people = [
            threading.Thread(target=work, args=given, daemon=True)
            for work, given in [*((load.pay, (n,)) for n in range(PAYERS)), (load.join, ())]
        ]
        for one in people:
            one.start()
        back: dict[str, list[float]] = defaultdict(list)
        for name in in_any_order(sorted(victims(family, var)), kills):
            chance = random.Random(f"{name}{len(back[name])}")
            time.sleep(pause * chance.uniform(0.5, 1.5))
            back[name].append(kill_and_see_it_back(name, family, var))
        load.stop.set()
        for one in people:
            one.join()
        wait_until_done()
        check(load)
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


def check(load: Load) -> None:
    """Compare the books with what was answered."""
    found = verified()
    assert found.balanced, found.problem
    expected = [50_000] * WALLETS
    for payer, payee, minor in load.paid.values():
        expected[payer] -= minor
        expected[payee] += minor
    with db.reading() as current:
        seen = [bank.wallet(wallet_id=w.id).posted.minor for w in load.wallets]
        booked = set(current.execute(text("SELECT key FROM banking.journals")).scalars())
        customers = current.execute(
            text("SELECT count(*) FROM banking.customers c JOIN kernel.person p ON p.id = c.id")
        ).scalar_one()
        mails = current.execute(
            text("SELECT count(*) FROM kernel.mail WHERE template LIKE '%welcome%'")
        ).scalar_one()
        dead = current.execute(
            text("SELECT count(*) FROM kernel.delivery WHERE dead_at IS NOT NULL")
        ).scalar_one()
    assert seen == expected
    assert load.paid.keys() <= booked, "an answer was given and forgotten"
    seen_people = (customers, mails, dead)
    assert seen_people == (len(load.joined), len(load.joined), 0), (seen_people, len(load.joined))
