from __future__ import annotations

from datetime import timedelta

import pytest

from kernel import clock as kernel_clock
from kernel import jobs
from kernel.actor import SYSTEM
from kernel.db import counting_queries, reading
from kernel.money import Money
from marketplace.catalogue.inventory import service as inventory
from marketplace.catalogue.offers import service as offers
from marketplace.catalogue.products import service as catalogue
from marketplace.catalogue.vendors import service as vendors
from marketplace.shop.listing_index import queries, service
from marketplace.shop.listing_index.errors import BadCursor
from marketplace.shop.listing_index.models import EVERYTHING
from marketplace.shop.listing_index.queries import Order, Reader
from tests.marketplace.makers import make_category, make_offer, make_rates, make_vendor

ENGLISH = Reader("en", "EUR")


@pytest.fixture(autouse=True)
def rates(db):
    make_rates(JPY="160", USD="1.10")
    queries.forget()


def card_of(product_id, reader=ENGLISH):
    with reading():
        found = queries.by_ids([product_id], reader=reader)
    return found[0] if found else None


def on_shelf(made, order=Order.BEST, size=20, after=""):
    category_id = make_category(made if isinstance(made, str) else made.category)
    with reading():
        return queries.shelf(
            category_id=category_id, reader=ENGLISH, order=order, size=size, after=after
        )


def fresh(*made):
    service.refresh(product_ids=[m.product_id for m in made], actor=SYSTEM)


def test_a_listed_product_stands_on_its_shelf_and_on_everything(db):
    made = make_offer(price=Money(8900, "JPY"))

    fresh(made)

    assert [c.product_id for c in on_shelf(made).product_cards] == [made.product_id]
    with reading():
        everything = queries.shelf(category_id=EVERYTHING, reader=ENGLISH)
    assert made.product_id in [c.product_id for c in everything.product_cards]


def test_the_euro_price_for_sorting_is_the_exact_conversion(db):
    made = make_offer(price=Money(8900, "JPY"))

    fresh(made)

    assert card_of(made.product_id).price_eur_minor == 5563  # 8900 / 160 = 55.625


def test_goods_without_a_rate_are_shown_last_by_price(db):
    vendor = make_vendor(currency="CLP", country="CL")
    unpriced = make_offer(vendor=vendor, price=Money(1, "CLP"), category="teapots-x")
    cheap = make_offer(price=Money(100, "JPY"), category="teapots-x")
    dear = make_offer(price=Money(9000, "JPY"), category="teapots-x")

    fresh(unpriced, cheap, dear)

    assert [c.product_id for c in on_shelf("teapots-x", Order.PRICE).product_cards] == [
        cheap.product_id,
        dear.product_id,
        unpriced.product_id,
    ]
    assert [c.product_id for c in on_shelf("teapots-x", Order.DEAR).product_cards] == [
        dear.product_id,
        cheap.product_id,
    ]


def test_the_featured_offer_is_in_stock_before_it_is_cheap(db):
    made = make_offer(price=Money(8900, "JPY"), stock=3)
    rival = make_vendor(currency="USD", country="US")
    cheaper = offers.offer_variant(
        vendor_id=rival.id,
        variant_id=made.variant_id,
        price=Money(1000, "USD"),
        lead_time_days=1,
        actor=SYSTEM,
    )
    fresh(made)
    without_stock = card_of(made.product_id).offer_id

    inventory.count(offer_id=cheaper, on_hand=1, actor=SYSTEM)
    fresh(made)

    assert (without_stock, card_of(made.product_id).offer_id) == (made.offer_id, cheaper)
    assert card_of(made.product_id).offers == 2


@pytest.mark.parametrize("order", list(Order))
def test_pages_of_a_shelf_show_every_card_once(db, order):
    made = [make_offer(price=Money(100 + n % 3, "JPY"), category=f"cups-{order}") for n in range(7)]
    fresh(*made)

    seen, after = [], ""
    while True:
        page = on_shelf(f"cups-{order}", order, size=3, after=after)
        seen += [c.product_id for c in page.product_cards]
        after = page.after
        if not after:
            break

    assert sorted(seen) == sorted(m.product_id for m in made)
    assert len(seen) == len(set(seen))


def test_sold_out_goods_stand_after_the_others(db):
    gone = make_offer(stock=0, category="bowls-x")
    there = make_offer(stock=2, category="bowls-x")

    fresh(gone, there)

    shown = on_shelf("bowls-x").product_cards
    assert [(c.product_id, c.in_stock) for c in shown] == [
        (there.product_id, True),
        (gone.product_id, False),
    ]


def test_withdrawn_goods_leave_card_shelf_and_count(db):
    made = make_offer()
    fresh(made)
    category_id = make_category(made.category)

    catalogue.change_status(
        product_id=made.product_id, vendor_id=made.vendor.id, status="withdrawn", actor=SYSTEM
    )
    fresh(made)

    queries.forget()
    assert card_of(made.product_id) is None
    with reading():
        assert queries.counts([category_id]) == {category_id: 0}


def test_a_paused_shop_takes_its_goods_along_and_brings_them_back(db):
    made = make_offer()
    fresh(made)

    vendors.pause(organisation_id=made.vendor.organisation_id, actor=SYSTEM)
    service.refresh_vendor(vendor_id=made.vendor.id, actor=SYSTEM)
    closed = card_of(made.product_id)
    vendors.reopen(organisation_id=made.vendor.organisation_id, actor=SYSTEM)
    service.refresh_vendor(vendor_id=made.vendor.id, actor=SYSTEM)

    assert closed is None
    assert card_of(made.product_id) is not None


def test_a_card_that_comes_back_is_newer_than_its_departure(db, outbox):
    made = make_offer()
    fresh(made)
    vendors.pause(organisation_id=made.vendor.organisation_id, actor=SYSTEM)
    fresh(made)
    departure = outbox()[-1].version
    vendors.reopen(organisation_id=made.vendor.organisation_id, actor=SYSTEM)

    fresh(made)

    assert card_of(made.product_id).version > departure


@pytest.mark.parametrize(
    ("reader", "title", "locale"),
    [
        ("fr", "Théière", "fr"),
        ("pt-BR", "Bule", "pt-PT"),
        ("ko", "Teapot", "en"),
        ("ja", "急須", "ja"),
    ],
)
def test_a_title_is_in_the_readers_language_or_the_next_best(db, reader, title, locale):
    made = make_offer(titles={"ja": "急須", "en": "Teapot", "fr": "Théière", "pt-PT": "Bule"})
    fresh(made)

    card = card_of(made.product_id, Reader(reader, "EUR"))

    assert (card.title, card.title_locale) == (title, locale)


def test_a_product_in_one_language_alone_is_shown_in_it(db):
    made = make_offer(titles={"zh-CN": "青瓷茶壶"})
    fresh(made)

    card = card_of(made.product_id)

    assert (card.title, card.title_locale) == ("青瓷茶壶", "zh-CN")


def test_new_rates_move_prices_without_touching_anything_else(db, clock):
    made = make_offer(price=Money(8900, "JPY"), category="plates-x")
    fresh(made)
    before = card_of(made.product_id)
    tomorrow = kernel_clock.now() + timedelta(days=1)
    clock(tomorrow.replace(tzinfo=None).isoformat())
    make_rates(JPY="178")

    changed = service.reprice(actor=SYSTEM)
    again = service.reprice(actor=SYSTEM)

    after = card_of(made.product_id)
    assert after.price_eur_minor == 5000
    assert after.version > before.version
    assert (changed >= 2, again) == (True, 0)


def test_a_rebuild_gives_what_the_single_steps_gave(db):
    made = [make_offer(category="jars-x"), make_offer(category="jars-x", stock=0)]
    fresh(*made)
    before = [c._replace(version=0) for c in on_shelf("jars-x").product_cards]

    service.rebuild(actor=SYSTEM)

    assert [c._replace(version=0) for c in on_shelf("jars-x").product_cards] == before


def test_a_page_of_a_shelf_is_one_statement(db):
    made = make_offer()
    fresh(made)
    category_id = make_category(made.category)

    with reading(), counting_queries() as asked:
        queries.shelf(category_id=category_id, reader=ENGLISH)

    assert len(asked) == 1


@pytest.mark.parametrize("after", ["x", "12", "~", "2026-01-01~4", "1~x"])
def test_a_mangled_cursor_is_not_found(db, after):
    with pytest.raises(BadCursor), reading():
        queries.shelf(category_id=EVERYTHING, reader=ENGLISH, after=after)


def test_news_from_below_reaches_the_cards_by_itself(db):
    made = make_offer(stock=1)

    jobs.drain()

    assert card_of(made.product_id).in_stock is True
