"""Who sits at a shop's desk: a module of these tests says which `shop` it is."""

from __future__ import annotations

import pytest

from kernel.actor import SYSTEM, Role
from kernel.people.identity import queries, service


@pytest.fixture
def browser(as_, shop, make_person):
    """A browser that somebody of the shop is signed in with."""
    actor = make_person(roles=frozenset({Role.VENDOR}))
    service.add_member(
        organisation_id=shop.organisation_id, person_id=actor.person_id, actor=SYSTEM
    )
    return as_(queries.actor_of_session(str(actor.session_id)))
