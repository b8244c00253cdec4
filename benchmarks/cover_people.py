"""Who lives through a year of cover, by chance from a fixed seed, and what of it was done."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from random import Random
from uuid import UUID

from banking import api as bank
from banking.authorisation.approvals import service as approvals
from banking.core.ledger import service as ledger
from kernel import clock
from kernel.actor import SYSTEM, Actor, Role
from kernel.errors import HouseError
from kernel.money import Money

# Units of each currency for about a euro; the yen has no decimals.
CURRENCIES = {
    code: Decimal(units)
    for code, units in (("EUR", 1), ("USD", "1.1"), ("GBP", "0.86"), ("CNY", 8), ("JPY", 163))
}
BINDS = ("bind", "bind for a shop", "insure cargo", "declare", "insure in the bank")
# Where the money of a wallet comes from that nobody filled.
_SOURCE = bank.AccountKind.CARD_RECEIVABLE

Step = Callable[[], None]


@dataclass
class Holder:
    """Somebody who buys cover, with a wallet in each currency. Shape: shops have none of these."""

    actor: Actor
    wallets: dict[str, UUID] = field(default_factory=dict)

    @property
    def id(self) -> UUID:
        """Who it is."""
        return self.actor.somebody()


@dataclass(frozen=True)
class OpenYear:
    """An open cover of a business, and until when it takes shipments."""

    ref: str
    holder: Holder
    currency: str
    ends_on: date


@dataclass
class Year:
    """A year as it is lived: chance, the people, what each day holds, what was done and how long.

    Units: seconds of steps by name.
    """

    lot: Random
    holders: list[Holder]
    shops: list[UUID]
    officers: list[Actor]
    open_covers: list[OpenYear] = field(default_factory=list)
    agenda: dict[date, list[Step]] = field(default_factory=lambda: defaultdict(list))
    done: Counter[str] = field(default_factory=Counter)
    took: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    refused: Counter[str] = field(default_factory=Counter)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Count and time a step; what the house refuses is counted by its reason."""
        begun = time.perf_counter()
        try:
            yield
            self.done[name] += 1
        except HouseError as refusal:
            self.refused[f"{name}: {type(refusal).__name__}"] += 1
        finally:
            self.took[name] += time.perf_counter() - begun

    @contextmanager
    def timed(self, name: str) -> Iterator[None]:
        """Count and time a step whose refusal is for whoever takes it."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            self.done[name] += 1
            self.took[name] += time.perf_counter() - begun

    @property
    def bound(self) -> int:
        """How many policies were bound."""
        return sum(self.done[name] for name in BINDS)

    def later(self, days: float, step: Step) -> None:
        """Put a step on the agenda of a later day."""
        self.agenda[(clock.now() + timedelta(days=days)).date()].append(step)

    def new_id(self) -> UUID:
        """Return an id that the same seed draws again."""
        return UUID(int=self.lot.getrandbits(128), version=4)

    def likely(self, share: float) -> bool:
        """Draw whether something that happens to so many of one happens here."""
        return self.lot.random() < share

    def money(self, euro: float, currency: str) -> Money:
        """Return about so many euro in a currency."""
        return Money.rounded(Decimal(str(round(euro, 2))) * CURRENCIES[currency], currency)


def people(year: Year, holders: int, shops: int) -> None:
    """Let the bank know so many people and shops; every person has money in each currency."""
    for _ in range(holders):
        owner = year.new_id()
        bank.register_customer(
            owner_id=owner, kind="person", country="DE", locale="de", actor=SYSTEM
        )
        bank.vouch(owner_id=owner, words="A benchmark knows them.", actor=SYSTEM)
        holder = Holder(Actor(person_id=owner, roles=frozenset({Role.BUYER})))
        for currency in CURRENCIES:
            holder.wallets[currency] = _filled(year, owner, currency)
        year.holders.append(holder)
    for _ in range(shops):
        shop = year.new_id()
        bank.register_customer(
            owner_id=shop, kind="organisation", country="DE", locale="de", actor=SYSTEM
        )
        year.shops.append(shop)


def say_yes(approval_id: UUID | None, holder: Holder) -> None:
    """Give the yes that a payment waits for, where one does."""
    if approval_id is not None:
        approvals.give(approval_id=approval_id, method="totp", actor=holder.actor)


def _filled(year: Year, owner: UUID, currency: str) -> UUID:
    wallet = bank.open_wallet(owner_id=owner, owner_kind="person", currency=currency, actor=SYSTEM)
    money = year.money(20_000, currency)
    ledger.post(
        key=year.new_id(),
        kind="test_top_up",
        subject="top-up",
        actor=SYSTEM,
        legs=[
            ledger.Leg(wallet.account, money),
            ledger.Leg(ledger.AccountRef.house(_SOURCE, currency), -money),
        ],
    )
    return wallet.id
