"""One purchase across borders, from the cart to the last cent."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from banking import api as bank
from insurance import api as cover
from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.errors import NotFound
from kernel.money import Money
from marketplace.buying.cart import service as cart
from marketplace.buying.cart.errors import EmptyCart
from marketplace.buying.checkout import service as checkout
from marketplace.buying.checkout.errors import ReservationEnded, TotalChanged
from marketplace.buying.orders import queries as orders
from marketplace.buying.orders import service as order_service
from marketplace.buying.orders.errors import NotCancellable, StepNotPossible
from marketplace.logistics.carriers.gateway import MischiefKind, misbehave
from marketplace.logistics.shipping.cli import settle
from tests.journeys.shopping import (
    by_country,
    days,
    fill,
    house_transaction,
    offer,
    pay,
    to_review,
)

pytestmark = pytest.mark.journey


def test_insured_loss_and_delivery_leave_every_cent_where_the_pages_say(
    market, noon, signed_in, with_money, available
):
    buyer = signed_in("camille@example.com")
    with_money(buyer, "500 EUR")
    view = to_review(market, buyer, business="Maison Perrin")
    group_ref = pay(view, buyer)
    settle()
    assert available(buyer, "EUR") == Money.of("500", "EUR") - view.total

    found = by_country(group_ref)
    teapot, lamp = found["CN"], found["DK"]
    assert teapot.total + lamp.total + view.premium == view.total
    with reading():
        assert bank.escrow_of(order_ref=teapot.ref).remaining == teapot.total
        assert cover.policy_for_parcel(parcel_ref=teapot.parcel_ref).state == "bound"

    for order in (teapot, lamp):
        order_service.dispatch(order_ref=order.ref, actor=SYSTEM)
    settle()
    with house_transaction():
        misbehave(kind=MischiefKind.LOSE, parcel_ref=teapot.parcel_ref, actor=SYSTEM)
    days(26)

    found = by_country(group_ref)
    assert (found["CN"].state, found["DK"].state) == ("indemnified", "completed")
    with reading():
        (claim,) = cover.claims_of(owner_id=buyer.person_id)
        assert claim.state == "paid"
        assert bank.escrow_of(order_ref=teapot.ref).remaining == Money.zero("EUR")
        vendor = bank.wallet_for(owner_id=lamp.organisation_id, currency="DKK")
        assert vendor.available == lamp.vendor_net
        assert bank.verify_ledger().balanced
        assert all(row.is_balanced for row in cover.control_accounts())
    border = teapot.duty + teapot.tax + teapot.fees
    expected = Money.of("500", "EUR") - view.total + claim.payable + border
    assert available(buyer, "EUR") == expected


def test_a_plain_purchase_with_cover_queues_no_job_about_cover_for_its_orders(
    market, noon, signed_in, with_money
):
    buyer = signed_in("camille@example.com")
    with_money(buyer, "500 EUR")

    pay(to_review(market, buyer), buyer)

    told = market.execute(
        text("SELECT handler, count(*) AS jobs FROM kernel.delivery GROUP BY handler")
    )
    jobs = {row.handler: row.jobs for row in told}
    assert jobs["insurance.counter.confirm_policy"] == 1
    assert jobs["marketplace.orders.tell_buyer_and_vendors"] == 1
    assert not {"marketplace.orders.cover_for_sellers", "marketplace.orders.hear_of_cover"} & {
        *jobs
    }


def test_an_uninsured_lost_parcel_gives_everything_back(
    market, noon, signed_in, with_money, available
):
    buyer = signed_in("camille@example.com")
    with_money(buyer, "500 EUR")
    view = to_review(market, buyer, cover_level=None)
    found = by_country(pay(view, buyer))
    settle()
    order_service.dispatch(order_ref=found["CN"].ref, actor=SYSTEM)
    settle()
    with house_transaction():
        misbehave(kind=MischiefKind.LOSE, parcel_ref=found["CN"].parcel_ref, actor=SYSTEM)
    days(26)
    with reading():
        assert orders.by_ref(found["CN"].ref).state == "refunded"
    assert available(buyer, "EUR") == Money.of("500", "EUR") - found["DK"].total


@pytest.mark.parametrize(
    ("email", "country", "currency", "money"),
    [("haruka@example.com", "JP", "JPY", "90000"), ("layla@example.com", "AE", "AED", "3000")],
)
def test_the_same_story_in_yen_and_dirham(
    market, noon, signed_in, with_money, available, email, country, currency, money
):
    buyer = signed_in(email)
    with_money(buyer, f"{money} {currency}")
    view = to_review(market, buyer, country=country, currency=currency)
    found = by_country(pay(view, buyer))
    settle()
    assert available(buyer, currency) == Money.of(money, currency) - view.total
    for order in found.values():
        order_service.dispatch(order_ref=order.ref, actor=SYSTEM)
    days(36)  # the slowest way may take a month, and three days to look at the goods follow
    with reading():
        states = {orders.by_ref(order.ref).state for order in found.values()}
        assert states == {"completed"}
        assert bank.verify_ledger().balanced


@pytest.mark.parametrize(
    ("email", "country", "money", "premium"),
    [
        ("haruka@example.com", "JP", "90000 JPY", "194 JPY"),
        ("layla@example.com", "AE", "3000 AED", "5.32 AED"),
    ],
)
def test_a_lost_parcel_is_paid_for_in_yen_and_dirham(
    market, noon, signed_in, with_money, available, email, country, money, premium
):
    buyer, begun = signed_in(email), amount(money)
    with_money(buyer, money)
    view = to_review(
        market, buyer, country=country, currency=begun.currency, business="Maison Perrin"
    )
    found = by_country(pay(view, buyer))
    settle()
    teapot, lamp = found["CN"], found["DK"]
    order_service.dispatch(order_ref=teapot.ref, actor=SYSTEM)
    settle()
    with house_transaction():
        misbehave(kind=MischiefKind.LOSE, parcel_ref=teapot.parcel_ref, actor=SYSTEM)
    days(26)

    with reading():
        (claim,) = cover.claims_of(owner_id=buyer.person_id)
        insured = cover.policy_for_parcel(parcel_ref=teapot.parcel_ref).sum_insured
        assert (view.premium, claim.payable) == (amount(premium), insured)
        # Fragile goods round the world: 0.70 % × 1.45 × 1.80 of goods, freight, duty and tax.
        assert view.premium.minor == round(insured.minor * 0.01827)
        assert (claim.state, orders.by_ref(teapot.ref).state) == ("paid", "indemnified")
        assert bank.verify_ledger().balanced
        assert all(row.is_balanced for row in cover.control_accounts())
    border = teapot.duty + teapot.tax + teapot.fees
    paid_for_good = lamp.total + teapot.total + amount(premium)
    assert available(buyer, begun.currency) == begun - paid_for_good + insured + border


def amount(words: str) -> Money:
    return Money.of(*words.split())


def test_paying_twice_is_paying_once(market, noon, signed_in, with_money, available):
    buyer = signed_in("camille@example.com")
    with_money(buyer, "500 EUR")
    view = to_review(market, buyer)
    assert pay(view, buyer) == pay(view, buyer)
    assert available(buyer, "EUR") == Money.of("500", "EUR") - view.total
    assert market.execute(text("SELECT count(*) FROM marketplace.order_group")).scalar_one() == 1


def test_an_empty_wallet_leaves_nothing_behind(market, noon, signed_in, with_money):
    buyer = signed_in("camille@example.com")
    with_money(buyer, "1 EUR")
    view = to_review(market, buyer)
    with pytest.raises(bank.InsufficientFunds):
        pay(view, buyer)
    for table in (
        "marketplace.order_group",
        "marketplace.vendor_order",
        "insurance.policies",
        "banking.escrows",
    ):
        assert market.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0
    allocated = market.execute(text("SELECT sum(allocated) FROM marketplace.stock_level"))
    assert allocated.scalar_one() == 0


def test_another_total_than_the_page_showed_is_asked_back(market, noon, signed_in, with_money):
    buyer = signed_in("camille@example.com")
    with_money(buyer, "500 EUR")
    view = to_review(market, buyer)
    with pytest.raises(TotalChanged):
        checkout.pay(ref=view.ref, expected=view.total - Money(1, "EUR"), actor=buyer)


def test_goods_are_kept_half_an_hour(market, noon, signed_in, with_money):
    buyer = signed_in("camille@example.com")
    with_money(buyer, "500 EUR")
    view = to_review(market, buyer)
    house_clock.freeze(noon + timedelta(minutes=31))
    with pytest.raises(ReservationEnded):
        pay(view, buyer)


def test_a_vendor_paid_before_the_window_ends_is_impossible(market, noon, signed_in, with_money):
    buyer = signed_in("camille@example.com")
    with_money(buyer, "500 EUR")
    found = by_country(pay(to_review(market, buyer), buyer))
    settle()
    with pytest.raises(StepNotPossible):
        order_service.complete(order_ref=found["DK"].ref, actor=SYSTEM)


def test_cancelling_before_packing_gives_money_stock_and_premium_back(
    market, noon, signed_in, with_money, available
):
    buyer = signed_in("camille@example.com")
    with_money(buyer, "500 EUR")
    found = by_country(pay(to_review(market, buyer), buyer))
    settle()
    for order in found.values():
        order_service.cancel(order_ref=order.ref, actor=buyer)
    settle()
    assert available(buyer, "EUR") == Money.of("500", "EUR")
    allocated = market.execute(text("SELECT sum(allocated) FROM marketplace.stock_level"))
    assert allocated.scalar_one() == 0
    with pytest.raises(NotCancellable):
        order_service.cancel(order_ref=found["DK"].ref, actor=buyer)


def test_orders_of_others_do_not_exist(market, noon, signed_in, with_money):
    buyer, stranger = signed_in("camille@example.com"), signed_in("haruka@example.com")
    with_money(buyer, "500 EUR")
    group_ref = pay(to_review(market, buyer), buyer)
    found = by_country(group_ref)
    with reading(), pytest.raises(NotFound):
        orders.group_for(stranger, group_ref)
    with pytest.raises(NotFound):
        order_service.cancel(order_ref=found["DK"].ref, actor=stranger)
    with pytest.raises(NotFound):
        order_service.dispatch(order_ref=found["DK"].ref, actor=stranger)


def test_goods_in_a_second_cart_of_the_same_person_are_bought_too(market, noon, signed_in):
    buyer = signed_in("camille@example.com")
    fill(market, buyer)
    lamp = offer(market, country="DK", title="lamp")
    tea = offer(market, country="JP", title="急須")
    second = cart.add_line(
        cart_id=None, offer_id=tea, quantity=1, seen=Money(1, "EUR"), actor=buyer
    )

    checkout.start(cart_id=second, locale="en", country="FR", currency="EUR", actor=buyer)

    kept = market.execute(text("SELECT offer_id FROM marketplace.stock_reservation_line")).scalars()
    assert {lamp, tea} <= set(kept)


def test_an_empty_cart_cannot_be_checked_out(market, noon, signed_in):
    buyer = signed_in("camille@example.com")
    with pytest.raises(EmptyCart):
        checkout.start(cart_id=None, locale="en", country="FR", currency="EUR", actor=buyer)
