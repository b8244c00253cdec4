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
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from uuid import UUID

import psycopg
from bank_objects import make_wallet, transfer, verified
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from banking import api as bank
from kernel import db, embedded
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


def living_in(folder: Path) -> list[int]:
    """Return the processes whose working folder this is."""
    found = []
    for home in Path("/proc").glob("[0-9]*/cwd"):
        with suppress(OSError):
            if home.readlink() == folder:
                found.append(int(home.parent.name))
    return found


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


def kill_database(folder: Path) -> None:
    """Kill PostgreSQL and start it on what it left."""
    pid = int((folder / "postmaster.pid").read_text().split()[0])
    kill(pid)
    for late in living_in(folder):  # one that was born while the others were counted
        kill(late)
    while Path(f"/proc/{pid}").exists():  # until it is fetched it passes for a server that runs
        time.sleep(0.05)
    for _ in range(12):
        try:
            embedded.postgres_url(folder)
        except subprocess.SubprocessError:  # it reads its log longer than the wheel waits
            time.sleep(5)
        else:
            return
    raise TimeoutError("the database does not come back")


def kill_worker(family: Family) -> None:
    """Kill the worker and start another."""
    kill(family.children["worker"].pid)
    family.children["worker"].wait()
    family.start("worker", "worker")


@contextmanager
def house(var: Path) -> Iterator[Family]:
    """Run the database, Redis, relay and worker of an empty house."""
    os.environ["ENTREPOT_VAR"] = str(var)
    settings.cache_clear()
    start_servers()
    db.use_engine(None)
    subprocess.run([sys.executable, "-m", "kernel", "migrate"], check=True)
    prepare_process()  # who subscribes to what
    family = Family()
    family.start("relay", "relay")
    family.start("worker", "worker")
    try:
        yield family
    finally:
        family.stop()
        db.dispose()
        embedded.stop_redis(var / "redis")
        embedded.stop_postgres(var / "postgres")


def run(*, var: Path, kills: int, pause: float) -> dict[str, int]:
    """Kill database and worker in turn so many times under load; return what was counted."""
    with house(var) as family:
        load = Load([make_wallet("500") for _ in range(WALLETS)])
        people = [
            threading.Thread(target=work, args=given, daemon=True)
            for work, given in [*((load.pay, (n,)) for n in range(PAYERS)), (load.join, ())]
        ]
        for one in people:
            one.start()
        chance = random.Random(9)
        for _ in range(kills):
            time.sleep(pause * chance.uniform(0.5, 1.5))
            kill_database(var / "postgres")
            time.sleep(pause * chance.uniform(0.2, 0.8))
            kill_worker(family)
        load.stop.set()
        for one in people:
            one.join()
        wait_until_done()
        check(load)
        return {
            "kills of each": kills,
            "payments": len(load.paid),
            "refused": load.refused,
            "asked again": load.repeats,
            "people": len(load.joined),
        }


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
