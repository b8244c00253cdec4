"""A reservation is read once by who has it locked, and as it is by who waited for it."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import text

from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.db import counting_queries, reading, reading_engine, savepoint, transaction
from kernel.ids import new_id
from marketplace.catalogue.inventory import queries, service
from marketplace.catalogue.inventory.errors import (
    InsufficientStock,
    NoSuchReservation,
    ReservationMismatch,
    ReservationOver,
)
from marketplace.catalogue.inventory.rules import Level
from marketplace.catalogue.inventory.service import StockLine
from tests.marketplace.makers import make_offer

# Who waits for a row waits for the transaction that has it.
_WAITS = text(
    "SELECT count(*) FROM pg_locks WHERE locktype = 'transactionid' AND NOT granted"
    " AND pid IN (SELECT pid FROM pg_stat_activity WHERE datname = current_database())"
)


class Undone(Exception):
    """What was sold a moment ago is not."""


def keep(*lines, key=None):
    key = key or new_id()
    service.reserve(
        key=key,
        lines=[StockLine(*line) for line in lines],
        cart_ref="C-1",
        expires_at=house_clock.now() + timedelta(minutes=20),
        actor=SYSTEM,
    )
    return key


def sell(key, ref, *offer_ids):
    service.allocate(reservation_key=key, order_ref=ref, offer_ids=offer_ids or None, actor=SYSTEM)


def exchange(key, *lines):
    service.change_reservation(key=key, lines=[StockLine(*line) for line in lines], actor=SYSTEM)


def level_of(offer_id):
    with reading():
        return queries.levels([offer_id])[offer_id]


@pytest.fixture
def offers(request):
    request.getfixturevalue("own_database" if "own_database" in request.fixturenames else "db")
    return [make_offer(stock=5).offer_id for _ in range(2)]


@pytest.fixture
def block(db):
    with transaction(name="tests.around", actor=SYSTEM) as current:
        yield current


def test_pieces_are_kept_in_two_statements(db, offers, block):
    with counting_queries() as count:
        keep((offers[0], 1), (offers[1], 1))

    assert len(count) == 2


def test_what_was_looked_at_is_sold_in_two_more_statements_for_each_order(db, offers, block):
    one, two = offers
    key = keep((one, 1), (two, 2))

    with counting_queries() as looked:
        assert service.held(key) == {one: 1, two: 2}
    with counting_queries() as sold:
        sell(key, "O-1", one)
        sell(key, "O-2", two)

    assert (len(looked), len(sold)) == (1, 4)
    assert service.held(key) == {}
    assert level_of(one) == Level(5, allocated=1)
    assert level_of(two) == Level(5, allocated=2)


def test_orders_after_each_other_know_what_is_sold_already(db, offers, block):
    one, two = offers
    key = keep((one, 1), (two, 2))
    sell(key, "O-1", one)

    with pytest.raises(ReservationOver):
        sell(key, "O-2", one, two)
    service.deallocate(order_ref="O-1", actor=SYSTEM)
    with pytest.raises(ReservationOver):
        sell(key, "O-1", one)


def test_what_was_exchanged_since_is_read_again(db, offers, block):
    one, two = offers
    key = keep((one, 1))
    assert service.held(key) == {one: 1}

    exchange(key, (two, 3))

    assert service.held(key) == {two: 3}


def test_pieces_are_kept_longer_and_never_shorter_in_one_statement(db, clock, offers, block):
    clock("2026-11-25T09:00")
    key = keep((offers[0], 1))
    now = house_clock.now()

    with counting_queries() as count:
        service.keep_longer(key=key, until=now + timedelta(hours=1), actor=SYSTEM)
    service.keep_longer(key=key, until=now, actor=SYSTEM)
    clock("2026-11-25T09:59")
    ended = [service.expire_reservations(actor=SYSTEM)]
    clock("2026-11-25T10:00")
    ended.append(service.expire_reservations(actor=SYSTEM))

    assert (len(count), ended) == (1, [0, 1])
    with pytest.raises(ReservationOver):
        service.keep_longer(key=key, until=now, actor=SYSTEM)
    with pytest.raises(NoSuchReservation):
        service.keep_longer(key=new_id(), until=now, actor=SYSTEM)


def test_what_a_savepoint_let_go_of_is_read_again(db, offers, block):
    key = keep((offers[0], 1))
    with suppress(Undone), savepoint():
        sell(key, "O-1")
        raise Undone

    with counting_queries() as count:
        sell(key, "O-2")

    assert len(count) == 3
    assert level_of(offers[0]) == Level(5, allocated=1)


def after_waiting(first, second):
    """Do the second while the first is done but waits for its commit; return what came of it."""
    with ThreadPoolExecutor(1) as other:
        with transaction(name="tests.around", actor=SYSTEM):
            first()
            later = other.submit(second)
            until = time.monotonic() + 20
            with reading_engine().connect() as beside:
                while not beside.execute(_WAITS).scalar_one():
                    assert time.monotonic() < until, "nobody waits"
                    time.sleep(0.01)
        return later.result(timeout=20)


def test_who_waited_for_an_exchange_sells_what_is_kept_then(own_database, offers):
    one, two = offers
    key = keep((one, 1))

    after_waiting(lambda: exchange(key, (two, 3)), lambda: sell(key, "O-1"))

    assert level_of(one) == Level(5)
    assert level_of(two) == Level(5, allocated=3)


def test_who_waited_for_an_order_of_the_same_pieces_gets_none(own_database, offers):
    one, two = offers
    key = keep((one, 1), (two, 2))

    with pytest.raises(ReservationOver):
        after_waiting(lambda: sell(key, "O-1", one), lambda: sell(key, "O-2", one))

    assert level_of(one) == Level(5, allocated=1)
    assert level_of(two) == Level(5, reserved=2)


def test_who_waited_for_the_other_part_of_a_cart_sells_its_own(own_database, offers):
    one, two = offers
    key = keep((one, 1), (two, 2))

    after_waiting(lambda: sell(key, "O-1", one), lambda: sell(key, "O-2", two))

    assert level_of(one) == Level(5, allocated=1)
    assert level_of(two) == Level(5, allocated=2)


def test_who_waited_for_the_same_key_finds_it_open(own_database, offers):
    key = new_id()

    after_waiting(lambda: keep((offers[0], 1), key=key), lambda: keep((offers[0], 1), key=key))

    assert level_of(offers[0]) == Level(5, reserved=1)
    with pytest.raises(ReservationMismatch):
        keep((offers[0], 2), key=key)


def test_who_waited_for_a_count_keeps_of_the_pieces_there_are_then(own_database, offers):
    one, _ = offers

    def counted():
        keep((one, 1))
        service.count(offer_id=one, on_hand=2, actor=SYSTEM)

    after_waiting(counted, lambda: keep((one, 1)))

    assert level_of(one) == Level(2, reserved=2)


def test_an_offer_that_nobody_counted_has_no_pieces(db):
    with pytest.raises(InsufficientStock) as refused:
        keep((404, 1))

    assert refused.value.data == {"free": 0, "offer_id": 404}
