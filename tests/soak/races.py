"""Races of the ledger at their full size: the tests of every day run the same ones smaller."""

from __future__ import annotations

import random
import time
from collections import Counter
from datetime import timedelta
from uuid import UUID

from bank_objects import (
    COMMISSION,
    available,
    eur,
    house,
    make_wallet,
    outcomes,
    posted,
    transfer,
    verified,
)
from sqlalchemy import text

from banking import api as bank
from banking.accounts.wallets import service as wallet_service
from banking.core.ledger import service as ledger
from kernel import clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money


def run() -> str:
    """Run every race on the database in use and return what was counted."""
    begun = time.monotonic()
    told = [crossing(), expiring(), dividing()]
    found = verified()
    assert found.balanced, found.problem
    assert deadlocks() == 0, "locks are taken in one order"
    return f"{'; '.join(told)}; no deadlock, ledger whole, {time.monotonic() - begun:.0f} s"


def crossing(*, threads: int = 200, moves: int = 50) -> str:
    """Let threads pay among twenty wallets in both directions, beside an oracle."""
    wallets = [make_wallet("500") for _ in range(20)]

    def work(place: int) -> list[tuple[int, int, int]]:
        chance, done = random.Random(place), []
        for _ in range(moves):
            payer, payee, minor = *chance.sample(range(20), 2), chance.randint(1, 900)
            try:
                transfer(wallets[payer], wallets[payee], Money(minor, "EUR"))
            except bank.InsufficientFunds:
                continue
            done.append((payer, payee, minor))
        return done

    found = outcomes(threads, work)
    faults = [one for one in found if isinstance(one, Exception)]
    assert not faults, faults[0]
    oracle, booked = [50_000] * 20, 0
    for payer, payee, minor in (move for moves_of in found for move in moves_of):
        oracle[payer] -= minor
        oracle[payee] += minor
        booked += 1
    assert [available(wallet).minor for wallet in wallets] == oracle
    return f"{booked:,} of {threads * moves:,} crossing transfers booked, as an oracle says"


def expiring(*, holds: int = 1_000, at_once: int = 40) -> str:
    """Let capture and expiry of each hold run at once, around the instant its time is over."""
    wallet, ends = make_wallet(str(holds)), Counter[str]()
    for _ in range(holds // at_once):
        ends.update(_expired(wallet, at_once))
    assert available(wallet) == eur(holds - ends["captured"])
    assert (set(ends), sum(ends.values())) == ({"captured", "expired"}, holds), ends
    return f"{holds:,} holds captured and expired at once: {dict(sorted(ends.items()))}"


def _expired(wallet: bank.WalletView, count: int) -> list[str]:
    chance = random.Random(count)
    placed = [
        wallet_service.hold(
            key=new_id(),
            wallet_id=wallet.id,
            amount=eur(1),
            reason="race",
            subject="race",
            expires_at=clock.now() + timedelta(milliseconds=chance.randint(200, 500)),
            actor=SYSTEM,
        )
        for _ in range(count)
    ]

    def work(place: int) -> object:
        time.sleep(chance.random() / 2)
        if place % 2:
            return ledger.expire_holds(account_id=wallet.account_id, actor=SYSTEM)
        legs = [ledger.Leg(wallet.account, eur(-1)), ledger.Leg(house(COMMISSION), eur(1))]
        hold = placed[place // 2]
        return ledger.capture(hold_id=hold.id, amount=eur(1), legs=legs, key=new_id(), actor=SYSTEM)

    found = outcomes(2 * count, work)
    time.sleep(0.5)
    ledger.expire_holds(account_id=wallet.account_id, actor=SYSTEM)
    ends = [_state(hold.id) for hold in placed]
    for answer, state in zip(found[::2], ends, strict=True):
        lost = isinstance(answer, Exception)
        assert not lost or isinstance(answer, bank.HoldResolved), answer
        assert lost == (state == "expired"), (state, answer)
    return ends


def dividing(*, moves: int = 500) -> str:
    """Release and refund one escrow from many hands; together never more than was paid."""
    buyer, vendor, ref = make_wallet("1000"), new_id(), f"V-{new_id().hex[:8]}"
    share = bank.EscrowShare(order_ref=ref, amount=eur(1000), beneficiary_id=vendor)
    bank.fund_escrow(
        key=new_id(),
        payer_wallet_id=buyer.id,
        shares=[share],
        dues=[],
        subject="G-1",
        actor=SYSTEM,
    )
    payout = bank.EscrowPayout(amount=eur(7), purpose=bank.Purpose.GOODS)

    def work(place: int) -> object:
        if place % 2:
            return bank.release_escrow(key=new_id(), order_ref=ref, payouts=[payout], actor=SYSTEM)
        return bank.refund_escrow(
            key=new_id(), order_ref=ref, amount=eur(7), to_wallet_id=buyer.id, actor=SYSTEM
        )

    found = [one for _ in range(moves // 50) for one in outcomes(50, work)]
    kinds = Counter(type(one).__name__ for one in found)
    assert kinds == {"JournalView": 142, "EscrowTooSmall": len(found) - 142}, kinds
    assert posted(ledger.AccountRef.escrow(ref, "EUR")) == eur(6)
    return f"{len(found)} releases and refunds of one escrow: {kinds['JournalView']} fitted"


def deadlocks() -> int:
    """Return how many deadlocks this database has seen."""
    count = "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"
    with reading() as current:
        return int(current.execute(text(count)).scalar_one())


def _state(hold_id: UUID) -> str:
    with reading():
        return str(bank.hold_of(hold_id=hold_id).state)
