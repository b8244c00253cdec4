"""Facts: leave with their change, arrive at least once, count once."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

import pytest
from sqlalchemy import text

from kernel import db as house
from kernel import events, jobs, outbox
from kernel.actor import SYSTEM
from kernel.events import Event, on, publish
from kernel.ids import new_id
from kernel.money import Money


@dataclass(frozen=True, kw_only=True)
class LampLit(Event):
    name: ClassVar[str] = "tests.lamp.lit.v1"
    lamp_id: UUID
    price: Money
    lit_on: date | None
    places: list[str]


seen: list[LampLit] = []
fail_next: list[bool] = []


@on(LampLit, "tests.outbox.note_lamp", queue="default")
def note_lamp(event: LampLit) -> None:
    if fail_next:
        fail_next.pop()
        raise RuntimeError("the worker stumbles")
    seen.append(event)
    house.session().execute(text("SELECT 1"))


@on(LampLit, "tests.outbox.note_gift", queue="default", when=lambda event: event.price.minor == 0)
def note_gift(event: LampLit) -> None:
    seen.append(event)


@house.command("tests.outbox.light")
def light(*, price: Money, then_fail: bool = False, actor=SYSTEM) -> LampLit:
    event = LampLit(lamp_id=new_id(), price=price, lit_on=date(2026, 11, 25), places=["Lyon"])
    publish(event)
    if then_fail:
        raise RuntimeError("the change did not happen")
    return event


@pytest.fixture(autouse=True)
def _forget(db):
    seen.clear()
    fail_next.clear()


def test_a_fact_reads_back_as_it_was_written(outbox):
    event = light(price=Money(1250, "EUR"), actor=SYSTEM)
    assert outbox() == [event]


def test_a_fact_of_a_change_that_failed_never_leaves(outbox):
    with pytest.raises(RuntimeError):
        light(price=Money(1, "EUR"), then_fail=True, actor=SYSTEM)
    assert outbox() == []


def test_a_fact_of_a_block_that_was_undone_never_leaves(outbox):
    with house.transaction(name="tests.outbox.block", actor=SYSTEM):
        first = light(price=Money(1, "EUR"), actor=SYSTEM)
        with pytest.raises(RuntimeError), house.savepoint():
            light(price=Money(2, "EUR"), then_fail=True, actor=SYSTEM)
        last = light(price=Money(3, "EUR"), actor=SYSTEM)
    assert outbox() == [first, last]


def test_facts_leave_with_the_trail_in_one_statement(db):
    with house.counting_queries() as count:
        light(price=Money(1, "EUR"), actor=SYSTEM)
    assert len(count) == 1
    assert db.execute(text("SELECT command FROM kernel.audit")).scalars().all() == [
        "tests.outbox.light"
    ]


def test_a_handler_that_hears_of_some_events_has_no_delivery_of_the_others(db):
    for price in (1, 0):
        light(price=Money(price, "EUR"), actor=SYSTEM)

    hearers = "SELECT event_id, handler FROM kernel.delivery WHERE handler LIKE 'tests.outbox%'"
    rows = db.execute(text(f"{hearers} ORDER BY event_id, handler")).all()

    assert [row.handler for row in rows] == [
        "tests.outbox.note_lamp",
        "tests.outbox.note_gift",
        "tests.outbox.note_lamp",
    ]


def test_nothing_is_published_outside_a_command(db):
    with pytest.raises(AssertionError), house.reading():
        publish(LampLit(lamp_id=new_id(), price=Money(1, "EUR"), lit_on=None, places=[]))


def test_twice_delivered_counts_once(db):
    event = light(price=Money(1, "EUR"), actor=SYSTEM)
    name = next(n for n, h in events.handlers().items() if h.function is note_lamp)
    jobs.deliver(str(event.id), name)
    jobs.deliver(str(event.id), name)
    assert seen == [event]


def test_a_failed_delivery_stays_due_and_tells_why(db):
    event = light(price=Money(1, "EUR"), actor=SYSTEM)
    fail_next.append(True)
    (due,) = outbox.claim_due()
    with pytest.raises(RuntimeError):
        jobs.deliver(str(due.event_id), due.handler)
    row = db.execute(text("SELECT error, done_at FROM kernel.delivery")).one()
    assert "stumbles" in row.error
    assert row.done_at is None
    jobs.deliver(str(due.event_id), due.handler)
    assert seen == [event]


def test_the_relay_claims_a_delivery_once_until_its_next_look(db):
    light(price=Money(1, "EUR"), actor=SYSTEM)
    assert len(outbox.claim_due()) == 1
    assert outbox.claim_due() == []
    db.execute(text("UPDATE kernel.delivery SET due_at = clock_timestamp() - interval '1 second'"))
    (again,) = outbox.claim_due()
    assert again.attempts == 2


def test_what_was_published_before_the_clock_was_set_back_is_brought_at_once(db):
    light(price=Money(1, "EUR"), actor=SYSTEM)
    db.execute(text("UPDATE kernel.delivery SET due_at = clock_timestamp() + interval '1 day'"))
    assert len(outbox.claim_due()) == 1
    assert outbox.claim_due() == []


def test_the_next_look_is_ten_seconds_away_then_twice_as_far_and_never_over_ten_minutes(db):
    light(price=Money(1, "EUR"), actor=SYSTEM)
    waits = []
    for attempts in (0, 1, 2, 5, 6, 7, 2000):
        db.execute(
            text("UPDATE kernel.delivery SET attempts = :n, due_at = clock_timestamp()"),
            {"n": attempts},
        )
        outbox.claim_due()
        ahead = "SELECT extract(epoch FROM due_at - clock_timestamp()) FROM kernel.delivery"
        waits.append(round(float(db.execute(text(ahead)).scalar_one()), -1))
    assert waits == [10, 20, 40, 320, 600, 600, 600]


def test_a_delivery_that_gives_up_waits_for_the_operator(db):
    event = light(price=Money(1, "EUR"), actor=SYSTEM)
    (due,) = outbox.claim_due()
    db.execute(text("UPDATE kernel.delivery SET failures = :most"), {"most": outbox.MOST_FAILURES})
    fail_next.append(True)
    with pytest.raises(RuntimeError):
        jobs.deliver(str(due.event_id), due.handler)
    assert [d["handler"] for d in jobs.dead_letters()] == [due.handler]
    assert outbox.pending() == 0
    assert outbox.revive_dead(actor=SYSTEM) == 1
    jobs.drain()
    assert seen == [event]


def test_a_delivery_to_a_handler_that_is_no_more_gives_up_like_any_other(db):
    event = light(price=Money(1, "EUR"), actor=SYSTEM)
    db.execute(
        text("UPDATE kernel.delivery SET handler = 'tests.gone', failures = :most"),
        {"most": outbox.MOST_FAILURES},
    )
    with pytest.raises(KeyError):
        jobs.deliver(str(event.id), "tests.gone")
    assert [d["handler"] for d in jobs.dead_letters()] == ["tests.gone"]


def test_one_bad_item_of_many_holds_no_other_up():
    done = []

    def act(number: int) -> None:
        done.append(1 // number)

    with pytest.raises(ZeroDivisionError):
        jobs.one_by_one([1, 0, -1], act)
    assert done == [1, -1]


def test_a_night_without_workers_is_no_failure(db):
    event = light(price=Money(1, "EUR"), actor=SYSTEM)
    for _ in range(outbox.MOST_FAILURES + 3):
        db.execute(text("UPDATE kernel.delivery SET due_at = clock_timestamp() - interval '1 s'"))
        assert len(outbox.claim_due()) == 1
    fail_next.append(True)
    name = next(n for n, h in events.handlers().items() if h.function is note_lamp)
    with pytest.raises(RuntimeError):
        jobs.deliver(str(event.id), name)
    assert jobs.dead_letters() == []
    jobs.deliver(str(event.id), name)
    assert seen == [event]
