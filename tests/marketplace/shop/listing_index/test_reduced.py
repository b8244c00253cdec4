"""Reduced prices on the shelves: exactly those that may stand struck on the product's own page."""

from __future__ import annotations

import random
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text

from kernel.actor import SYSTEM
from kernel.db import counting_queries, reading, session, transaction
from kernel.money import Money
from marketplace.catalogue.inventory import service as inventory
from marketplace.catalogue.offers import service as offers
from marketplace.catalogue.products import service as catalogue
from marketplace.landed.pricing import queries as pricing
from marketplace.shop.listing_index import service
from marketplace.shop.listing_index.errors import BadCursor
from marketplace.shop.listing_index.queries import Reader
from marketplace.shop.listing_index.reduced import reduced
from tests.marketplace.makers import make_offer, make_rates, make_vendor

NOW = datetime(2026, 11, 25, 9, tzinfo=UTC)
_FORGET = text("DELETE FROM marketplace.offer_price_record WHERE offer_id = :id")
_RECORD = text(
    "INSERT INTO marketplace.offer_price_record (offer_id, currency, price_minor, valid_from)"
    " VALUES (:id, 'EUR', :price, :at)"
)
_NOW = text("UPDATE marketplace.offer SET price_minor = :price WHERE id = :id")
_AWAY = text("UPDATE marketplace.product_card SET away = '{FR}' WHERE product_id = :id")
EURO = Reader("en", "EUR", "FR")


@pytest.fixture(autouse=True)
def now(db, clock):
    clock(NOW.isoformat())
    make_rates(JPY="160", USD="1.10")


def sold_in(currency="EUR", minor=5000, **more):
    vendor = make_vendor(currency=currency, country="DE")
    return make_offer(vendor=vendor, price=Money(minor, currency), **more)


def lower(made, minor, version=1, currency="EUR"):
    offers.change_price(
        vendor_id=made.vendor.id,
        offer_id=made.offer_id,
        price=Money(minor, currency),
        expected_version=version,
        actor=SYSTEM,
    )


def fresh(*made):
    service.refresh(product_ids=[m.product_id for m in made], actor=SYSTEM)


def found(reader=EURO, **more):
    with reading():
        return reduced(reader=reader, **more)


def lowest(reader=EURO):
    return {one.card.product_id: (one.now.minor, one.lowest.minor) for one in found(reader).goods}


def past(made, history):
    """Let an offer have had these prices, each from so many days ago; the last one is today's."""
    rows = [
        {"id": made.offer_id, "price": price, "at": NOW - timedelta(days=days)}
        for days, price in history
    ]
    with transaction(name="tests.past", actor=SYSTEM) as current:
        current.execute(_FORGET, rows[0])
        current.execute(_RECORD, rows)
        current.execute(_NOW, rows[-1])


def test_what_is_reduced_is_what_the_product_s_page_may_strike():
    chance = random.Random(6)
    goods = [sold_in() for _ in range(60)]
    for made in goods:
        days = sorted(chance.sample(range(1, 70), chance.randint(1, 5)), reverse=True)
        past(made, [(day, chance.choice([3000, 4000, 5000])) for day in days])
    fresh(*goods)

    struck = {}
    for made in goods:
        with reading():
            proof = pricing.struck(made.offer_id, "EUR")
        if proof:
            struck[made.product_id] = (proof.prices[0][1].minor, proof.lowest.minor)

    assert 10 < len(struck) < 50, "chance gave both"
    assert lowest() == struck
    service.rebuild(actor=SYSTEM)
    assert lowest() == struck


def test_a_price_that_rose_before_it_fell_is_no_drop():
    made = sold_in()
    past(made, [(60, 5000), (20, 6000), (2, 5000)])

    fresh(made)

    assert lowest() == {}


def test_a_price_of_another_currency_is_no_drop_whatever_the_rate_does():
    made = sold_in("USD")
    lower(made, 4000, currency="USD")

    fresh(made)

    assert lowest() == {}
    assert lowest(Reader("en", "USD", "US")) == {made.product_id: (4000, 5000)}


def test_a_price_typed_for_another_currency_falls_on_its_own():
    made = sold_in("USD")
    for minor in (4500, 4000):
        offers.set_own_prices(
            vendor_id=made.vendor.id,
            offer_id=made.offer_id,
            prices={"EUR": Money(minor, "EUR")},
            actor=SYSTEM,
        )

    fresh(made)

    assert lowest() == {made.product_id: (4000, 4500)}
    assert lowest(Reader("en", "USD", "US")) == {}


def test_a_drop_is_over_after_thirty_days_and_with_the_next_rise(clock):
    made, risen = sold_in(), sold_in()
    for one in (made, risen):
        lower(one, 4000)
    lower(risen, 5500, version=2)
    fresh(made, risen)

    assert lowest() == {made.product_id: (4000, 5000)}
    clock((NOW + timedelta(days=31)).isoformat())
    assert lowest() == {}


def test_what_cannot_be_bought_here_is_not_offered_as_a_drop():
    sold_out, withdrawn, elsewhere = sold_in(), sold_in(), sold_in()
    for one in (sold_out, withdrawn, elsewhere):
        lower(one, 4000)
    inventory.count(offer_id=sold_out.offer_id, on_hand=0, actor=SYSTEM)
    catalogue.change_status(
        product_id=withdrawn.product_id,
        vendor_id=withdrawn.vendor.id,
        status="withdrawn",
        actor=SYSTEM,
    )
    fresh(sold_out, withdrawn, elsewhere)
    with transaction(name="tests.away", actor=SYSTEM) as current:
        current.execute(_AWAY, {"id": elsewhere.product_id})

    assert lowest() == {}
    assert lowest(Reader("en", "EUR", "DE")) == {elsewhere.product_id: (4000, 5000)}


def test_pages_show_every_drop_once_the_last_reduced_first(clock):
    goods = [sold_in() for _ in range(5)]
    for hour, made in enumerate(goods):
        clock((NOW + timedelta(hours=hour)).isoformat())
        lower(made, 4000)
    fresh(*goods)
    clock((NOW + timedelta(days=1)).isoformat())

    seen, after = [], ""
    while True:
        page = found(size=2, after=after)
        seen += [one.card.product_id for one in page.goods]
        after = page.after
        if not after:
            break

    assert seen == [made.product_id for made in reversed(goods)]


@pytest.mark.parametrize("after", ["x", "12", "~", "2026-01-01T00:00:00+00:00~x", "1~4"])
def test_a_mangled_cursor_is_not_found(after):
    with pytest.raises(BadCursor):
        found(after=after)


def test_all_drops_are_found_by_one_question_and_an_index():
    goods = [sold_in() for _ in range(3)]
    for made in goods:
        lower(made, 4000)
    fresh(*goods)

    with reading(), counting_queries() as asked:
        reduced(reader=EURO)
    assert len(asked) == 1

    with reading():
        for way in ("seqscan", "bitmapscan", "sort"):
            session().execute(text(f"SET LOCAL enable_{way} = off"))
        plan = session().execute(
            text(
                "EXPLAIN SELECT product_id FROM marketplace.price_drop"
                " WHERE currency = 'EUR' AND reduced_at >= :since"
                " ORDER BY reduced_at DESC, product_id DESC LIMIT 24"
            ),
            {"since": NOW - timedelta(days=30)},
        )
        steps = "\n".join(plan.scalars())
    assert "ix_price_drop_reduced" in steps
    assert "Sort" not in steps
