"""Wallets: one per owner and currency, each with an IBAN that other banks accept."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from bank_objects import available, eur, make_wallet, outcomes, top_up, transfer
from schwifty import IBAN

from banking import api as bank
from banking.accounts.wallets import rules
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money


def open_wallet(owner_id, currency: str = "EUR") -> bank.WalletView:
    return bank.open_wallet(owner_id=owner_id, owner_kind="person", currency=currency, actor=SYSTEM)


def test_wallets_open_in_all_exponents_and_with_valid_ibans(db, sound):
    owner = new_id()
    opened = [open_wallet(owner, currency) for currency in bank.WALLET_CURRENCIES]

    assert len(opened) >= 12
    assert {"JPY", "KRW", "KWD", "EUR", "AED", "DKK"} <= {wallet.currency for wallet in opened}
    assert all(IBAN(wallet.iban).is_valid for wallet in opened)
    assert len({wallet.iban for wallet in opened}) == len(opened)
    for currency, amount in (("JPY", "1200"), ("KWD", "1.234"), ("EUR", "12.34")):
        wallet = next(wallet for wallet in opened if wallet.currency == currency)
        top_up(wallet, Money.of(amount, currency))
        assert str(available(wallet)) == f"{amount} {currency}"
    with reading():
        assert len(bank.wallets_of(owner_id=owner)) == len(opened)
    sound()


def test_opening_twice_returns_the_same_wallet_and_tells_once(db, outbox):
    owner = new_id()
    assert open_wallet(owner) == open_wallet(owner)
    told = [fact for fact in outbox() if fact.name == "banking.wallet.opened.v1"]
    assert [(fact.owner_id, fact.currency) for fact in told] == [(owner, "EUR")]


def test_opening_at_once_opens_one(own_database):
    owner = new_id()
    found = outcomes(16, lambda _: open_wallet(owner))
    assert {(one.id, one.iban) for one in found} == {(found[0].id, found[0].iban)}


def test_a_currency_without_wallets_is_refused(db):
    with pytest.raises(bank.CurrencyNotOffered) as refused:
        open_wallet(new_id(), "IDR")
    assert refused.value.data == {"currency": "IDR"}


def test_wallets_are_found_by_owner_currency_id_and_iban(db):
    owner = new_id()
    wallet = open_wallet(owner)
    with reading():
        assert bank.wallet_for(owner_id=owner, currency="EUR") == wallet
        assert bank.wallet_for(owner_id=owner, currency="USD") is None
        assert bank.wallet(wallet_id=wallet.id) == wallet
        assert bank.wallet_by_iban(iban=wallet.printed_iban.lower()) == wallet
        assert bank.wallet_by_iban(iban="DE89370400440532013000") is None
        with pytest.raises(bank.WalletUnknown):
            bank.wallet(wallet_id=new_id())


def test_movements_page_newest_first_and_by_time(db, clock):
    wallet = make_wallet()
    for hour in range(1, 5):
        clock(f"2026-11-25T0{hour}:00")
        top_up(wallet, eur(hour))
    with reading():
        first = bank.movements(wallet_id=wallet.id, count=2)
        rest = bank.movements(wallet_id=wallet.id, before=first[-1].entry_id)
        middle = bank.movements(
            wallet_id=wallet.id,
            since=datetime(2026, 11, 25, 2, tzinfo=UTC),
            until=datetime(2026, 11, 25, 4, tzinfo=UTC),
        )
    assert [(m.amount, m.balance_after) for m in first] == [
        (eur(4), eur(10)),
        (eur(3), eur(6)),
    ]
    assert [m.amount for m in rest] == [eur(2), eur(1)]
    assert [m.amount for m in middle] == [eur(3), eur(2)]


def test_the_balance_at_a_past_instant_is_known(db, clock):
    from banking.core.ledger import queries as ledger

    wallet = make_wallet()
    clock("2026-11-25T01:00")
    top_up(wallet, eur(5))
    noon = clock("2026-11-25T12:00")
    top_up(wallet, eur(7))
    with reading():
        assert ledger.posted_at(account_id=wallet.account_id, at=noon) == eur(5)
        with pytest.raises(bank.AccountUnknown):
            ledger.posted_at(account_id=987_654_321, at=noon)


def test_a_thawed_wallet_pays_again(db):
    wallet = make_wallet("10")
    bank.freeze(wallet_id=wallet.id, freeze=bank.Freeze.ALL, actor=SYSTEM)
    thawed = bank.freeze(wallet_id=wallet.id, freeze=bank.Freeze.NONE, actor=SYSTEM)
    assert thawed.freeze is bank.Freeze.NONE
    transfer(wallet, make_wallet(), eur(10))
    with pytest.raises(bank.WalletUnknown):
        bank.freeze(wallet_id=new_id(), freeze=bank.Freeze.ALL, actor=SYSTEM)


@pytest.mark.parametrize("serial", [1, 42, 9_999_999_999_999])
def test_ibans_are_valid_and_ours(serial: int):
    iban = IBAN(rules.iban_for(serial))
    assert iban.is_valid
    assert (iban.country_code, iban.bank_code) == ("LU", "987")
    assert iban.bic is None, "the demonstration's bank number belongs to nobody"
