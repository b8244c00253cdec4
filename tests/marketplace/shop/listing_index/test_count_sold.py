"""What is called ordered most was: pieces of the last thirty days, less what did not stay sold."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from kernel import clock as house_clock
from kernel import memory
from kernel.actor import SYSTEM
from kernel.db import reading
from marketplace.shop.listing_index import jobs, service
from marketplace.shop.listing_index.front import Sizes, front
from tests.marketplace.makers import make_offer, make_rates
from tests.marketplace.shop.listing_index.test_product_cards import ENGLISH
from tests.marketplace.shop.sold_goods import bought, sent_back

TWO = Sizes(picked=2, ordered=2, newest=2, of_each=2, reduced=2)


@pytest.fixture
def made(db, clock):
    clock("2026-11-30T03:00")
    make_rates(JPY="160")
    goods = make_offer(titles={"en": "Teapot"})
    service.refresh(product_ids=[goods.product_id], actor=SYSTEM)
    return goods


def counted(db, made):
    service.count_sold(since=house_clock.now() - jobs.SOLD_WITHIN, actor=SYSTEM)
    return db.execute(
        text(
            "SELECT c.popularity, c.rank % 200000, p.rank % 200000 FROM marketplace.product_card c"
            " JOIN marketplace.shelf_place p ON p.product_id = c.product_id AND p.category_id = 0"
            " WHERE c.product_id = :id"
        ),
        {"id": made.product_id},
    ).one()


def test_pieces_of_the_last_thirty_days_count_for_goods_that_a_vendor_listed(db, made, make_person):
    buyer = make_person()
    bought(db, made, buyer, pieces=3)
    bought(db, made, buyer, pieces=2, days_ago=29, state="paid")
    bought(db, made, buyer, pieces=9, days_ago=31)

    assert tuple(counted(db, made)) == (5, 5, 5)


def test_what_was_cancelled_refunded_or_came_back_does_not_count(db, made, make_person):
    buyer = make_person()
    for state in ("cancelled", "refunded"):
        bought(db, made, buyer, pieces=4, state=state)
    kept = bought(db, made, buyer, pieces=5)
    sent_back(kept, buyer, pieces=2)
    disputed = bought(db, made, buyer, pieces=1)
    sent_back(disputed, buyer, pieces=1, state="rejected")

    assert tuple(counted(db, made)) == (4, 4, 4)


@pytest.mark.parametrize(
    ("state", "left"), [("awaited", 1), ("sent", 1), ("disputed", 1), ("cancelled", 3), ("void", 3)]
)
def test_a_withdrawal_counts_as_soon_as_it_is_said(db, made, make_person, state, left):
    buyer = make_person()
    order = bought(db, made, buyer, pieces=3)
    sent_back(order, buyer, pieces=2, state=state, is_withdrawal=True)

    assert counted(db, made).popularity == left


def test_what_is_cancelled_later_is_no_best_seller_the_next_night(db, made, make_person):
    order = bought(db, made, make_person(), pieces=9, state="paid")
    assert counted(db, made).popularity == 9

    db.execute(
        text("UPDATE marketplace.vendor_order SET state = 'cancelled' WHERE id = :id"),
        {"id": order.id},
    )
    assert counted(db, made).popularity == 0


def test_what_is_counted_falls_again_and_a_card_that_is_written_anew_keeps_it(
    db, made, make_person, clock
):
    bought(db, made, make_person(), pieces=7)
    assert counted(db, made).popularity == 7

    service.refresh(product_ids=[made.product_id], actor=SYSTEM)
    assert tuple(counted(db, made)) == (7, 7, 7)

    clock("2027-01-15T03:00")
    assert tuple(counted(db, made)) == (0, 0, 0)


def test_most_ordered_says_nothing_until_enough_was_ordered(db, made, make_person):
    more = make_offer(titles={"en": "Cup"})
    service.refresh(product_ids=[more.product_id], actor=SYSTEM)
    bought(db, made, make_person(), pieces=1)
    counted(db, made)
    with reading():
        assert front(reader=ENGLISH, shelves=(), sizes=TWO).ordered == ()

    bought(db, more, make_person(), pieces=2)
    counted(db, made)
    memory.forget_everything()

    with reading():
        found = front(reader=ENGLISH, shelves=(), sizes=TWO).ordered
    assert [row.product_id for row in found] == [more.product_id, made.product_id]


def test_no_number_of_a_seed_or_a_feed_stands_on_a_card(db, made):
    db.execute(text("UPDATE marketplace.product SET popularity = 92"))
    service.refresh(product_ids=[made.product_id], actor=SYSTEM)

    assert tuple(counted(db, made)) == (0, 0, 0)
