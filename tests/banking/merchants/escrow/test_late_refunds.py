"""Refunds after the payout: who bears them is shown before, and booked exactly so."""

from __future__ import annotations

import pytest
from bank_objects import (
    COMMISSION,
    available,
    book,
    eur,
    house,
    make_wallet,
    outcomes,
    posted,
    transfer,
)

from banking import api as bank
from banking.core.ledger import service as ledger
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from tests.banking.merchants.escrow.test_escrow import bucket, fund, lock, release, share

LOSS = bank.AccountKind.PLATFORM_LOSS
assert lock, "a fixture"


def preview(amount, ref="V-1"):
    with reading():
        return bank.refund_preview(order_ref=ref, amount=eur(amount))


def press(amount, buyer, *, ref="V-1", key=None, seen=""):
    return bank.refund_after_release(
        key=key or new_id(),
        order_ref=ref,
        amount=eur(amount),
        to_wallet_id=buyer.id,
        actor=SYSTEM,
        seen=seen,
    )


def keep_reserve(vendor, amount):
    reserve = ledger.AccountRef(bank.AccountKind.VENDOR_RESERVE, str(vendor), "EUR")
    book(ledger.Leg(wallet_of(vendor).account, -eur(amount)), ledger.Leg(reserve, eur(amount)))


def wallet_of(vendor, currency="EUR"):
    with reading():
        return bank.wallet_for(owner_id=vendor, currency=currency)


def parts(found):
    s = found.sources
    return tuple(str(one.amount) for one in (s.escrow, s.reserve, s.sales, s.wallet, s.loss))


@pytest.fixture
def sold(db):
    """An order of 60 of which 5 are still kept, a reserve of 10, 25 in the wallet, 20 to come."""
    buyer, vendor = make_wallet("200"), new_id()
    fund(buyer, share("60", vendor=vendor), share("25", ref="V-2", vendor=vendor))
    release("55")
    keep_reserve(vendor, "10")
    transfer(wallet_of(vendor), make_wallet(), eur(20))
    return buyer, vendor


def test_a_late_refund_runs_down_reserve_future_sales_wallet_and_the_houses_loss(sold, sound):
    buyer, vendor = sold
    assert parts(preview(60)) == ("5.00", "10.00", "20.00", "25.00", "0.00")
    transfer(wallet_of(vendor), make_wallet(), eur(18))
    seen = preview(60)
    assert parts(seen) == ("5.00", "10.00", "20.00", "7.00", "18.00")

    key = new_id()
    for _ in range(2):
        press(60, buyer, key=key, seen=seen.seal)

    assert available(buyer) == eur(175)
    assert bucket(vendor) == ("25.00", "0.00", "0.00", "0.00", "20.00")
    assert posted(house(LOSS)) == eur(-18)
    sound()


def test_what_was_shown_to_be_left_is_left(sold, sound):
    buyer, vendor = sold
    seen = preview(50)

    press(50, buyer, seen=seen.seal)

    after = seen.after
    assert (after.reserve, after.debt, after.wallet) == (eur(0), eur(20), eur(10))
    assert wallet_of(vendor).available == after.wallet
    assert bucket(vendor)[4] == str(after.debt.amount)
    sound()


def test_future_sales_pay_what_they_owe_when_they_come(sold, sound):
    buyer, vendor = sold
    press(60, buyer)

    release("25", ref="V-2")

    assert bucket(vendor) == ("0.00", "0.00", "5.00", "0.00", "0.00")
    sound()


def test_pressing_with_a_stale_preview_is_refused_and_moves_nothing(sold, sound):
    buyer, vendor = sold
    seen = preview(60)
    transfer(wallet_of(vendor), make_wallet(), eur(1))

    with pytest.raises(bank.PreviewStale):
        press(60, buyer, seen=seen.seal)

    assert available(buyer) == eur(115)
    assert wallet_of(vendor).available == eur(24)
    press(60, buyer, seen=preview(60).seal)
    sound()


def test_no_more_is_refunded_than_was_paid_whatever_it_comes_from(sold):
    buyer, _ = sold
    press(40, buyer)

    with pytest.raises(bank.RefundAbovePaid) as refused:
        press(21, buyer)

    assert refused.value.data == {"left": eur(20)}


def test_sixteen_presses_at_once_refund_no_more_than_was_paid(own_database, sound):
    buyer, vendor = make_wallet("200"), new_id()
    fund(buyer, share("60", vendor=vendor))
    release("60")

    found = outcomes(16, lambda _: press(9, buyer))

    assert sum(isinstance(one, bank.JournalView) for one in found) == 6
    assert available(buyer) == eur(194)
    sound()


def test_a_disputed_order_is_no_future_sale(sold):
    bank.freeze_escrow(order_ref="V-2", amount=eur(25), actor=SYSTEM)

    assert parts(preview(60)) == ("5.00", "10.00", "0.00", "25.00", "20.00")


def test_a_vendor_without_anything_leaves_it_to_the_house(db, sound):
    buyer, vendor = make_wallet("60"), new_id()
    fund(buyer, share("60", vendor=vendor))
    release("60")
    transfer(wallet_of(vendor), make_wallet(), eur(60))

    press(60, buyer)

    assert available(buyer) == eur(60)
    assert posted(house(LOSS)) == eur(-60)
    sound()


def test_a_vendor_abroad_bears_it_in_its_own_currency_at_the_orders_rate(lock, sound):
    """The buyer gets back exactly what was paid, two rate days later too."""
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

    seen = preview(50)
    press(50, buyer, seen=seen.seal)

    assert seen.sources.borne == Money.of("350", "CNY")
    assert seen.sources.commission == posted(house(COMMISSION, "CNY")) == Money.of("28", "CNY")
    assert available(buyer) == eur(50)
    assert wallet_of(vendor, "CNY").available == Money.of("322", "CNY")
    sound()


def test_the_house_returns_the_commission_of_the_refunded_part(db, sound):
    buyer, vendor = make_wallet("100"), new_id()
    fund(buyer, share("100", vendor=vendor))
    release("92", "8")
    seen = preview(50)
    assert (seen.sources.commission, seen.sources.wallet) == (eur(4), eur(46))

    press(50, buyer, seen=seen.seal)

    assert posted(house(COMMISSION)) == eur(4)
    assert wallet_of(vendor).available == eur(46)
    sound()


def test_freight_and_duty_that_go_back_return_no_commission(db, sound):
    buyer, vendor = make_wallet("100"), new_id()
    fund(buyer, share("100", vendor=vendor))
    freight = bank.EscrowPayout(amount=eur(40), purpose=bank.Purpose.FREIGHT)
    goods = bank.EscrowPayout(
        amount=eur(60), purpose=bank.Purpose.GOODS, credit=eur(60), commission=eur(6)
    )
    bank.release_escrow(key=new_id(), order_ref="V-1", payouts=[goods, freight], actor=SYSTEM)
    transfer(make_wallet("100"), wallet_of(vendor), eur(100))

    press(90, buyer)

    assert posted(house(COMMISSION)) == eur(0)
    assert wallet_of(vendor).available == eur("70")
    assert preview(10).sources.commission == eur(0)
    sound()


@pytest.mark.parametrize("steps", [["33.33", "33.33", "33.34"], ["0.07"] * 5 + ["99.65"], ["100"]])
def test_many_small_refunds_return_the_commission_of_one_great_one(db, sound, steps):
    buyer, vendor = make_wallet("100"), new_id()
    fund(buyer, share("100", vendor=vendor))
    release("92.01", "7.99")

    for step in steps:
        press(step, buyer)

    assert posted(house(COMMISSION)) == wallet_of(vendor).available == eur(0)
    sound()
