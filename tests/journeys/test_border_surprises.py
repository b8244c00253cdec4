"""Customs asks for another sum than was promised."""

from __future__ import annotations

import pytest

from banking import api as bank
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.money import Money
from marketplace.orders import service as order_service
from tests.journeys.shopping import by_country, pay, to_review

pytestmark = pytest.mark.journey


@pytest.fixture
def teapot(market, clock, signed_in, with_money):
    clock("2026-11-25T12:00")
    buyer = signed_in("camille@example.com")
    with_money(buyer, "500 EUR")
    order = by_country(pay(to_review(market, buyer, cover_level=None), buyer))["CN"]
    order_service.dispatch(order_ref=order.ref, actor=SYSTEM)
    return buyer, order


def assess(order, *, assessed):
    promised = order.duty + order.tax + order.fees
    order_service.note_assessed(
        parcel_ref=order.parcel_ref, quoted=promised, assessed=assessed, actor=SYSTEM
    )


def test_what_customs_does_not_take_is_in_the_wallet_at_once(teapot, available):
    buyer, order = teapot
    before, promised = available(buyer, "EUR"), order.duty + order.tax + order.fees
    for _ in range(2):
        assess(order, assessed=promised - Money.of("4.00", "EUR"))
    assert available(buyer, "EUR") == before + Money.of("4.00", "EUR")


def test_what_customs_takes_on_top_is_the_house_s_loss_and_the_buyer_s_never(teapot, available):
    buyer, order = teapot
    before, promised = available(buyer, "EUR"), order.duty + order.tax + order.fees
    for _ in range(2):
        assess(order, assessed=promised + Money.of("7.10", "EUR"))
    assert available(buyer, "EUR") == before
    with reading():
        account = bank.AccountRef.house(bank.AccountKind.DUTY_VARIANCE, "EUR")
        assert bank.balance(account=account).posted == -Money.of("7.10", "EUR")
        assert bank.verify_ledger().balanced
