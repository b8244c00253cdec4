"""Many at once on a real database: nothing overspent, nothing lost, nobody deadlocked."""

from __future__ import annotations

import random
import threading
from collections import Counter

from bank_objects import (
    CARD,
    available,
    eur,
    house,
    make_wallet,
    outcomes,
    posted,
    top_up,
    transfer,
    verified,
)
from sqlalchemy import text

from banking import api as bank
from banking.core.ledger import service as ledger
from kernel.actor import SYSTEM
from kernel.db import reading, session, transaction
from kernel.ids import new_id
from kernel.money import Money


def deadlocks() -> int:
    with reading():
        return (
            session()
            .execute(
                text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
            )
            .scalar_one()
        )


def test_sixty_four_spend_the_last_hundred_in_tens(own_database, sound):
    payer, payee = make_wallet("100"), make_wallet()

    found = outcomes(64, lambda _: transfer(payer, payee, eur("10")))

    kinds = Counter(type(one) for one in found)
    assert kinds == {bank.JournalView: 10, bank.InsufficientFunds: 54}
    assert (available(payer), available(payee)) == (eur("0"), eur("100"))
    sound()


def test_two_hundred_transfers_cross_among_twenty_wallets_without_deadlock(own_database, sound):
    wallets = [make_wallet("50") for _ in range(20)]
    chance = random.Random(20)
    plan = [(*chance.sample(range(20), 2), chance.randint(1, 900)) for _ in range(200)]
    before = deadlocks()

    def work(place: int) -> list[tuple[int, int, int]]:
        done = []
        for payer, payee, minor in plan[place::40]:
            for a, b in ((payer, payee), (payee, payer)):
                try:
                    transfer(wallets[a], wallets[b], Money(minor, "EUR"))
                except bank.InsufficientFunds:
                    continue
                done.append((a, b, minor))
        return done

    done = [move for moves in outcomes(40, work) for move in moves]

    oracle = [5000] * 20
    for payer, payee, minor in done:
        oracle[payer] -= minor
        oracle[payee] += minor
    assert [available(wallet).minor for wallet in wallets] == oracle
    assert len(done) > 200
    assert deadlocks() == before
    sound()


def test_one_key_a_hundred_times_at_once_books_one_journal(own_database):
    payer, payee = make_wallet("100"), make_wallet()
    key = new_id()

    found = outcomes(64, lambda _: transfer(payer, payee, eur("10"), key=key))
    found += outcomes(36, lambda _: transfer(payer, payee, eur("10"), key=key))

    assert {one.id for one in found} == {found[0].id}
    assert Counter(one.is_replay for one in found) == {False: 1, True: 99}
    assert available(payer) == eur("90")


def test_batches_with_common_keys_and_accounts_never_cross(own_database, sound):
    wallets = [make_wallet("1000") for _ in range(6)]
    chance = random.Random(7)
    drafts = []
    for _ in range(60):
        payer, payee = chance.sample(wallets, 2)
        legs = (ledger.Leg(payer.account, eur("-1")), ledger.Leg(payee.account, eur("1")))
        drafts.append(ledger.JournalDraft(key=new_id(), kind="run", subject="s", legs=legs))

    def work(place: int) -> int:
        mine = drafts[:]
        random.Random(place).shuffle(mine)
        return ledger.post_many(journals=mine, actor=SYSTEM)

    found = outcomes(8, work)
    assert sum(found) == 60
    sound()


def test_house_accounts_open_once_however_many_need_them(own_database, sound):
    wallets = [make_wallet() for _ in range(16)]

    found = outcomes(
        16,
        lambda place: ledger.post(
            key=new_id(),
            kind="first",
            legs=[
                ledger.Leg(wallets[place].account, eur("2")),
                ledger.Leg(house(CARD), eur("-1")),
                ledger.Leg(house(bank.AccountKind.SUSPENSE), eur("-1")),
            ],
            subject="s",
            actor=SYSTEM,
        ),
    )
    assert all(isinstance(one, bank.JournalView) for one in found)
    assert posted(house(CARD)) == eur("-16")
    sound()


def test_a_roll_up_waits_for_a_younger_transaction_that_holds_an_older_number(own_database):
    wallets = {name: make_wallet("1") for name in "ab"}
    booked = {name: threading.Event() for name in "ab"}
    go_on = {name: threading.Event() for name in "ab"}

    def keep_open(name: str) -> None:
        with transaction(name="tests.open", actor=SYSTEM):
            top_up(wallets[name], eur("1"))
            booked[name].set()
            assert go_on[name].wait(30)

    threads = {name: threading.Thread(target=keep_open, args=(name,)) for name in "ab"}
    for name, thread in threads.items():
        thread.start()
        assert booked[name].wait(30)
    ledger.roll_up(actor=SYSTEM)  # marks what both hold
    go_on["a"].set()
    threads["a"].join(30)
    for _ in range(3):
        ledger.roll_up(actor=SYSTEM)
    go_on["b"].set()
    threads["b"].join(30)
    for _ in range(3):
        ledger.roll_up(actor=SYSTEM)

    assert verified().balanced
    assert posted(house(CARD)) == eur("-4")


def test_roll_ups_while_others_post_never_lose_an_entry(own_database, sound):
    wallet = make_wallet()
    seen = []

    def work(place: int) -> None:
        if place == 0:
            for _ in range(25):
                ledger.roll_up(actor=SYSTEM)
                seen.append(verified().balanced)
            return
        for _ in range(12):
            ledger.post(
                key=new_id(),
                kind="top_up",
                legs=[ledger.Leg(wallet.account, eur("1")), ledger.Leg(house(CARD), eur("-1"))],
                subject="s",
                actor=SYSTEM,
            )

    faults = [fault for fault in outcomes(9, work) if fault is not None]
    ledger.roll_up(actor=SYSTEM)
    ledger.roll_up(actor=SYSTEM)

    assert faults == []
    assert all(seen), "the ledger was whole at every look"
    assert posted(house(CARD)) == eur("-96")
    sound()
