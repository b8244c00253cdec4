"""Whatever a browser sends in place of a passkey's answer is refused with a page, never a fault."""

from __future__ import annotations

import copy
import json

import cbor2
import pytest
from soft_key import SoftKey
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url

from kernel.actor import Actor
from kernel.people.mfa import queries, service
from kernel.people.mfa.service import Method
from tests.asking import problem_code

HOST = "http://localhost/"
PARTY = queries.party_for(HOST)
STRANGE = [None, "", 0, -1, 1.5, 10**400, True, [], {}, "\0", "\ud800", "é", [[1]], {"a": 1}, "["]
NO_ANSWERS = ["", "null", "0", "[]", "{}", '"x"', "nothing", "\0", "é", "[" * 15_000, "9" * 5_000]


@pytest.fixture
def camille(make_person):
    return make_person()


@pytest.fixture
def key(camille):
    made = SoftKey()
    service.add_passkey(
        person_id=camille.person_id,
        credential=made.created(question(camille)),
        label="Telephone",
        party=PARTY,
        actor=camille,
    )
    session_id = camille.session_id
    service.note_confirmation(session_id=session_id, method=Method.PASSKEY, actor=camille)
    return made


def question(person: Actor) -> str:
    return queries.new_passkey_question(
        host_url=HOST, person_id=person.person_id, email="x@example.com", name="Camille"
    )


def post(browser, address, **fields):
    with browser.session_transaction() as kept:
        kept["csrf"] = "test-token"
    return browser.post(address, data={"csrf_token": "test-token"} | fields)


def spoilt(answer: str):
    """Yield an answer with each of its fields missing, or something else in its place."""
    whole = json.loads(answer)
    yield from (with_value(whole, path, value) for path in _paths(whole) for value in STRANGE)
    yield from (without(whole, path) for path in _paths(whole))
    client = json.loads(base64url_to_bytes(whole["response"]["clientDataJSON"]))
    for name in [*client, "tokenBinding"]:
        for value in STRANGE:
            said = json.dumps(client | {name: value}).encode()
            yield with_value(whole, ("response", "clientDataJSON"), bytes_to_base64url(said))


def with_value(whole, path, value) -> str:
    changed = copy.deepcopy(whole)
    _parent(changed, path)[path[-1]] = value
    return json.dumps(changed)


def without(whole, path) -> str:
    changed = copy.deepcopy(whole)
    del _parent(changed, path)[path[-1]]
    return json.dumps(changed)


def _paths(whole, before=()):
    for name, value in whole.items():
        yield (*before, name)
        if isinstance(value, dict):
            yield from _paths(value, (*before, name))


def _parent(whole, path):
    for name in path[:-1]:
        whole = whole[name]
    return whole


@pytest.mark.parametrize("code", ["", "123456", "2222-2222-2222"])
def test_signing_in_by_passkey_takes_no_code_and_nothing(client, db, code):
    answer = post(client, "/fr/sign-in/passkey", code=code)

    assert answer.status_code == 422
    assert 'lang="fr"' in answer.text


@pytest.mark.parametrize("sent", NO_ANSWERS)
def test_what_is_no_answer_is_refused_on_every_page_that_takes_one(as_, camille, key, sent):
    browser = as_(camille)
    pages = ("sign-in/passkey", "account/security/confirm", "account/security/passkeys")

    answers = [post(browser, f"/en/{page}", credential=sent, label="Key") for page in pages]

    assert [answer.status_code for answer in answers] == [422, 422, 422]


def test_an_answer_with_a_strange_field_signs_nobody_in(client, camille, key):
    asked = queries.question(host_url=HOST, purpose="sign-in")
    harmless = {'"crossOrigin"', '"userHandle"', '"clientExtensionResults"'}
    tried = 0

    for sent in spoilt(key.signed(asked)):
        answer = post(client, "/en/sign-in/passkey", credential=sent)
        assert answer.status_code in {303, 422}, sent
        assert answer.status_code == 422 or any(name in sent for name in harmless), sent
        tried += 1
    assert tried > 200


def test_a_new_passkey_with_a_strange_field_is_refused(as_, camille):
    browser, asked = as_(camille), question(camille)

    for sent in spoilt(SoftKey().created(asked)):
        answer = post(browser, "/en/account/security/passkeys", credential=sent, label="Key")
        assert answer.status_code in {303, 422}, sent


@pytest.mark.parametrize("format_", ["android-safetynet", "android-key", "tpm", "packed", "apple"])
@pytest.mark.parametrize(
    "stated",
    [{}, {"ver": 1, "response": "x"}, {"sig": 1, "alg": "x", "x5c": 5}, {"ver": "2.0", "x5c": [1]}],
)
def test_a_strange_statement_of_an_authenticator_is_refused(as_, camille, format_, stated):
    whole = json.loads(SoftKey().created(question(camille)))
    made = cbor2.loads(base64url_to_bytes(whole["response"]["attestationObject"]))
    strange = cbor2.dumps(made | {"fmt": format_, "attStmt": stated})
    sent = with_value(whole, ("response", "attestationObject"), bytes_to_base64url(strange))

    answer = post(as_(camille), "/en/account/security/passkeys", credential=sent, label="Key")

    assert answer.status_code == 422
    assert problem_code(answer) == "passkey_refused"
