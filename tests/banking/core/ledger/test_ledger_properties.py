"""Any order of postings, batches, holds and time: the ledger does what a naive book would."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from bank_objects import CARD, COMMISSION, house, make_wallet
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from banking import api as bank
from banking.core.ledger import queries as ledger_queries
from banking.core.ledger import service as ledger
from kernel import clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.errors import RuleBroken
from kernel.ids import new_id
from kernel.money import Money

START = datetime(2026, 11, 25, 10, tzinfo=UTC)
HOUSE = (house(CARD), house(COMMISSION))


@dataclass
class Naive:
    """The same rules, slowly: balances and holds in dictionaries."""

    posted: dict[ledger.AccountRef, int] = field(default_factory=dict)
    holds: dict[UUID, list[object]] = field(default_factory=dict)  # account, left, until
    now: datetime = START

    def held(self, account: ledger.AccountRef) -> int:
        return sum(
            left
            for owner, left, until in self.holds.values()
            if owner == account and until > self.now
        )

    def available(self, account: ledger.AccountRef) -> int:
        return self.posted.get(account, 0) - self.held(account)

    def post(self, legs: list[tuple[ledger.AccountRef, int]]) -> bool:
        after = dict(self.posted)
        for account, amount in legs:
            after[account] = after.get(account, 0) + amount
            taken = amount < 0 or after[account] < self.posted.get(account, 0)
            if account not in HOUSE and taken and after[account] - self.held(account) < 0:
                return False
        self.posted = after
        return True


def accounts(count: int) -> st.SearchStrategy[int]:
    return st.integers(0, count - 1)


amounts = st.integers(1, 900)
moves = st.lists(st.tuples(accounts(6), accounts(6), amounts), min_size=1, max_size=4)
steps = st.one_of(
    st.tuples(st.just("post"), moves),
    st.tuples(st.just("batch"), st.lists(moves, min_size=1, max_size=5)),
    st.tuples(st.just("hold"), accounts(4), amounts, st.integers(1, 60)),
    st.tuples(st.just("capture"), st.integers(0, 20), amounts),
    st.tuples(st.just("release"), st.integers(0, 20)),
    st.tuples(st.just("wait"), st.integers(1, 30)),
    st.tuples(st.just("replay"), st.integers(0, 20)),
    st.tuples(st.just("roll up")),
)


class Run:
    """Both books side by side."""

    def __init__(self) -> None:
        clock.freeze(START)
        wallets = [make_wallet("10") for _ in range(4)]
        self.accounts = [wallet.account for wallet in wallets] + list(HOUSE)
        self.naive = Naive()
        for wallet in wallets:
            self.naive.post([(wallet.account, 1000), (HOUSE[0], -1000)])
        self.booked: list[tuple[UUID, list[ledger.Leg]]] = []

    def legs(self, moves: list[tuple[int, int, int]]) -> list[tuple[ledger.AccountRef, int]]:
        return [
            leg
            for payer, payee, minor in moves
            for leg in ((self.accounts[payer], -minor), (self.accounts[payee], minor))
        ]

    def attempt(self, expected: bool, act) -> None:
        if expected:
            act()
            return
        with pytest.raises(RuleBroken):
            act()

    def post(self, moves) -> None:
        pairs, key = self.legs(moves), new_id()
        legs = as_legs(pairs)
        done = self.naive.post(pairs)
        self.attempt(done, lambda: book(key, legs))
        if done:
            self.booked.append((key, legs))

    def batch(self, journals) -> None:
        before = dict(self.naive.posted)
        pairs = [self.legs(moves) for moves in journals]
        passes = all(self.naive.post(one) for one in pairs)
        if not passes:
            self.naive.posted = before
        drafts = [
            ledger.JournalDraft(key=new_id(), kind="run", subject="s", legs=as_legs(one))
            for one in pairs
        ]
        self.attempt(passes, lambda: ledger.post_many(journals=drafts, actor=SYSTEM))

    def hold(self, place: int, minor: int, minutes: int) -> None:
        account, until = self.accounts[place], self.naive.now + timedelta(minutes=minutes)

        def act() -> None:
            placed = ledger.hold(
                key=new_id(),
                account=account,
                amount=Money(minor, "EUR"),
                reason="r",
                subject="s",
                expires_at=until,
                actor=SYSTEM,
            )
            self.naive.holds[placed.id] = [account, minor, until]

        self.attempt(self.naive.available(account) >= minor, act)

    def _hold(self, number: int):
        ids = list(self.naive.holds)
        return ids[number % len(ids)] if ids else None

    def capture(self, number: int, minor: int) -> None:
        hold_id = self._hold(number)
        if hold_id is None:
            return
        account, left, until = self.naive.holds[hold_id]
        passes = until > self.naive.now and left >= minor
        pairs = [(account, -minor), (HOUSE[1], minor)]

        def act() -> None:
            ledger.capture(
                hold_id=hold_id,
                amount=Money(minor, "EUR"),
                legs=as_legs(pairs),
                key=new_id(),
                actor=SYSTEM,
            )
            self.naive.holds[hold_id][1] = left - minor
            assert self.naive.post(pairs)

        self.attempt(passes, act)

    def release(self, number: int) -> None:
        hold_id = self._hold(number)
        if hold_id is None:
            return
        _, left, until = self.naive.holds[hold_id]
        with reading():
            known = bank.hold_of(hold_id=hold_id)
        # A hold whose time is over may still be closed by hand until something else closes it.
        assert until <= self.naive.now or (known.state == "open") == (left > 0)
        self.attempt(
            known.state == "open",
            lambda: ledger.release(hold_id=hold_id, key=new_id(), actor=SYSTEM),
        )
        self.naive.holds[hold_id][1] = 0

    def wait(self, minutes: int) -> None:
        self.naive.now += timedelta(minutes=minutes)
        clock.freeze(self.naive.now)

    def replay(self, number: int) -> None:
        if self.booked:
            key, legs = self.booked[number % len(self.booked)]
            assert book(key, legs).is_replay

    def roll_up(self) -> None:
        ledger.roll_up(actor=SYSTEM)

    def posted(self) -> dict[ledger.AccountRef, int]:
        """What the ledger says is posted, by account."""
        with reading():
            balances = ledger_queries.balances(accounts=self.accounts)
        return {account: balance.posted.minor for account, balance in balances.items()}

    def available(self) -> list[int]:
        """What the bank says is available in each wallet."""
        with reading():
            wallets = [bank.wallet(wallet_id=UUID(one.key)) for one in self.accounts[:4]]
        return [wallet.available.minor for wallet in wallets]


def as_legs(pairs: list[tuple[ledger.AccountRef, int]]) -> list[ledger.Leg]:
    return [ledger.Leg(account, Money(minor, "EUR")) for account, minor in pairs]


def book(key: UUID, legs: list[ledger.Leg]) -> bank.JournalView:
    return ledger.post(key=key, kind="k", legs=legs, subject="s", actor=SYSTEM)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(plan=st.lists(steps, max_size=25))
def test_any_plan_ends_as_in_a_naive_book(db, plan):
    inner = db.begin_nested()
    try:
        run = Run()
        for name, *values in plan:
            getattr(run, name.replace(" ", "_"))(*values)

        posted = run.posted()
        with reading():
            assert bank.verify_ledger().problem is None
        assert posted == {a: run.naive.posted[a] for a in run.naive.posted if a in posted}
        assert run.available() == [run.naive.available(wallet) for wallet in run.accounts[:4]]
    finally:
        inner.rollback()
        clock.freeze(None)
