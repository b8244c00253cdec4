"""Whoever refunds an order that others have paid the buyer for knows it, or refunds nothing."""

from __future__ import annotations

from datetime import date

import pytest
from bank_objects import eur, posted

from banking import api as bank
from banking.merchants.escrow import compensation
from kernel import clock
from kernel.actor import SYSTEM, Role
from kernel.db import reading
from kernel.ids import new_id
from kernel.text import Message
from tests.asking import problem_code, says
from tests.banking.merchants.payouts.conftest import company_of, earn, ready, wallet_of

TOLD = "Cover paid the buyer %(amount)s for this order on %(day)s."
PROMISED = "Cover will pay the buyer %(amount)s for this order."
ASKED = "A claim of %(amount)s is open for this order."
TICK = "I know the buyer has already been paid for this, and want to refund it anyway."


@pytest.fixture
def paid_for(vendor, monkeypatch):
    """An order that was paid out, and for which somebody else has paid the buyer."""
    monkeypatch.setattr(compensation, "_asked", {})
    ready(vendor)
    ref = earn(company_of(vendor), "100")
    words = Message(TOLD, {"amount": eur(90), "day": date(2026, 11, 20)})
    told(ref, bank.Stage.PAID, words)
    return ref


def told(ref, stage, words):
    paid = bank.Compensation(amount=eur(90), stage=stage, at=clock.now(), words=words)
    bank.ask_before_refunds("tests", lambda *, order_ref: [paid] if order_ref == ref else [])


def refund(ref, **how):
    with reading():
        payer = bank.escrow_of(order_ref=ref).payer_wallet_id
    return bank.refund_after_release(
        key=new_id(), order_ref=ref, amount=eur(40), to_wallet_id=payer, actor=SYSTEM, **how
    )


def test_a_command_that_does_not_know_is_refused_and_moves_nothing(vendor, paid_for):
    with pytest.raises(bank.AlreadyCompensated):
        refund(paid_for)
    assert posted(wallet_of(vendor).account) == eur(100)

    refund(paid_for, knows_compensated=True)
    assert posted(wallet_of(vendor).account) == eur(60)


def test_other_orders_are_refunded_without_a_word(vendor, paid_for):
    refund(earn(company_of(vendor), "50"))
    assert posted(wallet_of(vendor).account) == eur(110)


@pytest.mark.parametrize("who", ["vendor", "operator"])
def test_the_page_says_who_paid_how_much_and_asks_for_a_tick(
    vendor, make_person, as_, paid_for, who
):
    operator = make_person(roles=frozenset({Role.OPERATOR}))
    browser = as_(vendor if who == "vendor" else operator)
    address = f"/en/bank/refunds/{paid_for}"
    first, page = browser.get(address), browser.get(f"{address}/4000")
    for shown in (first, page):
        assert says(shown, TOLD)
        assert "90.00" in shown.text
    assert says(page, TICK)
    fields = {"csrf_token": "test-token"} | {
        name: page.text.split(f'name="{name}" value="')[1].split('"')[0] for name in ("seal", "key")
    }

    refused = browser.post(f"{address}/4000", data=fields)
    assert (refused.status_code, problem_code(refused)) == (409, "already_compensated")
    assert posted(wallet_of(vendor).account) == eur(100)

    done = browser.post(f"{address}/4000", data=fields | {"knows_compensated": "on"})
    assert done.status_code == 303
    assert posted(wallet_of(vendor).account) == eur(60)


def test_a_page_without_another_payment_asks_for_no_tick(vendor, as_, paid_for):
    page = as_(vendor).get(f"/en/bank/refunds/{earn(company_of(vendor), '50')}/1000")

    assert page.status_code == 200
    assert not says(page, TICK)


def test_a_promise_asks_for_its_own_tick(vendor, as_, paid_for):
    told(paid_for, bank.Stage.PROMISED, Message(PROMISED, {"amount": eur(90)}))
    page = as_(vendor).get(f"/en/bank/refunds/{paid_for}/4000")
    assert says(page, PROMISED)
    assert says(page, "I know the buyer will be paid for this, and want to refund it anyway.")
    assert not says(page, TICK)

    with pytest.raises(bank.AlreadyCompensated):
        refund(paid_for)
    refund(paid_for, knows_compensated=True)
    assert posted(wallet_of(vendor).account) == eur(60)


def test_what_is_only_asked_for_is_told_and_stands_in_no_way(vendor, as_, paid_for):
    told(paid_for, bank.Stage.ASKED, Message(ASKED, {"amount": eur(90)}))
    page = as_(vendor).get(f"/en/bank/refunds/{paid_for}/4000")
    assert says(page, ASKED)
    assert "knows_compensated" not in page.text

    refund(paid_for)
    assert posted(wallet_of(vendor).account) == eur(60)
