"""Buyers who change their mind, clocks that run out, news out of order: nobody pays for nothing."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from banking import api as bank
from insurance import api as cover
from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.db import reading, transaction
from kernel.money import Money
from marketplace.buying.buyers import queries as buyers
from marketplace.buying.cart import queries as carts
from marketplace.buying.cart import service as cart
from marketplace.buying.cart.errors import EmptyCart
from marketplace.buying.checkout import queries as checkouts
from marketplace.buying.checkout import service as checkout
from marketplace.buying.checkout.errors import CheckoutOver, CoverUnread, NothingFits, QuoteEnded
from marketplace.buying.orders import jobs as order_jobs
from marketplace.buying.orders import queries as orders
from marketplace.buying.orders import service as order_service
from marketplace.catalogue.vendors import queries as vendor_queries
from marketplace.catalogue.vendors import service as vendors
from marketplace.catalogue.vendors.service import Shop
from marketplace.logistics.carriers.gateway import MischiefKind, misbehave
from marketplace.logistics.carriers.rules.tracking import ParcelState, Scan
from marketplace.logistics.shipping import service as shipping_service
from marketplace.logistics.shipping.cli import settle
from marketplace.logistics.shipping.events import ParcelLost
from tests.asking import english
from tests.journeys.shopping import by_country, days, offer, pay, to_review
from tests.marketplace.makers import make_offer

pytestmark = pytest.mark.journey


@pytest.fixture
def buyer(market, noon, signed_in, with_money):
    actor = signed_in("camille@example.com")
    with_money(actor, "5000 EUR")
    return actor


def start(actor, cart_id, *, country="FR", currency="EUR"):
    return checkout.start(
        cart_id=cart_id, locale="en", country=country, currency=currency, actor=actor
    )


def send(ref, actor):
    with reading():
        address = buyers.addresses_of(actor)[0]
    checkout.send_to(ref=ref, address_id=address.id, actor=actor)
    with reading():
        return checkouts.checkout_for(actor, ref)


def levels(market, offer_id):
    row = market.execute(
        text(
            "SELECT on_hand, reserved, allocated FROM marketplace.stock_level WHERE offer_id = :id"
        ),
        {"id": offer_id},
    ).one()
    return tuple(row)


def bought(view):
    return {line.offer_id: line.quantity for parcel in view.parcels for line in parcel.lines}


def set_stock(market, offer_id, on_hand):
    market.execute(
        text("UPDATE marketplace.stock_level SET on_hand = :n WHERE offer_id = :id"),
        {"n": on_hand, "id": offer_id},
    )


@pytest.mark.parametrize("pieces", [1, 3])
def test_pieces_changed_before_the_address_are_the_pieces_kept_and_paid(market, buyer, pieces):
    lamp = offer(market, country="DK", title="lamp")
    set_stock(market, lamp, 9)
    cart_id = cart.add_line(
        cart_id=None, offer_id=lamp, quantity=2, seen=Money(1, "EUR"), actor=buyer
    )
    ref = start(buyer, cart_id)
    cart.set_quantity(cart_id=cart_id, offer_id=lamp, quantity=pieces, actor=buyer)
    view = send(ref, buyer)
    assert bought(view) == {lamp: pieces}
    assert levels(market, lamp) == (9, pieces, 0)
    pay(view, buyer)
    assert levels(market, lamp) == (9, 0, pieces)


def test_more_pieces_than_there_are_stop_at_the_address(market, buyer):
    lamp = offer(market, country="DK", title="lamp")
    set_stock(market, lamp, 2)
    cart_id = cart.add_line(
        cart_id=None, offer_id=lamp, quantity=2, seen=Money(1, "EUR"), actor=buyer
    )
    ref = start(buyer, cart_id)
    cart.set_quantity(cart_id=cart_id, offer_id=lamp, quantity=5, actor=buyer)
    with pytest.raises(NothingFits) as refused:
        send(ref, buyer)
    assert str(refused.value.data["reason"]) == "Only 2 left."
    assert levels(market, lamp) == (2, 2, 0)


def test_too_many_pieces_of_one_line_do_not_stop_the_others(market, buyer):
    lamp, pot = offer(market, country="DK", title="lamp"), offer(market, country="CN", title="壶")
    set_stock(market, lamp, 2)
    cart_id = cart.add_line(
        cart_id=None, offer_id=lamp, quantity=5, seen=Money(1, "EUR"), actor=buyer
    )
    cart.add_line(cart_id=cart_id, offer_id=pot, quantity=1, seen=Money(1, "EUR"), actor=buyer)
    view = send(start(buyer, cart_id), buyer)
    assert bought(view) == {pot: 1}
    assert [str(line.reason) for line in view.aside] == ["Only 2 left."]
    assert levels(market, lamp) == (2, 0, 0)
    pay(view, buyer)
    with reading():
        left = carts.cart_for(buyer, cart_id, locale="en", currency="EUR")
    assert [(line.offer.offer_id, line.quantity) for line in left.lines] == [(lamp, 5)]


def test_the_last_piece_kept_for_a_checkout_is_not_missing_from_its_cart(market, buyer):
    lamp = offer(market, country="DK", title="lamp")
    set_stock(market, lamp, 1)
    cart_id = cart.add_line(
        cart_id=None, offer_id=lamp, quantity=1, seen=Money(1, "EUR"), actor=buyer
    )
    ref = start(buyer, cart_id)
    with reading():
        (line,) = carts.cart_for(buyer, cart_id, locale="en", currency="EUR").lines
    assert (line.left, line.is_buyable) == (1, True)
    assert bought(send(ref, buyer)) == {lamp: 1}


def test_another_address_keeps_the_way_and_the_cover_that_it_still_has(market, buyer):
    view = to_review(market, buyer)
    pot = next(parcel for parcel in view.parcels if parcel.vendor.country == "CN")
    dear = pot.options[-1].code
    checkout.choose(
        ref=view.ref,
        options={pot.vendor.id: dear},
        actor=buyer,
        covers={pot.vendor.id: checkout.Choice("STD", with_delay=False)},
    )
    again = send(view.ref, buyer)
    kept = next(parcel for parcel in again.parcels if parcel.vendor.country == "CN")
    assert (kept.option.code, kept.cover) == (dear, "STD")
    assert kept.informed_at is not None


def test_a_cover_whose_terms_were_not_read_counts_in_the_sum_and_is_not_sold(market, buyer):
    view = to_review(market, buyer, cover_level=None)
    pot = next(parcel for parcel in view.parcels if parcel.vendor.country == "CN")
    checkout.choose(
        ref=view.ref,
        options={},
        actor=buyer,
        covers={pot.vendor.id: checkout.Choice("STD", with_delay=False, is_read=False)},
    )
    with reading():
        unread = checkouts.checkout_for(buyer, view.ref)
    assert unread.total > view.total
    with pytest.raises(CoverUnread):
        pay(unread, buyer)


def test_terms_said_to_be_unread_again_are_unread(market, buyer):
    view = to_review(market, buyer)
    pot = next(parcel for parcel in view.parcels if parcel.vendor.country == "CN")
    assert pot.informed_at is not None
    checkout.choose(
        ref=view.ref,
        options={},
        actor=buyer,
        covers={pot.vendor.id: checkout.Choice("STD", with_delay=False, is_read=False)},
    )
    with reading():
        again = checkouts.checkout_for(buyer, view.ref)
    with pytest.raises(CoverUnread):
        pay(again, buyer)


def test_goods_added_during_a_checkout_are_kept_with_the_rest(market, buyer):
    lamp, pot = (
        offer(market, country="DK", title="lamp"),
        offer(market, country="CN", title="壶"),
    )
    cart_id = cart.add_line(
        cart_id=None, offer_id=lamp, quantity=1, seen=Money(1, "EUR"), actor=buyer
    )
    ref = start(buyer, cart_id)
    cart.add_line(cart_id=cart_id, offer_id=pot, quantity=1, seen=Money(1, "EUR"), actor=buyer)
    view = send(ref, buyer)
    assert bought(view) == {lamp: 1, pot: 1}
    pay(view, buyer)
    assert levels(market, pot)[1:] == (0, 1)


def test_a_cart_emptied_during_a_checkout_is_said_to_be_empty(market, buyer):
    lamp = offer(market, country="DK", title="lamp")
    cart_id = cart.add_line(
        cart_id=None, offer_id=lamp, quantity=1, seen=Money(1, "EUR"), actor=buyer
    )
    ref = start(buyer, cart_id)
    cart.set_quantity(cart_id=cart_id, offer_id=lamp, quantity=0, actor=buyer)
    with pytest.raises(EmptyCart):
        send(ref, buyer)


def test_what_was_added_after_the_review_stays_in_the_cart(market, buyer, browse):
    lamp, pot = (
        offer(market, country="DK", title="lamp"),
        offer(market, country="CN", title="壶"),
    )
    cart_id = cart.add_line(
        cart_id=None, offer_id=lamp, quantity=1, seen=Money(1, "EUR"), actor=buyer
    )
    view = send(start(buyer, cart_id), buyer)
    cart.add_line(cart_id=cart_id, offer_id=pot, quantity=2, seen=Money(1, "EUR"), actor=buyer)
    browser = browse(buyer)
    browser.post(
        f"/en/checkout/{view.ref}/pay",
        data={"csrf_token": "test-token", "total_minor": view.total.minor, "pay_with": "wallet"},
    )
    with browser.session_transaction() as kept:
        assert kept["cart_count"] == 2
    with reading():
        left = carts.cart_for(buyer, cart_id, locale="en", currency="EUR")
    assert {line.offer.offer_id: line.quantity for line in left.lines} == {pot: 2}


def test_a_second_checkout_of_a_cart_ends_the_first(market, buyer):
    first = to_review(market, buyer)
    with reading():
        cart_id = carts.cart_id_for(buyer, None)
    start(buyer, cart_id)
    with pytest.raises(CheckoutOver):
        pay(first, buyer)


def test_goods_paused_before_paying_are_named_and_not_sold(market, buyer):
    view = to_review(market, buyer)
    lamp = offer(market, country="DK", title="lamp")
    market.execute(
        text("UPDATE marketplace.offer SET status = 'paused' WHERE id = :id"), {"id": lamp}
    )
    with pytest.raises(QuoteEnded):
        pay(view, buyer)
    with reading():
        left = checkouts.checkout_for(buyer, view.ref)
    assert lamp not in bought(left)
    assert [str(line.reason) for line in left.aside] == [
        english("No longer for sale. Please remove it.")
    ]


def test_pressing_pay_an_hour_later_finds_the_order(market, buyer, noon):
    view = to_review(market, buyer)
    group = pay(view, buyer)
    house_clock.freeze(noon + timedelta(hours=1))
    assert pay(view, buyer) == group


def test_a_lost_parcel_whose_cover_was_withdrawn_is_refunded(market, buyer, available):
    view = to_review(market, buyer)
    pot = by_country(pay(view, buyer))["CN"]
    settle()
    with reading():
        policy = cover.policy_for_parcel(parcel_ref=pot.parcel_ref)
    from insurance.contracts.policies import queries as policies
    from insurance.contracts.policies import service as policy_service

    with reading():
        due = policies.due_refund(policies.policy(policy_id=policy.id))
    policy_service.withdraw(policy_id=policy.id, expected_refund=due.refund, actor=buyer)
    order_service.dispatch(order_ref=pot.ref, actor=SYSTEM)
    settle()
    with transaction(name="test", actor=SYSTEM):
        misbehave(kind=MischiefKind.LOSE, parcel_ref=pot.parcel_ref, actor=SYSTEM)
    days(26)
    with reading():
        assert orders.by_ref(pot.ref).state == "refunded"
        assert bank.escrow_of(order_ref=pot.ref).remaining == Money.zero("EUR")


def test_a_loss_that_is_told_before_the_first_scan_is_still_inside_the_cover(market, buyer):
    pot = by_country(pay(to_review(market, buyer, business="Maison Perrin"), buyer))["CN"]
    order_service.dispatch(order_ref=pot.ref, actor=SYSTEM)
    taken, gone = house_clock.now() + timedelta(hours=5), house_clock.now() + timedelta(days=9)
    house_clock.freeze(gone)
    for key, state, at in (("1", ParcelState.ACCEPTED, taken), ("2", ParcelState.LOST, gone)):
        shipping_service.record_tracking(
            parcel_ref=pot.parcel_ref,
            actor=SYSTEM,
            scan=Scan(key=key, raw_code=key, state=state, at=at, place="Jingdezhen"),
        )
    order_jobs.lose(ParcelLost(parcel_ref=pot.parcel_ref, at=gone, evidence="gone"))
    settle()
    with reading():
        assert orders.by_ref(pot.ref).state == "indemnified"


def test_a_parcel_that_went_back_ends_its_cover_and_gives_everything_back(market, buyer, available):
    before = available(buyer, "EUR")
    found = by_country(pay(to_review(market, buyer, business="Maison Perrin"), buyer))
    pot, lamp = found["CN"], found["DK"]
    order_service.dispatch(order_ref=pot.ref, actor=SYSTEM)
    order_service.note_scanned(
        parcel_ref=pot.parcel_ref,
        at=house_clock.now() + timedelta(hours=1),
        place="Jingdezhen",
        actor=SYSTEM,
    )
    house_clock.freeze(house_clock.now() + timedelta(days=5))
    order_service.note_returned(parcel_ref=pot.parcel_ref, actor=SYSTEM)
    with reading():
        policy = cover.policy_for_parcel(parcel_ref=pot.parcel_ref)
        assert bank.escrow_of(order_ref=pot.ref).remaining == Money.zero("EUR")
    assert policy.state not in {"bound", "attached"}
    assert before - available(buyer, "EUR") - lamp.total < policy.total
    settle()
    with reading():
        assert all(row.is_balanced for row in cover.control_accounts())


def test_a_surplus_told_after_delivery_still_comes_back(market, buyer, available):
    view = to_review(market, buyer, cover_level=None)
    lamp = by_country(pay(view, buyer))["CN"]
    order_service.dispatch(order_ref=lamp.ref, actor=SYSTEM)
    order_service.note_delivered(parcel_ref=lamp.parcel_ref, at=house_clock.now(), actor=SYSTEM)
    before = available(buyer, "EUR")
    border = lamp.duty + lamp.tax + lamp.fees
    assert border.minor > 1
    order_service.note_assessed(
        parcel_ref=lamp.parcel_ref, quoted=border, assessed=Money.zero("EUR"), actor=SYSTEM
    )
    assert available(buyer, "EUR") == before + border
    order_service.confirm_receipt(order_ref=lamp.ref, actor=buyer)
    with reading():
        assert bank.escrow_of(order_ref=lamp.ref).remaining == Money.zero("EUR")


def test_one_order_that_cannot_be_released_holds_nobody_else_up(market, buyer, noon):
    found = by_country(pay(to_review(market, buyer, cover_level=None), buyer))
    for order in found.values():
        order_service.dispatch(order_ref=order.ref, actor=SYSTEM)
        order_service.note_delivered(parcel_ref=order.parcel_ref, at=noon, actor=SYSTEM)
    first, second = sorted(found.values(), key=lambda order: order.ref)
    bank.freeze_escrow(order_ref=first.ref, amount=first.total, actor=SYSTEM)
    house_clock.freeze(noon + timedelta(days=40))
    with pytest.raises(bank.EscrowFrozenAmount):
        order_jobs.release_what_is_due()
    with reading():
        assert orders.by_ref(first.ref).state == "delivered"
        assert orders.by_ref(second.ref).state == "completed"


def test_a_vendor_whose_currency_has_no_wallets_is_paid_in_euro(market, buyer, available):
    legal = {
        "name": "Batik KK",
        "lines": ["3-12 Honmachi"],
        "city": "Tajimi",
        "postcode": "507-0033",
        "country": "JP",
        "registration": "2000-01-014872",
        "responsible": {"name": "Kontor", "address": "Hamburg", "email": "kontor@example.com"},
    }
    shop = Shop(
        name="Batik",
        slug="batik",
        country="JP",
        language="en",
        currency="IDR",
        city="Tajimi",
        dispatch_postcode="507-0033",
        legal=legal,
        story={"en": "Cloth."},
    )
    vendor_id = vendors.open_shop(shop=shop, actor=SYSTEM)
    with reading():
        vendor = vendor_queries.vendor(vendor_id)
    made = make_offer(vendor=vendor, price=Money.of("500000", "IDR"))
    cart_id = cart.add_line(
        cart_id=None, offer_id=made.offer_id, quantity=2, seen=Money(1, "EUR"), actor=buyer
    )
    group = pay(send(start(buyer, cart_id), buyer), buyer)
    with reading():
        (order,) = orders.group_by_ref(group).orders
    assert order.vendor_net.currency == "EUR"
    order_service.dispatch(order_ref=order.ref, actor=SYSTEM)
    order_service.note_delivered(parcel_ref=order.parcel_ref, at=house_clock.now(), actor=SYSTEM)
    order_service.confirm_receipt(order_ref=order.ref, actor=buyer)
    with reading():
        paid = bank.wallet_for(owner_id=vendor.organisation_id, currency="EUR")
        assert paid.available == order.vendor_net
        assert bank.verify_ledger().balanced
