"""Who typed an address and bought nothing is forgotten, and nobody else."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from kernel.actor import SYSTEM
from kernel.people.guests import queries, service, taking
from kernel.people.identity import queries as people


@pytest.fixture
def later(clock):
    clock("2026-11-30T10:00")

    def forget(at):
        clock(at)
        return service.forget_unbought(actor=SYSTEM)

    return forget


def addresses(db, guest):
    query = text("SELECT count(*) FROM marketplace.address WHERE person_id = :id")
    return db.execute(query, {"id": guest.person_id}).scalar_one()


def with_address(db, guest):
    db.execute(
        text(
            "INSERT INTO marketplace.address VALUES (gen_random_uuid(), :id, '', 'Noor', '',"
            " ARRAY['1 rue des Lilas'], 'Lyon', '', '69001', 'FR', '', '', false, now(), NULL)"
        ),
        {"id": guest.person_id},
    )


def test_who_bought_nothing_is_forgotten_after_some_days(make_guest, later, db):
    guest = make_guest()
    with_address(db, guest)

    assert later("2026-12-07T09:59") == 0
    assert later("2026-12-07T10:01") == 1

    assert people.person(guest.person_id) is None
    assert queries.guest(guest.person_id) is None
    assert people.actor_of_session(str(guest.session_id)) is None
    assert addresses(db, guest) == 0


def test_who_bought_something_stays(make_guest, order_of, later, db):
    guest = make_guest()
    with_address(db, guest)
    ref = order_of(guest)

    assert later("2028-12-07T10:01") == 0

    assert queries.whose(ref).person_id == guest.person_id
    assert addresses(db, guest) == 1


def test_an_order_keeps_a_guest_of_whom_nobody_noted_that_they_bought(
    make_guest, order_of, later, db
):
    guest = make_guest()
    ref = order_of(guest)
    db.execute(text("UPDATE kernel.guest SET bought_at = NULL"))

    later("2026-12-07T10:01")

    assert queries.whose(ref).person_id == guest.person_id
    assert queries.guest(guest.person_id).bought_at is not None


def test_a_guest_in_an_account_is_forgotten_with_the_last_link(
    make_guest, order_of, owners, make_person, later
):
    guest, camille = make_guest(), make_person()
    ref = order_of(guest)
    taking.take_along(guest_id=guest.person_id, person_id=camille.person_id, actor=SYSTEM)

    assert later("2027-02-28T10:00") == 0
    assert later("2027-02-28T10:01") == 1

    assert queries.guest(guest.person_id) is None
    assert owners(ref) == camille.person_id


def test_accounts_are_not_forgotten(make_person, later):
    camille = make_person()

    assert later("2030-01-01T10:00") == 0
    assert people.person(camille.person_id) is not None
