"""The token of a browser: ours alone makes it, and one from before a sign-in opens nothing."""

from __future__ import annotations

from uuid import uuid4

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface

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
