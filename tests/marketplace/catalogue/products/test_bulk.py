"""Goods, offers and pieces of a feed come in by thousands, each table by its own room."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text

from kernel import clock
from kernel.actor import SYSTEM
from kernel.ids import new_id
from kernel.money import Money
from marketplace.catalogue.inventory import bulk as stock
from marketplace.catalogue.offers import bulk as offers
from marketplace.catalogue.offers.bulk import FeedOffer
from marketplace.catalogue.products import bulk
from marketplace.catalogue.products.bulk import FeedProduct, FeedVariant
from tests.marketplace.makers import make_category, make_vendor


@pytest.fixture
def feed(db):
    """Three products of one shop, as a feed tells them."""
    vendor_id, category_id = make_vendor().id, make_category()
    return [
        FeedProduct(
            external_ref=f"F-{new_id().hex}",
            vendor_id=vendor_id,
            category_id=category_id,
            source_locale="en",
            texts={"en": (f"Pot {number}", "Of clay."), "fr": (f"Pot {number}", "En argile.")},
            listed_at=clock.now(),
        )
        for number in range(3)
    ]


def put(products):
    return bulk.import_products(products=products, actor=SYSTEM)


def forms_of(goods):
    return [
        FeedVariant(product_id=product_id, key="red", sku=f"R-{product_id}", position=0)
        for product_id in goods.ids
    ]


def put_offers(feed, price="12.00", currency="EUR"):
    forms = bulk.import_variants(variants=forms_of(put(feed)), actor=SYSTEM)
    return [
        FeedOffer(
            vendor_id=feed[0].vendor_id,
            variant_id=variant_id,
            price=Money.of(price, currency),
            lead_time_days=2,
        )
        for variant_id in forms.ids
    ]


def test_goods_come_back_in_their_order_and_the_same_again_changes_nothing(feed, db):
    first = put(feed)
    again = put(feed[::-1])

    titles = "SELECT title FROM marketplace.product_text WHERE product_id = :id AND locale = 'en'"
    assert [db.execute(text(titles), {"id": key}).scalar_one() for key in first.ids] == [
        "Pot 0",
        "Pot 1",
        "Pot 2",
    ]
    assert first.changed == set(first.ids)
    assert (again.ids, again.changed) == (first.ids[::-1], frozenset())


def test_only_what_became_other_counts_as_changed(feed):
    first = put(feed)

    words = {"en": ("Pot 1", "Of stone.")}
    later = put([feed[0], replace(feed[1], texts=words), replace(feed[2], model="Other")])

    assert later.changed == {first.ids[1], first.ids[2]}


def test_a_form_that_became_other_changes_its_product(feed):
    goods = put(feed)
    forms = forms_of(goods)
    first = bulk.import_variants(variants=forms, actor=SYSTEM)

    later = [replace(forms[0], weight_g=300), *forms[1:]]
    again = bulk.import_variants(variants=later, actor=SYSTEM)

    assert first.changed == set(goods.ids)
    assert (again.ids, again.changed) == (first.ids, {goods.ids[0]})


def test_each_new_price_is_kept_as_a_record(feed, db):
    given = put_offers(feed)
    first = offers.import_offers(offers=given, actor=SYSTEM)

    later = [replace(given[0], price=Money.of("9.00", "EUR")), *given[1:]]
    again = offers.import_offers(offers=later, actor=SYSTEM)

    records = "SELECT price_minor FROM marketplace.offer_price_record WHERE offer_id = :id"
    kept = db.execute(text(f"{records} ORDER BY id"), {"id": first.ids[0]}).scalars().all()
    assert (again.ids, again.changed) == (first.ids, {first.ids[0]})
    assert kept == [1200, 900]


def test_an_offer_in_another_currency_stays_as_it_is(feed):
    offers.import_offers(offers=put_offers(feed), actor=SYSTEM)

    again = offers.import_offers(offers=put_offers(feed, "9.00", "USD"), actor=SYSTEM)

    assert again.changed == frozenset()


def test_pieces_are_counted_with_a_movement_and_never_below_what_is_claimed(feed, db):
    first, second, third = offers.import_offers(offers=put_offers(feed), actor=SYSTEM).ids

    def count(*pieces):
        counted = dict(zip((first, second, third), pieces, strict=True))
        return stock.count_many(counted=counted, subject="import", actor=SYSTEM)

    assert count(5, 5, 0) == {first, second, third}
    claim = "UPDATE marketplace.stock_level SET reserved = 3 WHERE offer_id = :id"
    db.execute(text(claim), {"id": second})
    assert count(5, 1, 0) == {second}

    levels = "SELECT on_hand FROM marketplace.stock_level WHERE offer_id = ANY(:ids) ORDER BY 1"
    moves = "SELECT on_hand FROM marketplace.stock_movement WHERE offer_id = :id ORDER BY id"
    ids = [first, second, third]
    assert db.execute(text(levels), {"ids": ids}).scalars().all() == [0, 3, 5]
    assert db.execute(text(moves), {"id": second}).scalars().all() == [5, -2]


@pytest.mark.parametrize("nothing", [bulk.import_products, bulk.import_variants])
def test_an_empty_feed_brings_nothing(db, nothing):
    name = nothing.__name__.removeprefix("import_")
    assert nothing(**{name: []}, actor=SYSTEM).ids == []
