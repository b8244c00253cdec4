"""The old mailbox stops a change in the moment in which the new one confirms it."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import text

from kernel.actor import ANONYMOUS, SYSTEM
from kernel.db import reading, transaction
from kernel.people.emails import service
from kernel.people.emails.errors import EmailLinkOver
from kernel.people.identity import queries as people
from kernel.people.identity import service as identity
from kernel.sealing import opened

OLD, NEW, PASSWORD = "camille@example.com", "thief@example.com", "correct horse battery"


@pytest.fixture
def thief(own_database):
    """Whoever found out a password, and asked for an address of theirs with it."""
    identity.register(
        email=OLD, password=PASSWORD, name="Camille", locale="en", country="FR", actor=SYSTEM
    )
    session_id = identity.sign_in(
        email=OLD, password=PASSWORD, device="test", address="192.0.2.1", actor=SYSTEM
    )
    actor = people.actor_of_session(str(session_id))
    service.ask(email=NEW, actor=actor)
    return actor


def link(template):
    letter = text("SELECT data FROM kernel.mail WHERE template = :template")
    with reading() as current:
        found = current.execute(letter, {"template": f"kernel/mail/{template}.txt"})
        return opened(found.scalar_one()["token"])


def test_the_old_address_counts_again_and_everybody_is_signed_out(thief):
    stopped: list[bool] = []

    def stop():
        stopped.append(service.take_back(token=asked, actor=ANONYMOUS))

    asked, confirmed = link("email_asked"), link("email_confirm")
    beside = threading.Thread(target=stop)
    with transaction(name="test", actor=SYSTEM):
        service.confirm(token=confirmed, actor=ANONYMOUS)
        beside.start()
        beside.join(0.5)  # it waits for the change, or is done already
    beside.join()

    assert stopped == [True]
    assert people.person(thief.person_id).email == OLD
    assert people.actor_of_session(str(thief.session_id)) is None


def test_two_windows_confirm_it_once(thief):
    refused: list[EmailLinkOver] = []

    def confirm():
        try:
            service.confirm(token=confirmed, actor=ANONYMOUS)
        except EmailLinkOver as over:
            refused.append(over)

    confirmed = link("email_confirm")
    beside = threading.Thread(target=confirm)
    with transaction(name="test", actor=SYSTEM):
        service.confirm(token=confirmed, actor=ANONYMOUS)
        beside.start()
        beside.join(0.5)
    beside.join()

    assert len(refused) == 1
    link("email_changed")  # one way back
