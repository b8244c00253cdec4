"""A card pays a checkout: one order and one charge, whoever hears of it first, or money back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from paying_by_card import (
    BY_CARD,
    begun,
    captured,
    complete,
    given_up,
    groups,
    outcome,
    page_of,
    typed,
)
from sqlalchemy import text

from banking import api as bank
from banking.authorisation.approvals import service as approvals
from banking.cards.card_topups import jobs as payment_jobs
from banking.cards.card_topups.standin.faults import Fault
from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.db import counting_queries, reading
from kernel.jobs import drain
from kernel.money import Money
from marketplace.buying.checkout import jobs, paying
from marketplace.buying.checkout import service as checkout
from marketplace.buying.checkout.errors import TotalChanged, WalletTooSmall
from marketplace.buying.checkout.service import Kind, Means
from marketplace.buying.orders import service as orders
from marketplace.catalogue.inventory import service as inventory
from tests.asking import says
from tests.journeys.shopping import by_country, pay, to_review
from tests.market import give_money

pytestmark = pytest.mark.journey

DECLINED = "4000000000000341"
TOKEN = {"csrf_token": "test-token"}
# Statements of the button and of coming back, with two parcels, one of them insured.
TO_BEGIN, TO_PLACE = 14, 35


def pressed(browser, view, **form):
    """Press the button of the page as a browser does."""
    page = BeautifulSoup(browser.get(f"/en/checkout/{view.ref}").text, "html.parser")
    sent = {"total_minor": page.select_one("[name=total_minor]")["value"]} | TOKEN | form
    return browser.post(f"/en/checkout/{view.ref}/pay", data=sent)


def test_a_card_pays_the_page_and_no_wallet_is_needed(market, buyer, browse, network):
    view, browser = to_review(market, buyer), browse(buyer)

    onward = pressed(browser, view, pay_with="card")
    back = network.pay(onward.location)
    assert back.headers["Location"].endswith(f"/en/checkout/{view.ref}/paid")
    arrived = browser.get(f"/en/checkout/{view.ref}/paid")

    (group,) = groups(market)
    assert arrived.location == f"/en/orders/{group.ref}"
    assert (group.wallet_id, group.total_minor) == (None, view.total.minor)
    assert [charge["amount"] for charge in network.charges()] == [view.total.minor]
    assert outcome(group.payment_id) == "placed"
    page = browser.get(arrived.location)
    assert page.status_code == 200
    with reading():
        assert bank.verify_ledger().balanced


def test_pressed_twice_leads_to_the_same_page_and_charges_once(market, buyer, network):
    view = to_review(market, buyer)

    first, second = begun(view, buyer), begun(view, buyer)

    assert first == second
    network.pay(page_of(first))
    bank.settle_purchase(payment_id=first)
    assert complete(first) == complete(first)
    assert (len(groups(market)), len(network.charges())) == (1, 1)


def test_who_never_comes_back_has_the_order_within_a_minute(market, buyer, network, deliver):
    """The network's word is enough; and where that is lost as well, the job asks."""
    view = to_review(market, buyer)
    typed(network, view, buyer)
    for body, signature in network.caught.wait_for(2):
        assert deliver(body, signature) == 200

    drain()

    assert len(groups(market)) == 1


def test_the_minutes_job_places_what_nobody_told(market, buyer, network):
    captured(network, to_review(market, buyer), buyer)

    jobs.complete_paid()
    jobs.complete_paid()

    assert len(groups(market)) == 1


def test_a_page_that_was_left_charges_nothing_and_says_so(market, buyer, browse, network):
    view, browser = to_review(market, buyer), browse(buyer)
    onward = pressed(browser, view, pay_with="card")

    back = browser.get(f"/en/checkout/{view.ref}/paid")
    shown = browser.get(back.location)

    assert back.location == f"/en/checkout/{view.ref}"
    assert says(shown, "Nothing was charged, and everything is still here.")
    assert groups(market) == []
    again = pressed(browser, view, pay_with="card")
    assert again.location == onward.location


def test_while_the_network_is_away_the_page_says_so_and_the_next_press_goes_on(
    market, buyer, browse, network
):
    view, browser = to_review(market, buyer), browse(buyer)
    network.fault(Fault.REFUSE_API, 3)

    refused = pressed(browser, view, pay_with="card")
    onward = pressed(browser, view, pay_with="card")

    assert refused.status_code == 503
    assert says(refused, "The card network isn't responding, so nothing has been charged.")
    assert BeautifulSoup(refused.text, "html.parser").select_one("[name=total_minor]") is not None
    network.pay(onward.location)
    browser.get(f"/en/checkout/{view.ref}/paid")
    assert (len(groups(market)), len(network.charges())) == (1, 1)


def test_a_card_that_is_declined_may_be_followed_by_another(market, buyer, network):
    view = to_review(market, buyer)
    payment_id = begun(view, buyer)
    page = page_of(payment_id)

    assert network.pay(page, number=DECLINED).status_code == 402
    bank.settle_purchase(payment_id=payment_id)
    assert complete(payment_id) == ""
    network.pay(page)
    bank.settle_purchase(payment_id=payment_id)

    assert complete(payment_id)
    assert len(network.charges()) == 1


def test_what_the_network_tells_late_or_twice_is_one_order(market, buyer, network, deliver):
    network.fault(Fault.DUPLICATE)
    view = to_review(market, buyer)
    payment_id = typed(network, view, buyer)
    network.settle()
    for body, signature in network.caught.wait_for(2) * 3:
        assert deliver(body, signature) == 200
        drain()
    complete(payment_id)

    assert (len(groups(market)), len(network.charges())) == (1, 1)


def test_paid_three_days_late_is_placed_where_everything_still_holds(market, buyer, network):
    view = to_review(market, buyer, cover_level=None)
    payment_id = begun(view, buyer)
    page = page_of(payment_id)
    house_clock.freeze(house_clock.now() + timedelta(hours=20))
    inventory.expire_reservations(actor=SYSTEM)
    network.pay(page)
    bank.settle_purchase(payment_id=payment_id)

    complete(payment_id)

    placed = groups(market)
    if placed:
        assert placed[0].total_minor == view.total.minor
        assert outcome(payment_id) == "placed"
    else:
        assert outcome(payment_id) == "given_up"
    with reading():
        assert bank.verify_ledger().balanced


def test_paid_late_for_what_sold_out_goes_back_and_the_letter_says_why(market, buyer, network):
    view = to_review(market, buyer)
    payment_id = begun(view, buyer)
    page = page_of(payment_id)
    house_clock.freeze(house_clock.now() + timedelta(hours=2))
    inventory.expire_reservations(actor=SYSTEM)
    for parcel in view.parcels:
        for line in parcel.lines:
            inventory.count(offer_id=line.offer_id, on_hand=0, actor=SYSTEM)
    network.pay(page)
    bank.settle_purchase(payment_id=payment_id)

    assert complete(payment_id) == ""

    assert groups(market) == []
    assert outcome(payment_id) == "given_up"
    assert given_up(market, payment_id) == ["sold_out"]


def test_who_paid_twice_gets_the_second_payment_back(market, buyer, network):
    view = to_review(market, buyer)
    first = captured(network, view, buyer)
    checkout.choose(
        ref=view.ref,
        options={p.vendor.id: p.option.code for p in view.parcels},
        covers={},
        actor=buyer,
    )
    with reading():
        other = checkout.queries.checkout_for(buyer, view.ref)
    assert other.total != view.total
    second = captured(network, other, buyer)

    complete(second)
    complete(first)

    (group,) = groups(market)
    assert (group.payment_id, group.total_minor) == (second, other.total.minor)
    assert (outcome(second), outcome(first)) == ("placed", "given_up")
    assert given_up(market, first) == ["twice"]


def test_what_was_shown_when_paying_began_is_what_is_placed(market, buyer, network):
    """Who changes the page in another window meanwhile is charged, and sent, what they saw."""
    view = to_review(market, buyer)
    payment_id = captured(network, view, buyer)
    checkout.choose(
        ref=view.ref,
        options={p.vendor.id: p.option.code for p in view.parcels},
        covers={},
        actor=buyer,
    )

    group_ref = complete(payment_id)

    covered = by_country(group_ref)["CN"]
    assert covered.cover == "STD"
    assert groups(market)[0].total_minor == view.total.minor


def test_a_sum_that_was_not_shown_is_never_charged(market, buyer, network):
    view = to_review(market, buyer)

    with pytest.raises(TotalChanged):
        checkout.pay(
            ref=view.ref,
            expected=view.total - Money(1, "EUR"),
            means=Means(kind=Kind.CARD),
            actor=buyer,
        )

    assert market.execute(text("SELECT count(*) FROM banking.card_payments")).scalar_one() == 0


def test_what_was_chosen_stays_chosen_when_the_sum_is_refused(market, buyer, network):
    """Pressed with other covers than the page last reckoned with: it shows them with their sum."""
    view = to_review(market, buyer)
    ways = {p.vendor.id: p.option.code for p in view.parcels}

    with pytest.raises(TotalChanged):
        checkout.pay(
            ref=view.ref,
            expected=view.total,
            means=BY_CARD,
            choices=checkout.Choices(ways, covers={}),
            actor=buyer,
        )

    with reading():
        shown = checkout.queries.checkout_for(buyer, view.ref)
    assert [p.cover for p in shown.parcels] == [None, None]
    assert shown.total < view.total


def test_pressing_the_button_and_coming_back_ask_few_questions(market, buyer, network):
    view = to_review(market, buyer)

    with counting_queries() as asked:
        payment_id = begun(view, buyer)
    network.pay(page_of(payment_id))
    with counting_queries() as looked:
        placed = paying.complete_all(ref=view.ref, actor=buyer)

    assert placed.startswith("G-")
    assert len(asked) <= TO_BEGIN
    assert len(looked) <= TO_PLACE


def test_a_checkout_that_was_left_for_another_is_not_placed(market, buyer, network):
    payment_id = captured(network, to_review(market, buyer), buyer)
    to_review(market, buyer)

    complete(payment_id)

    assert (groups(market), outcome(payment_id)) == ([], "given_up")


def test_cancelling_sends_the_money_back_to_the_card(market, buyer, network):
    view = to_review(market, buyer)
    payment_id = captured(network, view, buyer)
    order = by_country(complete(payment_id))["CN"]

    orders.cancel(order_ref=order.ref, actor=buyer)
    drain()
    network.rest()

    back = sum(one["amount"] for one in network.network.records.refunds.values())
    assert back == order.total.minor + view.premium.minor
    with reading():
        assert bank.verify_ledger().balanced


def both(view, share):
    return Means(kind=Kind.BOTH, share=share)


def test_wallet_and_card_pay_together_and_get_back_together(
    market, buyer, network, with_money, available
):
    with_money(buyer, "30 EUR")
    view = to_review(market, buyer, cover_level=None)
    share = Money.of("30", "EUR")
    found = checkout.pay(ref=view.ref, expected=view.total, means=both(view, share), actor=buyer)
    if found.approval_id is not None:
        approvals.give(approval_id=found.approval_id, method="totp", actor=buyer)
        found = checkout.pay(
            ref=view.ref, expected=view.total, means=both(view, share), actor=buyer
        )
    network.pay(page_of(found.payment_id))
    bank.settle_purchase(payment_id=found.payment_id)
    assert available(buyer, "EUR") == share  # nothing leaves it before the card has paid

    group_ref = complete(found.payment_id)

    (group,) = groups(market)
    assert group.wallet_id is not None
    assert group.payment_id == found.payment_id
    assert available(buyer, "EUR") == Money.of("0", "EUR")
    assert [charge["amount"] for charge in network.charges()] == [(view.total - share).minor]
    for order in by_country(group_ref).values():
        orders.cancel(order_ref=order.ref, actor=buyer)
    drain()
    network.rest()
    assert available(buyer, "EUR") == share
    back = sum(one["amount"] for one in network.network.records.refunds.values())
    assert back == (view.total - share).minor


def test_a_wallet_that_was_emptied_meanwhile_places_nothing_and_the_card_is_given_back(
    market, buyer, network, with_money
):
    with_money(buyer, "30 EUR")
    view = to_review(market, buyer, cover_level=None)
    share = Money.of("30", "EUR")
    with pytest.raises(WalletTooSmall):
        checkout.pay(
            ref=view.ref,
            expected=view.total,
            means=both(view, share + share),
            actor=buyer,
        )
    found = checkout.pay(ref=view.ref, expected=view.total, means=both(view, share), actor=buyer)
    if found.approval_id is not None:
        approvals.give(approval_id=found.approval_id, method="totp", actor=buyer)
        found = checkout.pay(
            ref=view.ref, expected=view.total, means=both(view, share), actor=buyer
        )
    network.pay(page_of(found.payment_id))
    bank.settle_purchase(payment_id=found.payment_id)
    give_money(buyer, "-30 EUR")

    assert complete(found.payment_id) == ""
    assert (groups(market), outcome(found.payment_id)) == ([], "given_up")


def test_the_wallet_pays_as_before_and_a_card_that_comes_after_is_given_back(
    market, buyer, network, with_money
):
    with_money(buyer, "500 EUR")
    view = to_review(market, buyer)
    payment_id = captured(network, view, buyer)

    pay(view, buyer)
    jobs.complete_paid()

    assert len(groups(market)) == 1
    assert outcome(payment_id) == "given_up"


def test_a_page_that_takes_long_is_found_by_the_bank_and_completed(market, buyer, network):
    network.fault(Fault.DROP, 9)
    typed(network, to_review(market, buyer), buyer)
    house_clock.freeze(house_clock.now() + timedelta(minutes=3))

    payment_jobs.recover_payments()
    drain()

    assert len(groups(market)) == 1
