"""Escrow on a real database: one order, one account, every cent accounted for."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta

import pytest
from bank_objects import (
    COMMISSION,
    available,
    book,
    eur,
    house,
    make_customer,
    make_wallet,
    outcomes,
    posted,
    transfer,
)
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from banking import api as bank
from banking.accounts.parties import service as parties
from banking.accounts.wallets import service as wallets
from banking.authorisation.late_credits import queries as late_credits
from banking.core.fx import rules as fx_rules
from banking.core.fx import service as fx
from banking.core.ledger import service as ledger
from kernel import clock as business
from kernel.actor import SYSTEM, Actor
from kernel.db import reading, session
from kernel.ids import new_id
from kernel.money import Money

PREMIUM = bank.AccountKind.PREMIUM_PAYABLE


def share(amount: str, *, ref: str = "V-1", vendor=None) -> bank.EscrowShare:
    return bank.EscrowShare(order_ref=ref, amount=eur(amount), beneficiary_id=vendor or new_id())


def fund(wallet: bank.WalletView, *shares: bank.EscrowShare, premium: str = "", key=None):
    extra = [bank.Credit(PREMIUM, eur(premium))] if premium else []
    return bank.fund_escrow(
        key=key or new_id(),
        payer_wallet_id=wallet.id,
        shares=shares,
        dues=extra,
        subject="G-1",
        actor=SYSTEM,
    )


def release(goods: str = "", commission: str = "", *, ref: str = "V-1", key=None):
    payouts = []
    if goods:
        payouts.append(bank.EscrowPayout(amount=eur(goods), purpose=bank.Purpose.GOODS))
    if commission:
        payouts.append(bank.EscrowPayout(amount=eur(commission), purpose=bank.Purpose.COMMISSION))
    return bank.release_escrow(key=key or new_id(), order_ref=ref, payouts=payouts, actor=SYSTEM)


def refund(amount: str, wallet: bank.WalletView, *, ref: str = "V-1", key=None):
    return bank.refund_escrow(
        key=key or new_id(), order_ref=ref, amount=eur(amount), to_wallet_id=wallet.id, actor=SYSTEM
    )


def escrow(ref: str = "V-1") -> bank.EscrowView:
    with reading():
        return bank.escrow_of(order_ref=ref)


def account(ref: str = "V-1"):
    return posted(ledger.AccountRef.escrow(ref, "EUR"))


def bucket(vendor) -> tuple[str, ...]:
    with reading():
        (found,) = bank.vendor_buckets(organisation_id=vendor)
    return tuple(
        str(amount.amount)
        for amount in (
            found.held,
            found.releasable,
            found.available,
            found.in_dispute,
            found.negative,
        )
    )


def test_one_journal_pays_all_vendors_and_the_premium(db, outbox, sound):
    buyer, vendor = make_wallet("100"), new_id()
    key = new_id()
    shares = (share("60", vendor=vendor), share("20", ref="V-2", vendor=vendor))

    first = fund(buyer, *shares, premium="3", key=key)
    again = fund(buyer, *shares, premium="3", key=key)

    assert (first.id, again.is_replay) == (again.id, True)
    assert (available(buyer), account("V-1"), account("V-2")) == (eur(17), eur(60), eur(20))
    assert posted(house(PREMIUM)) == eur(3)
    assert (escrow().state, escrow().remaining) == (bank.EscrowState.FUNDED, eur(60))
    told = [fact.order_ref for fact in outbox() if fact.name == "banking.escrow.funded.v1"]
    assert told == ["V-1", "V-2"]
    assert bucket(vendor) == ("80.00", "0.00", "0.00", "0.00", "0.00")
    sound()


def test_who_cannot_pay_all_pays_nothing(db, outbox, sound):
    buyer = make_wallet("80")
    with pytest.raises(bank.InsufficientFunds):
        fund(buyer, share("60"), share("20", ref="V-2"), premium="3")
    assert available(buyer) == eur(80)
    with pytest.raises(bank.EscrowUnknown):
        escrow()
    assert [fact for fact in outbox() if fact.name.startswith("banking.escrow")] == []
    sound()


def test_an_order_is_paid_once(db):
    buyer = make_wallet("100")
    fund(buyer, share("10"))
    with pytest.raises(bank.EscrowExists):
        fund(buyer, share("10"))
    with pytest.raises(bank.EscrowExists):
        fund(buyer, share("5", ref="V-2"), share("5", ref="V-2"))
    assert (available(buyer), account()) == (eur(90), eur(10))


def test_a_release_splits_between_vendor_and_house(db, outbox, sound):
    buyer, vendor = make_wallet("100"), new_id()
    fund(buyer, share("60", vendor=vendor))
    key = new_id()

    first = release("45", "5", key=key)
    again = release("45", "5", key=key)

    assert (first.id, again.is_replay) == (again.id, True)
    assert (escrow().state, escrow().remaining, account()) == (
        bank.EscrowState.PARTLY_RELEASED,
        eur(10),
        eur(10),
    )
    assert posted(house(COMMISSION)) == eur(5)
    assert bucket(vendor) == ("10.00", "0.00", "45.00", "0.00", "0.00")
    with pytest.raises(bank.EscrowKeyReused):
        release("44", "5", key=key)
    release("10")
    assert escrow().state is bank.EscrowState.RELEASED
    told = [fact for fact in outbox() if fact.name == "banking.escrow.released.v1"]
    assert [(fact.amount, fact.remaining) for fact in told] == [
        (eur(50), eur(10)),
        (eur(10), eur(0)),
    ]
    with reading():
        assert [move.amount for move in bank.moves_of(order_refs=["V-1"])["V-1"]] == [
            eur(50),
            eur(10),
        ]
    sound()


@pytest.mark.parametrize("whole", [False, True])
def test_what_a_vendor_earns_after_closing_waits_beside_the_wallet(db, sound, whole):
    """The shop may go on selling in a currency whose wallet its vendor closed."""
    vendor = make_customer()
    wallet = make_wallet(owner_id=vendor) if not whole else None
    buyer = make_wallet("100")
    if wallet is None:
        parties.close_customer(owner_id=vendor, actor=SYSTEM)
    else:
        wallets.close(wallet_id=wallet.id, actor=SYSTEM)
    debt = ledger.AccountRef("vendor_debt", str(vendor), "EUR")
    book(ledger.Leg(debt, eur(-10)), ledger.Leg(buyer.account, eur(10)))
    fund(buyer, share("60", vendor=vendor))
    key = new_id()

    for _ in range(2):
        release("52", "8", key=key)

    with reading():
        (closed,) = bank.wallets_of(owner_id=vendor, with_closed=True)
        (found,) = late_credits.credits_for(Actor(person_id=vendor))
    assert closed.is_closed
    assert (found.amount, found.subject) == (eur(42), "V-1")
    assert posted(ledger.AccountRef("late_credit", closed.account.key, "EUR")) == eur(42)
    assert posted(debt) == eur(0)
    with reading():
        sources = bank.refund_preview(order_ref="V-1", amount=eur(30)).sources
    assert (sources.commission, sources.loss) == (eur(4), eur(26))
    sound()


def test_a_refund_goes_back_once_and_ends_the_escrow(db, outbox, sound):
    buyer = make_wallet("100")
    fund(buyer, share("60"))
    key = new_id()

    refund("60", buyer, key=key)
    assert refund("60", buyer, key=key).is_replay

    assert (available(buyer), account(), escrow().state) == (
        eur(100),
        eur(0),
        bank.EscrowState.REFUNDED,
    )
    with pytest.raises(bank.EscrowTooSmall):
        refund("0.01", buyer)
    with pytest.raises(bank.EscrowTooSmall):
        release("0.01")
    assert [f.amount for f in outbox() if f.name == "banking.escrow.refunded.v1"] == [eur(60)]
    sound()


def test_a_dispute_keeps_only_its_own_part_back(db, outbox, sound):
    buyer, vendor = make_wallet("100"), new_id()
    fund(buyer, share("60", vendor=vendor))

    bank.freeze_escrow(order_ref="V-1", amount=eur(20), actor=SYSTEM)
    bank.freeze_escrow(order_ref="V-1", amount=eur(20), actor=SYSTEM)
    assert bucket(vendor) == ("40.00", "0.00", "0.00", "20.00", "0.00")
    with pytest.raises(bank.EscrowFrozenAmount):
        release("41")
    release("40")
    refund("15", buyer)
    assert escrow().frozen == eur(5)
    bank.freeze_escrow(order_ref="V-1", amount=eur(0), actor=SYSTEM)
    release("5")

    assert (escrow().state, account()) == (bank.EscrowState.RELEASED, eur(0))
    told = [fact.frozen for fact in outbox() if fact.name == "banking.escrow.frozen.v1"]
    assert told == [eur(20), eur(0)]
    sound()


def test_money_is_due_from_the_end_of_the_inspection_window(db, clock):
    start = clock("2026-11-25T10:00")
    vendor = new_id()
    fund(make_wallet("100"), share("60", vendor=vendor))
    bank.allow_release(order_ref="V-1", at=start + timedelta(days=3), actor=SYSTEM)
    assert bucket(vendor)[:2] == ("60.00", "0.00")
    clock("2026-11-28T10:00")
    assert bucket(vendor)[:2] == ("0.00", "60.00")


def test_a_frozen_buyer_does_not_stop_what_a_vendor_earned(db):
    buyer, vendor = make_wallet("60"), new_id()
    fund(buyer, share("60", vendor=vendor))
    bank.freeze(wallet_id=buyer.id, freeze=bank.Freeze.ALL, actor=SYSTEM)
    release("60")
    assert bucket(vendor)[2] == "60.00"


@pytest.mark.parametrize(
    "change",
    ["released = 6001", "frozen = 6001", "state = 'released'", "refunded = -1", "funded = 0"],
)
def test_the_table_refuses_impossible_sums(db, change: str):
    fund(make_wallet("60"), share("60"))
    with reading(), pytest.raises(DBAPIError), session().begin_nested():
        session().execute(text(f"UPDATE banking.escrows SET {change}"))


def test_releases_and_refunds_at_once_never_exceed_the_escrow(own_database, sound):
    buyer, vendor = make_wallet("100"), new_id()
    fund(buyer, share("100", vendor=vendor))

    found = outcomes(48, lambda place: release("7", "2") if place % 2 else refund("9", buyer))

    kinds = Counter(type(one) for one in found)
    assert kinds == {bank.JournalView: 11, bank.EscrowTooSmall: 37}
    assert (escrow().remaining, account()) == (eur(1), eur(1))
    assert escrow().released + escrow().refunded == eur(99)
    assert available(buyer) == escrow().refunded
    sound()


@pytest.fixture
def lock(db, clock):
    """Lock EUR to CNY for an order, at the rates and terms the bank starts with."""
    clock("2026-10-30T10:00")
    fx.load_reference_data(actor=SYSTEM)
    return bank.lock_rate(
        sell="EUR",
        buy="CNY",
        subject="G-1",
        valid_until=business.now() + timedelta(days=60),
        actor=SYSTEM,
    )


def test_a_vendor_abroad_gets_what_its_money_brings_at_the_locked_rate(lock, sound):
    buyer, vendor = make_wallet("100"), new_id()
    fund(buyer, share("100", vendor=vendor))
    payout = bank.EscrowPayout(amount=eur("90"), purpose=bank.Purpose.GOODS, convert_with=lock.id)
    key = new_id()

    for _ in range(2):
        bank.release_escrow(key=key, order_ref="V-1", payouts=[payout], actor=SYSTEM)

    expected = fx_rules.sell(eur("90"), "CNY", lock.rate.ratio, lock.margin).bought
    with reading():
        wallet = bank.wallet_for(owner_id=vendor, currency="CNY")
    assert wallet.posted == expected
    assert account() == eur("10")
    assert posted(house(bank.AccountKind.FX_POSITION)).minor > 0
    sound()


def test_a_vendor_abroad_gets_its_own_price_less_commission(lock, sound):
    buyer, vendor = make_wallet("100"), new_id()
    fund(buyer, share("100", vendor=vendor))
    price, fee = Money.of("700", "CNY"), Money.of("56", "CNY")
    payout = bank.EscrowPayout(
        amount=eur("100"),
        purpose=bank.Purpose.GOODS,
        credit=price,
        commission=fee,
        convert_with=lock.id,
    )
    bank.release_escrow(key=new_id(), order_ref="V-1", payouts=[payout], actor=SYSTEM)

    brought = fx_rules.sell(eur("100"), "CNY", lock.rate.ratio, lock.margin).bought
    with reading():
        wallet = bank.wallet_for(owner_id=vendor, currency="CNY")
    assert wallet.posted == price - fee
    assert posted(house(COMMISSION, "CNY")) == fee
    assert posted(house(bank.AccountKind.PRICE_DIFFERENCE, "CNY")) == brought - price
    sound()


def test_another_currency_without_a_locked_rate_is_refused(db):
    fund(make_wallet("100"), share("100"))
    payout = bank.EscrowPayout(
        amount=eur("100"), purpose=bank.Purpose.GOODS, credit=Money.of("700", "CNY")
    )
    with pytest.raises(AssertionError):
        bank.release_escrow(key=new_id(), order_ref="V-1", payouts=[payout], actor=SYSTEM)


def test_two_payouts_of_one_release_pay_a_debt_once(db, sound):
    buyer, vendor = make_wallet("200"), new_id()
    fund(buyer, share("40", vendor=vendor), share("60", ref="V-2", vendor=vendor))
    release("40")
    with reading():
        mine = bank.wallet_for(owner_id=vendor, currency="EUR")
    transfer(mine, make_wallet(), eur(40))
    bank.refund_after_release(
        key=new_id(), order_ref="V-1", amount=eur("40"), to_wallet_id=buyer.id, actor=SYSTEM
    )
    payouts = [bank.EscrowPayout(amount=eur("30"), purpose=bank.Purpose.GOODS)] * 2
    bank.release_escrow(key=new_id(), order_ref="V-2", payouts=payouts, actor=SYSTEM)
    assert bucket(vendor) == ("0.00", "0.00", "20.00", "0.00", "0.00")
    sound()
