"""Any commands in any weather: the bank beside a naive second book that knows nothing of it.

Each rule is one command of the bank. Most end as commands do; some are sent twice, some lose their
process before the commit, some lose the answer after it and are sent again. The naive book hears of
each command once, and after every one both must agree on every balance the command touched.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any, ClassVar
from unittest import mock
from uuid import UUID

import pytest
from bank_objects import CARD, COMMISSION, house, make_wallet, verified
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test
from naive_book import CURRENCIES, DAY, HOLDS, MONTH, MOST, PAYEE, START, Hold, Moves, Naive
from sqlalchemy import text

from banking import api as bank
from banking.accounts.limits import queries as limit_queries
from banking.accounts.limits import service as limits
from banking.accounts.limits.rules import Period, TierRow
from banking.accounts.wallets import service as wallet_service
from banking.core.fx import service as fx
from banking.core.fx.gateway import Published, house_rows
from banking.core.ledger import service as ledger
from banking.core.ledger.queries import balances
from kernel import clock
from kernel.actor import SYSTEM
from kernel.db import reading, transaction
from kernel.errors import Conflict, LimitExceeded, RuleBroken
from kernel.ids import new_id
from kernel.money import Money

# As they stand before a test changes them.
_published = limit_queries._published
RATES = {"JPY": "160.25", "KWD": "0.3345"}
REFUSALS = (RuleBroken, Conflict, LimitExceeded)
VERIFY_EVERY = 400  # commands; the whole ledger is read again from its entries


class LostProcessError(Exception):
    """The process of a command ended before its commit."""


places = st.integers(0, len(CURRENCIES) - 1)
amounts = st.integers(1, 40_000)
fates = st.sampled_from(["well"] * 5 + ["twice", "lost before commit", "answer lost"])


class BankMachine(RuleBasedStateMachine):
    """Both books side by side. Shape: commands counts what was sent, over all runs."""

    commands: ClassVar[int] = 0
    _verified_at: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        clock.freeze(START)
        self.owner = new_id()
        self.naive = Naive()
        self.booked: list[tuple[int, Moves]] = []

    @initialize()
    def open_wallets(self) -> None:
        """Open the wallets: three of one owner, so that exchanges have both ends."""
        self.owners = owners = [self.owner, new_id(), self.owner, self.owner]
        self.wallets = [
            make_wallet(currency=currency, owner_id=owner)
            for currency, owner in zip(CURRENCIES, owners, strict=True)
        ]
        for place in range(len(CURRENCIES)):
            self.top_up(place, 20_000, "well")

    # What happens to a command on its way.

    def send(self, fate: str, passes: bool, act: Callable[[], Any]) -> Any:
        """Send a command whose end the naive book has foretold; return its answer."""
        cls = type(self)
        cls.commands += 1
        if fate == "lost before commit":
            cls.commands += 1
            self.lose(act)
        if not passes:
            with pytest.raises(REFUSALS):
                act()
            return None
        answer = act()
        if fate in {"twice", "answer lost"}:
            cls.commands += 1
            again = act()
            assert again.is_replay if hasattr(again, "is_replay") else again == answer
        return answer

    def lose(self, act: Callable[[], Any]) -> None:
        """Let the process end inside the command's transaction: nothing of it may stay."""
        with suppress(LostProcessError, *REFUSALS), transaction(name="m", actor=SYSTEM):
            act()
            raise LostProcessError

    # Commands.

    @rule(place=places, minor=amounts, fate=fates)
    def top_up(self, place: int, minor: int, fate: str) -> None:
        """Bring money in from a card."""
        self.book([(place, minor)], CARD, fate)

    @rule(place=places, minor=amounts, fate=fates)
    def pay_a_fee(self, place: int, minor: int, fate: str) -> None:
        """Let a wallet pay the house."""
        self.book([(place, -minor)], COMMISSION, fate)

    @rule(minor=amounts, back=st.booleans(), fee=st.integers(0, 200), fate=fates)
    def transfer(self, minor: int, back: bool, fee: int, fate: str) -> None:
        """Let one euro wallet pay the other, the payer a fee on top."""
        payer, payee = (1, 0) if back else (0, 1)
        self.book([(payer, -minor - fee), (payee, minor)], COMMISSION, fate)

    def book(self, moves: list[tuple[int, int]], other: str, fate: str) -> None:
        """Post moves of wallets against a house account, which takes the difference."""
        legs = self.legs(moves, other)
        self.expect(
            fate,
            [(("wallet", place), minor) for place, minor in moves],
            lambda key: ledger.post(key=key, kind="model", legs=legs, subject="m", actor=SYSTEM),
        )

    @rule(
        place=st.sampled_from([0, 1]),
        minor=st.integers(1, 9_000),
        payee=st.sampled_from(["", "a", "b"]),
        fate=fates,
    )
    def spend(self, place: int, minor: int, payee: str, fate: str) -> None:
        """Let a euro wallet pay the house, counted against the limits of wallet and owner."""
        day, month = f"{self.naive.now:%Y-%m-%d}", f"{self.naive.now:%Y-%m}"
        counts: Moves = [
            (("day", str(place), day), minor),
            (("month", str(place), month), minor),
            (("owner day", str(place), day), minor),
            (("owner month", str(place), month), minor),
        ]
        if payee:
            counts.append((("payee", f"{place} {payee}", day), minor))
        legs = self.legs([(place, -minor)], COMMISSION)
        amount = Money(minor, CURRENCIES[place])
        self.expect(
            fate,
            [(("wallet", place), -minor), *counts],
            lambda key: limits.spend(
                key=key,
                kind="model",
                wallet=self.wallets[place].account,
                amount=amount,
                legs=legs,
                subject="m",
                actor=SYSTEM,
                payee=payee,
            ),
        )

    def legs(self, moves: list[tuple[int, int]], other: str) -> list[ledger.Leg]:
        """Return the legs of moves of wallets, a house account taking the difference."""
        currency = CURRENCIES[moves[0][0]]
        legs = [self.leg(place, minor) for place, minor in moves]
        rest = -sum(minor for _, minor in moves)
        return [*legs, ledger.Leg(house(other, currency), Money(rest, currency))] if rest else legs

    def expect(self, fate: str, moves: Moves, act: Callable[[UUID], Any]) -> None:
        """Send a journal whose end the naive book foretells; it may be taken back later."""
        passes, key = self.naive.may(moves), new_id()
        made = self.send(fate, passes, lambda: act(key))
        if passes:
            self.booked.append((made.id, self.naive.move(moves)))
        self.agree()

    def leg(self, place: int, minor: int) -> ledger.Leg:
        """Return a wallet's part of a journal."""
        return ledger.Leg(self.wallets[place].account, Money(minor, CURRENCIES[place]))

    @rule(number=st.integers(0, 50), fate=fates)
    def refund(self, number: int, fate: str) -> None:
        """Take a journal back whole, once: from where its money went."""
        if not self.booked:
            return
        journal_id, moves = self.booked.pop(number % len(self.booked))
        back = [(place, -minor) for place, minor in moves]
        passes, key = self.naive.may(back), new_id()
        self.send(
            fate, passes, lambda: ledger.reverse(journal_id=journal_id, key=key, actor=SYSTEM)
        )
        if passes:
            self.naive.move(back)
            with pytest.raises(REFUSALS):
                ledger.reverse(journal_id=journal_id, key=new_id(), actor=SYSTEM)
        else:
            self.booked.append((journal_id, moves))
        self.agree()

    @rule(place=places, is_lost=st.booleans())
    def free(self, place: int, is_lost: bool) -> None:
        """Bring in what waits outside of a wallet, as far as it fits."""
        naive, wallet = self.naive, self.wallets[place]
        room = MOST[CURRENCIES[place]] - naive.posted[place]
        fits = min(naive.parked[place], room) if naive.may_give(place) else 0
        freed = self.send(
            "lost before commit" if is_lost else "well",
            True,
            lambda: limits.free_what_fits(
                owner_id=self.owners[place], wallet_id=wallet.id, actor=SYSTEM
            ),
        )
        assert freed.minor == fits
        naive.posted[place] += fits
        naive.parked[place] -= fits
        self.agree()

    @rule(place=places, minor=amounts, minutes=st.integers(1, 90), fate=fates)
    def hold(self, place: int, minor: int, minutes: int, fate: str) -> None:
        """Keep money back for a while."""
        key, until = new_id(), self.naive.now + timedelta(minutes=minutes)
        placed = self.send(
            fate,
            self.naive.may_take(place, minor),
            lambda: wallet_service.hold(
                key=key,
                wallet_id=self.wallets[place].id,
                amount=Money(minor, CURRENCIES[place]),
                reason="m",
                subject="m",
                expires_at=until,
                actor=SYSTEM,
            ),
        )
        if placed is not None:
            self.naive.holds[placed.id] = Hold(place, minor, until)
        self.agree()

    @rule(number=st.integers(0, 20), minor=amounts, fate=fates)
    def capture(self, number: int, minor: int, fate: str) -> None:
        """Take a part of what is held for the house."""
        found = self.chosen(number)
        if found is None:
            return
        hold_id, hold = found
        currency = CURRENCIES[hold.wallet]
        passes = hold.is_open and hold.until > self.naive.now and hold.left >= minor
        passes = passes and self.naive.frozen[hold.wallet] not in {"debit", "all"}
        key = new_id()
        legs = [
            self.leg(hold.wallet, -minor),
            ledger.Leg(house(COMMISSION, currency), Money(minor, currency)),
        ]
        self.send(
            fate,
            passes,
            lambda: ledger.capture(
                hold_id=hold_id, amount=Money(minor, currency), legs=legs, key=key, actor=SYSTEM
            ),
        )
        if passes:
            self.naive.move([(("wallet", hold.wallet), -minor)])
            hold.left -= minor
            hold.is_open = hold.left > 0
        self.agree()

    @rule(number=st.integers(0, 20), fate=fates)
    def release(self, number: int, fate: str) -> None:
        """Give back what is left of a hold."""
        found = self.chosen(number)
        if found is None:
            return
        hold_id, hold = found
        with reading():
            # One whose time is over may be closed by hand until a job has closed it.
            passes = bank.hold_of(hold_id=hold_id).state == "open"
        assert passes <= hold.is_open
        key = new_id()
        self.send(
            "well" if fate == "twice" else fate,
            passes,
            lambda: ledger.release(hold_id=hold_id, key=key, actor=SYSTEM),
        )
        hold.is_open = False
        self.agree()

    def chosen(self, number: int) -> tuple[UUID, Hold] | None:
        """Return one of the holds."""
        found = list(self.naive.holds.items())
        return found[number % len(found)] if found else None

    @rule(minor=amounts, sells=st.sampled_from([0, 2, 3]), late=st.booleans(), fate=fates)
    def exchange(self, minor: int, sells: int, late: bool, fate: str) -> None:
        """Change money of one owner as quoted; a quote whose time is over changes nothing."""
        buys = 2 if sells == 0 else 0
        try:
            quote = bank.fx_quote(
                owner_id=self.owner,
                sell=CURRENCIES[sells],
                buy=CURRENCIES[buys],
                side="sell",
                amount=Money(minor, CURRENCIES[sells]),
                actor=SYSTEM,
            )
        except bank.AmountTooSmall:
            return
        assert quote.exchange is not None
        if late:
            self.naive.now = quote.valid_until + timedelta(seconds=1)
            clock.freeze(self.naive.now)
        gives, takes = -minor, quote.exchange.bought.minor
        moves: Moves = [(("wallet", sells), gives), (("wallet", buys), takes)]
        # Nobody is let into an exchange whose money could not be had at once.
        passes = not late and self.naive.may(moves) and self.naive.fits(buys, takes)
        key = new_id()
        self.send(fate, passes, lambda: bank.exchange(quote_id=quote.id, key=key, actor=SYSTEM))
        if passes:
            self.naive.move(moves)
            with pytest.raises(REFUSALS):
                bank.exchange(quote_id=quote.id, key=new_id(), actor=SYSTEM)
        self.agree()

    @rule(place=places, kind=st.sampled_from(["none"] * 5 + ["debit", "credit", "all"]))
    def freeze(self, place: int, kind: str) -> None:
        """Freeze or thaw a wallet."""
        type(self).commands += 1
        bank.freeze(
            wallet_id=self.wallets[place].id, freeze=bank.Freeze[kind.upper()], actor=SYSTEM
        )
        self.naive.frozen[place] = kind

    @rule(minutes=st.integers(1, 45), tidies=st.booleans())
    def wait(self, minutes: int, tidies: bool) -> None:
        """Let time pass; now and then the jobs of the night come."""
        self.naive.now += timedelta(minutes=minutes)
        clock.freeze(self.naive.now)
        if tidies:
            type(self).commands += 2
            ledger.roll_up(actor=SYSTEM)
            ledger.announce_expired_holds(actor=SYSTEM)
        self.agree()

    # Both books.

    def agree(self) -> None:
        """Compare every balance of the wallets, as their owner sees it."""
        with reading():
            seen = [bank.wallet(wallet_id=wallet.id) for wallet in self.wallets]
            known = balances(accounts=[outside(wallet) for wallet in seen])
        for place, wallet in enumerate(seen):
            posted, held = self.naive.posted[place], self.naive.held(place)
            assert (wallet.posted.minor, wallet.available.minor) == (posted, posted - held)
            waits = known.get(outside(wallet))
            assert (waits.posted.minor if waits else 0) == self.naive.parked[place]

    def teardown(self) -> None:
        """Read the whole ledger again once in a while."""
        cls = type(self)
        if cls.commands - cls._verified_at >= VERIFY_EVERY:
            cls._verified_at = cls.commands
            found = verified()
            assert found.balanced, found.problem
        clock.freeze(None)


def store_rates() -> None:
    """Store the terms that the bank starts with, and rates of the day before."""
    with transaction(name="model", actor=SYSTEM) as current:
        current.execute(text("INSERT INTO banking.fx_sources VALUES ('ecb', 'ECB.', 7)"))
        for table in ("pegs", "terms"):
            rows = house_rows(table)
            columns, marks = ", ".join(rows[0]), ", ".join(f":{name}" for name in rows[0])
            current.execute(
                text(f"INSERT INTO banking.fx_{table} ({columns}) VALUES ({marks})"), rows
            )
    day = START.date() - timedelta(days=1)
    fx.store_rates(
        rates=[Published(currency, day, Decimal(rate)) for currency, rate in RATES.items()],
        actor=SYSTEM,
    )


def outside(wallet: bank.WalletView) -> ledger.AccountRef:
    """Return the account on which waits what a wallet may not hold."""
    return ledger.AccountRef(
        bank.AccountKind.WALLET_SUSPENSE, wallet.account.key, wallet.account.currency
    )


def _strangers() -> list[TierRow]:
    spends = {Period.DAY: DAY, Period.MONTH: MONTH, Period.PAYEE: PAYEE}
    return [
        replace(row, holds=HOLDS, spends=spends) if row.tier == 0 else row for row in _published()
    ]


def drive(*, runs: int, steps: int) -> int:
    """Drive so many runs of so many steps; return how many commands were sent."""
    store_rates()
    BankMachine.commands = BankMachine._verified_at = 0
    with mock.patch.object(limit_queries, "_published", _strangers):
        run_state_machine_as_test(
            BankMachine,
            settings=settings(
                max_examples=runs,
                stateful_step_count=steps,
                deadline=None,
                database=None,
                suppress_health_check=list(HealthCheck),
                phases=[Phase.generate],
            ),
        )
    found = verified()
    assert found.balanced, found.problem
    return BankMachine.commands
