"""Somebody of an insurer is let in by two officers and a link, and out by one."""

from dataclasses import replace

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from insurance.money.books.errors import InsurerUnknown
from insurance.reporting.insurer_people import queries, rules, service
from insurance.reporting.insurer_people.errors import (
    AlreadyInvited,
    InsurerPersonUnknown,
    InvitationForOther,
    InvitationOver,
    InvitationSettled,
    InviterIsSender,
    NotTreasurer,
    WorksForTheHouse,
)
from insurance.reporting.insurer_people.models import InsurerPerson
from insurance.reporting.insurer_people.queries import Seat
from insurance.reporting.insurer_people.rules import Part, Stage
from kernel import clock as kernel_clock
from kernel.actor import SYSTEM, Actor, Role
from kernel.db import reading, session, transaction
from kernel.errors import Forbidden
from kernel.ids import new_id
from kernel.people.identity import queries as people
from tests.insurance.reporting.insurer_people.joining import (
    HAVRE,
    LYS,
    invited,
    joined,
    officer,
    row_of,
    signed_in_anew,
    token_to,
)

MAIL = "ines@havre.example.com"


@pytest.fixture
def ines(db, clock, make_person):
    clock("2026-06-01T09:00")
    return make_person(email=MAIL)


def seat(actor):
    with reading():
        return queries.seat_of(actor)


def lines(actor=None, insurer_key=HAVRE):
    with reading():
        return queries.people_of(actor or officer(), insurer_key=insurer_key)


def test_who_joined_sees_their_insurer_and_no_other(ines):
    ines = joined(ines, insurer_key=HAVRE, part=Part.TREASURER)

    assert ines.roles >= {Role.INSURER, Role.BUYER}
    assert seat(ines) == Seat(insurer_key=HAVRE, part=Part.TREASURER)
    with reading():
        assert [one.key for one in queries.visible(ines)] == [HAVRE]
        assert queries.among(ines, {HAVRE, LYS}) == {HAVRE}
        queries.require(ines, HAVRE)
        queries.require_treasurer(ines, HAVRE)
        for refused in (queries.require, queries.require_treasurer):
            with pytest.raises(InsurerUnknown):
                refused(ines, LYS)


def test_the_house_sees_every_insurer_and_a_customer_none(ines):
    with reading():
        for one in (officer(), SYSTEM):
            assert {HAVRE, LYS} <= {found.key for found in queries.visible(one)}
            assert queries.among(one, {HAVRE, "gone"}) == {HAVRE, "gone"}
            queries.require(one, LYS)
        assert queries.visible(ines) == []
        assert queries.among(ines, {HAVRE, LYS}) == frozenset()
        with pytest.raises(InsurerUnknown):
            queries.require(ines, HAVRE)


def test_before_a_second_factor_nothing_opens(ines):
    service.join(token=invited(insurer_key=HAVRE, email=MAIL), actor=ines)

    assert people.actor_of_session(str(ines.session_id)) is None
    proven = signed_in_anew(ines)
    unproven = replace(proven, roles=proven.roles - {Role.INSURER}, withheld={Role.INSURER})
    assert seat(proven) is not None
    assert seat(unproven) is None


def test_who_ended_sees_nothing_from_that_moment_and_is_told(ines):
    ines = joined(ines, insurer_key=HAVRE)
    row = row_of(ines)
    chief = officer()

    service.end(person_id=row, reason="She left.", actor=chief)
    service.end(person_id=row, reason="Again.", actor=officer())

    # The actor of before, as a request that is under way would hold it.
    assert seat(ines) is None
    now = people.actor_of_session(str(ines.session_id))
    assert now is not None
    assert Role.INSURER not in now.roles | now.withheld
    (line,) = lines()
    assert (line.stage, line.reason, line.ended_at) == (
        Stage.ENDED,
        "She left.",
        kernel_clock.now(),
    )


def test_one_officer_proposes_and_another_sends(ines):
    maker = officer()
    row = service.propose(insurer_key=HAVRE, email=MAIL, part=Part.READER, actor=maker)
    with pytest.raises(InviterIsSender):
        service.send(person_id=row, actor=maker)
    assert not lines(maker)[0].may_send
    assert lines()[0].stage is Stage.PROPOSED

    service.send(person_id=row, actor=officer())

    assert lines()[0].stage is Stage.SENT
    same = update(InsurerPerson).where(InsurerPerson.id == row).values(sent_by=maker.person_id)
    with pytest.raises(IntegrityError), transaction(name="test", actor=SYSTEM) as current:
        current.execute(same)


def test_a_later_link_takes_the_place_of_the_one_before(ines):
    first = invited(insurer_key=HAVRE, email=MAIL)
    service.send(person_id=row_of(ines), actor=officer())
    second = token_to(MAIL)

    assert first != second
    with pytest.raises(InvitationOver):
        service.join(token=first, actor=ines)
    service.join(token=second, actor=ines)
    with pytest.raises(InvitationOver):
        service.join(token=second, actor=ines)
    with pytest.raises(InvitationSettled):
        service.send(person_id=row_of(ines), actor=officer())


def test_a_link_lives_for_a_week_and_is_sent_anew_then(ines, clock):
    token = invited(insurer_key=HAVRE, email=MAIL)
    clock("2026-06-08T09:00")
    with pytest.raises(InvitationOver):
        service.join(token=token, actor=ines)
    with pytest.raises(InvitationOver):
        queries.invitation(ines, token=token)
    assert lines()[0].stage is Stage.EXPIRED

    service.send(person_id=row_of(ines), actor=officer())

    assert queries.invitation(ines, token=token_to(MAIL)).is_for_actor


def test_a_link_that_was_taken_back_opens_nothing(ines):
    token = invited(insurer_key=HAVRE, email=MAIL)

    service.end(person_id=row_of(ines), reason="Wrong address.", actor=officer())

    with pytest.raises(InvitationOver):
        service.join(token=token, actor=ines)
    with pytest.raises(InvitationSettled):
        service.send(person_id=row_of(ines), actor=officer())


def test_only_the_account_that_was_invited_joins_and_nobody_of_the_house(ines, make_person):
    token = invited(insurer_key=HAVRE, email=MAIL)
    with pytest.raises(InvitationForOther):
        service.join(token=token, actor=make_person())
    assert not queries.invitation(make_person(), token=token).is_for_actor
    clerk = make_person(email="clerk@example.com", roles=frozenset({Role.OPERATOR}))
    theirs = invited(insurer_key=HAVRE, email=clerk.email)
    # A session without their second factor changes nothing about where they work.
    for actor in (clerk, replace(clerk, roles=frozenset(), withheld=frozenset({Role.OPERATOR}))):
        with pytest.raises(WorksForTheHouse):
            service.join(token=theirs, actor=actor)

    assert [one.stage for one in lines()] == [Stage.SENT, Stage.SENT]


def test_one_address_has_one_seat_and_comes_back_by_another_row(ines):
    ines = joined(ines, insurer_key=HAVRE)
    for key in (HAVRE, LYS):
        with pytest.raises(AlreadyInvited):
            service.propose(insurer_key=key, email=MAIL, part=Part.READER, actor=officer())

    service.end(person_id=row_of(ines), reason="She changed sides.", actor=officer())
    ines = joined(signed_in_anew_without(ines), insurer_key=LYS)

    assert seat(ines) == Seat(insurer_key=LYS, part=Part.READER)
    assert [one.stage for one in lines()] == [Stage.ENDED]
    assert [one.stage for one in lines(insurer_key=LYS)] == [Stage.JOINED]


def signed_in_anew_without(actor):
    """Return somebody as they are in their session by now."""
    now = people.actor_of_session(str(actor.session_id))
    assert now is not None
    return now


def test_the_last_treasurer_may_go(ines):
    ines = joined(ines, insurer_key=HAVRE, part=Part.TREASURER)
    with reading():
        assert [one.id for one in queries.treasurers(insurer_key=HAVRE)] == [ines.person_id]

    service.end(person_id=row_of(ines), reason="She retired.", actor=officer())

    with reading():
        assert queries.treasurers(insurer_key=HAVRE) == []


def test_a_reader_is_no_treasurer(ines):
    ines = joined(ines, insurer_key=HAVRE)

    with reading(), pytest.raises(NotTreasurer):
        queries.require_treasurer(ines, HAVRE)
    with reading():
        assert queries.treasurers(insurer_key=HAVRE) == []


def test_only_officers_read_who_is_there(ines):
    ines = joined(ines, insurer_key=HAVRE)
    for actor in (ines, Actor(person_id=new_id(), roles=frozenset({Role.BUYER}))):
        with reading(), pytest.raises(Forbidden):
            queries.people_of(actor, insurer_key=HAVRE)
        with reading(), pytest.raises(Forbidden):
            queries.insurer_key_of(row_of(ines), actor=actor)
    with pytest.raises(InsurerPersonUnknown):
        service.end(person_id=new_id(), reason="", actor=officer())
    with reading(), pytest.raises(InsurerPersonUnknown):
        queries.insurer_key_of(new_id(), actor=officer())


def test_what_is_kept_of_a_link_is_its_digest(ines):
    token = invited(insurer_key=HAVRE, email=MAIL)

    with reading():
        row = session().get_one(InsurerPerson, row_of(ines))
        assert row.token_digest == rules.digest(token)
        assert token not in {row.token_digest, row.email, row.reason}
