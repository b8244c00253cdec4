"""Results and shelves are filtered and ordered by the very price that their cards show."""

from __future__ import annotations

import random
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

from kernel import jobs
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.memory import forget_everything
from kernel.money import Money, half_up
from kernel.web import Preferences
from kernel.web.preferences import COUNTRY_CURRENCY
from marketplace.catalogue.offers import service as offers
from marketplace.catalogue.vendors import service as vendors
from marketplace.shop.listing_index import queries as shelves
from marketplace.shop.listing_index import service as shelving
from marketplace.shop.listing_index.jobs import reckon_ahead
from marketplace.shop.listing_index.queries import Order
from marketplace.shop.storefront import by_price, product_cards, queries, rules
from marketplace.shop.storefront.rules import PAGE_SIZE, Query
from search.engine import choice
from search.engine.elastic import ElasticEngine
from search.engine.embedded import EmbeddedEngine
from search.engine.memory import MemoryEngine
from search.indexing import rebuild
from tests.asking import english
from tests.marketplace.makers import make_category, make_offer, make_rates, make_vendor
from tests.marketplace.shop.listing_index.test_doors import RATES
from tests.marketplace.shop.storefront.browsing_shop import soup
from tests.search.elastic_double import Server, node_class

SHELF = "teapots-d"
GOODS = 55
SELLERS = {"JP": "JPY", "CN": "CNY", "DE": "EUR", "US": "USD", "GB": "GBP", "CH": "CHF"}
CODES = ("691200", "420221", "851830", "330300", "610910", "220421", None)
ENGINES = {
    "memory": lambda _: MemoryEngine(),
    "embedded": lambda folder: EmbeddedEngine(folder / "search"),
    "elasticsearch": lambda _: ElasticEngine(
        "http://search.test:9200", node_class=node_class(Server())
    ),
}
# Other currencies than the country's own, one without small units, one of great numbers.
TURNED = tuple(
    Preferences("en", country, currency)
    for country, currency in (("CH", "EUR"), ("JP", "USD"), ("US", "JPY"), ("FR", "KRW"))
)
OWN = tuple(Preferences("en", *pair) for pair in COUNTRY_CURRENCY.items())


@pytest.fixture(params=ENGINES)
def engine(request, tmp_path):
    found = ENGINES[request.param](tmp_path)
    rebuild(found, list, expected=0)
    choice.use(found)
    yield found
    choice.use(None)


@pytest.fixture
def goods(db, engine):
    """Goods of any price, weight and code from six countries, some of which go to few others."""
    make_rates(**RATES)
    make_category(SHELF, en="Teapots")
    chance = random.Random(17)
    shops = [
        make_vendor(country=country, currency=currency) for country, currency in SELLERS.items()
    ]
    for shop in shops[:3]:
        few = chance.sample(sorted(COUNTRY_CURRENCY), 20)
        vendors.choose_destinations(
            organisation_id=shop.organisation_id, countries=few, actor=SYSTEM
        )
    made = [_offered(chance, chance.choice(shops)) for _ in range(GOODS)]
    shelving.refresh(product_ids=[one.product_id for one in made], actor=SYSTEM)
    jobs.drain()
    forget_everything()
    return made


def _offered(chance, shop):
    made = make_offer(
        vendor=shop,
        category=SHELF,
        price=Money(chance.randrange(300, 10 ** chance.choice((4, 5))), shop.currency),
        hs_code=chance.choice(CODES),
        origin_country=chance.choice([*SELLERS, None]),
        weight_g=chance.choice((None, *(chance.randrange(40, 12_000) for _ in range(9)))),
    )
    own = {
        currency: Money(chance.randrange(500, 20_000), currency)
        for currency in chance.sample(("EUR", "USD", "CHF", "JPY"), chance.randrange(3))
        if currency != shop.currency
    }
    offers.set_own_prices(vendor_id=shop.id, offer_id=made.offer_id, prices=own, actor=SYSTEM)
    return made


def cards_of(made, prefs, *, is_wide):
    """Return all cards as a reader sees them, those that do not come only where they are wanted."""
    with reading():
        rows = shelves.by_ids([m.product_id for m in made], reader=product_cards.reader(prefs))
        cards = product_cards.of_rows(rows, prefs)
    return [card for card in cards if card.price and (is_wide or not card.refusal)]


def found(client, prefs, query):
    """Return the cards of all pages of results."""
    cards, pages = [], 1
    with client.application.test_request_context("/en/search"), reading():
        while query.page <= pages:
            page = queries.search_page(query, prefs)
            cards += page.product_cards
            pages, query = page.pages, query.turned(query.page + 1)
    assert page.total == len(cards)
    return cards, page


def is_proved(client, goods, prefs, *, is_wide):
    """Hold results against the cards of all goods, sorted and sieved here."""
    shown = sorted(card.price.minor for card in cards_of(goods, prefs, is_wide=is_wide))
    asked = Query(text="teapot", is_wide=is_wide, sort="price_low")

    cheap, page = found(client, prefs, asked)
    dear, _ = found(client, prefs, replace(asked, sort="price_high"))

    assert [card.price.minor for card in cheap] == shown
    assert [card.price.minor for card in dear] == shown[::-1]
    if shown:
        assert (page.lowest.minor, page.highest.minor) == (shown[0], shown[-1])
        assert page.lowest.currency == prefs.currency
        low, high = shown[len(shown) // 4], shown[len(shown) // 2]
        for bounds in ((low, high), (low + 1, high - 1), (high, None), (None, low)):
            within, _ = found(client, prefs, replace(asked, low=bounds[0], high=bounds[1]))
            assert [card.price.minor for card in within] == [
                minor
                for minor in shown
                if minor >= (bounds[0] or 0) and (bounds[1] is None or minor <= bounds[1])
            ]
    return len(shown)


def test_order_and_bounds_of_results_are_those_of_the_prices_in_sight(client, goods, engine):
    few = [prefs for prefs in OWN if prefs.country in {"FR", "JP", "BR"}]
    readers = [*(OWN if isinstance(engine, EmbeddedEngine) else few), *TURNED[:2]]
    counts = [is_proved(client, goods, prefs, is_wide=False) for prefs in readers]

    assert max(counts) > PAGE_SIZE, "more than a page"


def test_bounds_in_another_currency_are_those_of_the_prices_in_sight(client, goods):
    counts = [is_proved(client, goods, prefs, is_wide=True) for prefs in TURNED]

    assert min(counts) > PAGE_SIZE, "more than a page for each"


FRENCH = Preferences("en", "FR", "EUR")


@pytest.mark.parametrize("engine", ["embedded"], indirect=True)
def test_new_prices_and_new_rates_find_their_place(client, goods):
    before = is_proved(client, goods, FRENCH, is_wide=False)

    for one in goods[:9]:
        offers.change_price(
            vendor_id=one.vendor.id,
            offer_id=one.offer_id,
            price=Money(4321, one.vendor.currency),
            expected_version=version_of(one),
            actor=SYSTEM,
        )
    jobs.drain()
    forget_everything()
    assert is_proved(client, goods, FRENCH, is_wide=False) == before

    make_rates(**RATES | {"JPY": "120", "CNY": "9.1", "USD": "0.9"})
    reckon_ahead()
    jobs.drain()
    forget_everything()
    assert is_proved(client, goods, FRENCH, is_wide=False) == before


def version_of(made):
    with reading() as current:
        return current.execute(
            text("SELECT version FROM marketplace.offer WHERE id = :id"), {"id": made.offer_id}
        ).scalar_one()


def shelf_of(prefs, order, after=""):
    return queries.category_page(key=SHELF, order=order, after=after, prefs=prefs, is_wide=False)


@pytest.mark.parametrize("engine", ["embedded", "elasticsearch"], indirect=True)
@pytest.mark.parametrize("prefs", [FRENCH, TURNED[0]])
def test_a_shelf_is_ordered_by_the_prices_in_sight_to_its_last_page(client, goods, prefs):
    shown = sorted(card.price.minor for card in cards_of(goods, prefs, is_wide=False))

    for order, expected in ((Order.PRICE, shown), (Order.DEAR, shown[::-1])):
        seen, after = [], ""
        with client.application.test_request_context("/en/"), reading():
            while after or not seen:
                page = shelf_of(prefs, order, after)
                seen += [card.price.minor for card in page.product_cards]
                after = page.after
        assert seen == expected
        assert page.notice is None


@pytest.mark.parametrize("engine", ["memory"], indirect=True)
def test_a_shelf_says_so_when_only_prices_before_delivery_can_order_it(client, goods):
    choice.use(MemoryEngine())

    page = soup(client.get(f"/en/c/{SHELF}?sort=price"))
    more = soup(client.get(page.select_one("a[rel=next]")["href"]))

    for one in (page, more):
        assert one.select_one("main .note").get_text(strip=True) == english(by_price.GOODS_ALONE)
        assert one.select(".card")


@pytest.mark.parametrize("engine", ["memory"], indirect=True)
@pytest.mark.parametrize("after", ["0", "401", "x", "x~1"])
def test_a_mangled_page_of_a_shelf_by_price_is_refused(client, goods, after):
    assert client.get(f"/en/c/{SHELF}?sort=price&after={after}").status_code == 404


@given(
    amount=st.integers(1, 10**7),
    ratio=st.fractions(Fraction(1, 2000), 2000).filter(bool),
    bound=st.integers(0, 10**8),
)
def test_bounds_that_are_turned_back_let_through_what_turns_into_them(amount, ratio, bound):
    turned = half_up(amount * ratio)

    assert (amount >= rules.least_turning_to(bound, ratio)) == (turned >= bound)
    assert (amount <= rules.most_turning_to(bound, ratio)) == (turned <= bound)
