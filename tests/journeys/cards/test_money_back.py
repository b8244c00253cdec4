"""Money back for what a card paid: to the card, or to the wallet that its buyer prefers."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from paying_by_card import BY_CARD, begun, complete, decided, disputed, page_of, to_card
from sqlalchemy import text

from banking import api as bank
from banking.cards.disputes import service as disputes
from insurance import api as cover
from insurance.contracts.policies import service as policies
from kernel import clock as house_clock
from kernel import mail
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.ids import new_id
from kernel.jobs import drain
from kernel.money import Money
from kernel.web.letters import render_letter
from marketplace.buying.checkout.service import Kind, Means
from marketplace.buying.orders import queries as orders
from marketplace.buying.orders import service
from marketplace.buying.orders.jobs import release_what_is_due
from tests.asking import says
from tests.banking.bank_objects import verified
from tests.journeys.shopping import by_country, to_review

pytestmark = pytest.mark.journey

CARD = "Visa •••• 4242"
TO_CARD = "%(refunded)s goes back to %(card)s. Your bank may take a few days to show it."
SHARE = Money.of("30", "EUR")


def soup(answer):
    return BeautifulSoup(answer.text, "html.parser")


def bought(network, view, buyer, means=BY_CARD):
    """Pay by card, alone or beside a wallet, and let all letters be written; return the group."""
    payment_id = begun(view, buyer, means)
    network.pay(page_of(payment_id))
    bank.settle_purchase(payment_id=payment_id)
    ref = complete(payment_id)
    drain()
    return ref


@pytest.fixture
def group(market, buyer, network):
    """An order of two parcels that a card paid."""
    return bought(network, to_review(market, buyer, cover_level=None), buyer)


def wallet(buyer):
    with reading():
        return bank.wallet_for(owner_id=buyer.person_id, currency="EUR").available


def told(template):
    """Return the newest letter of a kind, in English."""
    with reading():
        sent = next(m for m in mail.mailbox(limit=50) if m.template.endswith(f"/{template}.txt"))
    return render_letter(sent.template, "en", sent.data)


def without_marks(words):
    """Return words without the marks that keep a card's number in its direction."""
    return re.sub("[\\u2066-\\u2069]", "", words)


def press(browser, ref, **form):
    page = soup(browser.get(f"/en/orders/{ref}"))
    token = page.select_one("[name=csrf_token]")["value"]
    return browser.post(f"/en/orders/{ref}/refunds", data={"csrf_token": token} | form)


def first_order(buyer, ref):
    with reading():
        return orders.own_group(buyer, ref).orders[0]


def test_what_a_card_paid_goes_back_to_it_and_page_and_letter_say_so(market, buyer, group, browse):
    order, before = first_order(buyer, group), wallet(buyer)

    page = browse(buyer).get(f"/en/orders/{group}")
    service.cancel(order_ref=order.ref, actor=buyer)
    drain()

    assert says(page, "It goes back to %(card)s; your bank may take a few days.", card=CARD)
    assert wallet(buyer) == before
    letter = told("order_refunded")
    assert says(letter.text, "The order for parcel %(ref)s was cancelled.", ref=order.ref)
    assert says(without_marks(letter.text), TO_CARD, card=CARD)


def test_a_buyer_may_have_it_in_the_wallet_instead_and_change_back(market, buyer, group, browse):
    browser, before = browse(buyer), wallet(buyer)
    first, second = (one.ref for one in _orders(buyer, group))

    assert press(browser, group, to="wallet").status_code == 303
    page = browser.get(f"/en/orders/{group}")
    service.cancel(order_ref=first, actor=buyer)
    drain()
    back = wallet(buyer) - before
    letter = told("order_refunded")
    press(browser, group, to="paid")
    service.cancel(order_ref=second, actor=buyer)

    assert says(page, "It goes to your Entrepôt wallet.")
    assert says(page, "Refund the way I paid")
    assert back == _orders(buyer, group)[0].total
    assert says(letter.text, "%(refunded)s is back in your wallet.")
    assert wallet(buyer) - before == back


@pytest.fixture
def covered(market, buyer, network):
    """The first of two parcels, covered, and the policy, bought by card."""
    ref = bought(network, to_review(market, buyer, business="Maison Perrin"), buyer)
    order = by_country(ref)["CN"]
    with reading():
        return ref, order, cover.policy_for_parcel(parcel_ref=order.parcel_ref)


@pytest.mark.parametrize("chosen", [True, False])
def test_a_premium_goes_where_its_buyer_lets_refunds_go(buyer, covered, network, browse, chosen):
    (ref, order, policy), before = covered, wallet(buyer)

    service.choose_refunds(group_ref=ref, to_wallet=chosen, actor=buyer)
    service.cancel(order_ref=order.ref, actor=buyer)
    drain()
    network.rest()

    back = order.total + policy.total
    assert wallet(buyer) - before == (back if chosen else Money.zero("EUR"))
    assert to_card(network) == (Money.zero("EUR") if chosen else back)


def test_cover_that_is_cancelled_alone_says_where_its_premium_goes(buyer, covered, browse):
    (ref, _, policy), before, browser = covered, wallet(buyer), browse(buyer)
    page, form = f"/en/cover/policies/{policy.number}", {"csrf_token": "test-token"}

    def seen():
        shown = browser.post(f"{page}/withdraw", data=form)
        return browser.get(page), browser.get(shown.location), shown.location

    card = seen()
    service.choose_refunds(group_ref=ref, to_wallet=True, actor=buyer)
    chosen = seen()

    done = browser.post(chosen[2], data=form, follow_redirects=True)

    assert says(card[0], "If you cancel now, %(refund)s goes back to the card you paid with.")
    assert says(card[1], "To the card you paid with")
    assert says(chosen[0], "If you cancel now, %(refund)s goes back to your wallet.")
    assert says(chosen[1], "To your wallet")
    assert says(done, "Cover cancelled. The refund is in your wallet.")
    assert wallet(buyer) - before == policy.total


def test_while_its_payment_is_disputed_a_premium_goes_to_the_card_alone(buyer, covered, network):
    (ref, _, policy), before = covered, wallet(buyer)
    service.choose_refunds(group_ref=ref, to_wallet=True, actor=buyer)
    with reading():
        payment = bank.purchase(payment_id=orders.own_group(buyer, ref).payment_id).payment
    disputes.settle(dispute_ref=network.dispute(payment))

    policies.withdraw(policy_id=policy.id, expected_refund=policy.total, actor=buyer)

    assert wallet(buyer) == before
    with reading():
        (waits,) = bank.purchase_credits_of(payment_id=payment.id)
    assert (waits.amount, waits.why.value) == (policy.total, "disputed")


def test_what_a_claim_pays_goes_the_same_way(buyer, covered, network):
    (ref, order, policy), before = covered, wallet(buyer)
    service.choose_refunds(group_ref=ref, to_wallet=True, actor=buyer)
    cover.fund_float(
        amount=Money.of("5000", "EUR"),
        insurer_key=policy.insurer_key,
        key=new_id(),
        actor=SYSTEM,
    )

    lost(order)
    drain()
    network.rest()

    with reading():
        (claim,) = cover.claims_of(owner_id=buyer.person_id)
    assert claim.state is cover.ClaimState.PAID
    assert wallet(buyer) - before == claim.payable + order.duty + order.tax + order.fees
    assert not to_card(network)


def lost(order):
    """Let the carrier take a parcel and give it up."""
    news = {"parcel_ref": order.parcel_ref, "at": house_clock.now(), "actor": SYSTEM}
    service.dispatch(order_ref=order.ref, actor=SYSTEM)
    service.note_scanned(place="CN", **news)
    service.note_lost(evidence={"said": "lost"}, **news)


def _orders(buyer, ref):
    with reading():
        return orders.own_group(buyer, ref).orders


def test_who_paid_with_both_reads_of_both(market, buyer, network, with_money):
    with_money(buyer, "500 EUR")
    view = to_review(market, buyer, cover_level=None)
    ref = bought(network, view, buyer, Means(kind=Kind.BOTH, share=SHARE))
    placed = told("order_placed").text
    service.cancel(order_ref=first_order(buyer, ref).ref, actor=buyer)
    drain()

    assert says(placed, "Thank you. You paid %(total)s from your wallet and with %(card)s.")
    back = told("order_refunded")
    assert says(back.text, "%(refunded)s goes back to your wallet and %(card)s, as you paid.")


def test_cancelling_and_withdrawing_say_where_the_money_goes(buyer, group, browse):
    browser, order = browse(buyer), first_order(buyer, group)

    withdrawal = browser.get(f"/en/orders/parcels/{order.ref}/withdraw")
    asked = soup(browser.get(f"/en/orders/{group}")).select_one("#change .ask-body")

    sentence = "It goes back to %(card)s; your bank may take a few days."
    assert says(withdrawal, sentence, card=CARD)
    assert says(asked.get_text(), sentence, card=CARD)


def test_calling_it_off_stands_last_on_the_page_of_an_order(buyer, group, browse):
    page = soup(browse(buyer).get(f"/en/orders/{group}"))

    assert page.main.find_all("section")[-1]["id"] == "change"
    assert page.select_one("article form[action$='/cancel']") is None
    assert len(page.select("#change form[action$='/cancel']")) == 2


@pytest.mark.parametrize(
    ("is_won", "said"),
    [
        (True, "On %(day)s the bank decided that it stands."),
        (False, "On %(day)s the bank gave %(amount)s of this order back to the cardholder."),
    ],
)
def test_shop_and_operator_read_on_the_order_that_its_payment_is_disputed(
    buyer, group, network, browse, signed_in, is_won, said
):
    with reading():
        payment = bank.purchase(payment_id=orders.own_group(buyer, group).payment_id).payment
    order = by_country(group)["CN"]
    shop = browse(signed_in("owner@qinglan.example.com"))
    house = browse(signed_in("operator@example.com"))
    pages = [(shop, f"/en/desk/orders/{order.ref}"), (house, f"/en/orders/{group}")]
    before = [browser.get(address).text for browser, address in pages]

    on_hold = (
        "The card payment is disputed with its bank. %(amount)s of this order is on hold until the "
        "bank decides."
    )
    dispute = network.dispute(payment)
    disputes.settle(dispute_ref=dispute)
    drain()
    opened = [browser.get(address).text for browser, address in pages]
    network.decide(dispute, is_won=is_won)
    for _ in range(2):
        disputes.settle(dispute_ref=dispute)
    drain()
    closed = [browser.get(address).text for browser, address in pages]

    assert not any(says(page, on_hold) for page in before)
    assert all(says(page, on_hold) for page in opened)
    assert all(says(page, said) for page in closed)
    links = [
        BeautifulSoup(page, "html.parser").select("a[href*='/bank/books/disputes/']")
        for page in opened
    ]
    assert not links[0]
    assert house.get(links[1][0]["href"]).status_code == 200


@pytest.mark.parametrize(
    ("is_won", "said", "then"),
    [
        (
            True,
            (
                "The bank decided that the card payment is valid, "
                "so %(amount)s of this order is no longer on hold."
            ),
            "Send the items now, and we'll pay you as planned once the order is complete.",
        ),
        (
            False,
            "The bank gave %(taken)s of this order back to the cardholder. Its decision is final.",
            "Please don't send the items.",
        ),
    ],
)
def test_the_shop_gets_a_letter_when_a_payment_is_disputed_and_when_it_is_decided(
    buyer, group, network, is_won, said, then
):
    with reading():
        payment = bank.purchase(payment_id=orders.own_group(buyer, group).payment_id).payment
    dispute = network.dispute(payment)
    for _ in range(2):
        disputes.settle(dispute_ref=dispute)
        drain()
    opened = letters_about("vendor_payment_disputed")
    network.decide(dispute, is_won=is_won)
    for _ in range(2):
        disputes.settle(dispute_ref=dispute)
        drain()
    closed = letters_about("vendor_dispute_decided")

    before_sending = (
        "Message the buyer before you send it: if it's a mix-up, they can ask their bank to end "
        "the dispute. If they don't want it any more, cancel the order and the items go back into "
        "your stock."
    )
    assert opened.keys() == closed.keys()
    assert {ref for ref, _ in opened} == {order.ref for order in _orders(buyer, group)}
    for letter in opened.values():
        assert says(letter.text, "The cardholder asked their bank for the money back.")
        assert says(letter.text, before_sending)
    for letter in closed.values():
        assert says(letter.text, said)
        assert then in letter.text


def delivered(order):
    service.dispatch(order_ref=order.ref, actor=SYSTEM)
    service.note_delivered(parcel_ref=order.parcel_ref, at=house_clock.now(), actor=SYSTEM)
    drain()


def kept(order):
    with reading():
        return bank.escrow_of(order_ref=order.ref).remaining


def stock(market):
    query = "SELECT sum(allocated), sum(on_hand) FROM marketplace.stock_level"
    return tuple(market.execute(text(query)).one())


def test_orders_that_were_not_sent_end_when_the_bank_takes_all_of_their_money(
    market, buyer, network
):
    before = stock(market)
    group = bought(network, to_review(market, buyer, cover_level=None), buyer)

    decided(network, disputed(buyer, group, network), is_won=False)
    for order in _orders(buyer, group):  # the news of it may come twice
        service.end_charged_back(order_ref=order.ref, actor=SYSTEM)

    ended = _orders(buyer, group)
    assert [order.state for order in ended] == ["cancelled"] * len(ended)
    assert not any(kept(order) for order in ended)
    assert stock(market) == before
    assert to_card(network) == Money.zero("EUR")
    assert verified().balanced


def test_an_order_that_came_waits_for_the_bank_and_ends_whatever_it_decides(
    market, buyer, group, network
):
    order, _ = _orders(buyer, group)
    delivered(order)
    ref = disputed(buyer, group, network)
    house_clock.freeze(house_clock.now() + timedelta(days=60))

    release_what_is_due()
    waiting = first_order(buyer, group).state
    decided(network, ref, is_won=False)
    release_what_is_due()
    drain()

    assert waiting == "delivered"
    assert first_order(buyer, group).state == "completed"
    assert not kept(order)
    assert letters_about("vendor_order_paid") == {}
    assert verified().balanced


def test_what_the_bank_took_of_an_order_comes_off_its_vendors_part(market, buyer, group, network):
    first, second = _orders(buyer, group)
    delivered(first)
    delivered(second)
    taken = Money.of("20", "EUR")
    decided(network, disputed(buyer, group, network, amount=taken.minor), is_won=False)
    house_clock.freeze(house_clock.now() + timedelta(days=60))

    release_what_is_due()
    drain()

    ended = _orders(buyer, group)
    assert [order.state for order in ended] == ["completed", "completed"]
    assert not any(kept(order) for order in ended)
    letters = letters_about("vendor_order_paid")
    assert {ref for ref, _ in letters} == {first.ref, second.ref}
    words = (
        "Order %(ref)s is complete. Items %(goods)s, less commission %(commission)s and the "
        "%(taken)s that the cardholder's bank took back, makes %(paid)s."
    )
    assert all(says(letter.text, words) for letter in letters.values())
    assert verified().balanced


@pytest.mark.parametrize("share", [20, 10_000])
def test_a_disputed_order_that_is_lost_gives_back_what_the_bank_left(
    market, buyer, group, network, share
):
    order = first_order(buyer, group)
    service.dispatch(order_ref=order.ref, actor=SYSTEM)
    most = sum(one.total.minor for one in _orders(buyer, group))
    taken = most * share // 10_000
    decided(network, disputed(buyer, group, network, amount=taken), is_won=False)

    service.note_returned(parcel_ref=order.parcel_ref, actor=SYSTEM)
    drain()

    assert first_order(buyer, group).state == "refunded"
    assert not kept(order)
    assert verified().balanced


def letters_about(template):
    """Return a kind of letters about orders, in English, by order and reader: one for each."""
    with reading():
        sent = [m for m in mail.mailbox(limit=50) if m.template.endswith(f"/{template}.txt")]
    found = {(m.data["ref"], m.recipient): render_letter(m.template, "en", m.data) for m in sent}
    assert len(found) == len(sent)
    return found
