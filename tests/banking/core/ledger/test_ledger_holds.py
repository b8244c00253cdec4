"""Holds: counted at once, captured in parts, ended once, by whoever comes first."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from bank_objects import COMMISSION, available, eur, house, make_wallet, outcomes, transfer

from banking import api as bank
from banking.accounts.wallets import service as wallet_service
from banking.core.ledger import jobs
from banking.core.ledger import service as ledger
from kernel import clock as business
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.ids import new_id


def make_hold(
    wallet: bank.WalletView, amount: str, *, minutes: int = 30, key=None
) -> bank.HoldView:
    return wallet_service.hold(
        key=key or new_id(),
        wallet_id=wallet.id,
        amount=eur(amount),
        reason="Order G-1",
        subject="G-1",
        expires_at=business.now() + timedelta(minutes=minutes),
        actor=SYSTEM,
    )


def capture(hold: bank.HoldView, amount: str, *, key=None, taken: str = "") -> bank.JournalView:
    legs = [
        ledger.Leg(hold.account, -eur(taken or amount)),
        ledger.Leg(house(COMMISSION), eur(taken or amount)),
    ]
    return ledger.capture(
        hold_id=hold.id, amount=eur(amount), legs=legs, key=key or new_id(), actor=SYSTEM
    )


def state(hold: bank.HoldView) -> tuple[str, str, str]:
    with reading():
        now = bank.hold_of(hold_id=hold.id)
    return now.state, str(now.captured.amount), str(now.remaining.amount)


def test_held_money_cannot_be_spent_or_held_again(db, sound):
    wallet = make_wallet("100")
    make_hold(wallet, "60")

    with reading():
        seen = bank.wallet(wallet_id=wallet.id)
    assert (seen.posted, seen.held, seen.available) == (eur("100"), eur("60"), eur("40"))
    assert [(hold.reason, hold.remaining) for hold in seen.holds] == [("Order G-1", eur("60"))]
    with pytest.raises(bank.InsufficientFunds) as refused:
        transfer(wallet, make_wallet(), eur("40.01"))
    assert refused.value.data["available"] == eur("40")
    with pytest.raises(bank.InsufficientFunds):
        make_hold(wallet, "40.01")
    make_hold(wallet, "40")
    sound()


def test_a_hold_is_captured_in_parts_and_the_rest_released(db, sound):
    wallet = make_wallet("100")
    hold = make_hold(wallet, "100")

    capture(hold, "60")
    with pytest.raises(bank.HoldExceeded) as refused:
        capture(hold, "40.01")
    assert refused.value.data["remaining"] == eur("40")
    assert state(hold) == ("open", "60.00", "40.00")

    ledger.release(hold_id=hold.id, key=new_id(), actor=SYSTEM)
    assert state(hold) == ("released", "60.00", "0.00")
    assert available(wallet) == eur("40")
    for late in (
        lambda: capture(hold, "1"),
        lambda: ledger.release(hold_id=hold.id, key=new_id(), actor=SYSTEM),
    ):
        with pytest.raises(bank.HoldResolved) as ended:
            late()
        assert ended.value.data == {"state": "released"}
    sound()


def test_a_hold_that_is_captured_whole_has_ended(db, sound):
    wallet = make_wallet("10")
    hold = make_hold(wallet, "10")
    capture(hold, "4")
    capture(hold, "6")
    assert state(hold) == ("captured", "10.00", "0.00")
    with pytest.raises(bank.HoldResolved):
        capture(hold, "0.01")
    sound()


def test_placing_capturing_and_releasing_happen_once_per_key(db):
    wallet = make_wallet("100")
    key, capture_key, release_key = new_id(), new_id(), new_id()
    hold = make_hold(wallet, "50", key=key)

    assert make_hold(wallet, "50", key=key).id == hold.id
    assert capture(hold, "20", key=capture_key).id == capture(hold, "20", key=capture_key).id
    first = ledger.release(hold_id=hold.id, key=release_key, actor=SYSTEM)
    again = ledger.release(hold_id=hold.id, key=release_key, actor=SYSTEM)

    assert (first, available(wallet)) == (again, eur("80"))
    with pytest.raises(bank.IdempotencyMismatch):
        make_hold(wallet, "51", key=key)
    with pytest.raises(bank.IdempotencyMismatch):
        capture(make_hold(wallet, "20"), "20", key=capture_key)


def test_the_legs_take_exactly_what_is_captured(db):
    hold = make_hold(make_wallet("100"), "50")
    with pytest.raises(bank.CaptureMismatch):
        capture(hold, "20", taken="21")
    other = make_wallet("100")
    with pytest.raises(bank.CaptureMismatch):
        ledger.capture(
            hold_id=hold.id,
            amount=eur("20"),
            legs=[ledger.Leg(other.account, eur("-20")), ledger.Leg(house(COMMISSION), eur("20"))],
            key=new_id(),
            actor=SYSTEM,
        )
    assert state(hold) == ("open", "0.00", "50.00")


def test_an_unknown_hold_is_refused(db):
    nothing = new_id()
    with pytest.raises(bank.HoldUnknown):
        ledger.release(hold_id=nothing, key=new_id(), actor=SYSTEM)
    with pytest.raises(bank.HoldUnknown):
        ledger.capture(
            hold_id=nothing,
            amount=eur("1"),
            legs=[
                ledger.Leg(make_wallet("1").account, eur("-1")),
                ledger.Leg(house(COMMISSION), eur("1")),
            ],
            key=new_id(),
            actor=SYSTEM,
        )
    with reading(), pytest.raises(bank.HoldUnknown):
        bank.hold_of(hold_id=nothing)


def test_money_is_free_the_instant_the_time_is_over(db, clock, sound):
    clock("2026-11-25T10:00")
    wallet, payee = make_wallet("100"), make_wallet()
    hold = make_hold(wallet, "100", minutes=30)

    clock("2026-11-25T10:29")
    with pytest.raises(bank.InsufficientFunds):
        transfer(wallet, payee, eur("1"))

    clock("2026-11-25T10:30")
    assert available(wallet) == eur("100")
    with pytest.raises(bank.HoldResolved) as late:
        capture(hold, "100")
    assert late.value.data == {"state": "expired"}
    transfer(wallet, payee, eur("100"))
    assert state(hold) == ("expired", "0.00", "0.00")
    sound()


def test_the_job_ends_overdue_holds_and_tells_of_each_once(db, clock, outbox, sound):
    clock("2026-11-25T10:00")
    wallet = make_wallet("100")
    short, long = make_hold(wallet, "10", minutes=5), make_hold(wallet, "20", minutes=50)
    spent = make_wallet("5")
    lazily = make_hold(spent, "5", minutes=5)
    clock("2026-11-25T10:10")
    transfer(spent, wallet, eur("5"))

    jobs.end_overdue_holds()
    jobs.end_overdue_holds()

    told = [fact for fact in outbox() if fact.name == "banking.hold.expired.v1"]
    assert {(fact.hold_id, fact.released) for fact in told} == {
        (short.id, eur("10")),
        (lazily.id, eur("5")),
    }
    assert len(told) == 2
    assert (state(short)[0], state(long)[0]) == ("expired", "open")
    assert available(wallet) == eur("85")
    sound()


def test_a_frozen_wallet_holds_nothing_new_but_gets_back_what_was_held(db, sound):
    wallet = make_wallet("100")
    hold = make_hold(wallet, "60")
    for freeze in (bank.Freeze.ALL, bank.Freeze.CLOSED):
        bank.freeze(wallet_id=wallet.id, freeze=freeze, actor=SYSTEM)
        with pytest.raises(bank.AccountFrozen):
            make_hold(wallet, "1")
        with pytest.raises(bank.AccountFrozen):
            capture(hold, "60")
    ledger.release(hold_id=hold.id, key=new_id(), actor=SYSTEM)
    assert available(wallet) == eur("100")
    sound()


def test_a_hold_is_not_taken_back_like_a_payment(db):
    make_hold(make_wallet("10"), "5")
    with reading():
        from sqlalchemy import text

        from kernel.db import session

        journal = session().execute(
            text("SELECT max(id) FROM banking.journals WHERE kind = 'hold_placed'")
        )
        placed = journal.scalar_one()
    with pytest.raises(bank.NotReversible):
        ledger.reverse(journal_id=placed, key=new_id(), actor=SYSTEM)


def test_parallel_captures_never_take_more_than_the_hold(own_database, sound):
    wallet = make_wallet("100")
    hold = make_hold(wallet, "100")

    found = outcomes(30, lambda _: capture(hold, "9"))

    kinds = Counter(type(one) for one in found)
    assert kinds == {bank.JournalView: 11, bank.HoldExceeded: 19}
    assert state(hold) == ("open", "99.00", "1.00")
    sound()


def test_capture_release_and_expiry_never_both_win(own_database, clock, sound):
    clock("2026-11-25T10:00")
    wallet = make_wallet("1000")
    holds = [make_hold(wallet, "10", minutes=10) for _ in range(12)]
    clock("2026-11-25T10:10")
    early = [make_hold(wallet, "10", minutes=10) for _ in range(12)]

    def work(place: int) -> object:
        hold = (holds + early)[place // 3]
        match place % 3:
            case 0:
                return capture(hold, "10")
            case 1:
                return ledger.release(hold_id=hold.id, key=new_id(), actor=SYSTEM)
            case _:
                return ledger.expire_holds(account_id=wallet.account_id, actor=SYSTEM)

    found = outcomes(72, work)

    for place, hold in enumerate(holds + early):
        won = [one for one in found[3 * place : 3 * place + 2] if not isinstance(one, Exception)]
        lost = [one for one in found[3 * place : 3 * place + 2] if isinstance(one, Exception)]
        assert all(isinstance(one, bank.HoldResolved) for one in lost)
        ended = state(hold)[0]
        if hold in holds:
            assert ended in {"expired", "released"}
            assert (len(won), ended) in {(0, "expired"), (1, "released")}
        else:
            assert (len(won), ended in {"captured", "released"}) == (1, True)
    captured = sum(1 for hold in holds + early if state(hold)[0] == "captured")
    assert available(wallet) == eur(1000 - 10 * captured)
    sound()
