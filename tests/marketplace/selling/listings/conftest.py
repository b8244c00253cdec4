from __future__ import annotations

import pytest

from kernel.actor import SYSTEM, Role
from kernel.people.identity import queries as identity_queries
from kernel.people.identity import service as identity
from marketplace.catalogue.products import queries as catalogue
from marketplace.catalogue.products import service as catalog_service
from marketplace.catalogue.products.service import NewAttribute, NewChoice
from tests.marketplace.makers import make_category, make_rates, make_vendor


@pytest.fixture
def shop(db):
    make_rates(JPY="160", USD="1.1")
    make_category("teapots-l", en="Teapots")
    return make_vendor(language="ja")


@pytest.fixture
def seller(shop, make_person):
    actor = make_person(roles=frozenset({Role.VENDOR}))
    identity.add_member(
        organisation_id=shop.organisation_id, person_id=actor.person_id, actor=SYSTEM
    )
    return identity_queries.actor_of_session(str(actor.session_id))


@pytest.fixture
def browser(as_, seller):
    return as_(seller)


@pytest.fixture
def colours(db):
    choices = [NewChoice(key=key, names={"en": key.title()}) for key in ("white", "black", "jade")]
    sizes = [NewChoice(key=key, names={"en": key.upper()}) for key in ("s", "l")]
    catalog_service.put_attributes(
        attributes=[
            NewAttribute(key="colour", kind="choice", names={"en": "Colour"}, choices=choices),
            NewAttribute(key="size", kind="choice", names={"en": "Size"}, choices=sizes),
            NewAttribute(key="pieces", kind="number", names={"en": "Pieces"}),
        ],
        actor=SYSTEM,
    )
    catalogue.forget()
    yield
    catalogue.forget()
