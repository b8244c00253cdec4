"""A lost passkey or app: a code gets one in at once, without one it takes an announced day."""

from __future__ import annotations

import re
import time
from datetime import timedelta

import pyotp
import pytest
from sqlalchemy import text

from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.people.identity import queries as people
from kernel.people.identity import service as identity
from kernel.people.identity.errors import WrongCredentials
from kernel.people.mfa import queries as factors
from kernel.people.mfa import service as proving
from kernel.people.mfa.service import Given
from kernel.people.recovery import jobs, queries, service
from kernel.people.recovery.errors import NothingLost, ResetUnknown
from kernel.people.safety import queries as safety
from kernel.sealing import opened
from tests.asking import says

PASSWORD = "correct horse battery"


@pytest.fixture
def camille(make_person, clock):
    clock("2026-11-25T09:00")
    person = make_person(email="camille@example.com")
    proving.begin_app(person_id=person.person_id, actor=person)
    secret = factors.set_up_of(person.person_id, email="").secret
    given = Given(
        code=pyotp.TOTP(secret).at(int(time.time())),
        party=factors.party_for("http://localhost/"),
        place="",
    )
    proving.confirm_app(person_id=person.person_id, given=given, actor=person)
    return person


def ask(password=PASSWORD):
    return service.ask(
        email="camille@example.com", password=password, address="192.0.2.1", actor=SYSTEM
    )


def later(**span):
    house_clock.freeze(house_clock.now() + timedelta(**span))
    jobs.do_due_resets()


def token(db):
    query = "SELECT data -> 'token' FROM kernel.mail WHERE template LIKE '%reset_announced%'"
    return opened(db.execute(text(query)).scalar_one())


def test_a_lost_factor_is_reset_after_an_announced_day_and_little_may_be_spent_for_a_week(
    camille, db
):
    due_at = ask()
    later(hours=23)
    assert factors.ways_of(camille.person_id).app
    assert people.actor_of_session(str(camille.session_id)) is not None

    later(hours=1)

    assert due_at == house_clock.now()
    assert not factors.ways_of(camille.person_id).any
    assert people.actor_of_session(str(camille.session_id)) is None
    assert safety.reduced_until(camille.person_id) == due_at + timedelta(days=7)
    done = text("SELECT count(*) FROM kernel.audit WHERE command LIKE '%recovery%do_reset'")
    assert db.execute(done).scalar_one() == 1
    kinds = db.execute(text("SELECT kind FROM kernel.safety_log ORDER BY id")).scalars().all()
    assert kinds[-2:] == ["reset_asked", "reset_done"]
    later(days=7)
    assert safety.reduced_until(camille.person_id) is None


def test_the_link_in_the_letter_cancels_it_for_good(camille, client, db):
    ask()
    address = f"/en/sign-in/lost/cancel/{token(db)}"
    page = client.get(address)
    csrf = re.search(r'name="csrf_token" value="([^"]+)"', page.text)[1]

    client.post(address, data={"csrf_token": csrf})
    later(hours=48)

    assert factors.ways_of(camille.person_id).app
    assert client.get(address).status_code == 404
    with pytest.raises(ResetUnknown):
        service.cancel(token=token(db), actor=SYSTEM)


def test_whoever_is_signed_in_sees_the_announced_reset_and_cancels_it(camille, as_):
    ask()
    browser = as_(camille)
    assert says(browser.get("/en/account/security"), "Someone with your password asked to reset")

    browser.post("/en/account/security/reset/cancel", data={"csrf_token": "test-token"})

    assert queries.announced_for(camille.person_id) is None
    later(hours=48)
    assert factors.ways_of(camille.person_id).app


def test_asking_again_changes_nothing_and_a_done_reset_is_done_once(camille, db):
    first = ask()
    house_clock.freeze(house_clock.now() + timedelta(hours=5))

    assert ask() == first
    later(hours=24)
    later(hours=24)
    log = text("SELECT count(*) FROM kernel.safety_log WHERE kind = 'reset_done'")
    assert db.execute(log).scalar_one() == 1


def test_only_whoever_has_the_password_may_ask(camille):
    with pytest.raises(WrongCredentials):
        ask("wrong guess")


def test_without_a_second_step_there_is_nothing_to_lose(make_person):
    make_person(email="camille@example.com")

    with pytest.raises(NothingLost):
        ask()


def test_a_recovery_code_gets_one_in_at_once_and_the_lost_app_may_go(camille, as_):
    (code, *_) = proving.make_codes(person_id=camille.person_id, actor=camille)
    waiting = identity.sign_in(
        email="camille@example.com",
        password=PASSWORD,
        device="new",
        address="192.0.2.1",
        actor=SYSTEM,
    )
    given = Given(code=code, party=factors.party_for("http://localhost/"), place="")

    identity.finish_sign_in(session_id=waiting, given=given, actor=SYSTEM)

    back = people.actor_of_session(str(waiting))
    browser = as_(back)
    browser.post("/en/account/security/app/remove", data={"csrf_token": "test-token"})
    assert not factors.ways_of(camille.person_id).app


def test_the_way_back_is_shown_with_its_delay(client):
    page = client.get("/en/sign-in/lost")

    assert says(page, "We'll reset your second step in %(delay)s.", delay="24 hours")
    assert says(page, "for %(reduced)s you can only send small amounts", reduced="7 days")
