"""Goods that go back: withdrawals, returns, refusals, and where every cent of them comes from."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text

from banking import api as bank
from banking.core.ledger import queries as ledger_queries
from banking.core.ledger import service as ledger
from insurance import api as cover
from kernel import clock as house_clock
from kernel import mail
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.errors import NotFound
from kernel.money import Money
from kernel.web.letters import render_letter
from marketplace.aftersales.returns import desks, jobs, outcomes, queries, service
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
from tests.asking import english, says
from tests.journeys.shopping import by_country, pay, to_review

pytestmark = pytest.mark.journey

VENDOR, RIVAL = "owner@qinglan.example.com", "owner@meijiawu.example.com"
OPERATOR = "operator@example.com"
EUR = Money.of("500", "EUR")


@pytest.fixture
def buyer(market, noon, signed_in, with_money):
    actor = signed_in("camille@example.com")
    with_money(actor, "500 EUR")
    return actor


@pytest.fixture
def seller(signed_in, buyer):
    return signed_in(VENDOR)


def bought(market, buyer, cover_level=None):
    """Buy a teapot, and more of it than fits one refund: the order from China."""
    order = by_country(pay(to_review(market, buyer, cover_level=cover_level), buyer))["CN"]
    settle()
    return order


def delivered(market, buyer, **how):
    order = bought(market, buyer, **how)
    order_service.dispatch(order_ref=order.ref, actor=SYSTEM)
    order_service.note_delivered(parcel_ref=order.parcel_ref, at=house_clock.now(), actor=SYSTEM)
    settle()
    return now(order)


def completed(market, buyer):
    order = delivered(market, buyer)
    order_service.confirm_receipt(order_ref=order.ref, actor=buyer)
    settle()
    return now(order)


def now(order):
    with reading():
        return orders.by_ref(order.ref)


def asked(order, buyer, reason=Reason.DAMAGED, expected=None):
    pieces = {line.id: line.quantity for line in order.lines}
    with reading():
        seen = outcomes.preview_for(buyer, order.ref, reason=reason, pieces=pieces)
    return service.send_back(
        order_ref=order.ref,
        reason=reason,
        pieces=pieces,
        note="A crack.",
        expected=expected or seen.parts.total,
        actor=buyer,
    )


def the(ref):
    with reading():
        return queries.by_ref(ref)


def kept(order):
    with reading():
        return bank.escrow_of(order_ref=order.ref).remaining


def later(days):
    house_clock.freeze(house_clock.now() + timedelta(days=days, minutes=1))
    jobs.let_clocks_run_out()
    settle()


def books_balance():
    with reading():
        return bank.verify_ledger().balanced


def letters(kind):
    with reading():
        found = mail.mailbox(limit=200)
    return [one for one in found if one.template == f"marketplace/mail/{kind}.txt"]


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


def plain_text(words):
    return " ".join(words.replace("\u00a0", " ").replace("\u202f", " ").split())


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


def post(browser, address, **form):
    data = {"csrf_token": "test-token"} | form
    return browser.post(f"/en{address}", data=data)


def parsed(answer):
    return BeautifulSoup(answer.text, "html.parser")


def test_two_steps_without_a_question_and_a_double_click_withdraw_once(market, buyer, browse):
    order, mine = bought(market, buyer), browse(buyer)
    way = f"/orders/parcels/{order.ref}/withdraw"
    for page in (f"/orders/{order.group_ref}", "/orders/"):
        links = parsed(mine.get(f"/en{page}")).select(f"main a[href='/en{way}']")
        assert [a.text for a in links] == [english("Withdraw from contract here")]
    seen = parsed(mine.get(f"/en{way}"))
    asked = [field for field in seen.select("main form input") if field["type"] != "hidden"]
    assert asked == []
    assert [b.text for b in seen.select("main form button")] == [english("Confirm withdrawal")]
    assert {"camille@example.com", order.ref} <= {dd.text for dd in seen.select("main dd")}

    answers = [post(mine, way) for _ in range(2)]

    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert [answer.status_code for answer in answers] == [303, 303]
    assert mine.get(f"/en{way}").status_code == 302
    gone = parsed(mine.get(f"/en/orders/{order.group_ref}"))
    assert order.ref not in {
        a["href"].split("/")[-2] for a in gone.select("main a[href$=withdraw]")
    }
    assert len(letters("return_receipt")) <= 1


def test_after_its_time_the_way_is_gone_and_the_page_says_why(market, buyer, browse):
    order, mine = delivered(market, buyer), browse(buyer)
    house_clock.freeze(house_clock.now() + timedelta(days=15))
    page = parsed(mine.get(f"/en/orders/{order.group_ref}"))
    here = page.find(id=order.ref)
    assert not says(here, "Withdraw from contract here")
    assert "The time to withdraw from this contract ended on Wed 9 Dec" in plain(here)
    late = mine.get(f"/en/orders/parcels/{order.ref}/withdraw")
    assert "ended on Wed 9 Dec" in plain(parsed(late))
    refused = post(mine, f"/orders/parcels/{order.ref}/withdraw")
    assert refused.status_code == 409


def plain(found):
    return plain_text(found.get_text(" "))


def test_the_preview_is_what_the_wallet_receives(market, buyer, seller, browse, available):
    order, mine = delivered(market, buyer), browse(buyer)
    (line,) = order.lines
    begin = f"/orders/parcels/{order.ref}/return"
    nothing = post(mine, begin, reason="damaged", **{f"n{line.id}": "0"})
    assert (nothing.status_code, says(nothing, "Choose at least one piece.")) == (422, True)

    preview = post(mine, begin, reason="damaged", **{f"n{line.id}": "1"}).headers["Location"]
    seen = parsed(mine.get(preview))
    expected = seen.select_one("input[name=expected]")["value"]
    way = preview.removeprefix("/en")
    unsaid = post(mine, way, expected=expected, note="")
    assert (unsaid.status_code, says(unsaid, "Please fill this in.")) == (422, True)
    shown = post(mine, way, expected=expected, note="A crack.").headers["Location"]
    again = post(mine, way, expected=expected, note="A crack.").headers["Location"]
    assert shown == again
    ref, before = shown.rsplit("/", 1)[1], available(buyer, "EUR")

    desk = browse(seller)
    assert f"/en/desk/returns/{ref}" in desk.get("/en/desk/returns/").text
    assert says(desk.get("/en/desk/"), "return that waits for you")
    assert post(desk, f"/desk/returns/{ref}/received").status_code == 303
    assert available(buyer, "EUR") - before == Money(int(expected), "EUR")
    assert mine.get(f"/en/desk/returns/{ref}").status_code == 403


def test_the_sellers_page_tells_what_it_costs_and_the_order_shows_it(market, buyer, seller, browse):
    order = delivered(market, buyer)
    ref = asked(order, buyer)
    desk = browse(seller)
    page = parsed(desk.get(f"/en/desk/returns/{ref}"))
    digits = "".join(c for c in page.select_one(".panel .sum output").text if c in ".0123456789")
    assert digits == str(order.vendor_net.amount)
    service.receive(ref=ref, restock=False, actor=seller)
    told = plain(parsed(desk.get(f"/en/desk/orders/{order.ref}")))
    assert says(told, "Goods that came back")
    assert now(order).vendor_net == Money.zero(order.vendor_net.currency)


def test_damage_under_a_cover_leads_to_the_claim_and_a_claim_ends_the_way_back(
    market, buyer, browse
):
    order, mine = delivered(market, buyer, cover_level="STD"), browse(buyer)
    page = parsed(mine.get(f"/en/orders/parcels/{order.ref}/return"))
    (claim,) = page.select("main a[href$='#notice']")
    told = mine.post(
        claim["href"].partition("#")[0] + "/claims",
        data={
            "csrf_token": "test-token",
            "cause": "damage",
            "loss": "20",
            "description": "The spout is broken off.",
        },
    )
    assert told.status_code == 303
    refused = mine.get(f"/en/orders/parcels/{order.ref}/return")
    assert says(refused, "Your cover deals with this parcel")
    with pytest.raises(NotReturnable):
        service.withdraw(order_ref=order.ref, actor=buyer)


def test_what_was_paid_back_for_goods_is_not_paid_as_damage_too(market, buyer, seller, browse):
    order, mine = delivered(market, buyer, cover_level="STD"), browse(buyer)
    ref = service.withdraw(order_ref=order.ref, actor=buyer)
    service.note_sent(ref=ref, carrier="", tracking_number="", actor=buyer)
    service.receive(ref=ref, restock=False, actor=seller)
    with reading():
        policy = cover.policy_for_parcel(parcel_ref=order.parcel_ref)
    assert policy.gone_back == order.total

    answer = mine.post(
        f"/en/cover/policies/{policy.number}/claims",
        data={
            "csrf_token": "test-token",
            "cause": "damage",
            "loss": str(order.total.amount),
            "description": "The spout is broken off.",
        },
    )
    assert answer.status_code == 422
    assert says(mine.get(f"/en/cover/policies/{policy.number}"), "Goods went back to the seller")
