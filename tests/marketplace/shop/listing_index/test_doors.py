"""Dues reckoned ahead are exactly what a page would reckon, or they are not read."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import text

from kernel import clock
from kernel.actor import SYSTEM
from kernel.db import counting_queries, reading, session, transaction
from kernel.memory import forget_everything
from kernel.money import Money
from kernel.web import Preferences
from kernel.web.preferences import COUNTRY_CURRENCY
from marketplace.borders.duties import queries as duties
from marketplace.catalogue.inventory import service as inventory
from marketplace.catalogue.offers import service as offers
from marketplace.catalogue.vendors import service as vendors
from marketplace.landed.previews import queries as previews
from marketplace.landed.previews.queries import Destination, Piece
from marketplace.landed.pricing import queries as pricing
from marketplace.shop.listing_index import jobs
from marketplace.shop.listing_index import landed_costs as service
from marketplace.shop.listing_index import queries as shelves
from marketplace.shop.listing_index import service as shelving
from marketplace.shop.listing_index.events import ProductCardsChanged
from marketplace.shop.listing_index.jobs import PRODUCTS
from marketplace.shop.storefront import product_cards
from tests.marketplace.makers import make_offer, make_rates, make_vendor

RATES = {
    "AED": "4.2",
    "AUD": "1.7",
    "BRL": "6.1",
    "CAD": "1.5",
    "CHF": "0.95",
    "CNY": "7.8",
    "CZK": "25",
    "DKK": "7.46",
    "GBP": "0.85",
    "JPY": "160",
    "KRW": "1500",
    "PLN": "4.3",
    "SEK": "11",
    "SGD": "1.45",
    "USD": "1.1",
}
CODES = ("691200", "420221", "851830", "330300", "610910", "950300", "640399", None)
ORIGINS = ("CN", "JP", "DE", "IT", "US", "GB", "KR", "BR", None)
DAYS = (
    datetime(2026, 1, 1, 9, tzinfo=UTC),
    datetime(2026, 7, 1, 23, 58, tzinfo=UTC),
    datetime(2026, 12, 31, 5, tzinfo=UTC),
)
IN_FRANCE = Preferences("en", "FR", "EUR")


@pytest.fixture(autouse=True)
def _fresh(db: Any) -> Iterator[None]:
    forget_everything()
    yield
    clock.freeze(None)
    forget_everything()


@pytest.fixture
def _rates() -> None:
    make_rates(**RATES)


def any_goods(chance: random.Random) -> dict[str, Any]:
    """Return goods of some price, code, origin, weight and seller."""
    return {
        "key": (1, 1),
        "title": "Goods",
        "dispatch_country": chance.choice(ORIGINS[:-1]),
        "hs_code": chance.choice(CODES),
        "origin_country": chance.choice(ORIGINS),
        "weight_g": chance.choice((None, chance.randrange(20, 30_000))),
        "lead_days": chance.randrange(0, 9),
    }


@pytest.mark.parametrize("day", DAYS)
def test_what_was_reckoned_ahead_is_what_a_page_reckons(
    day: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock.freeze(day)
    make_rates(**RATES)
    chance, asked = random.Random(day.isoformat()), []
    reckoned = duties.dues
    monkeypatch.setattr(duties, "dues", lambda **k: asked.append(k) or reckoned(**k))
    ready = 0
    with reading():
        for _ in range(40):
            goods = any_goods(chance)
            for country, currency in COUNTRY_CURRENCY.items():
                to = Destination(country, currency)
                price = Money(chance.randrange(1, 10 ** chance.randrange(2, 7)), currency)
                live = previews.estimate_summary(Piece(**goods, price=price), to)
                line = previews.dues_ahead(Piece(**goods, price=price), to)
                forget_everything()
                asked.clear()
                stored = previews.estimate_summary(Piece(**goods, price=price, dues=line), to)
                assert stored == live
                assert bool(line) == (live.refusal is None)
                assert not (line and asked), "a line that fits is not reckoned again"
                ready += bool(line)
    assert ready > 300


@pytest.mark.usefixtures("_rates")
@pytest.mark.parametrize(
    "change", [{"price": Money(2001, "EUR")}, {"weight_g": 2_900}, {"price": Money(2000, "USD")}]
)
def test_a_line_answers_no_other_question(change: dict[str, Any]) -> None:
    goods = any_goods(random.Random(1)) | {
        "hs_code": "691200",
        "origin_country": "CN",
        "dispatch_country": "CN",
        "weight_g": 300,
        "price": Money(2000, "EUR"),
    }
    with reading():
        line = previews.dues_ahead(Piece(**goods), Destination("FR", "EUR"))
        other = goods | change
        to = Destination("FR", other["price"].currency)
        # A figure that cannot be right shows whether it was read.
        wrong = line.rpartition(" ")[0] + " 999999"

        found = previews.estimate_summary(Piece(**other, dues=wrong), to)

        forget_everything()
        assert found == previews.estimate_summary(Piece(**other), to)


def card_of(made: Any, prefs: Preferences = IN_FRANCE) -> tuple[str | None, Any]:
    """Return the line that is read with a card, and the card."""
    forget_everything()
    with reading():
        row = shelves.by_ids([made.product_id], reader=product_cards.reader(prefs))[0]
        return row.dues, product_cards.of_rows([row], prefs)[0]


def shown(made: Any) -> Any:
    """Put a product on the shelves with its dues."""
    shelving.refresh(product_ids=[made.product_id], actor=SYSTEM)
    jobs.reckon_ahead()
    return made


@pytest.mark.usefixtures("_rates")
def test_a_card_comes_with_its_dues_in_one_question(monkeypatch: pytest.MonkeyPatch) -> None:
    made = make_offer()
    shelving.refresh(product_ids=[made.product_id], actor=SYSTEM)
    without, live = card_of(made)

    jobs.reckon_ahead()

    line, card = card_of(made)
    assert without is None
    assert line
    assert card == live
    assert card.is_at_door
    with reading(), counting_queries() as asked:
        shelves.by_ids([made.product_id], reader=shelves.Reader("en", "EUR", "FR", "any"))
    assert len(asked) == 1


@pytest.mark.usefixtures("_rates")
def test_who_reads_another_currency_sees_the_figure_of_the_country_turned() -> None:
    made = shown(make_offer())
    (own, other) = (card_of(made, Preferences("en", "FR", currency)) for currency in ("EUR", "USD"))

    assert own[0] == other[0]
    assert other[1].is_at_door
    assert (own[1].is_about, other[1].is_about) == (False, True)
    with reading():
        assert other[1].price == pricing.turned(own[1].price, "USD")


@pytest.mark.usefixtures("_rates")
def test_a_changed_price_puts_its_dues_away() -> None:
    made = shown(make_offer(price=Money(8900, "JPY")))
    before = card_of(made)[1]

    offers.change_price(
        vendor_id=made.vendor.id,
        offer_id=made.offer_id,
        price=Money(29_900, "JPY"),
        expected_version=1,
        actor=SYSTEM,
    )
    shelving.refresh(product_ids=[made.product_id], actor=SYSTEM)

    line, card = card_of(made)
    assert line is None
    assert card.price.minor > before.price.minor


def test_the_next_day_puts_them_away() -> None:
    clock.freeze(datetime(2026, 6, 30, 23, 59, tzinfo=UTC))
    make_rates(**RATES)
    made = shown(make_offer())
    assert card_of(made)[0]

    clock.freeze(datetime(2026, 7, 1, 0, 0, tzinfo=UTC))

    assert card_of(made)[0] is None
    jobs.reckon_ahead()
    assert card_of(made)[0]


def test_new_rates_put_them_away() -> None:
    clock.freeze(datetime(2026, 6, 29, 12, tzinfo=UTC))
    make_rates(**RATES)
    clock.freeze(datetime(2026, 6, 30, 12, tzinfo=UTC))
    made = shown(make_offer())
    assert card_of(made)[0]

    make_rates(JPY="170")

    assert card_of(made)[0] is None


@pytest.mark.usefixtures("_rates")
def test_other_rows_of_the_books_put_them_away(monkeypatch: pytest.MonkeyPatch) -> None:
    made = shown(make_offer())

    monkeypatch.setattr(duties, "digest", lambda: "other rows")

    assert card_of(made)[0] is None


@pytest.mark.usefixtures("_rates")
def test_batches_reach_every_card_and_forget_those_that_left(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(service, "BATCH", 2)
    made = [make_offer() for _ in range(5)]
    shelving.refresh(product_ids=[m.product_id for m in made], actor=SYSTEM)
    jobs.reckon_ahead()
    assert all(card_of(m)[0] for m in made)

    with transaction(name="test", actor=SYSTEM) as current:
        current.execute(
            text("DELETE FROM marketplace.product_card WHERE product_id = :id"),
            {"id": made[0].product_id},
        )
    jobs.reckon_ahead()

    with reading():
        kept = session().execute(text("SELECT product_id FROM marketplace.card_dues")).scalars()
        assert made[0].product_id not in set(kept)


def reach_of(made: Any) -> tuple[list[str], Any]:
    """Return where a card says its goods do not go, and its document as search gets it."""
    with reading():
        away = session().execute(
            text("SELECT away FROM marketplace.product_card WHERE product_id = :id"),
            {"id": made.product_id},
        )
        (document,) = PRODUCTS.documents_of([made.product_id])
        return list(away.scalar_one()), document


@pytest.mark.usefixtures("_rates")
def test_goods_that_reach_every_door_ship_everywhere() -> None:
    made = shown(make_offer())

    away, document = reach_of(made)

    assert away == []
    assert document.ships_to == ("*",)


@pytest.mark.usefixtures("_rates")
def test_what_borders_refuse_is_left_out_of_search_and_counted_on_the_shelf(outbox: Any) -> None:
    wine = shown(make_offer(hs_code="220421"))  # alcohol crosses no border of the house
    outbox()

    away, document = reach_of(wine)

    assert set(away) == COUNTRY_CURRENCY.keys() - {"JP"}
    assert document.ships_to == ("JP",)
    forget_everything()
    with reading():
        (shelf_id,) = (
            session()
            .execute(
                text("SELECT id FROM marketplace.category WHERE key = :key"), {"key": wine.category}
            )
            .scalars()
        )
        assert shelves.counts([shelf_id]) == {shelf_id: 1}
        assert (shelves.away(shelf_id, "FR"), shelves.away(shelf_id, "JP")) == (1, 0)
        narrow, wide = (
            shelves.shelf(
                category_id=shelf_id, reader=product_cards.reader(IN_FRANCE), is_narrow=is_narrow
            )
            for is_narrow in (True, False)
        )
    assert (len(narrow.product_cards), len(wide.product_cards)) == (0, 1)


@pytest.mark.usefixtures("_rates")
def test_a_card_whose_reach_changed_keeps_its_dues_and_is_told_once(outbox: Any) -> None:
    made = make_offer(hs_code="220421")
    shelving.refresh(product_ids=[made.product_id], actor=SYSTEM)
    before = len([e for e in outbox() if isinstance(e, ProductCardsChanged)])

    jobs.reckon_ahead()
    jobs.reckon_ahead()

    assert len([e for e in outbox() if isinstance(e, ProductCardsChanged)]) == before + 1
    with reading():
        assert not shelves.without_dues(basis=previews.basis(), after=0, most=10)


@pytest.mark.usefixtures("_rates")
def test_a_shop_that_chooses_countries_is_out_of_reach_elsewhere_at_once() -> None:
    made = shown(make_offer())

    choose(made, ["FR", "JP"])

    away, document = reach_of(made)
    assert document.ships_to == ("FR", "JP")
    assert "DE" in away
    in_germany = Preferences("en", "DE", "EUR")
    assert card_of(made)[1].refusal is None
    refused = card_of(made, in_germany)[1].refusal
    assert (refused.msgid, refused.data) == (previews.NOT_SENT, {"destination": "DE"})

    choose(made, None)
    jobs.reckon_ahead()

    assert reach_of(made)[0] == []
    assert card_of(made, in_germany)[1].refusal is None


@pytest.mark.usefixtures("_rates")
def test_another_shop_s_offer_brings_goods_within_reach() -> None:
    made = shown(make_offer())
    choose(made, ["JP"])
    assert "FR" in reach_of(made)[0]

    rival = make_vendor()
    offer_id = offers.offer_variant(
        vendor_id=rival.id,
        variant_id=made.variant_id,
        price=Money(19900, "JPY"),
        lead_time_days=2,
        actor=SYSTEM,
    )
    inventory.count(offer_id=offer_id, on_hand=3, actor=SYSTEM)
    shown(made)

    assert reach_of(made)[0] == []


def choose(made: Any, countries: list[str] | None) -> None:
    """Let the shop choose where it sends to, and its goods hear of it."""
    vendors.choose_destinations(
        organisation_id=made.vendor.organisation_id, countries=countries, actor=SYSTEM
    )
    shelving.refresh_vendor(vendor_id=made.vendor.id, actor=SYSTEM)
