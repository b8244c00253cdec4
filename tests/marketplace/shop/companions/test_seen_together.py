"""Goods are seen together when several shoppers had them together of late, else nothing is said."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from kernel.actor import ANONYMOUS, SYSTEM
from kernel.db import reading
from kernel.money import Money
from marketplace.buying.cart import service as carts
from marketplace.shop.companions import rules, service
from tests.market import guest_of
from tests.marketplace.makers import make_offer, make_order
from tests.marketplace.shop.sold_goods import bought, sent_back
from tests.marketplace.shop.storefront.browsing_shop import product, shown

_PAIRS = text(
    "SELECT other_id FROM marketplace.product_pair WHERE product_id = :product_id"
    " ORDER BY shoppers DESC, other_id"
)


@pytest.fixture
def goods(rates):
    """Five products by number."""
    return [make_offer(titles={"en": f"Thing {n}"}) for n in range(5)]


def cart_with(*made, actor):
    """Somebody's cart with these in it."""
    cart_id = None
    for one in made:
        cart_id = carts.add_line(
            cart_id=cart_id,
            offer_id=one.offer_id,
            quantity=1,
            seen=Money(1, "JPY"),
            actor=actor,
        )
    return cart_id


def together(made) -> tuple[int, ...]:
    with reading() as current:
        return tuple(current.execute(_PAIRS, {"product_id": made.product_id}).scalars())


def test_three_shoppers_make_a_pair_both_ways_and_two_do_not(goods, make_person):
    teapot, cup, tray, *_ = goods
    for _ in range(rules.FEWEST):
        cart_with(teapot, cup, actor=make_person())
    for _ in range(rules.FEWEST - 1):
        cart_with(teapot, tray, actor=make_person())

    service.gather(actor=SYSTEM)

    assert together(teapot) == (cup.product_id,)
    assert together(cup) == (teapot.product_id,)
    assert together(tray) == ()


@pytest.mark.parametrize("is_guest", [True, False])
def test_carts_without_an_account_say_nothing(goods, is_guest):
    teapot, cup, *_ = goods
    for n in range(rules.FEWEST):
        actor = guest_of(f"noor{n}@example.com") if is_guest else ANONYMOUS
        cart_with(teapot, cup, actor=actor)

    service.gather(actor=SYSTEM)

    assert together(teapot) == ()


def test_the_pair_of_most_shoppers_stands_first(goods, make_person):
    teapot, cup, tray, *_ = goods
    for _ in range(3):
        cart_with(teapot, cup, actor=make_person())
    for _ in range(4):
        cart_with(teapot, tray, actor=make_person())

    service.gather(actor=SYSTEM)

    assert together(teapot) == (tray.product_id, cup.product_id)


def test_one_shopper_who_comes_again_is_one(goods, make_person):
    teapot, cup, *_ = goods
    actors = [make_person() for _ in range(2)]
    for made in (teapot, cup):
        for actor in (*actors, actors[0], actors[0]):
            make_order(made=made, buyer=actor)

    service.gather(actor=SYSTEM)

    assert together(teapot) == ()


def test_orders_and_carts_of_a_person_are_one_basket(goods, make_person):
    teapot, cup, *_ = goods
    for _ in range(3):
        actor = make_person()
        make_order(made=teapot, buyer=actor)
        make_order(made=cup, buyer=actor)

    service.gather(actor=SYSTEM)

    assert together(teapot) == (cup.product_id,)


@pytest.mark.parametrize("state", ["cancelled", "refunded"])
def test_orders_that_are_paid_and_undone_say_nothing(db, goods, make_person, state):
    teapot, cup, *_ = goods
    for _ in range(3):
        actor = make_person()
        make_order(made=teapot, buyer=actor)
        bought(db, cup, actor, state=state)

    service.gather(actor=SYSTEM)

    assert together(teapot) == ()


@pytest.mark.parametrize(
    ("pieces", "facts", "stays"),
    [
        (2, {}, False),
        (1, {}, True),
        (2, {"state": "sent", "is_withdrawal": True}, False),
        (2, {"state": "rejected"}, True),
    ],
)
def test_lines_that_came_back_whole_say_nothing(db, goods, make_person, pieces, facts, stays):
    teapot, cup, *_ = goods
    for _ in range(3):
        actor = make_person()
        make_order(made=teapot, buyer=actor)
        sent_back(bought(db, cup, actor, pieces=2), actor, pieces=pieces, **facts)

    service.gather(actor=SYSTEM)

    assert together(teapot) == ((cup.product_id,) if stays else ())


def test_what_was_put_together_long_ago_is_forgotten_by_the_next_count(goods, clock, make_person):
    teapot, cup, *_ = goods
    clock("2026-06-01T12:00")
    for _ in range(3):
        cart_with(teapot, cup, actor=make_person())
    service.gather(actor=SYSTEM)
    assert together(teapot) == (cup.product_id,)

    clock("2026-08-31T12:00")  # ninety-one days later
    service.gather(actor=SYSTEM)

    assert together(teapot) == ()


def test_who_takes_everything_says_nothing_of_two(goods, monkeypatch, make_person):
    monkeypatch.setattr(rules, "MOST_TAKEN", 4)
    for _ in range(3):
        cart_with(*goods, actor=make_person())

    service.gather(actor=SYSTEM)

    assert together(goods[0]) == ()


def test_a_page_shows_them_once_and_says_nothing_without_them(german, rates, make_person):
    teapot, cup, tray = (shown(titles={"en": name}) for name in ("Teapot", "Cup", "Tray"))
    for _ in range(3):
        cart_with(teapot, cup, actor=make_person())
    service.gather(actor=SYSTEM)

    def names(made, heading):
        found = product(german, made).select(f"section[aria-labelledby={heading}] .card h3 a")
        return [link.text.strip() for link in found]

    assert names(teapot, "together") == ["Cup"]
    assert names(teapot, "alike") == ["Tray"]
    assert names(tray, "together") == []
