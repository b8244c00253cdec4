"""Buyer, seller and clock in the same moment: one withdrawal, one refund, whole sums in yen."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from banking import api as bank
from banking.core.ledger import queries as ledger_queries
from banking.core.ledger import service as ledger
from kernel import clock
from kernel.actor import SYSTEM, Actor, Role
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from marketplace.aftersales.returns import queries, service
from marketplace.aftersales.returns.outcomes import preview_for
from marketplace.aftersales.returns.rules import Reason, State
from marketplace.buying.cart import service as cart
from marketplace.buying.orders import queries as orders
from marketplace.buying.orders import service as order_service
from tests.banking.bank_objects import available, outcomes
from tests.journeys.racing import FUNDS, Buyer, make_buyer, open_house
from tests.journeys.shopping import pay
from tests.marketplace.makers import make_offer

pytestmark = pytest.mark.journey

AT_ONCE = 8


@pytest.fixture
def story(own_database):
    """A buyer in Japan with three teapots of a Japanese kiln, paid and not packed."""
    clock.freeze(datetime(2026, 11, 25, 3, tzinfo=UTC))
    open_house()
    made = make_offer(stock=3, price=Money(1111, "JPY"))
    buyer = make_buyer(made.offer_id, 0)
    cart.add_line(
        cart_id=buyer.cart_id,
        offer_id=made.offer_id,
        quantity=2,
        seen=Money(1, "JPY"),
        actor=buyer.actor,
    )
    group = pay(buyer.review(), buyer.actor)
    seller = Actor(
        person_id=new_id(),
        roles=frozenset({Role.VENDOR}),
        label="seller",
        organisation_ids=frozenset({made.vendor.organisation_id}),
    )
    with reading():
        (order,) = orders.group_by_ref(group).orders
    return buyer, seller, order


def bring(order) -> None:
    order_service.dispatch(order_ref=order.ref, actor=SYSTEM)
    order_service.note_delivered(parcel_ref=order.parcel_ref, at=clock.now(), actor=SYSTEM)


def counted(table: str) -> int:
    with reading() as current:
        return int(current.execute(text(f"SELECT count(*) FROM marketplace.{table}")).scalar_one())


def in_wallet(buyer: Buyer) -> Money:
    return available(buyer.wallet)


def is_balanced() -> bool:
    with reading():
        return bank.verify_ledger().balanced


@pytest.mark.parametrize("is_delivered", [False, True])
def test_one_withdrawal_pressed_many_times_at_once_is_one(story, is_delivered):
    buyer, _, order = story
    if is_delivered:
        bring(order)

    found = outcomes(AT_ONCE, lambda _: service.withdraw(order_ref=order.ref, actor=buyer.actor))

    assert {type(one) for one in found} == {str}
    assert len(set(found)) == counted("return_request") == 1
    assert in_wallet(buyer) == (FUNDS - order.total if is_delivered else FUNDS)
    assert is_balanced()


@pytest.mark.parametrize("is_paid_out", [False, True])
def test_seller_and_clock_in_the_same_moment_give_the_money_once(story, is_paid_out):
    buyer, seller, order = story
    bring(order)
    if is_paid_out:
        order_service.confirm_receipt(order_ref=order.ref, actor=buyer.actor)
    ref = service.withdraw(order_ref=order.ref, actor=buyer.actor)
    service.note_sent(ref=ref, carrier="", tracking_number="", actor=buyer.actor)
    clock.freeze(clock.now() + timedelta(days=14))

    def act(number: int) -> object:
        if number % 2:
            return service.receive(ref=ref, restock=False, actor=seller)
        return service.run_out(ref=ref, actor=SYSTEM)

    found = outcomes(AT_ONCE, act)

    assert [one for one in found if isinstance(one, BaseException)] == []
    assert counted("order_refund") == 1
    assert in_wallet(buyer) == FUNDS
    with reading():
        assert queries.by_ref(ref).state is State.SETTLED
        assert not bank.escrow_of(order_ref=order.ref).remaining
    assert is_balanced()


@pytest.mark.parametrize("is_paid_out", [False, True])
@pytest.mark.parametrize("reason", [Reason.CHANGED_MIND, Reason.DAMAGED])
def test_piece_by_piece_brings_back_exactly_what_was_paid(story, reason, is_paid_out):
    buyer, seller, order = story
    bring(order)
    if is_paid_out:
        order_service.confirm_receipt(order_ref=order.ref, actor=buyer.actor)
    (line,) = order.lines

    back = []
    for _ in range(line.quantity):
        with reading():
            seen = preview_for(
                buyer.actor, order.ref, reason=reason, pieces={line.id: 1}
            ).parts.total
        ref = service.send_back(
            order_ref=order.ref,
            reason=reason,
            pieces={line.id: 1},
            note="",
            expected=seen,
            actor=buyer.actor,
        )
        before = in_wallet(buyer)
        service.receive(ref=ref, restock=False, actor=seller)
        back.append(in_wallet(buyer) - before)
        assert back[-1] == seen

    assert sum(back, Money.zero("JPY")) == order.total
    assert in_wallet(buyer) == FUNDS
    with reading():
        assert not bank.escrow_of(order_ref=order.ref).remaining
        assert orders.by_ref(order.ref).state == "refunded"
        left = bank.wallet_for(owner_id=order.organisation_id, currency="JPY")
    assert left is None or not left.available
    assert is_balanced()


def test_the_vendor_is_paid_for_what_was_kept_and_for_no_more(story):
    buyer, seller, order = story
    bring(order)
    (line,) = order.lines
    with reading():
        seen = preview_for(
            buyer.actor, order.ref, reason=Reason.WRONG_ITEM, pieces={line.id: 1}
        ).parts.total
    ref = service.send_back(
        order_ref=order.ref,
        reason=Reason.WRONG_ITEM,
        pieces={line.id: 1},
        note="Another glaze.",
        expected=seen,
        actor=buyer.actor,
    )
    service.receive(ref=ref, restock=True, actor=seller)
    clock.freeze(clock.now() + timedelta(days=4))
    order_service.complete(order_ref=order.ref, actor=SYSTEM)

    with reading():
        paid = bank.wallet_for(owner_id=order.organisation_id, currency="JPY")
        told = orders.by_ref(order.ref)
        revenue = ledger.AccountRef.house(bank.AccountKind.COMMISSION_REVENUE, "JPY")
        commission = ledger_queries.balance(account=revenue).posted
        assert not bank.escrow_of(order_ref=order.ref).remaining
    # Two of three teapots, less 8.5 %: 2222 − 189.
    assert (told.vendor_net, commission) == (Money(2_033, "JPY"), Money(189, "JPY"))
    assert paid is not None
    assert paid.available == told.vendor_net
    assert is_balanced()


def test_what_the_vendor_gave_back_of_its_own_accord_does_not_go_back_twice(story):
    buyer, seller, order = story
    bring(order)
    order_service.confirm_receipt(order_ref=order.ref, actor=buyer.actor)
    bank.refund_after_release(
        key=new_id(),
        order_ref=order.ref,
        amount=Money(500, "JPY"),
        to_wallet_id=buyer.wallet.id,
        actor=SYSTEM,
    )
    ref = service.withdraw(order_ref=order.ref, actor=buyer.actor)
    service.receive(ref=ref, restock=True, actor=seller)

    assert in_wallet(buyer) == FUNDS
    assert is_balanced()
