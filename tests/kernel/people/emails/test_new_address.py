"""A new address counts once its owner followed the link there; the old one has a way back."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.people.emails import queries, rules, service
from kernel.people.emails.errors import EmailLinkOver, SameEmail
from kernel.people.identity import queries as people
from kernel.people.identity import service as identity
from kernel.people.identity.errors import EmailTaken
from kernel.people.mfa.errors import ConfirmFirst
from kernel.sealing import opened
from tests.asking import says

OLD, NEW = "camille@example.com", "camille@new.example"
PASSWORD = "correct horse battery"


@pytest.fixture(autouse=True)
def _noon(db, clock):
    clock("2026-11-25T12:00")


@pytest.fixture
def camille(make_person):
    person = make_person(email=OLD)
    identity.confirm(given=None, password=PASSWORD, address="192.0.2.1", actor=person)
    return person


@pytest.fixture
def letters(db):
    def read(template):
        rows = db.execute(
            text(
                "SELECT recipient, data FROM kernel.mail WHERE template = :t"
                " ORDER BY created_at, id"
            ),
            {"t": f"kernel/mail/{template}.txt"},
        )
        return [(row.recipient, row.data | {"token": opened(row.data["token"])}) for row in rows]

    return read


def address_of(person):
    with reading():
        return people.person(person.person_id).email


def wait(**by):
    house_clock.freeze(house_clock.now() + timedelta(**by))


def asked(camille, letters, email=NEW):
    service.ask(email=email, actor=camille)
    ((_, new),) = letters("email_confirm")[-1:]
    ((_, old),) = letters("email_asked")[-1:]
    return new["token"], old["token"]


def test_nothing_changes_before_the_link_in_the_new_mailbox_is_followed(camille, letters):
    confirm, _ = asked(camille, letters)

    assert address_of(camille) == OLD
    assert [to for to, _ in letters("email_confirm")] == [NEW]
    assert [to for to, _ in letters("email_asked")] == [OLD]
    service.confirm(token=confirm, actor=SYSTEM)
    assert address_of(camille) == NEW
    ((to, told),) = letters("email_changed")
    assert (to, told["zone"]) == (OLD, "Europe/Paris")
    with pytest.raises(EmailLinkOver):
        service.confirm(token=confirm, actor=SYSTEM)


def test_the_old_mailbox_stops_a_change_before_it_counts(camille, letters):
    confirm, back = asked(camille, letters)

    assert service.take_back(token=back, actor=SYSTEM) is False
    with pytest.raises(EmailLinkOver):
        service.confirm(token=confirm, actor=SYSTEM)
    assert address_of(camille) == OLD


def test_the_old_mailbox_takes_the_address_back_for_a_week_and_signs_everybody_out(
    camille, letters, db
):
    confirm, early = asked(camille, letters)
    service.confirm(token=confirm, actor=SYSTEM)
    ((_, changed),) = letters("email_changed")
    wait(days=6, hours=23)

    assert service.take_back(token=changed["token"], actor=SYSTEM) is True
    assert address_of(camille) == OLD
    open_ones = db.execute(
        text(
            "SELECT count(*) FROM kernel.person_session WHERE person_id = :id AND ended_at IS NULL"
        ),
        {"id": camille.person_id},
    ).scalar_one()
    assert open_ones == 0
    for token in (early, changed["token"]):
        with pytest.raises(EmailLinkOver):
            service.take_back(token=token, actor=SYSTEM)


def test_after_a_week_the_change_stands(camille, letters):
    confirm, _ = asked(camille, letters)
    service.confirm(token=confirm, actor=SYSTEM)
    ((_, changed),) = letters("email_changed")
    wait(days=7)

    with pytest.raises(EmailLinkOver):
        service.take_back(token=changed["token"], actor=SYSTEM)
    assert address_of(camille) == NEW


def test_a_link_lives_for_a_day_and_a_later_question_ends_the_earlier_one(camille, letters):
    first, _ = asked(camille, letters)
    second, _ = asked(camille, letters, "camille@other.example")

    with pytest.raises(EmailLinkOver):
        service.confirm(token=first, actor=SYSTEM)
    with reading():
        assert queries.waiting_for(camille.person_id).after == "camille@other.example"
    wait(hours=24)
    with pytest.raises(EmailLinkOver):
        service.confirm(token=second, actor=SYSTEM)
    with reading():
        assert queries.waiting_for(camille.person_id) is None


def test_an_address_that_somebody_took_meanwhile_is_refused_and_nothing_changes(
    camille, letters, make_person
):
    confirm, _ = asked(camille, letters)
    make_person(email=NEW)

    with pytest.raises(EmailTaken):
        service.confirm(token=confirm, actor=SYSTEM)
    with pytest.raises(EmailTaken):
        service.ask(email=NEW, actor=camille)
    assert address_of(camille) == OLD


def test_only_who_proved_themselves_a_moment_ago_asks(make_person, letters):
    person = make_person()
    house_clock.freeze(house_clock.now() + timedelta(minutes=10))
    with pytest.raises(ConfirmFirst):
        service.ask(email=NEW, actor=person)
    assert letters("email_confirm") == []


def test_the_present_address_is_no_new_one(camille, letters):
    with pytest.raises(SameEmail):
        service.ask(email=OLD, actor=camille)
    assert letters("email_asked") == []


def test_the_links_work_without_being_signed_in_and_the_token_is_kept_as_a_digest(
    camille, letters, client, db, as_
):
    shown = as_(camille).post(
        "/en/account/security/email", data={"csrf_token": "test-token", "email": NEW}
    )
    ((_, new),) = letters("email_confirm")
    waiting = as_(camille).get("/en/account/security").text
    with client.session_transaction() as cookies:
        cookies["csrf"] = "test-token"
    page = client.get(f"/en/account/email/confirm/{new['token']}")
    done = client.post(
        f"/en/account/email/confirm/{new['token']}", data={"csrf_token": "test-token"}
    )
    ((_, old),) = letters("email_changed")
    way_back = client.get(f"/en/account/email/back/{old['token']}").text

    assert shown.status_code == done.status_code == 303
    assert says(waiting, "Waiting for you to follow the link sent to %(email)s.", email=NEW)
    assert NEW in page.text
    assert says(way_back, "Take back your old address?")
    assert client.get("/en/account/email/back/nothing").status_code == 404
    kept = db.execute(text("SELECT confirm_digest FROM kernel.email_change")).scalar_one()
    assert kept == rules.digest(new["token"])
