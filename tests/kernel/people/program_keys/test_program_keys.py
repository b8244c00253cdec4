"""A program acts for a person by a key: shown once, for what was chosen, until it is taken back."""

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text

from kernel.actor import GUARDED, Role
from kernel.db import reading
from kernel.people.identity import service as identity
from kernel.people.mfa.errors import ConfirmFirst
from kernel.people.program_keys import queries, service
from kernel.people.program_keys.errors import KeyRefused, KeyUnknown, TooManyKeys
from kernel.people.program_keys.forms import Wanted
from kernel.people.program_keys.rules import MOST_KEYS

PASSWORD = "correct horse battery"
POLICIES, QUOTES = "/api/v1/insurance/policies", "/api/v1/insurance/quotes"
READS = Wanted("Order desk", ("insurance.read",), days=30)


@pytest.fixture
def ada(make_person, clock):
    clock("2026-06-01T09:00")
    person = make_person(email="ada@example.com")
    identity.confirm(given=None, password=PASSWORD, address="192.0.2.1", actor=person)
    return person


def by(secret):
    return {"Authorization": f"Bearer {secret}"}


def test_a_key_made_on_its_page_opens_what_was_chosen(ada, as_, client):
    mine = as_(ada)
    form = {"label": "Order desk", "scopes": "insurance.read", "days": "30"}

    page = mine.post("/en/account/keys", data=form | {"csrf_token": "test-token"})
    secret = BeautifulSoup(page.text, "html.parser").select_one("[data-key]").text

    assert page.headers["Cache-Control"] == "no-store"
    assert client.get(POLICIES, headers=by(secret)).status_code == 200
    assert secret not in mine.get("/en/account/keys").text


def test_a_key_is_kept_as_a_digest_alone(ada):
    secret = service.make(wanted=READS, actor=ada).secret

    with reading() as current:
        rows = current.execute(text("SELECT to_jsonb(k)::text FROM kernel.program_key k")).all()

    assert secret.rpartition("_")[2] not in str(rows)


def test_a_key_opens_nothing_it_was_not_made_for(ada, client):
    secret = service.make(wanted=READS, actor=ada).secret

    answer = client.post(QUOTES, json={}, headers=by(secret))

    assert (answer.status_code, answer.json["code"]) == (403, "scope_missing")
    assert answer.mimetype == "application/problem+json"


def test_a_key_that_may_write_needs_no_token_of_a_session(ada, client):
    wanted = Wanted("Order desk", ("insurance.write",), days=30)
    secret = service.make(wanted=wanted, actor=ada).secret

    answer = client.post(QUOTES, json={}, headers=by(secret))

    assert (answer.status_code, answer.json["code"]) == (422, "invalid")


def test_no_page_is_opened_by_a_key(ada, client):
    secret = service.make(wanted=READS, actor=ada).secret

    assert client.get("/en/account", headers=by(secret)).status_code == 303


def test_a_named_key_speaks_before_a_cookie(ada, as_, make_person):
    secret = service.make(wanted=READS, actor=ada).secret
    other = as_(make_person())

    answer = other.post(QUOTES, json={}, headers=by(secret) | {"X-CSRF-Token": "test-token"})

    assert answer.json["code"] == "scope_missing"


def test_a_key_taken_back_or_too_old_is_refused(ada, client, clock):
    taken, old = (service.make(wanted=READS, actor=ada).secret for _ in range(2))
    service.remove(key_id=_key_of(ada, taken), actor=ada)

    assert client.get(POLICIES, headers=by(taken)).json["code"] == "key_refused"
    assert client.get(POLICIES, headers=by(old)).status_code == 200
    clock("2026-07-01T09:00:01")
    answer = client.get(POLICIES, headers=by(old))
    assert (answer.status_code, answer.json["code"]) == (401, "key_refused")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_nobody_takes_back_a_key_of_others(ada, make_person):
    secret = service.make(wanted=READS, actor=ada).secret

    with pytest.raises(KeyUnknown):
        service.remove(key_id=_key_of(ada, secret), actor=make_person())

    assert service.recognise(secret).person_id == ada.person_id


def test_a_key_is_made_by_who_proved_themselves_a_moment_ago(ada, clock):
    clock("2026-06-01T12:00")

    with pytest.raises(ConfirmFirst):
        service.make(wanted=READS, actor=ada)


def test_an_account_has_only_so_many_keys(ada):
    for _ in range(MOST_KEYS):
        service.make(wanted=READS, actor=ada)

    with pytest.raises(TooManyKeys):
        service.make(wanted=READS, actor=ada)


def test_the_day_of_its_last_use_stands_beside_a_key(ada, clock):
    secret = service.make(wanted=READS, actor=ada).secret
    assert queries.keys_of(ada)[0].used_on is None

    service.recognise(secret)

    assert queries.keys_of(ada)[0].used_on == clock("2026-06-01T18:00").date()
    assert queries.keys_of(ada)[0].expires_at - queries.keys_of(ada)[0].made_at == timedelta(30)


def test_no_key_carries_the_work_of_somebody_for_the_house(make_person, clock):
    clock("2026-06-01T09:00")
    officer = make_person(roles=frozenset({Role.UNDERWRITER}))
    secret = service.make(wanted=READS, actor=officer).secret

    assert not service.recognise(secret).roles & GUARDED


def test_a_key_that_is_none_is_refused(db):
    with pytest.raises(KeyRefused):
        service.recognise("entrepot_0000_x")


def _key_of(person, secret):
    return next(key.id for key in queries.keys_of(person) if secret.startswith(key.name))
