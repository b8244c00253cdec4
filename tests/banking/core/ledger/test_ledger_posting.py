"""Posting on a real database: success, each refusal, nothing left behind, replay."""

from __future__ import annotations

from datetime import date

import pytest
from bank_objects import (
    CARD,
    COMMISSION,
    available,
    book,
    eur,
    house,
    make_wallet,
    posted,
    top_up,
    transfer,
)
from sqlalchemy import text

from banking import api as bank
from banking.core.ledger import queries as ledger_queries
from banking.core.ledger import service as ledger
from kernel.actor import SYSTEM
from kernel.db import reading, session
from kernel.ids import new_id
from kernel.money import Money


def entries() -> int:
    with reading():
        return session().execute(text("SELECT count(*) FROM banking.entries")).scalar_one()


def ceilings(key: str) -> list[int | None]:
    """Shape: in minor units, of the accounts whose key begins like this."""
    sql = text("SELECT ceiling FROM banking.ledger_accounts WHERE starts_with(key, :key)")
    with reading():
        return list(session().execute(sql, {"key": key}).scalars())


def test_a_payment_moves_money_and_feeds_the_house(db, sound):
    payer, payee = make_wallet("100"), make_wallet()

    book(
        ledger.Leg(payer.account, eur("-10")),
        ledger.Leg(payee.account, eur("9.70")),
        ledger.Leg(house(COMMISSION), eur("0.30")),
    )

    assert (available(payer), available(payee)) == (eur("90"), eur("9.70"))
    assert posted(house(COMMISSION)) == eur("0.30")
    sound()


def test_the_last_cent_can_be_spent_and_not_one_more(db, sound):
    payer, payee = make_wallet("10"), make_wallet()
    before = entries()

    with pytest.raises(bank.InsufficientFunds) as refused:
        transfer(payer, payee, eur("10.01"))
    assert (refused.value.data["available"], refused.value.data["needed"]) == (
        eur("10"),
        eur("10.01"),
    )
    assert entries() == before

    transfer(payer, payee, eur("10"))
    assert available(payer) == eur("0")
    sound()


def test_the_balance_may_not_dip_between_two_legs(db):
    wallet = make_wallet("1")
    with pytest.raises(bank.InsufficientFunds):
        book(
            ledger.Leg(wallet.account, eur("-2")),
            ledger.Leg(wallet.account, eur("2")),
        )


def test_an_account_named_twice_gets_both_entries(db, sound):
    wallet = make_wallet("10")
    journal = book(
        ledger.Leg(wallet.account, eur("-2"), memo="goods"),
        ledger.Leg(wallet.account, eur("-3"), memo="freight"),
        ledger.Leg(house(COMMISSION), eur("5")),
    )
    with reading():
        found = bank.movements(wallet_id=wallet.id)[:2]
        legs = ledger_queries.legs_of(journal_id=journal.id)
    assert [(m.memo, m.balance_after) for m in found] == [
        ("freight", eur("5")),
        ("goods", eur("8")),
    ]
    assert [leg.amount for leg in legs] == [eur("-2"), eur("-3"), eur("5")]
    sound()


def test_the_same_key_books_once(db):
    payer, payee = make_wallet("100"), make_wallet()
    key = new_id()

    first = transfer(payer, payee, eur("10"), key=key)
    again = transfer(payer, payee, eur("10"), key=key)

    assert (first.is_replay, again.is_replay) == (False, True)
    assert (again.id, again.booked_at) == (first.id, first.booked_at)
    assert available(payer) == eur("90")


def test_the_same_key_with_other_content_is_refused(db):
    payer, payee = make_wallet("100"), make_wallet()
    key = new_id()
    transfer(payer, payee, eur("10"), key=key)

    with pytest.raises(bank.IdempotencyMismatch):
        transfer(payer, payee, eur("10.01"), key=key)
    assert available(payer) == eur("90")


def test_a_replay_on_a_later_day_is_still_the_same(db, clock):
    clock("2026-11-25T10:00")
    payer, payee = make_wallet("100"), make_wallet()
    key = new_id()
    first = transfer(payer, payee, eur("10"), key=key)

    clock("2026-12-24T10:00")
    again = transfer(payer, payee, eur("10"), key=key)
    assert (again.is_replay, again.value_date) == (True, first.value_date)
    assert first.value_date == date(2026, 11, 25)


def test_a_wallet_that_was_never_opened_is_unknown(db):
    nobody = ledger.AccountRef.wallet(new_id(), "EUR")
    with pytest.raises(bank.AccountUnknown):
        book(ledger.Leg(nobody, eur("1")), ledger.Leg(house(CARD), eur("-1")))


def test_a_wallet_takes_only_its_own_currency(db):
    wallet = make_wallet("10")
    dollars = ledger.AccountRef.wallet(wallet.id, "USD")
    one = Money.of("1", "USD")
    with pytest.raises(bank.LegCurrencyMismatch) as refused:
        book(ledger.Leg(dollars, one), ledger.Leg(house(CARD, "USD"), -one))
    assert refused.value.data == {"account": "EUR", "amount": "USD"}


def test_two_currencies_balance_each_for_itself(db, sound):
    euros, yen = make_wallet("10"), make_wallet("5000", currency="JPY")
    jpy = Money(1600, "JPY")
    book(
        ledger.Leg(euros.account, eur("-10")),
        ledger.Leg(house(bank.AccountKind.FX_POSITION), eur("10")),
        ledger.Leg(house(bank.AccountKind.FX_POSITION, "JPY"), -jpy),
        ledger.Leg(yen.account, jpy),
    )
    assert available(yen) == Money(6600, "JPY")
    sound()


@pytest.mark.parametrize(
    ("freeze", "debit_passes", "credit_passes"),
    [
        (bank.Freeze.NONE, True, True),
        (bank.Freeze.DEBIT, False, True),
        (bank.Freeze.CREDIT, True, False),
        (bank.Freeze.ALL, False, False),
        (bank.Freeze.CLOSED, False, False),
    ],
)
def test_a_frozen_wallet_refuses_its_direction(
    db, freeze: bank.Freeze, debit_passes: bool, credit_passes: bool
):
    wallet, other = make_wallet("10"), make_wallet("10")
    bank.freeze(wallet_id=wallet.id, freeze=freeze, actor=SYSTEM)

    for payer, payee, passes in (
        (wallet, other, debit_passes),
        (other, wallet, credit_passes),
    ):
        if passes:
            transfer(payer, payee, eur("1"))
        else:
            with pytest.raises(bank.AccountFrozen):
                transfer(payer, payee, eur("1"))


def test_what_a_vendor_owes_never_turns_into_a_credit(db):
    debt = ledger.AccountRef(bank.AccountKind.VENDOR_DEBT, str(new_id()), "EUR")
    book(ledger.Leg(debt, eur("-5")), ledger.Leg(house(COMMISSION), eur("5")))
    with pytest.raises(bank.CeilingReached) as refused:
        book(ledger.Leg(debt, eur("6")), ledger.Leg(house(COMMISSION), eur("-6")))
    assert refused.value.data["room"] == eur("5")


def test_a_ceiling_stops_what_comes_and_keeps_what_is_there(db):
    full, open_one = make_wallet("100"), make_wallet("100")
    for wallet, most in ((full, eur("30")), (open_one, None)):
        ceiling = ledger.Ceiling(bank.AccountKind.WALLET, str(wallet.id), most)
        ledger.set_ceilings(ceilings=[ceiling], currency="EUR", actor=SYSTEM)

    dollars = ledger.Ceiling(bank.AccountKind.WALLET, str(open_one.id), Money.of("1", "USD"))
    ledger.set_ceilings(ceilings=[dollars], currency="USD", actor=SYSTEM)

    assert (ceilings(str(full.id)), ceilings(str(open_one.id))) == ([10000], [None])
    assert book(ledger.Leg(house(CARD), eur("-1")), ledger.Leg(full.account, eur("1"))).parked
    assert available(full) == eur("100")


def test_a_payees_ceiling_counts_for_every_window_of_that_payee(db):
    key = str(new_id())
    for window in ("2026-11", "2026-12"):
        limit = ledger.AccountRef(bank.AccountKind.LIMIT_PAYEE, f"{key}:{window}", "EUR")
        ledger.open_account(account=limit, ceiling=eur("500"), actor=SYSTEM)

    ceiling = ledger.Ceiling(bank.AccountKind.LIMIT_PAYEE, key, eur("70"))
    ledger.set_ceilings(ceilings=[ceiling], currency="EUR", actor=SYSTEM)

    assert ceilings(key) == [7000, 7000]


def test_a_journal_is_taken_back_once(db, sound):
    payer, payee = make_wallet("100"), make_wallet()
    journal = transfer(payer, payee, eur("10"))
    key = new_id()

    back = ledger.reverse(journal_id=journal.id, key=key, actor=SYSTEM)
    again = ledger.reverse(journal_id=journal.id, key=key, actor=SYSTEM)

    assert (back.kind, again.is_replay) == ("test_reversed", True)
    assert (available(payer), available(payee)) == (eur("100"), eur("0"))
    with pytest.raises(bank.AlreadyReversed):
        ledger.reverse(journal_id=journal.id, key=new_id(), actor=SYSTEM)
    sound()


def test_an_unknown_journal_cannot_be_taken_back(db):
    with pytest.raises(bank.JournalUnknown):
        ledger.reverse(journal_id=987_654_321, key=new_id(), actor=SYSTEM)


def test_a_registered_kind_keeps_its_discipline(db):
    bank.register_account_kinds({"test_books": bank.Discipline.HOUSE})
    books = ledger.AccountRef("test_books", "Meridian", "EUR")
    book(ledger.Leg(books, eur("-3")), ledger.Leg(house(COMMISSION), eur("3")))
    assert posted(books) == eur("-3")
    with pytest.raises(AssertionError):
        bank.register_account_kinds({"test_books": bank.Discipline.ESCROW})


def draft(*legs: ledger.Leg, key=None) -> ledger.JournalDraft:
    return ledger.JournalDraft(key=key or new_id(), kind="batch", subject="run", legs=legs)


def test_a_batch_books_all_and_counts_what_is_new(db, sound):
    payer, payees = make_wallet("100"), [make_wallet() for _ in range(3)]
    drafts = [
        draft(ledger.Leg(payer.account, eur("-10")), ledger.Leg(payee.account, eur("10")))
        for payee in payees
    ]

    assert ledger.post_many(journals=drafts[:2], actor=SYSTEM) == 2
    assert ledger.post_many(journals=drafts, actor=SYSTEM) == 1
    assert ledger.post_many(journals=[], actor=SYSTEM) == 0

    assert available(payer) == eur("70")
    assert [available(payee) for payee in payees] == [eur("10")] * 3
    with reading():
        balances = [m.balance_after for m in bank.movements(wallet_id=payer.id)]
    assert balances == [eur("70"), eur("80"), eur("90"), eur("100")]
    sound()


def test_a_batch_with_one_bad_journal_leaves_nothing_behind(db, sound):
    payer, payee = make_wallet("15"), make_wallet()
    before = entries()
    pay = (ledger.Leg(payer.account, eur("-10")), ledger.Leg(payee.account, eur("10")))

    with pytest.raises(bank.InsufficientFunds):
        ledger.post_many(journals=[draft(*pay), draft(*pay)], actor=SYSTEM)
    assert (entries(), available(payer)) == (before, eur("15"))
    sound()


def test_a_batch_spends_nothing_before_it_came_in(db):
    first, second = make_wallet("10"), make_wallet()
    there = draft(ledger.Leg(first.account, eur("-10")), ledger.Leg(second.account, eur("10")))
    back = draft(ledger.Leg(second.account, eur("-10")), ledger.Leg(first.account, eur("10")))

    with pytest.raises(bank.InsufficientFunds):
        ledger.post_many(journals=[back, there], actor=SYSTEM)
    assert ledger.post_many(journals=[there, back], actor=SYSTEM) == 2


def test_a_key_twice_in_a_batch_books_once_or_not_at_all(db):
    payer, payee = make_wallet("100"), make_wallet()
    key = new_id()
    pay = draft(
        ledger.Leg(payer.account, eur("-10")), ledger.Leg(payee.account, eur("10")), key=key
    )
    more = draft(
        ledger.Leg(payer.account, eur("-11")), ledger.Leg(payee.account, eur("11")), key=key
    )

    assert ledger.post_many(journals=[pay, pay], actor=SYSTEM) == 1
    assert available(payer) == eur("90")
    with pytest.raises(bank.IdempotencyMismatch):
        ledger.post_many(journals=[more], actor=SYSTEM)


def test_house_balances_are_right_before_between_and_after_roll_ups(db, sound):
    wallet = make_wallet("100")
    for _ in range(4):
        top_up(wallet, eur("1"))
        ledger.roll_up(actor=SYSTEM)
        sound()
    assert posted(house(CARD)) == eur("-104")
