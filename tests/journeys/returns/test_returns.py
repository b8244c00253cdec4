"""Goods that go back: withdrawals, returns, refusals, and where every cent of them comes from."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from banking import api as bank
from banking.core.ledger import queries as ledger_queries
from banking.core.ledger import service as ledger
from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.errors import NotFound
from kernel.money import Money
from kernel.web.letters import render_letter
from marketplace.aftersales.returns import desks, queries, service
from marketplace.aftersales.returns.errors import (
    NotReturnable,
    RefundChanged,
    ReturnMovedOn,
    ReturnUnknown,
)
from marketplace.aftersales.returns.rules import Reason, State
from marketplace.buying.orders import queries as orders
from marketplace.buying.orders import service as order_service
from marketplace.buying.orders.errors import StepNotPossible
from marketplace.buying.orders.jobs import release_what_is_due
from marketplace.logistics.shipping.cli import settle
from tests.journeys.returns.sending_back import (
    OPERATOR,
    RIVAL,
    VENDOR,
    asked,
    bought,
    completed,
    delivered,
    kept,
    later,
    letters,
    now,
    plain_text,
    the,
)

pytestmark = pytest.mark.journey

EUR = Money.of("500", "EUR")


def books_balance():
    with reading():
        return bank.verify_ledger().balanced


def test_withdrawing_before_it_is_packed_gives_everything_back_at_once(
    market, buyer, seller, available
):
    order = bought(market, buyer, cover_level="STD")
    paid = EUR - available(buyer, "EUR")
    ref = service.withdraw(order_ref=order.ref, actor=buyer)
    again = service.withdraw(order_ref=order.ref, actor=buyer)
    settle()

    assert ref == again
    assert (the(ref).state, now(order).state) == (State.CANCELLED, "cancelled")
    assert the(ref).parts.total == order.total
    with reading():
        premium = orders.group_by_ref(order.group_ref).premium
    others = paid - order.total - premium
    assert available(buyer, "EUR") == EUR - others
    assert (kept(order), books_balance()) == (Money.zero("EUR"), True)
    (receipt,) = letters("return_receipt")
    written = render_letter(receipt.template, receipt.locale, receipt.data)
    # Noon in London is one o'clock in Paris, and the letter says whose clock it is.
    assert receipt.recipient == "camille@example.com"
    assert "mercredi 25 novembre 2026, 13:00 (Paris)" in plain_text(written.text)
    assert order.ref in written.text
    assert VENDOR in {one.recipient for one in letters("vendor_order_cancelled")}
    assert letters("return_opened") == []


def test_withdrawing_on_the_way_waits_for_the_parcel_and_holds_the_money(
    market, buyer, seller, available
):
    order = bought(market, buyer)
    order_service.dispatch(order_ref=order.ref, actor=SYSTEM)
    ref = service.withdraw(order_ref=order.ref, actor=buyer)
    assert (the(ref).state, the(ref).due_at) == (State.AWAITED, None)

    order_service.note_delivered(parcel_ref=order.parcel_ref, at=house_clock.now(), actor=SYSTEM)
    settle()
    assert the(ref).state is State.OPEN
    assert the(ref).due_at == house_clock.now() + timedelta(days=14)

    later(4)  # the inspection is over, and nobody is paid
    assert (now(order).state, kept(order)) == ("delivered", order.total)
    with pytest.raises(StepNotPossible):
        order_service.confirm_receipt(order_ref=order.ref, actor=buyer)
    service.note_sent(ref=ref, carrier="La Poste", tracking_number="6A123", actor=buyer)
    before = available(buyer, "EUR")
    service.receive(ref=ref, restock=True, actor=seller)
    settle()

    assert (the(ref).state, now(order).state) == (State.SETTLED, "refunded")
    assert available(buyer, "EUR") - before == order.total
    assert (kept(order), books_balance()) == (Money.zero("EUR"), True)


def test_nobody_confirms_and_the_money_goes_back_by_itself_after_proof_of_sending(
    market, buyer, available
):
    order = delivered(market, buyer)
    ref = service.withdraw(order_ref=order.ref, actor=buyer)
    service.note_sent(ref=ref, carrier="", tracking_number="", actor=buyer)
    before = available(buyer, "EUR")

    later(13)
    assert the(ref).state is State.SENT
    later(1)

    assert the(ref).state is State.SETTLED
    assert available(buyer, "EUR") - before == order.total
    service.run_out(ref=ref, actor=SYSTEM)
    assert available(buyer, "EUR") - before == order.total


def test_goods_that_are_never_sent_close_the_return_and_the_vendor_is_paid(market, buyer):
    order = delivered(market, buyer)
    ref = service.withdraw(order_ref=order.ref, actor=buyer)

    later(15)
    assert (the(ref).state, now(order).is_returning) == (State.CLOSED, False)
    jobs_of_orders()

    assert (now(order).state, kept(order)) == ("completed", Money.zero("EUR"))
    with pytest.raises(NotReturnable):
        service.withdraw(order_ref=order.ref, actor=buyer)


def jobs_of_orders():
    release_what_is_due()
    settle()


def test_after_the_payout_the_vendor_gives_its_net_and_the_house_its_commission(
    market, buyer, seller, available
):
    order = completed(market, buyer)
    with reading():
        wallet = bank.wallet_for(owner_id=order.organisation_id, currency=order.vendor_net.currency)
        revenue = ledger.AccountRef.house(
            bank.AccountKind.COMMISSION_REVENUE, order.vendor_net.currency
        )
        assert ledger_queries.balance(account=revenue).posted == order.vendor_commission
    assert wallet.available == order.vendor_net
    before = available(buyer, "EUR")
    ref = asked(order, buyer)
    service.receive(ref=ref, restock=False, actor=seller)
    settle()

    assert (the(ref).state, now(order).state) == (State.SETTLED, "refunded")
    assert available(buyer, "EUR") - before == order.total
    with reading():
        assert not ledger_queries.balance(account=revenue).posted
        for kind in (bank.AccountKind.TAX_PAYABLE, bank.AccountKind.FREIGHT_PAYABLE):
            held = ledger_queries.balance(account=ledger.AccountRef.house(kind, "EUR")).posted
            # Duty and tax come out of what was owed to customs; the carrier did its work.
            assert held == (
                order.freight if kind is bank.AccountKind.FREIGHT_PAYABLE else Money.zero("EUR")
            )
    assert books_balance()
    assert now(order).vendor_net == Money.zero(order.vendor_net.currency)


def test_a_seller_that_arranges_no_way_back_loses_the_return(market, buyer, available):
    order = delivered(market, buyer)
    ref = asked(order, buyer)
    assert the(ref).waits_for_seller
    before = available(buyer, "EUR")

    later(5)

    assert the(ref).state is State.SETTLED
    assert available(buyer, "EUR") - before == order.total


def test_a_label_gives_the_buyer_two_weeks_to_use_it(market, buyer, seller):
    ref = asked(delivered(market, buyer), buyer)
    service.arrange(
        ref=ref,
        address="Reshipper\n8 Rue des Docks\n69007 Lyon",
        country="FR",
        instructions="Label 8812",
        actor=seller,
    )

    assert (the(ref).waits_for_seller, the(ref).country) == (False, "FR")
    assert the(ref).due_at == house_clock.now() + timedelta(days=14)
    settle()
    told = render_letter(*letter_parts(letters("return_moved")[0]))
    assert "Label 8812" in told.text


def letter_parts(letter):
    return letter.template, letter.locale, letter.data


def test_a_refusal_goes_to_the_house_and_what_it_decides_moves_the_money(
    market, buyer, seller, signed_in, available
):
    order = delivered(market, buyer)
    ref = asked(order, buyer)
    service.reject(ref=ref, words="It left here whole.", actor=seller)
    service.dispute(ref=ref, words="Look at the picture.", actor=buyer)
    with reading():
        assert bank.escrow_of(order_ref=order.ref).frozen == order.total
    before = available(buyer, "EUR")
    service.decide(ref=ref, for_buyer=True, words="The carton was open.", actor=signed_in(OPERATOR))
    settle()

    assert the(ref).state is State.SETTLED
    assert available(buyer, "EUR") - before == order.total
    assert (kept(order), books_balance()) == (Money.zero("EUR"), True)


def test_a_dispute_that_the_seller_wins_thaws_the_money_and_pays_it(
    market, buyer, seller, signed_in
):
    order = delivered(market, buyer)
    ref = asked(order, buyer)
    service.reject(ref=ref, words="It left here whole.", actor=seller)
    service.dispute(ref=ref, words="No.", actor=buyer)
    service.decide(ref=ref, for_buyer=False, words="The scan says so.", actor=signed_in(OPERATOR))
    later(4)
    jobs_of_orders()

    assert (the(ref).state, now(order).state) == (State.CLOSED, "completed")
    assert kept(order) == Money.zero("EUR")


def test_clock_and_seller_at_the_same_moment_give_the_money_once(market, buyer, seller, available):
    order = delivered(market, buyer)
    ref = service.withdraw(order_ref=order.ref, actor=buyer)
    service.note_sent(ref=ref, carrier="", tracking_number="", actor=buyer)
    before = available(buyer, "EUR")
    later(15)
    service.receive(ref=ref, restock=True, actor=seller)
    service.receive(ref=ref, restock=True, actor=seller)

    assert available(buyer, "EUR") - before == order.total
    refunds = market.execute(text("SELECT count(*) FROM marketplace.order_refund"))
    assert refunds.scalar_one() == 1


def test_nobody_else_sees_or_moves_a_return(market, buyer, seller, signed_in):
    order = delivered(market, buyer)
    stranger, rival = signed_in("haruka@example.com"), signed_in(RIVAL)
    with pytest.raises(NotFound):
        service.withdraw(order_ref=order.ref, actor=stranger)
    ref = asked(order, buyer)
    with pytest.raises(ReturnUnknown):
        service.note_sent(ref=ref, carrier="", tracking_number="", actor=stranger)
    with pytest.raises(ReturnUnknown):
        service.receive(ref=ref, restock=False, actor=rival)
    with pytest.raises(ReturnUnknown):
        service.receive(ref=ref, restock=False, actor=buyer)
    with pytest.raises(ReturnUnknown):
        service.decide(ref=ref, for_buyer=True, words="Mine.", actor=seller)
    with reading():
        for see, actor in (
            (desks.page_for_buyer, stranger),
            (desks.page_for_seller, rival),
            (desks.page_for_house, signed_in(OPERATOR)),
        ):
            with pytest.raises(ReturnUnknown):
                see(actor, ref)
    assert the(ref).state is State.OPEN


def test_the_period_ends_at_the_buyers_midnight(market, buyer):
    order = delivered(market, buyer)  # Wednesday noon in London, and so in Paris
    house_clock.freeze(house_clock.now().replace(month=12, day=9, hour=22, minute=59))
    with reading():
        assert queries.reach_of(now(order), buyer.person_id).may_withdraw
    house_clock.freeze(house_clock.now() + timedelta(minutes=1))
    with pytest.raises(NotReturnable):
        service.withdraw(order_ref=order.ref, actor=buyer)
    with reading():
        left = queries.reach_of(now(order), buyer.person_id)
    assert left.reasons == [Reason.DAMAGED, Reason.NOT_AS_DESCRIBED, Reason.WRONG_ITEM]


def test_another_amount_than_the_page_showed_is_asked_back(market, buyer):
    order = delivered(market, buyer)
    with pytest.raises(RefundChanged):
        asked(order, buyer, expected=Money(1, "EUR"))
    assert not now(order).is_returning


def test_a_withdrawal_is_not_refused_unseen_and_late_words_are_refused(market, buyer, seller):
    ref = service.withdraw(order_ref=delivered(market, buyer).ref, actor=buyer)
    with pytest.raises(ReturnMovedOn):
        service.reject(ref=ref, words="No.", actor=seller)
    house_clock.freeze(house_clock.now() + timedelta(days=15))
    with pytest.raises(ReturnMovedOn):
        service.note_sent(ref=ref, carrier="", tracking_number="", actor=buyer)


def test_a_lost_parcel_ends_the_withdrawal_and_pays_once(market, buyer, available):
    order = bought(market, buyer)
    order_service.dispatch(order_ref=order.ref, actor=SYSTEM)
    ref = service.withdraw(order_ref=order.ref, actor=buyer)
    before = available(buyer, "EUR")
    order_service.note_lost(
        parcel_ref=order.parcel_ref, at=house_clock.now(), evidence={}, actor=SYSTEM
    )
    settle()

    assert (the(ref).state, now(order).state) == (State.VOID, "refunded")
    assert available(buyer, "EUR") - before == order.total
