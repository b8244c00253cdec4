"""Customers who never tire: they pay, sign up and look around while a drill goes on.

Whoever got an answer wrote it down; whoever got none asks again with the same key, as a page does.
At the end every answer must stand in the ledger once, and everybody who signed up must be a
customer once.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import partial
from uuid import UUID

import psycopg
import requests
from bank_objects import make_wallet, transfer, verified
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from banking import api as bank
from kernel import db
from kernel.actor import SYSTEM
from kernel.errors import Invalid
from kernel.ids import new_id
from kernel.money import Money
from kernel.people.identity import service as identity

PAYERS, WALLETS, AWAY = 6, 12, (SQLAlchemyError, psycopg.Error, OSError)


@contextmanager
def busy(stop: threading.Event, *doings: Callable[[], object]) -> Iterator[None]:
    """Let each be done by a person of their own until the block ends; raise what befell one.

    Whoever still waits for an answer when the block fails is not waited for: it may never come.
    """
    befell: list[Exception] = []

    def live(doing: Callable[[], object]) -> None:
        try:
            doing()
        except Exception as failure:  # noqa: BLE001 - a thread would lose it; raised below
            befell.append(failure)

    people = [threading.Thread(target=live, args=(one,), daemon=True) for one in doings]
    for one in people:
        one.start()
    try:
        yield
    finally:
        stop.set()
    for one in people:
        one.join()
    if befell:
        raise befell[0]


@dataclass
class Load:
    """People with wallets who pay each other, and people who sign up.

    Shape: paid maps a key to payer, payee and minor units; answers are the instants at which
    somebody was answered. Units: seconds that each rests after an answer.
    """

    wallets: list[bank.WalletView]
    rest: float = 0
    paid: dict[UUID, tuple[int, int, int]] = field(default_factory=dict)
    refused: int = 0
    repeats: int = 0
    joined: list[str] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Let everybody pay and sign up for the length of the block."""
        with busy(self.stop, *(partial(self.pay, n) for n in range(PAYERS)), self.join):
            yield

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
            self.stop.wait(self.rest)

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
            self.stop.wait(self.rest)

    def insist(self, act: Callable[[], object]) -> None:
        """Do it; while the database is away, wait and do the same again. Note when it was done."""
        while True:
            try:
                act()
            except AWAY:
                self.repeats += 1
                time.sleep(0.05)
            else:
                self.answers.append(time.monotonic())
                return

    def check(self) -> None:
        """Compare the books, and who is a customer, with what was answered."""
        self.check_books()
        with db.reading() as current:
            customers = current.execute(
                text(
                    "SELECT count(*) FROM banking.customers c JOIN kernel.person p ON p.id = c.id"
                    " WHERE p.email LIKE 'person-%'"
                )
            ).scalar_one()
            mails = current.execute(
                text(
                    "SELECT count(*) FROM kernel.mail WHERE template LIKE '%welcome%'"
                    " AND recipient LIKE 'person-%'"
                )
            ).scalar_one()
            dead = current.execute(
                text("SELECT count(*) FROM kernel.delivery WHERE dead_at IS NOT NULL")
            ).scalar_one()
        seen = (customers, mails, dead)
        assert seen == (len(self.joined), len(self.joined), 0), (seen, len(self.joined))

    def check_books(self) -> None:
        """Compare the books with what was answered."""
        found = verified()
        assert found.balanced, found.problem
        expected = [50_000] * WALLETS
        for payer, payee, minor in self.paid.values():
            expected[payer] -= minor
            expected[payee] += minor
        with db.reading() as current:
            seen = [bank.wallet(wallet_id=w.id).posted.minor for w in self.wallets]
            booked = set(current.execute(text("SELECT key FROM banking.journals")).scalars())
        assert seen == expected
        assert self.paid.keys() <= booked, "an answer was given and forgotten"


def customers(*, rest: float = 0) -> Load:
    """Return people with a wallet each, who have not begun yet."""
    return Load([make_wallet("500") for _ in range(WALLETS)], rest)


@dataclass
class Visitors:
    """Somebody who opens the front page all the time. Shape: seen are instants and answers."""

    port: int
    seen: list[tuple[float, int]] = field(default_factory=list)
    stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Let them look around for the length of the block."""
        with busy(self.stop, self.look):
            yield

    def look(self) -> None:
        """Open the page until told to stop."""
        while not self.stop.is_set():
            status = 0
            with suppress(requests.RequestException):
                status = requests.get(f"http://127.0.0.1:{self.port}/en/", timeout=15).status_code
            self.seen.append((time.monotonic(), status))
            self.stop.wait(0.1)
