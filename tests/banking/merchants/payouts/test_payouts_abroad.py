"""Payouts in every currency, to the vendor's own bank in its country, and back from there."""

from __future__ import annotations

import pytest
from bank_objects import available, house, make_wallet, posted

from banking.authorisation.payees.queries import Outcome
from banking.core.rail.gateway import FaultKind, misbehave
from banking.merchants.payouts import queries, running, service
from banking.merchants.payouts.rules import State
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from tests.banking.merchants.payouts.conftest import company_of, named, now, pass_time

DIRECTORY = {
    "CNY": ("CN 102422001029 6222021503001234567", "景德镇青岚陶瓷有限公司"),
    "JPY": ("JP 0005531 0123456", "株式会社早川道具店"),
    "KRW": ("KR 004 92345678901234", "주식회사 달빛공방"),
    "DKK": ("DK5000400440116243", "Lysholm Lamper ApS"),
    "USD": ("US 125000024 004623187450", "Cascade Dry Goods LLC"),
    "BRL": ("BR1800360305000010009795493C1", "Serra Clara Torrefação Ltda."),
    "AED": ("AE070331234567890123456", "دار النخيل للتجارة ش.ذ.م.م"),
    "INR": ("IN HDFC0000240 50200012345678", "Gulmohar House Pvt. Ltd."),
    "MXN": ("MX 002610000012345675", "Taller Barro Azul S.A. de C.V."),
}


@pytest.mark.parametrize("currency", DIRECTORY)
def test_a_vendor_is_paid_at_its_bank_in_its_own_currency(vendor, sound, currency):
    account, holder = DIRECTORY[currency]
    asked = named(vendor, account, holder, currency)
    make_wallet("2000", currency=currency, owner_id=company_of(vendor))
    earned = Money.of("2000", currency)
    pass_time(days=1)

    made = running.pay_now(
        vendor_id=company_of(vendor), currency=currency, key=new_id(), actor=vendor
    )
    for _ in range(4):
        pass_time(days=2)

    assert (asked.outcome, asked.account.account) == (Outcome.MATCH, account)
    assert (now(made.ref).state, now(made.ref).amount) == (State.PAID, earned)
    assert posted(house("rail_clearing", currency)) == Money.zero(currency)
    assert posted(house("rail_nostro", currency)) == earned
    sound()


def test_what_another_country_sends_back_is_in_the_wallet_again(vendor, sound):
    misbehave(kind=FaultKind.RETURN, actor=SYSTEM)
    named(vendor, *DIRECTORY["CNY"], currency="CNY")
    wallet = make_wallet("700", currency="CNY", owner_id=company_of(vendor))
    pass_time(days=1)

    made = running.pay_now(vendor_id=company_of(vendor), currency="CNY", key=new_id(), actor=vendor)
    for _ in range(3):
        pass_time(days=3)

    assert (now(made.ref).state, now(made.ref).reason) == (State.RETURNED, "AC04")
    assert available(wallet) == Money.of("700", "CNY")
    sound()


def test_the_house_vouches_for_an_account_once_and_it_counts_at_once(vendor):
    about = {
        "vendor_id": company_of(vendor),
        "currency": "CNY",
        "person_id": vendor.person_id,
        "actor": SYSTEM,
    }
    account, holder = DIRECTORY["CNY"]
    make_wallet("700", currency="CNY", owner_id=company_of(vendor))
    for typed in (account, "CN 103331002010 6228480322012345678"):
        service.vouch_for_payout_account(account=typed, name=holder, **about)

    made = running.pay_now(vendor_id=company_of(vendor), currency="CNY", key=new_id(), actor=vendor)

    with reading():
        assert queries.account(account_id=made.account_id).account.account == account


def test_every_currency_that_is_paid_out_has_a_smallest_amount():
    assert all(queries.house_least(currency).minor > 0 for currency in queries.payable())
