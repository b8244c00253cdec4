"""People: register once, sign in with the right password, be locked out after guessing."""

from datetime import timedelta

import pytest
from sqlalchemy import text

from kernel import clock as house_clock
from kernel.actor import ANONYMOUS, SYSTEM, Role
from kernel.people.identity import queries, service
from kernel.people.identity.errors import EmailTaken, TooManyTries, WeakPassword, WrongCredentials
from kernel.people.identity.events import PersonRegistered, SignedIn
from tests.asking import says

GOOD = "correct horse battery"


def register(email="camille@example.com", password=GOOD):
    return service.register(
        email=email, password=password, name="Camille", locale="fr", country="FR", actor=SYSTEM
    )


def sign_in(email="camille@example.com", password=GOOD, address="192.0.2.1"):
    return service.sign_in(
        email=email, password=password, device="a browser", address=address, actor=SYSTEM
    )


def test_registering_opens_an_account_and_says_so(outbox):
    person_id = register()
    assert queries.person(person_id).email == "camille@example.com"
    assert isinstance(outbox()[0], PersonRegistered)


def test_one_address_has_one_account(db):
    register()
    with pytest.raises(EmailTaken) as refused:
        register()
    assert set(refused.value.fields) == {"email"}
    assert db.execute(text("SELECT count(*) FROM kernel.person")).scalar_one() == 1


@pytest.mark.parametrize("password", ["short", "password1", "camille@example.com", "12345678"])
def test_known_and_short_passwords_are_refused(db, password):
    with pytest.raises(WeakPassword):
        register(password=password)


def test_the_password_is_not_stored(db):
    register()
    stored = db.execute(text("SELECT password_hash FROM kernel.person")).scalar_one()
    assert stored.startswith("$argon2id$")
    assert GOOD not in stored


def test_a_guess_at_a_password_costs_time_and_memory(slow_hasher):
    made = slow_hasher()
    assert (made.time_cost, made.memory_cost) >= (3, 64 * 1024)  # RFC 9106, section 4, in KiB


def test_signing_in_gives_a_session_that_can_be_ended(outbox):
    register()
    session_id = sign_in()
    actor = queries.actor_of_session(str(session_id))
    assert actor.roles == {Role.BUYER}
    assert isinstance(outbox()[-1], SignedIn)

    service.end_session(session_id=session_id, actor=actor)
    assert queries.actor_of_session(str(session_id)) is None


def test_a_session_ends_by_itself(db, clock):
    start = clock("2026-11-25T09:00")
    register()
    session_id = str(sign_in())
    house_clock.freeze(start + timedelta(days=29))
    assert queries.actor_of_session(session_id) is not None
    house_clock.freeze(start + timedelta(days=31))
    assert queries.actor_of_session(session_id) is None


def test_guessing_is_stopped_and_time_heals(db, clock):
    start = clock("2026-11-25T09:00")
    register()
    for _ in range(8):
        with pytest.raises(WrongCredentials):
            sign_in(password="wrong guess")
    with pytest.raises(TooManyTries) as refused:
        sign_in()
    assert 0 < refused.value.retry_after <= 15 * 60 + 1

    house_clock.freeze(start + timedelta(minutes=16))
    assert sign_in()


def test_a_right_password_forgets_the_guesses(db):
    register()
    for _ in range(7):
        with pytest.raises(WrongCredentials):
            sign_in(password="wrong guess")
    sign_in()
    for _ in range(7):
        with pytest.raises(WrongCredentials):
            sign_in(password="wrong guess")
    assert sign_in()


def test_an_unknown_address_is_answered_like_a_wrong_password(db):
    with pytest.raises(WrongCredentials):
        sign_in(email="nobody@example.com")


def test_staff_know_their_company(make_person):
    person = make_person(roles=frozenset({Role.VENDOR}))
    company = service.found_organisation(name="Jingdezhen", country="CN", actor=SYSTEM)
    for _ in range(2):
        service.add_member(organisation_id=company, person_id=person.person_id, actor=SYSTEM)
    again = queries.actor_of_session(str(person.session_id))
    assert again.organisation_ids == {company}
    assert [p.id for p in queries.staff_of(company)] == [person.person_id]


def test_a_session_that_is_over_is_remembered_and_no_longer_open(make_person, as_):
    actor = make_person()
    other = service.sign_in(
        email=queries.person(actor.person_id).email,
        password=GOOD,
        device="Firefox",
        address="",
        actor=ANONYMOUS,
    )
    service.end_session(session_id=other, actor=actor)

    page = as_(actor).get("/en/account/security").text

    assert [past.device for past in queries.past_sessions_of(actor)] == ["Firefox"]
    assert other not in {found.id for found in queries.sessions_of(actor)}
    assert says(page, "Signed out")
