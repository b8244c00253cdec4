"""Batches with real commits: many hands, a killed worker, a thousand lines."""

from __future__ import annotations

import pytest
from bank_objects import available, eur, make_customer, make_wallet, outcomes, verified
from sqlalchemy import text

from banking.authorisation.approvals import service as approvals
from banking.transferring.bulk import service
from banking.transferring.bulk.queries import GroupState, State
from kernel.actor import SYSTEM, Actor
from kernel.db import counting_queries, reading
from tests.banking.transferring.bulk.batch_objects import (
    approve,
    group,
    line,
    lines_of,
    now,
    opened,
)


@pytest.fixture(autouse=True)
def _morning(own_database, clock):
    clock("2026-11-25T09:00")
    approvals.load_reference_data(actor=SYSTEM)


def somebody(amount="0"):
    person = make_customer()
    wallet = make_wallet(amount, owner_id=person)
    return Actor(person_id=person, label=f"person:{person}"), wallet


def _transfers():
    with reading() as current:
        return current.execute(text("SELECT count(*) FROM banking.transfers")).scalar_one()


def test_sixteen_hands_that_bring_the_same_file_make_one_batch():
    owner, wallet = somebody("100")

    found = outcomes(16, lambda _: opened(owner, group(wallet, line(1, "1"))).id)

    assert len(set(found)) == 1


def test_sixteen_workers_book_each_group_once():
    owner, wallet = somebody("100")
    batch = opened(
        owner,
        group(wallet, line(1, "1"), line(2, "1")),
        group(wallet, line(3, "1")),
    )
    approve(owner, batch)

    found = outcomes(16, lambda _: service.execute(batch_id=batch.id, actor=SYSTEM))

    assert found == [None] * 16
    assert (now(batch).state, available(wallet), _transfers()) == (State.FINISHED, eur("97"), 3)
    assert verified().balanced


def test_a_worker_killed_after_the_booking_leaves_nothing_and_the_next_pays_each_line_once(
    monkeypatch,
):
    owner, wallet = somebody("100")
    batch = opened(owner, group(wallet, line(1, "1"), line(2, "2")))
    approve(owner, batch)

    def killed(*_, **__):
        raise SystemExit("the worker is gone")

    with monkeypatch.context() as broken:
        broken.setattr(service, "_close", killed)  # after the booking, before the commit
        with pytest.raises(SystemExit):
            service.execute(batch_id=batch.id, actor=SYSTEM)
    assert (available(wallet), _transfers()) == (eur("100"), 0)

    for _ in range(2):
        service.execute(batch_id=batch.id, actor=SYSTEM)

    assert (available(wallet), _transfers()) == (eur("97"), 2)
    assert verified().balanced


def test_a_thousand_payments_are_booked_by_the_set():
    owner, wallet = somebody("2000")
    batch = opened(owner, group(wallet, *[line(n, "1.01") for n in range(1, 1001)]))
    approve(owner, batch)

    with counting_queries() as count:
        service.book_group(batch_id=batch.id, number=1, actor=SYSTEM)

    assert [(g.state, g.reason) for g in now(batch).groups] == [(GroupState.BOOKED, "")]
    assert len(count) < 40, "lines are written by the set, not one by one"
    assert available(wallet) == eur("990")
    assert {found.transfer_ref != "" for found in lines_of(batch)} == {True}
    assert verified().balanced


def test_a_batch_and_single_payments_of_the_same_wallets_never_deadlock():
    first, second = somebody("1000"), somebody("1000")

    def work(place):
        (owner, wallet), (_, other) = (first, second) if place % 2 else (second, first)
        batch = opened(
            owner,
            group(wallet, *[line(100 * place + n, "1", account=other.iban) for n in range(5)]),
            message=f"M{place}",
        )
        approve(owner, batch)
        return service.execute(batch_id=batch.id, actor=SYSTEM)

    assert outcomes(8, work) == [None] * 8
    assert available(first[1]) + available(second[1]) == eur("2000")
    assert verified().balanced
