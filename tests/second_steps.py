"""How tests get past the second step of those who work for the house."""

from __future__ import annotations

from uuid import UUID

import pyotp

from kernel.actor import SYSTEM, Actor
from kernel.people.identity import queries as people
from kernel.people.identity import service as identity
from kernel.people.mfa import queries as factors
from kernel.people.mfa import service as proving
from kernel.people.mfa.service import Given, Method


def with_a_factor(actor: Actor) -> Actor:
    """Give somebody an app, by its commands, and return them as they are in the same session."""
    person_id, session_id = actor.somebody(), actor.session_id
    assert session_id is not None, "who is signed in has a session"
    proving.begin_app(person_id=person_id, actor=actor)
    set_up = factors.set_up_of(person_id, email=actor.email)
    assert set_up is not None, "it was begun"
    given = Given(
        code=pyotp.TOTP(set_up.secret).now(),
        party=factors.party_for("http://localhost/"),
        place="test",
    )
    proving.confirm_app(person_id=person_id, given=given, actor=actor)
    proving.note_confirmation(session_id=session_id, method=Method.APP, actor=actor)
    proven = people.actor_of_session(str(session_id))
    assert proven is not None, "the session stays open"
    return proven


def pass_second_step(session_id: UUID) -> None:
    """Open a session that waits, as after a right code: of those each counts once."""
    identity._finish(session_id=session_id, method=Method.APP, actor=SYSTEM)
