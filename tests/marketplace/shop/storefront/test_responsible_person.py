"""Nothing is sold to the European Union without somebody there who answers for its safety.

Source: Regulation (EU) 2023/988, article 16; Regulation (EU) 2019/1020, article 4.
"""

from __future__ import annotations

import pytest

from kernel import memory
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.money import Money
from kernel.web.preferences import COUNTRY_CURRENCY
from marketplace.catalogue.products import service as products
from marketplace.catalogue.vendors import service as vendors
from marketplace.landed.previews import queries as previews
from marketplace.shop.listing_index import service as shelves
from tests.asking import says
from tests.marketplace.shop.storefront.browsing_shop import posted, product, put, shown, soup

pytestmark = pytest.mark.usefixtures("rates")

PERSON = {"name": "Kontor GmbH", "address": "Am Kai 1, Hamburg", "email": "kontor@example.com"}
REFUSED = "Not sold to %(destination)s: the seller hasn't named a responsible person"


def name(made, person):
    """Let the shop name somebody for all of its products, and the shelf hear of it."""
    vendors.name_responsible(
        organisation_id=made.vendor.organisation_id, responsible=person, actor=SYSTEM
    )
    heard(made)


def heard(made):
    shelves.refresh(product_ids=[made.product_id], actor=SYSTEM)
    memory.forget_everything()


@pytest.fixture
def unanswered(rates):
    made = shown()
    name(made, {})
    return made


def test_the_product_page_says_why_and_offers_no_button(german, unanswered):
    page = product(german, unanswered)

    assert says(page, REFUSED, destination="Germany")
    assert page.select("#add button:not([disabled])") == []
    assert says(page, "hasn't named a responsible person in the European Union, so it can't")


def test_the_cart_puts_it_apart_and_checkout_does_not_take_it(german, unanswered):
    put(german, unanswered)

    cart = soup(german.get("/en/cart/"))

    apart = cart.find(id="aside").find_parent("section")
    assert [item["id"] for item in apart.select(".item")] == [f"l{unanswered.offer_id}"]
    assert says(apart, REFUSED, destination="Germany")
    assert cart.find(id="checkout") is None


def test_the_shelf_leaves_it_out_in_the_union_alone(german, unanswered):
    shown(titles={"en": "Second pot"})

    german_shelf = soup(german.get("/en/c/teapots-s"))
    posted(german, "/en/settings", {"language": "en", "country": "US", "currency": "USD"})
    american = soup(german.get("/en/c/teapots-s"))

    assert [card.text.strip() for card in german_shelf.select(".card h3")] == ["Second pot"]
    assert len(american.select(".card")) == 2


@pytest.mark.parametrize("who", ["product", "shop"])
def test_it_is_sold_once_somebody_is_named_for_it_or_for_all_products(german, unanswered, who):
    if who == "shop":
        name(unanswered, PERSON)
    else:
        products.change_safety(
            product_id=unanswered.product_id,
            vendor_id=unanswered.vendor.id,
            warnings={},
            responsible=PERSON,
            actor=SYSTEM,
        )
        heard(unanswered)

    page = product(german, unanswered)
    put(german, unanswered)

    assert not says(page, REFUSED)
    assert "Kontor GmbH" in page.find(id="safety").text
    assert soup(german.get("/en/cart/")).find(id="checkout")


@pytest.mark.parametrize("country", sorted(COUNTRY_CURRENCY))
def test_the_rule_is_asked_in_every_country_of_the_union_and_in_no_other(country, rates):
    piece = previews.Piece(
        key=(1, 1),
        title="Teapot",
        price=Money(5000, "EUR"),
        dispatch_country="JP",
        hs_code="691110",
        origin_country="JP",
        weight_g=800,
        is_answered=False,
    )
    with reading():
        seen = previews.preview(piece, previews.Destination(country, "EUR"))

    is_refused = seen.refusal is not None and seen.refusal.msgid == previews.NOT_ANSWERED
    assert is_refused is (country in previews.union())
