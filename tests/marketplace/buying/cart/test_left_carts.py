"""Carts of visitors wait for three months, those of people for ever."""

from sqlalchemy import text

from kernel.actor import ANONYMOUS
from marketplace.buying.cart import jobs
from marketplace.buying.cart import service as cart
from tests.marketplace.buying.cart.test_one_cart import buyer, contents, put
from tests.marketplace.makers import make_offer


def test_a_cart_that_a_visitor_left_goes_with_its_lines(db, clock):
    clock("2026-01-01T09:00")
    offer = make_offer(stock=50).offer_id
    put(ANONYMOUS, offer)
    clock("2026-04-02T09:00")
    young = put(ANONYMOUS, offer)

    jobs.forget_left_carts()

    assert contents() == {(young, offer): 1}


def test_a_cart_stays_as_long_as_somebody_changes_it(db, clock):
    clock("2026-01-01T09:00")
    offer = make_offer(stock=50).offer_id
    held = put(ANONYMOUS, offer)
    clock("2026-03-30T09:00")
    cart.set_quantity(cart_id=held, offer_id=offer, quantity=3, actor=ANONYMOUS)
    clock("2026-06-01T09:00")
    jobs.forget_left_carts()
    assert contents() == {(held, offer): 3}


def test_the_cart_of_a_person_stays(db, clock):
    clock("2026-01-01T09:00")
    offer = make_offer(stock=50).offer_id
    held = put(buyer(), offer)
    clock("2036-01-01T09:00")
    jobs.forget_left_carts()
    assert contents() == {(held, offer): 1}


def test_a_browser_that_comes_back_begins_a_new_cart(db, clock):
    clock("2026-01-01T09:00")
    offer = make_offer(stock=50).offer_id
    gone = put(ANONYMOUS, offer)
    clock("2027-01-01T09:00")
    jobs.forget_left_carts()
    assert db.execute(text("SELECT count(*) FROM marketplace.cart")).scalar_one() == 0

    again = put(ANONYMOUS, offer, cart_id=gone)

    assert again != gone
    assert contents() == {(again, offer): 1}
