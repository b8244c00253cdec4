"""What it costs that news lies by weeks and the ledger by years, beside the tables before.

One database stands as migrations left it before both (0011), one as it is today, and one as it will
be in ten years, each with the same bookings. Rounds alternate, and of each thing the best round
counts: what a busy machine adds is no cost of the tables.

    python -m benchmarks.tables_by_time [--rounds 9] [--postings 300]
"""

from __future__ import annotations

import argparse
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import ClassVar
from uuid import UUID

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from banking import api as bank
from banking.core.ledger import service as ledger
from kernel import migrate, outbox, testing
from kernel.actor import SYSTEM
from kernel.app import prepare_process
from kernel.db import command, reading
from kernel.events import Event, on, publish
from kernel.ids import new_id
from kernel.money import Money

WALLETS = 20
FUNDS = ledger.AccountRef.house(bank.AccountKind.CARD_RECEIVABLE, "EUR")
LATER = range(2027, 2038)


class Struck(Event):
    """News for the benchmark."""

    name: ClassVar[str] = "benchmarks.gong.struck.v1"


@on(Struck, "benchmarks.gong.hear")
def hear(event: Struck) -> None:
    """Hear it."""


@command("benchmarks.gong.strike")
def strike(*, times: int, actor: object) -> None:
    """Publish some facts in one commit."""
    for _ in range(times):
        publish(Struck())


def move(wallets: list[bank.WalletView], times: int) -> None:
    """Let wallets pay each other."""
    for number in range(times):
        payer, payee = wallets[number % WALLETS], wallets[(number + 7) % WALLETS]
        book(
            ledger.Leg(payer.account, -Money(5, "EUR")), ledger.Leg(payee.account, Money(5, "EUR"))
        )


def book(*legs: ledger.Leg) -> None:
    """Book one journal."""
    ledger.post(key=new_id(), kind="benchmark", legs=legs, subject="benchmark", actor=SYSTEM)


def opened() -> list[bank.WalletView]:
    """Open wallets with money in them."""
    wallets = [
        bank.open_wallet(owner_id=known(), owner_kind="person", currency="EUR", actor=SYSTEM)
        for _ in range(WALLETS)
    ]
    for wallet in wallets:
        book(
            ledger.Leg(wallet.account, Money(10**8, "EUR")), ledger.Leg(FUNDS, -Money(10**8, "EUR"))
        )
    return wallets


def known() -> UUID:
    """Return a customer whom the bank knows."""
    owner = new_id()
    bank.register_customer(owner_id=owner, kind="person", country="FR", locale="en", actor=SYSTEM)
    bank.vouch(owner_id=owner, words="A benchmark knows them.", actor=SYSTEM)
    return owner


def let_years_pass(name: str, wallets: list[bank.WalletView]) -> None:
    """Let ten years come and go, in each of which everybody moves something."""
    owner = create_engine(testing.on_database(name), poolclass=NullPool)
    for year in LATER:
        with owner.begin() as connection:
            connection.execute(text("SELECT banking.add_ledger_year(:year)"), {"year": year})
            connection.execute(text("SELECT banking.number_journals_of(:year)"), {"year": year})
        move(wallets, 3 * WALLETS)
    owner.dispose()


@contextmanager
def houses() -> Iterator[dict[str, tuple[Engine, list[bank.WalletView]]]]:
    """Yield engines on three databases, and their wallets."""
    with ExitStack() as stack:
        found = {}
        for age in ("before", "today", "in ten years"):
            name = stack.enter_context(testing.fresh_database())
            migrate.upgrade("0011" if age == "before" else "head", url=testing.on_database(name))
            engine = stack.enter_context(testing.engine_on(name))
            migrate.load_reference_data()
            wallets = opened()
            if age == "in ten years":
                let_years_pass(name, wallets)
            found[age] = (engine, wallets)
        yield found


def asked(sql: str, **values: object) -> Callable[[], object]:
    """Return what runs a statement and reads its rows."""

    def run() -> object:
        with reading() as current:
            return current.execute(text(sql), values).all()

    return run


def timed(act: Callable[[], object], times: int) -> float:
    """Return the microseconds that an act takes, the first times not counted."""
    for _ in range(8):
        act()
    begun = time.perf_counter()
    for _ in range(times):
        act()
    return (time.perf_counter() - begun) / times * 1e6


def measured(wallets: list[bank.WalletView], postings: int) -> Iterator[tuple[str, float]]:
    """Yield what each thing takes in the database at hand. Units: microseconds."""
    account = wallets[0].account_id
    yield "posting", timed(lambda: move(wallets, 1), postings)
    yield "fact published", timed(lambda: strike(times=1, actor=SYSTEM), postings)
    yield "deliveries claimed", timed(outbox.claim_due, 1)
    yield (
        "last entry",
        timed(
            asked("SELECT max(id) FROM banking.entries WHERE account_id = :id", id=account),
            postings,
        ),
    )
    yield (
        "40 movements",
        timed(
            asked(
                "SELECT * FROM banking.entries WHERE account_id = :id AND phase = 1"
                " ORDER BY id DESC LIMIT 40",
                id=account,
            ),
            postings,
        ),
    )
    yield (
        "entries of a journal",
        timed(
            asked("SELECT * FROM banking.entries WHERE journal_id = :id ORDER BY leg", id=100),
            postings,
        ),
    )


def main() -> None:
    """Print the best of all rounds."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--postings", type=int, default=300)
    options = parser.parse_args()
    prepare_process()
    found: dict[str, dict[str, list[float]]] = defaultdict(lambda: defaultdict(list))
    with houses() as ages:
        for _ in range(options.rounds):
            for age, (engine, wallets) in ages.items():
                with testing.working_on(engine):
                    for what, took in measured(wallets, options.postings):
                        found[what][age].append(took)
        print(f"{'microseconds':22}" + "".join(f"{age:>14}" for age in ages))
        for what, by_age in found.items():
            print(f"{what:22}" + "".join(f"{min(t):14.0f}" for t in by_age.values()))


if __name__ == "__main__":
    main()
