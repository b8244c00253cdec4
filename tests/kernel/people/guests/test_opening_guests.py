"""Somebody buys without an account: they are a new guest, and see nothing of anybody else's."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from kernel import clock as house_clock
from kernel.actor import ANONYMOUS, SYSTEM, Role
from kernel.db import counting_queries
from kernel.people.guests import queries, service
from kernel.people.guests.errors import AlreadyBought, TooManyGuests
from kernel.people.guests.rules import GUESTS_PER_ADDRESS, goes_on
from kernel.people.identity import guest_rows
from kernel.people.identity import queries as people
from kernel.people.identity import service as identity
from kernel.people.identity.errors import PersonUnknown, WrongCredentials
from kernel.people.identity.operators import give_role
from kernel.people.identity.service import Seen
from kernel.people.passwords import service as passwords
from kernel.people.recovery import service as recovery

MAIL = "noor@example.com"


def open_one(*, email=MAIL, address="192.0.2.7", actor=ANONYMOUS):
    return service.open_guest(
        email=email,
        name="Noor",
        locale="fr",
        country="FR",
        device="Firefox",
        address=address,
        actor=actor,
    )


def signed_in(session_id):
    return people.actor_of_session(str(session_id))


def test_a_guest_acts_as_somebody_without_an_account(db):
    guest = open_one()

    assert (guest.roles, guest.is_guest, guest.is_signed_in) == ({Role.GUEST}, True, False)
    assert (guest.account_id, guest.email) == (None, MAIL)
    assert guest == signed_in(guest.session_id), "as every later request will know them"
    found = people.person(guest.somebody())
    assert (found.email, found.name, found.locale, found.is_guest) == (MAIL, "Noor", "fr", True)
    assert queries.guest_of(guest).bought_at is None


def test_a_customers_address_typed_by_a_stranger_opens_nothing_of_theirs(make_person, outbox):
    camille = make_person(email="camille@example.com")
    told = len(outbox())

    stranger = open_one(email="camille@example.com")

    assert stranger.person_id != camille.person_id
    assert stranger.roles == {Role.GUEST}
    assert people.person_by_email("camille@example.com").id == camille.person_id
    assert len(outbox()) == told


def test_two_guests_with_one_address_are_two(db):
    first, second = open_one(), open_one()

    assert first.person_id != second.person_id
    assert first.session_id != second.session_id


def test_what_goes_by_an_address_means_accounts_alone(make_guest, db):
    guest = make_guest(email=MAIL)
    service.note_purchase(person_id=guest.person_id, actor=SYSTEM)

    assert people.person_by_email(MAIL) is None
    for password in ("", "correct horse battery"):
        with pytest.raises(WrongCredentials):
            identity.sign_in(
                email=MAIL, password=password, device="", address="192.0.2.9", actor=ANONYMOUS
            )
    passwords.send_link(email=MAIL, actor=SYSTEM)
    with pytest.raises(PersonUnknown):
        give_role(email=MAIL, role=Role.OPERATOR, actor=SYSTEM)
    with pytest.raises(PersonUnknown):
        recovery.reset_colleague(email=MAIL, actor=SYSTEM)
    assert db.execute(text("SELECT count(*) FROM kernel.mail")).scalar_one() == 0


def test_a_guests_address_is_free_for_an_account(make_guest, make_person):
    make_guest(email=MAIL)

    assert make_person(email=MAIL).is_signed_in


@pytest.mark.parametrize(
    "change",
    [
        "roles = ARRAY['guest', 'operator']",
        "roles = ARRAY['buyer']",
        "email = 'noor@example.org'",
        "password_hash = 'x'",
    ],
)
def test_the_table_keeps_guests_apart_from_accounts(make_guest, db, change):
    guest = make_guest()

    with pytest.raises(IntegrityError):
        db.execute(
            text(f"UPDATE kernel.person SET {change} WHERE id = :id"),
            {"id": guest.person_id},
        )


def test_an_account_never_gets_a_guests_session(make_person):
    camille = make_person()

    with pytest.raises(AssertionError):
        guest_rows.open_guest_session(
            guest_id=camille.somebody(),
            seen=Seen("", ""),
            until=house_clock.now() + timedelta(days=1),
            by_link=True,
            actor=SYSTEM,
        )


def test_one_place_opens_only_so_many(db):
    for _ in range(GUESTS_PER_ADDRESS):
        open_one()

    with pytest.raises(TooManyGuests):
        open_one()
    open_one(address="192.0.2.8")


def test_a_guests_browser_counts_for_a_day(db, clock):
    clock("2026-11-30T10:00")
    opened = open_one().session_id
    clock("2026-12-01T09:59")
    assert signed_in(opened) is not None
    clock("2026-12-01T10:00")
    assert signed_in(opened) is None


@pytest.mark.parametrize(
    ("by_link", "has_bought", "typed", "same"),
    [
        (False, False, "other", True),
        (False, True, "mine", True),
        (False, True, "other", False),
        (True, False, "mine", False),
        (True, True, "mine", False),
    ],
)
def test_who_goes_on_as_the_guest_they_are(by_link, has_bought, typed, same):
    assert goes_on(by_link=by_link, has_bought=has_bought, before="mine", typed=typed) is same


def test_who_types_anew_before_paying_stays_who_they_are(make_guest):
    guest = make_guest(email="noor@exampel.com")

    again = open_one(actor=guest)

    assert again == replace(guest, email=MAIL) == signed_in(guest.session_id)
    assert people.person(guest.somebody()).email == MAIL


def test_who_has_paid_and_types_another_address_is_another_guest(make_guest):
    guest = make_guest(email="first@example.com")
    service.note_purchase(person_id=guest.person_id, actor=SYSTEM)

    second = open_one(actor=guest)

    assert second.person_id != guest.person_id
    assert signed_in(guest.session_id) is None, "this browser is one guest at a time"


def test_an_address_is_corrected_until_something_is_paid(make_guest):
    guest = make_guest(email="noor@exampel.com")
    service.correct(email=MAIL, name="Noor B", actor=guest)
    assert queries.guest_of(signed_in(guest.session_id)).email == MAIL

    service.note_purchase(person_id=guest.person_id, actor=SYSTEM)
    with pytest.raises(AlreadyBought):
        service.correct(email="other@example.com", name="Noor", actor=guest)


def test_of_an_account_no_purchase_is_noted(make_person, db):
    service.note_purchase(person_id=make_person().person_id, actor=SYSTEM)

    assert db.execute(text("SELECT count(*) FROM kernel.guest")).scalar_one() == 0


def test_pages_ask_once_whether_a_guest_has_bought_and_commands_each_time(make_guest, db):
    guest = make_guest(email=MAIL)
    assert not queries.has_bought(guest.somebody())
    service.note_purchase(person_id=guest.person_id, actor=SYSTEM)

    with counting_queries() as asked:
        assert [queries.has_bought(guest.somebody()) for _ in range(3)] == [True] * 3

    assert len(asked) == 1
    db.execute(text("UPDATE kernel.guest SET bought_at = NULL"))
    assert queries.bought_at(guest.somebody()) is None
