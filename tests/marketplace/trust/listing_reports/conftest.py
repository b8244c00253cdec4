"""Goods that somebody reports, who sells them, and two officers."""

from __future__ import annotations

import pytest

from kernel.actor import SYSTEM, Role
from kernel.people.identity import queries as identity_queries
from kernel.people.identity import service as identity
from marketplace.shop.listing_index import service as shelving
from tests.marketplace.makers import make_offer, make_rates


@pytest.fixture
def made(db):
    make_rates(JPY="160", USD="1.10", GBP="0.85", CNY="7.8")
    made = make_offer(titles={"ja": "急須", "en": "Shino teapot", "fr": "Théière Shino"})
    shelving.refresh(product_ids=[made.product_id], actor=SYSTEM)
    return made


@pytest.fixture
def seller(made, make_person):
    actor = make_person(roles=frozenset({Role.VENDOR}))
    identity.add_member(
        organisation_id=made.vendor.organisation_id, person_id=actor.person_id, actor=SYSTEM
    )
    return identity_queries.actor_of_session(str(actor.session_id))


@pytest.fixture
def officers(make_person):
    return [make_person(roles=frozenset({Role.OPERATOR})) for _ in range(2)]
