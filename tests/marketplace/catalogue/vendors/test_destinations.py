"""A shop chooses where it sends to, on its own page."""

from __future__ import annotations

import pytest

from kernel.actor import SYSTEM, Role
from kernel.db import reading
from kernel.people.identity import queries as identity_queries
from kernel.people.identity import service as identity
from marketplace.catalogue.vendors import queries
from marketplace.catalogue.vendors import service as vendors
from marketplace.catalogue.vendors.errors import NoSuchVendor
from marketplace.catalogue.vendors.events import VendorChanged
from marketplace.landed.quoting import service as quoting
from marketplace.landed.quoting.errors import NoDelivery
from tests.asking import says
from tests.marketplace.makers import make_vendor


@pytest.fixture
def seller(db, make_person):
    shop, actor = make_vendor(language="en"), make_person(roles=frozenset({Role.VENDOR}))
    identity.add_member(
        organisation_id=shop.organisation_id, person_id=actor.person_id, actor=SYSTEM
    )
    return shop, identity_queries.actor_of_session(str(actor.session_id))


def chosen(shop):
    with reading():
        return queries.vendor_by_slug(shop.slug).sends_to


def post(browser, **form):
    return browser.post(
        "/en/desk/shop/destinations",
        data={"csrf_token": "test-token"} | form,
        follow_redirects=True,
    )


def test_a_shop_sends_everywhere_until_it_chooses(seller):
    assert chosen(seller[0]) is None


def test_a_shop_chooses_countries_on_its_page_and_others_hear_of_it(seller, as_, outbox):
    shop, actor = seller

    page = post(as_(actor), reach="some", country=["FR", "DE", "XX"])

    assert "Saved." in page.text
    assert chosen(shop) == ["DE", "FR"]
    assert [e.vendor_id for e in outbox() if isinstance(e, VendorChanged)] == [shop.id]
    assert post(as_(actor), reach="all", country=["FR"]).status_code == 200
    assert chosen(shop) is None


def test_no_country_at_all_is_asked_back(seller, as_):
    shop, actor = seller

    page = post(as_(actor), reach="some")

    assert page.status_code == 422
    assert says(page, "Select at least one country.")
    assert chosen(shop) is None


def test_a_parcel_is_not_priced_where_the_shop_does_not_send(seller, make_person):
    shop, _ = seller
    vendors.choose_destinations(
        organisation_id=shop.organisation_id, countries=["FR"], actor=SYSTEM
    )
    with reading():
        narrow = queries.vendor_by_slug(shop.slug)

    with pytest.raises(NoDelivery):
        quoting._ways(narrow, [], {"country": "DE", "postcode": "10115"}, "EUR")


def test_a_company_without_a_shop_has_no_destinations(db, make_person):
    with pytest.raises(NoSuchVendor):
        vendors.choose_destinations(
            organisation_id=make_person().person_id, countries=None, actor=SYSTEM
        )
