"""What a session began is not done once somebody has ended it, however close the two are."""

from __future__ import annotations

import threading

import pyotp
import pytest
from sqlalchemy import text

from kernel.actor import SYSTEM
from kernel.db import reading, transaction
from kernel.errors import HouseError, NotSignedIn
from kernel.ids import new_id
from kernel.people.account import service as account
from kernel.people.emails import service as emails
from kernel.people.identity import queries as people
from kernel.people.identity import service as identity
from kernel.people.mfa import queries as factors
from kernel.people.mfa.service import Given
from tests.kernel.people.mfa.soft_key import SoftKey

PASSWORD, HOST = "correct horse battery", "http://localhost/"
PARTY = factors.party_for(HOST)
KEPT = (
    "SELECT (SELECT count(*) FROM kernel.passkey), (SELECT count(*) FROM kernel.email_change),"
    " (SELECT count(*) FROM kernel.safety_log WHERE kind IN ('password_changed', 'app_added'))"
)


@pytest.fixture
def thief(own_database):
    """Whoever found out a password, in a session of a moment ago."""
    email = f"{new_id().hex}@example.com"
    identity.register(
        email=email, password=PASSWORD, name="Camille", locale="en", country="FR", actor=SYSTEM
    )
    opened = identity.sign_in(
        email=email, password=PASSWORD, device="test", address="192.0.2.1", actor=SYSTEM
    )
    actor = people.actor_of_session(str(opened))
    account.begin_app(letter="", actor=actor)
    return actor


def add_passkey(actor):
    asked = factors.new_passkey_question(
        host_url=HOST, person_id=actor.person_id, email=actor.email, name="Camille"
    )
    account.add_passkey(
        credential=SoftKey().created(asked), label="Theirs", party=PARTY, letter="", actor=actor
    )


def confirm_app(actor):
    set_up = factors.set_up_of(actor.person_id, email="")
    given = Given(code=pyotp.TOTP(set_up.secret).now(), party=PARTY, place="test")
    account.confirm_app(begun=set_up.id, given=given, letter="", actor=actor)


def ask_for_an_address(actor):
    emails.ask(email="thief@example.com", actor=actor)


def change_password(actor):
    identity.change_password(password="another horse battery", actor=actor)


@pytest.mark.parametrize("act", [add_passkey, confirm_app, ask_for_an_address, change_password])
def test_nothing_is_done_after_its_session_was_ended(thief, act):
    found: list[HouseError | None] = []

    def attempt():
        try:
            act(thief)
        except HouseError as refusal:
            found.append(refusal)
        else:
            found.append(None)

    beside = threading.Thread(target=attempt)
    with transaction(name="test", actor=SYSTEM):
        identity.renew_password(
            person_id=thief.person_id,
            password="the owner has a new one",
            address="192.0.2.7",
            actor=SYSTEM,
        )
        beside.start()
        beside.join(0.5)  # it waits for the person, or is done already
    beside.join()

    assert [type(one) for one in found] == [NotSignedIn]
    with reading() as current:
        assert current.execute(text(KEPT)).one() == (0, 0, 0)
