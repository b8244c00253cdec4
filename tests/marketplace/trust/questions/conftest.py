"""A buyer, a shop with one of its people, and goods between them."""

from __future__ import annotations

import pytest

from kernel.actor import SYSTEM, Role
from kernel.people.identity import queries as identity_queries
from kernel.people.identity import service as identity
from tests.marketplace.makers import make_offer


@pytest.fixture
def made(db):
    return make_offer(titles={"ja": "急須", "en": "Shino teapot", "fr": "Théière Shino"})


@pytest.fixture
def staff_of(make_person):
    """Return somebody who works for a shop: `staff_of(vendor)`; more are other roles."""

    def hire(vendor, more=frozenset(), **facts):
        actor = make_person(roles=more | {Role.BUYER, Role.VENDOR}, **facts)
        identity.add_member(
            organisation_id=vendor.organisation_id, person_id=actor.person_id, actor=SYSTEM
        )
        return identity_queries.actor_of_session(str(actor.session_id))

    return hire


@pytest.fixture
def seller(made, staff_of):
    return staff_of(made.vendor, email="seller@example.com", locale="ja")


@pytest.fixture
def buyer(make_person):
    return make_person(email="buyer@example.com", locale="fr")
