"""What comes back, and where it goes: 48 cases, each through the rooms that bring it about."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from paying_by_card import BY_CARD, complete, page_of, to_card
from sqlalchemy import text

from banking import api as bank
from banking.authorisation.approvals import service as approvals
from banking.cards.card_topups.queries import clearing
from kernel import clock as house_clock
from kernel.actor import SYSTEM, Actor, Role
from kernel.db import reading
from kernel.errors import NotFound
from kernel.ids import new_id
from kernel.jobs import drain
from kernel.money import Money, total
from marketplace.aftersales.returns import outcomes, service
from marketplace.aftersales.returns.rules import Reason
from marketplace.buying.cart import service as cart
from marketplace.buying.checkout import queries as checkouts
from marketplace.buying.checkout import service as checkout
from marketplace.buying.checkout.service import BY_WALLET, Kind, Means
from marketplace.buying.orders import queries as orders
from marketplace.buying.orders import service as order_service
from marketplace.buying.orders.errors import NoWalletForRefunds
from tests.asking import says
from tests.banking.bank_objects import posted, verified
from tests.journeys.shopping import TWO, by_country, offer

pytestmark = pytest.mark.journey

SHARE = Money.of("30", "EUR")
OPERATOR = Actor(person_id=new_id(), roles=frozenset({Role.OPERATOR}), label="operator")


def shop_of(order):
    return Actor(
        person_id=new_id(),
        roles=frozenset({Role.VENDOR}),
        label="shop",
        organisation_ids=frozenset({order.organisation_id}),
    )


def all_cancelled(buyer, both):
    for order in both.values():
        order_service.cancel(order_ref=order.ref, actor=buyer)
    return total([order.total for order in both.values()], "EUR")


def one_cancelled(buyer, both):
    order_service.cancel(order_ref=both["CN"].ref, actor=shop_of(both["CN"]))
    return both["CN"].total


def delivered(order):
    order_service.dispatch(order_ref=order.ref, actor=SYSTEM)
    order_service.note_delivered(parcel_ref=order.parcel_ref, at=house_clock.now(), actor=SYSTEM)


def asked(order, buyer, pieces):
    with reading():
        seen = outcomes.preview_for(buyer, order.ref, reason=Reason.DAMAGED, pieces=pieces)
    ref = service.send_back(
        order_ref=order.ref,
        reason=Reason.DAMAGED,
        pieces=pieces,
        note="A crack.",
        expected=seen.parts.total,
        actor=buyer,
    )
    return ref, seen.parts.total


def all_sent_back(buyer, both):
    back = []
    for order in both.values():
        delivered(order)
        ref, amount = asked(order, buyer, {line.id: line.quantity for line in order.lines})
        service.receive(ref=ref, restock=True, actor=shop_of(order))
        back.append(amount)
    assert back == [order.total for order in both.values()]
    return total(back, "EUR")


def one_ruled_for_the_buyer(buyer, both):
    order = both["CN"]
    delivered(order)
    ref, amount = asked(order, buyer, {order.lines[0].id: 1})
    service.reject(ref=ref, words="It left here whole.", actor=shop_of(order))
    service.dispute(ref=ref, words="Look at the picture.", actor=buyer)
    service.decide(ref=ref, for_buyer=True, words="The picture shows it.", actor=OPERATOR)
    assert amount < order.total
    return amount


def lost(orders_of):
    for order in orders_of:
        order_service.dispatch(order_ref=order.ref, actor=SYSTEM)
        order_service.note_lost(
            parcel_ref=order.parcel_ref, at=house_clock.now(), evidence={}, actor=SYSTEM
        )
    return total([order.total for order in orders_of], "EUR")


def all_lost(_buyer, both):
    return lost([*both.values()])


def one_lost(_buyer, both):
    return lost([both["CN"]])


def turned_back(orders_of):
    for order in orders_of:
        order_service.dispatch(order_ref=order.ref, actor=SYSTEM)
        order_service.note_refused(parcel_ref=order.parcel_ref, actor=SYSTEM)
        order_service.note_returned(parcel_ref=order.parcel_ref, actor=SYSTEM)
    return total([order.total for order in orders_of], "EUR")


def all_turned_back(_buyer, both):
    return turned_back([*both.values()])


def one_turned_back(_buyer, both):
    return turned_back([both["CN"]])


# What paid, whether the buyer chose the wallet for what comes back, and who then gets it; "both" is
# each its part of what it paid. It is the same whatever brings the money back.
COLUMNS = (
    ("card", False, "card"),
    ("card", True, "wallet"),
    ("wallet", False, "wallet"),
    ("wallet", True, "wallet"),
    ("both", False, "both"),
    ("both", True, "wallet"),
)
ROWS = {
    "all of it, cancelled before it is packed": all_cancelled,
    "one parcel of two, cancelled by its shop": one_cancelled,
    "all of it, sent back and received": all_sent_back,
    "one piece of three, ruled for the buyer": one_ruled_for_the_buyer,
    "all of it, lost": all_lost,
    "one parcel of two, lost": one_lost,
    "all of it, turned back": all_turned_back,
    "one parcel of two, refused at the border": one_turned_back,
}
CASES = [
    pytest.param(happens, *column, id=f"{words}: {column[0]}{', to the wallet' * column[1]}")
    for words, happens in ROWS.items()
    for column in COLUMNS
]


@pytest.fixture
def basket(market, buyer):
    """Two teapots from China and a lamp from Denmark, shown with the button that pays."""

    def shown():
        cart_id = None
        for (country, title), quantity in zip(TWO, (2, 1), strict=True):
            cart_id = cart.add_line(
                cart_id=cart_id,
                offer_id=offer(market, country=country, title=title),
                quantity=quantity,
                seen=Money(1, "EUR"),
                actor=buyer,
            )
        with reading():
            home = checkouts.address_to(buyer, "FR")
        start = checkout.Basket(
            cart_id=cart_id, is_alone=False, locale="en", country="FR", currency="EUR"
        )
        ref = checkout.begin(basket=start, address_id=home, actor=buyer)
        with reading():
            return checkouts.checkout_for(buyer, ref)

    return shown


def paid(view, means, buyer, network):
    """Pay as a page does; return the group's reference."""
    asked_for = {"ref": view.ref, "expected": view.total, "means": means, "actor": buyer}
    found = checkout.pay(**asked_for)
    if found.approval_id is not None:
        approvals.give(approval_id=found.approval_id, method="totp", actor=buyer)
        found = checkout.pay(**asked_for)
    if found.group_ref:
        return found.group_ref
    network.pay(page_of(found.payment_id))
    bank.settle_purchase(payment_id=found.payment_id)
    return complete(found.payment_id)


def parts_of(amount, taker, by_wallet, whole):
    """Return what wallet and card get of an amount, as the table has it. Units: minor units."""
    if taker == "both":
        share = amount.times(Fraction(by_wallet.minor, whole.minor))
        return share, amount - share
    nothing = Money.zero("EUR")
    return (amount, nothing) if taker == "wallet" else (nothing, amount)


MEANS = {"card": BY_CARD, "wallet": BY_WALLET, "both": Means(kind=Kind.BOTH, share=SHARE)}


@pytest.mark.parametrize(("happens", "payer", "to_wallet", "taker"), CASES)
def test_what_comes_back_goes_to_what_paid_or_to_the_wallet(
    basket, buyer, network, with_money, available, happens, payer, to_wallet, taker
):
    with_money(buyer, "500 EUR" if payer == "wallet" else "30 EUR")
    view = basket()
    group_ref = paid(view, MEANS[payer], buyer, network)
    with reading():
        group = orders.group_by_ref(group_ref)
    if to_wallet:
        order_service.choose_refunds(group_ref=group_ref, to_wallet=True, actor=buyer)
    before = available(buyer, "EUR")

    back = happens(buyer, by_country(group_ref))
    drain()
    network.rest()

    by_wallet, by_card = parts_of(back, taker, SHARE, view.total)
    found = available(buyer, "EUR") - before, to_card(network)
    assert sum(found, Money.zero("EUR")) == back
    # Cents that are cut off in each of two parcels; all that comes back is exact.
    slack = 0 if back in {view.total, *found} else 2
    assert abs((found[0] - by_wallet).minor) <= slack
    assert abs((found[1] - by_card).minor) <= slack
    if group.payment_id is not None:
        assert not posted(clearing(group.payment_id, "EUR"))
    assert verified().balanced


def test_the_table_has_48_cases_and_stands_in_the_documentation():
    written = (Path(__file__).parents[3] / "docs" / "marketplace.md").read_text(encoding="utf-8")

    takers = " | ".join(taker for *_, taker in COLUMNS)
    rows = [f"| {words} | {takers} |" for words in ROWS]
    assert len(CASES) == 48
    assert [row for row in rows if row not in written] == []


def test_the_choice_is_the_buyers_and_counts_from_then_on(
    basket, buyer, network, with_money, available, market
):
    with_money(buyer, "30 EUR")
    group_ref = paid(basket(), BY_CARD, buyer, network)
    both = by_country(group_ref)
    with pytest.raises(NotFound):
        order_service.choose_refunds(group_ref=group_ref, to_wallet=True, actor=shop_of(both["CN"]))

    order_service.choose_refunds(group_ref=group_ref, to_wallet=True, actor=buyer)
    order_service.cancel(order_ref=both["CN"].ref, actor=buyer)
    order_service.choose_refunds(group_ref=group_ref, to_wallet=False, actor=buyer)
    order_service.cancel(order_ref=both["DK"].ref, actor=buyer)
    drain()
    network.rest()

    assert available(buyer, "EUR") == SHARE + both["CN"].total
    assert to_card(network) == both["DK"].total
    market.execute(text("UPDATE marketplace.order_group SET currency = 'NOK'"))
    with pytest.raises(NoWalletForRefunds):
        order_service.choose_refunds(group_ref=group_ref, to_wallet=True, actor=buyer)


def test_the_page_of_an_order_that_a_card_paid_offers_the_choice(
    basket, buyer, network, with_money, browse
):
    with_money(buyer, "30 EUR")
    group_ref = paid(basket(), BY_CARD, buyer, network)
    page, choice = f"/en/orders/{group_ref}", f"/en/orders/{group_ref}/refunds"
    browser = browse(buyer)
    back = "It goes back to %(card)s; your bank may take a few days."
    assert says(browser.get(page), back, card="Visa •••• 4242")

    chosen = browser.post(choice, data={"csrf_token": "test-token", "to": "wallet"})

    assert chosen.location == f"{page}#refunds"
    assert says(browser.get(page), "It goes to your Entrepôt wallet.")
    browser.post(choice, data={"csrf_token": "test-token", "to": "paid"})
    with reading():
        assert orders.group_by_ref(group_ref).refund_wallet_id is None
