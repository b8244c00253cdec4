"""Second factors: added by proof, used once, counted when wrong, gone when removed."""

from __future__ import annotations

import time
from datetime import timedelta

import pyotp
import pytest
from soft_key import SoftKey
from sqlalchemy import text

from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.db import transaction
from kernel.people.mfa import jobs, queries, rules, service
from kernel.people.mfa.errors import (
    ConfirmFirst,
    LastFactor,
    NoSetUp,
    PasskeyRefused,
    TooManyCodes,
    WrongCode,
)
from kernel.people.mfa.models import RecoveryCode
from kernel.people.mfa.service import Given, Method

HOST = "http://localhost/"
PARTY = queries.party_for(HOST)


@pytest.fixture
def camille(make_person):
    return make_person()


def given(code="", credential="", place="192.0.2.1"):
    return Given(code=code, credential=credential, party=PARTY, place=place)


def secret_of(actor):
    return queries.set_up_of(actor.person_id, email="x@example.com").secret


def code(secret, steps=0):
    return pyotp.TOTP(secret).at(int(time.time()) + 30 * steps)


@pytest.fixture
def app(camille):
    """An app that was set up with the code of the step before this one."""
    service.begin_app(person_id=camille.person_id, actor=camille)
    secret = secret_of(camille)
    service.confirm_app(person_id=camille.person_id, given=given(code(secret, -1)), actor=camille)
    return secret


@pytest.fixture
def key(camille):
    made = SoftKey()
    add(camille, made)
    return made


def add(camille, made, label="Telephone"):
    asked = queries.new_passkey_question(
        host_url=HOST, person_id=camille.person_id, email="x@example.com", name="Camille"
    )
    service.add_passkey(
        person_id=camille.person_id,
        credential=made.created(asked),
        label=label,
        party=PARTY,
        actor=camille,
    )


def prove(camille, **what):
    about = {k: what.pop(k) for k in ("purpose", "challenge", "recovery") if k in what}
    return service.prove(given=given(**what), person_id=camille.person_id, actor=camille, **about)


def test_an_app_counts_only_after_a_right_code(camille):
    service.begin_app(person_id=camille.person_id, actor=camille)
    secret = secret_of(camille)

    with pytest.raises(WrongCode):
        service.confirm_app(person_id=camille.person_id, given=given("000000"), actor=camille)
    assert not queries.ways_of(camille.person_id).any

    service.confirm_app(person_id=camille.person_id, given=given(code(secret)), actor=camille)
    assert queries.ways_of(camille.person_id).app
    assert queries.set_up_of(camille.person_id, email="x") is None
    with pytest.raises(NoSetUp):
        service.confirm_app(person_id=camille.person_id, given=given(code(secret)), actor=camille)


def test_a_code_counts_once_within_its_step(camille, app):
    now = code(app)

    assert prove(camille, code=now).method is Method.APP
    with pytest.raises(WrongCode):
        prove(camille, code=now)


def test_an_earlier_code_does_not_count_after_a_later_one():
    secret, at = pyotp.random_base32(), 1_800_000_000
    step = at // 30
    before, now, after = (pyotp.TOTP(secret).generate_otp(step + n) for n in (-1, 0, 1))

    assert rules.matching_step(secret, now, seconds=at, last_step=0) == step
    assert rules.matching_step(secret, before, seconds=at, last_step=step) is None
    assert rules.matching_step(secret, after, seconds=at, last_step=step) == step + 1
    assert rules.matching_step(secret, after, seconds=at - 60, last_step=0) is None


def test_five_wrong_codes_are_enough_even_for_the_right_one(camille, app):
    for _ in range(5):
        with pytest.raises(WrongCode):
            prove(camille, code="000000")
    with pytest.raises(TooManyCodes) as refused:
        prove(camille, code=code(app))
    assert 0 < refused.value.retry_after <= 15 * 60

    assert prove(camille, code=code(app), place="198.51.100.9").method is Method.APP


def test_guessing_from_many_places_ends_as_well(camille, app):
    for number in range(20):
        with pytest.raises(WrongCode):
            prove(camille, code="000000", place=f"192.0.2.{number}")
    with pytest.raises(TooManyCodes):
        prove(camille, code=code(app), place="198.51.100.9")


def test_the_secret_of_an_app_lies_locked(camille, app, db):
    stored = bytes(db.execute(text("SELECT secret FROM kernel.authenticator_app")).scalar_one())

    assert app.encode() not in stored
    assert queries.opened(stored) == app


def test_recovery_codes_count_once_each_and_are_stored_as_digests(camille, app, db):
    codes = service.make_codes(person_id=camille.person_id, actor=camille)

    assert len(set(codes)) == 10
    assert {len(rules.spoken(code)) for code in codes} == {24}
    assert prove(camille, code=codes[0].lower().replace("-", " ")).method is Method.CODE
    with pytest.raises(WrongCode):
        prove(camille, code=codes[0])
    assert queries.ways_of(camille.person_id).codes == 9
    stored = " ".join(db.execute(text("SELECT digest FROM kernel.recovery_code")).scalars())
    assert rules.spoken(codes[1]) not in stored.upper()


def test_a_code_of_twelve_signs_that_somebody_still_has_counts_until_there_are_new_ones(
    camille, app
):
    service.make_codes(person_id=camille.person_id, actor=camille)
    now = house_clock.now()
    with transaction(name="test", actor=SYSTEM) as current:
        for code in ("2345-6789-ABCD", "EFGH-JKMN-PQRS"):
            stored = rules.digest(code)
            current.add(RecoveryCode(person_id=camille.person_id, digest=stored, made_at=now))

    assert prove(camille, code="2345 6789 abcd").method is Method.CODE
    service.make_codes(person_id=camille.person_id, actor=camille)
    with pytest.raises(WrongCode):
        prove(camille, code="EFGH-JKMN-PQRS")


def test_new_codes_end_the_old_ones(camille, app):
    old = service.make_codes(person_id=camille.person_id, actor=camille)
    service.make_codes(person_id=camille.person_id, actor=camille)

    with pytest.raises(WrongCode):
        prove(camille, code=old[0])


def test_codes_stand_in_for_something(camille):
    with pytest.raises(LastFactor):
        service.make_codes(person_id=camille.person_id, actor=camille)


def test_a_code_from_paper_does_not_count_where_it_may_not(camille, app):
    codes = service.make_codes(person_id=camille.person_id, actor=camille)

    with pytest.raises(WrongCode):
        prove(camille, code=codes[0], recovery=False)


def test_a_passkey_signs_in_by_itself(camille, key):
    asked = queries.question(host_url=HOST, purpose="sign-in")

    proof = service.prove(
        given=given(credential=key.signed(asked)), purpose="sign-in", actor=SYSTEM
    )

    assert (proof.person_id, proof.method) == (camille.person_id, Method.PASSKEY)
    assert set(proof.evidence) == {
        "credential_id",
        "client_data",
        "authenticator_data",
        "signature",
    }


def test_an_answer_counts_once_for_its_purpose_and_its_time(camille, key, clock):
    asked = queries.question(host_url=HOST, purpose="sign-in")
    answer = key.signed(asked)
    with pytest.raises(PasskeyRefused):
        prove(camille, credential=answer, purpose="another purpose")
    prove(camille, credential=answer, purpose="sign-in")
    with pytest.raises(PasskeyRefused):
        prove(camille, credential=answer, purpose="sign-in")

    late = key.signed(queries.question(host_url=HOST, purpose="sign-in"))
    house_clock.freeze(house_clock.now() + rules.ANSWER_WITHIN)
    with pytest.raises(PasskeyRefused):
        prove(camille, credential=late, purpose="sign-in")


@pytest.mark.parametrize(
    "spoil",
    [
        lambda key: setattr(key, "origin", "http://localhost.example"),
        lambda key: setattr(key, "_site", "elsewhere.example"),
        lambda key: setattr(key, "_key", SoftKey()._key),
        lambda key: setattr(key, "id", b"unknown"),
    ],
    ids=["another site", "for another site", "another key", "nobody's key"],
)
def test_an_answer_that_does_not_fit_is_refused(camille, key, spoil):
    spoil(key)
    asked = queries.question(host_url=HOST, purpose="sign-in")

    with pytest.raises(PasskeyRefused):
        prove(camille, credential=key.signed(asked), purpose="sign-in")


def test_a_passkey_that_nobody_opened_is_refused(camille, key):
    asked = queries.question(host_url=HOST, purpose="sign-in")

    with pytest.raises(PasskeyRefused):
        prove(camille, credential=key.signed(asked, flags=0x01), purpose="sign-in")


@pytest.mark.parametrize("nonsense", ["{}", "[]", "no json", '{"id": "x"}', "null"])
def test_what_is_no_answer_is_refused_in_words(camille, key, nonsense):
    with pytest.raises(PasskeyRefused):
        prove(camille, credential=nonsense, purpose="sign-in")
    with pytest.raises(PasskeyRefused):
        service.add_passkey(
            person_id=camille.person_id, credential=nonsense, label="x", party=PARTY, actor=camille
        )


def test_somebody_elses_passkey_proves_nothing(camille, key, make_person):
    other = make_person()

    with pytest.raises(PasskeyRefused):
        prove(
            other, credential=key.signed(queries.question(host_url=HOST, purpose="p")), purpose="p"
        )


def test_a_removed_passkey_counts_no_more(camille, key):
    (found,) = queries.passkeys_of(camille.person_id)
    service.remove_passkey(person_id=camille.person_id, passkey_id=found.id, actor=camille)

    with pytest.raises(PasskeyRefused):
        prove(
            camille,
            credential=key.signed(queries.question(host_url=HOST, purpose="p")),
            purpose="p",
        )
    assert not queries.ways_of(camille.person_id).any


def test_who_proved_themselves_is_fresh_for_ten_minutes(camille, clock):
    queries.require_fresh(camille)  # who has just signed in did
    house_clock.freeze(house_clock.now() + rules.FRESH)
    with pytest.raises(ConfirmFirst):
        queries.require_fresh(camille)
    service.note_confirmation(session_id=camille.session_id, method=Method.APP, actor=camille)
    queries.require_fresh(camille)

    house_clock.freeze(house_clock.now() + rules.FRESH)
    assert not queries.is_fresh(camille)


def test_a_proof_of_a_clock_that_was_ahead_is_not_fresh_until_that_hour_comes(camille):
    house_clock.freeze(house_clock.now() - timedelta(days=30))
    assert not queries.is_fresh(camille)


def test_answered_challenges_are_forgotten_when_their_time_is_over(camille, key, db):
    house_clock.freeze(house_clock.now() + 3 * rules.ANSWER_WITHIN)
    jobs.forget_challenges()

    assert db.execute(text("SELECT count(*) FROM kernel.used_challenge")).scalar_one() == 0


@pytest.mark.parametrize(
    ("base", "asked", "demo", "party"),
    [
        ("https://entrepot.example", "https://evil.example/", False, "entrepot.example"),
        ("https://entrepot.example", "http://localhost:9/", False, "entrepot.example"),
        ("http://127.0.0.1:8000", "http://127.0.0.1:8502/", True, "localhost"),
        ("http://127.0.0.1:8000", "http://localhost:8502/", True, "localhost"),
    ],
)
def test_passkeys_belong_to_the_house_and_on_a_demonstration_to_this_machine(
    base, asked, demo, party
):
    assert rules.relying_party(base_url=base, asked_at=asked, is_demo=demo).id == party


def test_pages_opened_by_number_ask_for_no_passkey(camille, key):
    assert queries.question(host_url="http://127.0.0.1:8000/", purpose="sign-in") == ""
