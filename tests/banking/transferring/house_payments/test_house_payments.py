"""Money between wallets and accounts of the house moves by intents, once, and re-adds."""

from __future__ import annotations

import pytest
from bank_objects import available, eur, make_wallet
from sqlalchemy import text

from banking.accounts.wallets import service as wallet_service
from banking.core.ledger.errors import IdempotencyMismatch, InsufficientFunds, UnbalancedJournal
from banking.core.ledger.queries import legs_of
from banking.core.ledger.service import AccountKind
from banking.transferring.house_payments import service
from banking.transferring.house_payments.lines import Credit, Debit, legs
from banking.transferring.house_payments.queries import house_balance
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.ids import new_id

FLOAT, DUTY, LOSS = AccountKind.INSURER_FLOAT, AccountKind.DUTY_PAYABLE, AccountKind.DUTY_VARIANCE


def collect(wallet, *dues, key=None):
    return service.collect_from_wallet(
        key=key or new_id(),
        kind="test_collected",
        wallet_id=wallet.id,
        dues=dues,
        subject="T-1",
        actor=SYSTEM,
    )


def pay(wallet, *sources, key=None):
    return service.pay_to_wallet(
        key=key or new_id(),
        kind="test_paid",
        wallet_id=wallet.id,
        sources=sources,
        subject="T-1",
        actor=SYSTEM,
    )


def stands(kind, key="house"):
    with reading():
        return house_balance(kind=kind, currency="EUR", key=key)


def test_a_wallet_pays_several_accounts_of_the_house_in_one_journal(db, sound):
    wallet, key = make_wallet("100"), new_id()
    dues = Credit(FLOAT, eur(30), "havre-cargo"), Credit(DUTY, eur(5), memo="duty")

    journal, again = collect(wallet, *dues, key=key), collect(wallet, *dues, key=key)

    assert (journal.id, again.is_replay) == (again.id, True)
    assert available(wallet) == eur(65)
    assert (stands(FLOAT, "havre-cargo"), stands(DUTY)) == (eur(30), eur(5))
    with reading():
        booked = [
            (leg.account.kind, leg.amount, leg.memo) for leg in legs_of(journal_id=journal.id)
        ]
    assert booked == [("wallet", eur(-35), ""), (FLOAT, eur(30), ""), (DUTY, eur(5), "duty")]
    sound()


def test_what_a_wallet_does_not_have_is_not_collected(db):
    wallet = make_wallet("10")

    with pytest.raises(InsufficientFunds):
        collect(wallet, Credit(DUTY, eur(11)))

    assert (available(wallet), stands(DUTY)) == (eur(10), eur(0))


def test_a_key_that_paid_something_else_is_refused(db):
    wallet, key = make_wallet(), new_id()
    pay(wallet, Debit(FLOAT, eur(7)), key=key)

    with pytest.raises(IdempotencyMismatch):
        pay(wallet, Debit(FLOAT, eur(8)), key=key)

    assert (available(wallet), stands(FLOAT)) == (eur(7), eur(-7))


def test_what_is_paid_to_a_closed_wallet_waits_beside_it_once(db, sound):
    wallet, key = make_wallet(), new_id()
    pay(wallet, Debit(FLOAT, eur(7)), key=new_id())
    wallet_service.close(wallet_id=wallet.id, actor=SYSTEM)

    for _ in range(2):
        pay(wallet, Debit(FLOAT, eur(9)), key=key)

    waiting = db.execute(text("SELECT amount_minor FROM banking.late_credits")).scalars().all()
    assert waiting == [900]
    sound()


def test_the_house_books_between_its_accounts_and_only_what_re_adds(db, sound):
    def book(*lines):
        return service.book(
            key=new_id(), kind="test_booked", lines=lines, subject="T-1", actor=SYSTEM
        )

    assert book(Debit(LOSS, eur(0))) is None
    assert book(Debit(LOSS, eur(4)), Credit(DUTY, eur(4))) is not None
    with pytest.raises(UnbalancedJournal):
        book(Debit(LOSS, eur(4)), Credit(DUTY, eur(5)))

    assert (stands(LOSS), stands(DUTY)) == (eur(-4), eur(4))
    sound()


@pytest.mark.parametrize("kind", [AccountKind.WALLET, AccountKind.ESCROW, AccountKind.VENDOR_DEBT])
def test_no_line_of_the_house_reaches_what_belongs_to_somebody(kind):
    with pytest.raises(AssertionError):
        legs([Credit(kind, eur(1), "somebody")])


def test_the_side_of_a_line_says_which_way_and_never_a_sign():
    with pytest.raises(AssertionError):
        legs([Debit(DUTY, eur(-1))])
