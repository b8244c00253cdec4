"""Limits count in the journal that pays: nobody overtakes them, and uncounted nothing is paid."""

from __future__ import annotations

from collections import Counter
from datetime import date
from uuid import UUID

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
)
from sqlalchemy import text

from banking import api as bank
from banking.accounts.limits import service as limits
from banking.accounts.limits.jobs import let_limits_count
from banking.accounts.wallets import service as wallet_service
from banking.core.ledger import service as ledger
from kernel import clock as house_clock
from kernel.actor import SYSTEM, Actor
from kernel.db import counting_queries, reading, transaction
from kernel.errors import NotFound
from kernel.ids import new_id
from kernel.money import Money

Period = bank.Period


def pay(wallet, amount, *, key=None, payee=""):
    return limits.spend(
        key=key or new_id(),
        kind="test",
        wallet=wallet.account,
        amount=amount,
        subject="test",
        legs=[
            ledger.Leg(wallet.account, -amount),
            ledger.Leg(house(COMMISSION, amount.currency), amount),
        ],
        payee=payee,
        actor=SYSTEM,
    )


def lower(wallet, period, amount):
    return limits.choose(
        owner_id=wallet.owner_id, wallet_id=wallet.id, period=period, amount=amount, actor=SYSTEM
    )


def standing(wallet, period):
    with reading():
        found = bank.standing_of(owner_id=wallet.owner_id)
    return next(s for s in found if (s.wallet_id, s.period) == (wallet.id, period))


def forget_allowances(wallet):
    with transaction(name="test", actor=SYSTEM) as current:
        current.execute(
            text("DELETE FROM banking.allowances WHERE wallet_id = :id"), {"id": wallet.id}
        )


def test_fifty_payments_at_once_never_exceed_a_thousand_a_day(own_database, sound):
    wallet = make_wallet("5000")
    lower(wallet, Period.DAY, eur(1000))

    found = outcomes(50, lambda _: pay(wallet, eur("30.01")))

    assert Counter(type(one) for one in found) == {bank.JournalView: 33, bank.DailyLimit: 17}
    assert standing(wallet, Period.DAY).used == eur("990.33")
    assert available(wallet) == eur("5000") - eur("990.33")
    sound()


def test_fifty_payments_from_three_wallets_never_exceed_their_owners_limit(own_database, sound):
    owner = make_customer()
    wallets = [
        make_wallet(amount, currency=currency, owner_id=owner)
        for amount, currency in (("9000", "EUR"), ("9000", "USD"), ("1440000", "JPY"))
    ]
    each = [eur(300), Money.of("300", "USD"), Money.of("48000", "JPY")]

    found = outcomes(50, lambda place: pay(wallets[place % 3], each[place % 3]))

    told = Counter(type(one) for one in found)
    assert told == {bank.JournalView: 33, bank.OwnerDailyLimit: 17}
    assert together(owner, Period.DAY).used == together(owner, Period.MONTH).used == eur(9900)
    spent = [standing(wallet, Period.DAY).used for wallet in wallets]
    assert spent[0].minor // 30000 + spent[1].minor // 30000 + spent[2].minor // 48000 == 33
    sound()


def together(owner, period):
    with reading():
        return next(one for one in bank.together_of(owner_id=owner) if one.period == period)


def test_all_wallets_of_an_owner_share_the_limits_of_the_tier(db, clock, sound):
    clock("2026-11-25T18:00")
    owner = make_customer(is_known=False)
    euros, pounds = (make_wallet("900", currency=c, owner_id=owner) for c in ("EUR", "GBP"))
    pay(euros, eur(700))

    with pytest.raises(bank.OwnerDailyLimit) as refused:
        pay(pounds, Money.of("300.01", "GBP"))

    assert refused.value.data == {
        "left": eur(300),
        "resets_on": date(2026, 11, 26),
        "retry_after": 6 * 3600,
    }
    assert pay(pounds, Money.of("300", "GBP"))
    assert available(pounds) == Money.of("600", "GBP")
    clock("2026-11-26T00:00")
    with pytest.raises(bank.OwnerMonthlyLimit) as refused:
        pay(pounds, Money.of("500.01", "GBP"))
    assert refused.value.data["left"] == eur(500)
    assert refused.value.data["resets_on"] == date(2026, 12, 1)
    sound()


def test_a_higher_tier_counts_for_all_wallets_at_once(db):
    owner = make_customer(is_known=False)
    euros = make_wallet("1000", owner_id=owner)
    dollars = make_wallet("1000", currency="USD", owner_id=owner)
    pay(euros, eur(900))

    bank.vouch(owner_id=owner, words="A test knows them.", actor=SYSTEM)

    assert pay(dollars, Money.of("1000", "USD"))
    assert together(owner, Period.DAY).left == eur(8100)


def test_an_owners_limit_that_cannot_be_counted_refuses_and_never_opens(db, sound):
    wallet = make_wallet("500")
    pay(wallet, eur(1))
    with transaction(name="test", actor=SYSTEM) as current:
        current.execute(
            text("DELETE FROM banking.owner_allowances WHERE owner_id = :id"),
            {"id": wallet.owner_id},
        )
        current.execute(
            text("UPDATE banking.ledger_accounts SET key = 'gone' || key WHERE kind LIKE :kind"),
            {"kind": "limit_owner_%"},
        )

    with pytest.raises(bank.LimitsUnavailable):
        pay(wallet, eur(1))
    assert available(wallet) == eur(499)


def test_a_limit_lowered_while_payments_race_is_never_overrun_afterwards(own_database, sound):
    wallet = make_wallet("5000")

    def work(place):
        return lower(wallet, Period.DAY, eur(200)) if place == 10 else pay(wallet, eur(50))

    found = outcomes(30, work)
    spent = standing(wallet, Period.DAY).used

    assert {type(one) for one in found} <= {
        bank.JournalView,
        bank.DailyLimit,
        limits.queries.OwnChoice,
    }
    with pytest.raises(bank.DailyLimit):
        pay(wallet, max(eur("0.01"), eur(200) - spent + eur("0.01")))
    assert available(wallet) == eur(5000) - spent
    sound()


def test_a_refusal_says_what_is_left_and_when_the_limit_starts_anew(db, clock, sound):
    clock("2026-11-25T18:00")
    wallet = make_wallet("5000")
    lower(wallet, Period.DAY, eur(1000))
    pay(wallet, eur(940))

    with pytest.raises(bank.DailyLimit) as refused:
        pay(wallet, eur("60.01"))

    assert refused.value.data == {
        "left": eur(60),
        "resets_on": date(2026, 11, 26),
        "retry_after": 6 * 3600,
    }
    assert (refused.value.code, refused.value.status) == ("daily_limit", 429)
    assert available(wallet) == eur(4060)
    assert pay(wallet, eur(60))
    sound()


def test_a_day_and_a_month_start_anew_by_themselves(db, clock):
    clock("2026-11-29T23:59")
    wallet = make_wallet("5000")
    lower(wallet, Period.DAY, eur(100))
    lower(wallet, Period.MONTH, eur(150))
    pay(wallet, eur(100))
    with pytest.raises(bank.DailyLimit):
        pay(wallet, eur(1))

    clock("2026-11-30T00:00")
    pay(wallet, eur(50))
    with pytest.raises(bank.MonthlyLimit) as refused:
        pay(wallet, eur(1))
    assert refused.value.data["left"] == eur(0)
    assert refused.value.data["resets_on"] == date(2026, 12, 1)

    clock("2026-12-01T00:00")
    assert pay(wallet, eur(100))


def test_one_payee_has_a_limit_of_its_own(db, clock):
    clock("2026-11-25T12:00")
    wallet = make_wallet("5000")
    lower(wallet, Period.PAYEE, eur(100))
    pay(wallet, eur(80), payee="LU123")

    with pytest.raises(bank.PayeeLimit) as refused:
        pay(wallet, eur(21), payee="LU123")

    assert refused.value.data["left"] == eur(20)
    assert pay(wallet, eur(100), payee="LU456")
    assert pay(wallet, eur(20), payee="LU123")


def test_an_open_payees_limit_is_lowered_with_the_others(db):
    wallet = make_wallet("5000")
    pay(wallet, eur(50), payee="LU123")

    lower(wallet, Period.PAYEE, eur(40))

    with pytest.raises(bank.PayeeLimit) as refused:
        pay(wallet, eur(1), payee="LU123")
    assert refused.value.data["left"] == eur(0)


def test_a_limiter_that_is_down_refuses_and_never_opens(db, sound):
    wallet = make_wallet("500")
    forget_allowances(wallet)

    with pytest.raises(bank.LimitsUnavailable) as refused:
        pay(wallet, eur(1))

    assert refused.value.status == 503
    assert available(wallet) == eur(500)
    sound()


def test_what_a_wallet_lacks_is_told_before_what_its_limit_lacks(db):
    wallet = make_wallet("10")
    lower(wallet, Period.DAY, eur(5))

    with pytest.raises(bank.InsufficientFunds):
        pay(wallet, eur(20))


def test_the_same_key_pays_and_counts_once(db):
    wallet, key = make_wallet("500"), new_id()

    first, again = pay(wallet, eur(70), key=key), pay(wallet, eur(70), key=key)

    assert (again.id, again.is_replay) == (first.id, True)
    assert standing(wallet, Period.DAY).used == eur(70)


def test_a_payment_with_its_limits_is_still_one_statement(db):
    wallet = make_wallet("500")

    pay(wallet, eur(10), payee="LU123")  # whose wallet it is, is read once
    with counting_queries() as counted:
        pay(wallet, eur(10), payee="LU123")

    assert len(counted) == 1


def test_a_captured_hold_counts_like_a_payment(db, sound):
    wallet = make_wallet("500")
    lower(wallet, Period.DAY, eur(100))
    kept = wallet_service.hold(
        key=new_id(),
        wallet_id=wallet.id,
        amount=eur(150),
        reason="test",
        subject="test",
        expires_at=house_clock.now().replace(year=2100),
        actor=SYSTEM,
    )

    def capture(amount):
        legs = [ledger.Leg(wallet.account, -amount), ledger.Leg(house(COMMISSION), amount)]
        with limits.explained():
            return ledger.capture(
                hold_id=kept.id,
                amount=amount,
                key=new_id(),
                actor=SYSTEM,
                legs=[*legs, *limits.legs_for(wallet=wallet.account, amount=amount)],
            )

    capture(eur(60))
    with pytest.raises(bank.DailyLimit) as refused:
        capture(eur(41))

    assert refused.value.data["left"] == eur(40)
    assert standing(wallet, Period.DAY).used == eur(60)
    sound()


def test_a_buyer_with_an_address_alone_pays_for_an_order_up_to_the_daily_limit(db):
    wallet = make_wallet("1000", owner_id=make_customer(is_known=False))
    share = bank.EscrowShare(
        order_ref="O-TEST1", amount=eur(700), beneficiary_id=new_id(), note="goods"
    )

    def fund(share):
        return bank.fund_escrow(
            key=new_id(),
            payer_wallet_id=wallet.id,
            shares=[share],
            dues=[],
            subject="G-TEST",
            actor=SYSTEM,
        )

    fund(share)
    with pytest.raises(bank.InsufficientFunds):
        fund(bank.EscrowShare(order_ref="O-2", amount=eur(301), beneficiary_id=new_id()))
    book(ledger.Leg(wallet.account, eur(500)), ledger.Leg(house(COMMISSION), eur(-500)))
    with pytest.raises(bank.DailyLimit) as refused:
        fund(bank.EscrowShare(order_ref="O-3", amount=eur(301), beneficiary_id=new_id()))

    assert refused.value.data["left"] == eur(300)


def test_a_lower_limit_counts_at_once_and_a_higher_one_a_day_later(db, clock):
    clock("2026-11-25T12:00")
    wallet = make_wallet("9000")
    lower(wallet, Period.DAY, eur(100))
    assert standing(wallet, Period.DAY).limit == eur(100)

    raised = lower(wallet, Period.DAY, eur(3000))
    assert (raised.now, raised.coming) == (10000, 300000)
    with pytest.raises(bank.DailyLimit):
        pay(wallet, eur(101))

    clock("2026-11-26T11:59")
    let_limits_count()
    with pytest.raises(bank.DailyLimit):
        pay(wallet, eur(101))
    clock("2026-11-26T12:00")
    let_limits_count()
    assert standing(wallet, Period.DAY).limit == eur(3000)
    assert pay(wallet, eur(3000))


def test_a_lower_limit_takes_back_the_higher_one_that_was_to_come(db, clock):
    clock("2026-11-25T12:00")
    wallet = make_wallet("5000")
    lower(wallet, Period.DAY, eur(100))
    lower(wallet, Period.DAY, eur(3000))
    clock("2026-11-25T13:00")

    lower(wallet, Period.DAY, eur(50))

    assert standing(wallet, Period.DAY).coming is None
    clock("2026-11-28T12:00")
    let_limits_count()
    assert standing(wallet, Period.DAY).limit == eur(50)


def test_nobody_raises_a_limit_above_the_tier_or_touches_anothers(db):
    wallet = make_wallet("10", owner_id=make_customer(is_known=False))

    with pytest.raises(bank.AboveTier) as refused:
        lower(wallet, Period.DAY, eur("1000.01"))
    assert refused.value.data == {"most": eur(1000)}
    with pytest.raises(NotFound):
        limits.choose(
            owner_id=new_id(),
            wallet_id=wallet.id,
            period=Period.DAY,
            amount=eur(1),
            actor=Actor(person_id=UUID(int=7)),
        )


def test_counters_of_limits_are_no_money_of_anybody(db, sound):
    wallet = make_wallet("500")
    pay(wallet, eur(10))

    counted = posted(house(bank.AccountKind.LIMIT_CONTROL))

    assert counted == eur(-20)
    assert available(wallet) == Money.of("490", "EUR")
    sound()
