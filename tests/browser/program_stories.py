"""Programs that somebody lets be told of events."""

from __future__ import annotations

from kernel.actor import Actor
from kernel.people.endpoints import queries, service
from kernel.people.mfa import service as mfa
from kernel.people.mfa.service import Method


def program_stories(owner: Actor) -> dict[str, str]:
    """Let somebody's program be told of events at an address; return its id."""
    assert owner.session_id is not None, "who adds an address is signed in"
    mfa.note_confirmation(session_id=owner.session_id, method=Method.APP, actor=owner)
    service.add(url="https://hooks.example.com/cover", actor=owner)
    (one,) = queries.endpoints_of(owner)
    return {"endpoint": str(one.id)}
