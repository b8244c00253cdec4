"""The token of a browser: ours alone makes it, and one from before a sign-in opens nothing."""

from __future__ import annotations

from uuid import uuid4

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from sqlalchemy import text

from kernel.people.identity import queries, service
from kernel.people.mfa import service as proving
from tests.second_steps import with_a_factor

PASSWORD = "correct horse battery"


def signed(key, by, **kept):
    other = Flask("other")
    other.secret_key = key
    return by.get_signing_serializer(other).dumps(kept)


def shows_the_account(app, token):
    browser = app.test_client()
    browser.set_cookie(app.config["SESSION_COOKIE_NAME"], token)
    return browser.get("/en/account").status_code == 200


def test_a_token_counts_only_when_we_signed_it(app, make_person):
    session_id, by = str(make_person().session_id), app.session_interface
    ours = signed(app.secret_key, by, _user_id=session_id)
    body, rest = ours.split(".", 1)
    for wrong in (
        signed(b"another key", by, _user_id=session_id),
        signed(app.secret_key, SecureCookieSessionInterface(), _user_id=session_id),  # SHA-1
        signed(app.secret_key, by, _user_id=str(uuid4())),
        signed(app.secret_key, by, _user_id="1"),
        f"{body}x.{rest}",
        f"{ours[:-1]}{'A' if ours[-1] != 'A' else 'B'}A",
        body,
        f"{body}.",
        session_id,
    ):
        assert not shows_the_account(app, wrong), wrong

    assert shows_the_account(app, ours)


@pytest.mark.usefixtures("make_person")
def test_a_form_of_before_the_sign_in_is_not_taken_after_it(client, make_person):
    make_person(email="camille@example.com")
    with client.session_transaction() as kept:
        kept["csrf"] = "known-before"
    form = {"csrf_token": "known-before"}
    who = {"email": "camille@example.com", "password": PASSWORD}
    assert client.post("/en/sign-in", data=form | who).status_code == 303

    assert client.post("/en/sign-out", data=form).status_code == 403
    assert client.get("/en/account").status_code == 200


def enter(browser, email):
    with browser.session_transaction() as kept:
        kept["csrf"] = "test-token"
    form = {"csrf_token": "test-token", "email": email, "password": PASSWORD}
    return browser.post("/en/sign-in", data=form)


def test_a_sign_in_ends_the_session_that_the_same_browser_still_had(app, client, make_person):
    camille, other = make_person(email="camille@example.com"), make_person()
    elsewhere = app.test_client()
    for browser in (client, elsewhere):
        enter(browser, "camille@example.com")
    kept = client.get_cookie(app.config["SESSION_COOKIE_NAME"]).value
    assert shows_the_account(app, kept)

    enter(client, other.email)

    assert not shows_the_account(app, kept)
    assert elsewhere.get("/en/account").status_code == 200
    assert queries.actor_of_session(str(camille.session_id)) is not None


def test_a_wrong_password_ends_nothing(client, make_person):
    make_person(email="camille@example.com")
    enter(client, "camille@example.com")
    assert enter(client, "nobody@example.com").status_code == 422
    assert client.get("/en/account").status_code == 200


def test_it_ends_once_the_second_step_is_done_and_not_before(app, client, make_person):
    camille = with_a_factor(make_person(email="camille@example.com"))
    (code, *_) = proving.make_codes(person_id=camille.person_id, actor=camille)
    enter(client, make_person().email)
    kept = client.get_cookie(app.config["SESSION_COOKIE_NAME"]).value
    enter(client, "camille@example.com")
    assert shows_the_account(app, kept)
    form = {"csrf_token": "test-token", "code": code}
    assert client.post("/en/sign-in/second", data=form).status_code == 303
    assert not shows_the_account(app, kept)


def test_a_hash_of_other_figures_is_made_anew_at_a_sign_in(client, make_person, db):
    camille = make_person(email="camille@example.com")
    older = PasswordHasher(time_cost=2, memory_cost=8, parallelism=1).hash(PASSWORD)
    change = text("UPDATE kernel.person SET password_hash = :hash WHERE id = :id")
    db.execute(change, {"hash": older, "id": camille.person_id})

    def stored():
        query = text("SELECT password_hash FROM kernel.person WHERE id = :id")
        return db.execute(query, {"id": camille.person_id}).scalar_one()

    assert enter(client, "camille@example.com").status_code == 303
    anew = stored()
    assert anew != older
    assert not service._hasher().check_needs_rehash(anew)
    assert enter(client, "camille@example.com").status_code == 303
    assert stored() == anew
