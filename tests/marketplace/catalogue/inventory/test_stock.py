from __future__ import annotations

import threading
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from kernel import clock as business_clock
from kernel.actor import SYSTEM
from kernel.db import reading, savepoint, transaction
from kernel.ids import new_id
from marketplace.catalogue.inventory import queries, service
from marketplace.catalogue.inventory.errors import (
    InsufficientStock,
    NoSuchReservation,
    ReservationMismatch,
    ReservationOver,
    StockInUse,
)
from marketplace.catalogue.inventory.events import ReservationExpired, StockCrossed
from marketplace.catalogue.inventory.rules import Level
from marketplace.catalogue.inventory.service import StockLine
from tests.marketplace.makers import make_offer


def soon():
    return business_clock.now() + timedelta(minutes=20)


def level_of(offer_id):
    with reading():
        return queries.levels([offer_id])[offer_id]


def kept(*lines, cart="C-1", key=None, until=None):
    return service.reserve(
        key=key or new_id(),
        lines=[StockLine(*line) for line in lines],
        cart_ref=cart,
        expires_at=until or soon(),
        actor=SYSTEM,
    )


def test_kept_pieces_are_no_longer_free(db):
    made = make_offer(stock=5)

    view = kept((made.offer_id, 2))

    assert level_of(made.offer_id) == Level(5, reserved=2)
    assert view.lines == (StockLine(made.offer_id, 2),)


def test_two_lines_of_one_offer_count_together(db):
    made = make_offer(stock=3)

    with pytest.raises(InsufficientStock) as refused:
        kept((made.offer_id, 2), (made.offer_id, 2))

    assert refused.value.data == {"free": 3, "offer_id": made.offer_id}


def test_short_stock_of_one_line_leaves_nothing_behind(db, outbox):
    plenty, short = make_offer(stock=9), make_offer(stock=1)
    before = outbox()

    with pytest.raises(InsufficientStock):
        kept((plenty.offer_id, 2), (short.offer_id, 2))

    assert level_of(plenty.offer_id) == Level(9)
    assert level_of(short.offer_id) == Level(1)
    assert outbox() == before


def test_the_same_key_keeps_the_pieces_once(db):
    made, key = make_offer(stock=5), new_id()

    first = kept((made.offer_id, 2), key=key)
    second = kept((made.offer_id, 2), key=key)

    assert first == second
    assert level_of(made.offer_id) == Level(5, reserved=2)


def test_the_same_key_for_other_pieces_is_refused(db):
    made, key = make_offer(stock=5), new_id()
    kept((made.offer_id, 2), key=key)

    with pytest.raises(ReservationMismatch):
        kept((made.offer_id, 3), key=key)


def test_an_order_takes_over_what_the_cart_kept(db):
    made, key = make_offer(stock=5), new_id()
    kept((made.offer_id, 2), key=key)

    service.allocate(reservation_key=key, order_ref="O-1", actor=SYSTEM)
    service.allocate(reservation_key=key, order_ref="O-1", actor=SYSTEM)

    assert level_of(made.offer_id) == Level(5, allocated=2)


def test_each_vendor_order_takes_its_own_part_of_the_cart(db):
    one, two, key = make_offer(stock=5), make_offer(stock=5), new_id()
    kept((one.offer_id, 1), (two.offer_id, 2), key=key)

    service.allocate(reservation_key=key, order_ref="O-1", offer_ids=[one.offer_id], actor=SYSTEM)
    service.allocate(reservation_key=key, order_ref="O-2", offer_ids=[two.offer_id], actor=SYSTEM)
    service.ship(order_ref="O-1", actor=SYSTEM)
    service.deallocate(order_ref="O-2", actor=SYSTEM)

    assert level_of(one.offer_id) == Level(4)
    assert level_of(two.offer_id) == Level(5)


def test_shipping_twice_is_shipping_once(db):
    made, key = make_offer(stock=5), new_id()
    kept((made.offer_id, 2), key=key)
    service.allocate(reservation_key=key, order_ref="O-7", actor=SYSTEM)

    service.ship(order_ref="O-7", actor=SYSTEM)
    service.ship(order_ref="O-7", actor=SYSTEM)

    assert level_of(made.offer_id) == Level(3)


def test_given_back_pieces_are_free_and_cannot_be_sold(db):
    made, key = make_offer(stock=5), new_id()
    kept((made.offer_id, 2), key=key)

    service.release_reservation(reservation_key=key, actor=SYSTEM)
    service.release_reservation(reservation_key=key, actor=SYSTEM)

    assert level_of(made.offer_id) == Level(5)
    with pytest.raises(ReservationOver):
        service.allocate(reservation_key=key, order_ref="O-1", actor=SYSTEM)


def test_unknown_reservations_are_named_so(db):
    with pytest.raises(NoSuchReservation):
        service.release_reservation(reservation_key=new_id(), actor=SYSTEM)


def test_time_over_gives_pieces_back_and_tells(db, clock, outbox):
    clock("2026-11-25T09:00")
    made = make_offer(stock=2)
    kept((made.offer_id, 2), cart="C-late", until=business_clock.now() + timedelta(minutes=20))
    kept_longer = make_offer(stock=2)
    kept((kept_longer.offer_id, 1), until=business_clock.now() + timedelta(hours=2))

    clock("2026-11-25T09:20")
    ended = service.expire_reservations(actor=SYSTEM)

    assert ended == 1
    assert level_of(made.offer_id) == Level(2)
    assert level_of(kept_longer.offer_id) == Level(2, reserved=1)
    told = [e.cart_ref for e in outbox() if isinstance(e, ReservationExpired)]
    assert told == ["C-late"]


def test_an_order_placed_in_time_survives_the_expiry(db, clock):
    clock("2026-11-25T09:00")
    made, key = make_offer(stock=2), new_id()
    kept((made.offer_id, 2), key=key, until=business_clock.now() + timedelta(minutes=20))
    service.allocate(reservation_key=key, order_ref="O-1", actor=SYSTEM)

    clock("2026-11-25T10:00")
    service.expire_reservations(actor=SYSTEM)

    assert level_of(made.offer_id) == Level(2, allocated=2)


def test_selling_out_and_coming_back_is_told_once_each(db, outbox):
    made, key = make_offer(stock=2), new_id()

    kept((made.offer_id, 1))
    kept((made.offer_id, 1), key=key)
    service.release_reservation(reservation_key=key, actor=SYSTEM)

    told = [e.offer_ids for e in outbox() if isinstance(e, StockCrossed)]
    assert told == [[made.offer_id]] * 3  # counted in, sold out, back


def test_a_count_below_the_promises_changes_nothing(db):
    made = make_offer(stock=5)
    kept((made.offer_id, 3))

    with pytest.raises(StockInUse):
        service.count(offer_id=made.offer_id, on_hand=2, actor=SYSTEM)

    assert level_of(made.offer_id) == Level(5, reserved=3)


def test_a_level_is_the_sum_of_its_movements(db):
    made, key = make_offer(stock=7), new_id()
    kept((made.offer_id, 3), key=key)
    service.allocate(reservation_key=key, order_ref="O-9", actor=SYSTEM)
    service.ship(order_ref="O-9", actor=SYSTEM)
    service.restock(offer_id=made.offer_id, quantity=2, subject="R-1", actor=SYSTEM)

    with reading() as current:
        sums = current.execute(
            text(
                "SELECT sum(on_hand), sum(reserved), sum(allocated)"
                " FROM marketplace.stock_movement WHERE offer_id = :id"
            ),
            {"id": made.offer_id},
        ).one()
    assert tuple(sums) == (6, 0, 0)
    assert level_of(made.offer_id) == Level(6)


def test_the_database_itself_refuses_to_oversell(db):
    made = make_offer(stock=1)

    with (
        transaction(name="test", actor=SYSTEM) as current,
        pytest.raises(IntegrityError, match="claims_within_on_hand"),
        savepoint(),
    ):
        current.execute(
            text("UPDATE marketplace.stock_level SET reserved = 2 WHERE offer_id = :id"),
            {"id": made.offer_id},
        )


def test_sixteen_buyers_for_the_last_five_pieces_buy_exactly_five(own_database):
    made = make_offer(stock=5)
    sold, refused, gate = [], [], threading.Barrier(16)

    def buy(number):
        key = new_id()
        gate.wait()
        try:
            kept((made.offer_id, 1), key=key, cart=f"C-{number}")
            service.allocate(reservation_key=key, order_ref=f"O-{number}", actor=SYSTEM)
            sold.append(number)
        except InsufficientStock:
            refused.append(number)

    buyers = [threading.Thread(target=buy, args=(n,)) for n in range(16)]
    for buyer in buyers:
        buyer.start()
    for buyer in buyers:
        buyer.join()

    assert (len(sold), len(refused)) == (5, 11)
    assert level_of(made.offer_id) == Level(5, allocated=5)


def test_crossed_carts_in_opposite_orders_all_end(own_database):
    one, two = make_offer(stock=100), make_offer(stock=100)
    gate = threading.Barrier(8)
    failures = []

    def buy(number):
        pair = [(one.offer_id, 1), (two.offer_id, 1)]
        gate.wait()
        try:
            for _ in range(5):
                kept(*(pair if number % 2 else pair[::-1]), cart=f"C-{number}")
        except Exception as error:  # noqa: BLE001 - the test reports whatever happened
            failures.append(error)

    buyers = [threading.Thread(target=buy, args=(n,)) for n in range(8)]
    for buyer in buyers:
        buyer.start()
    for buyer in buyers:
        buyer.join()

    assert failures == []
    assert level_of(one.offer_id) == Level(100, reserved=40)
    assert level_of(two.offer_id) == Level(100, reserved=40)
