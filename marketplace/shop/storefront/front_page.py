"""What the front page shows: every picture on it once, and never two of one thing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from kernel import clock
from kernel.web import Preferences
from kernel.web.atlas import apart
from marketplace.catalogue.pictures.queries import Picture
from marketplace.catalogue.pictures.queries import picture as kept_picture
from marketplace.catalogue.products.queries import best_locale
from marketplace.catalogue.vendors import queries as vendors
from marketplace.catalogue.vendors.queries import VendorView
from marketplace.landed.previews.queries import Preview
from marketplace.shop.listing_index import queries as shelves
from marketplace.shop.listing_index.front import Sizes, front
from marketplace.shop.listing_index.queries import ProductCardRow
from marketplace.shop.listing_index.reduced import Reduced
from marketplace.shop.storefront import product_cards, reductions, seasons
from marketplace.shop.storefront.product_cards import Departure, ProductCard, reader
from marketplace.shop.storefront.queries import Shelf, roots
from marketplace.shop.storefront.seasons import Season

ORDERED = 8
REDUCED = 4
NEWEST = 4
OF_SEASON = 4
MAKERS = 3
# To the first stop. In Latin and Arabic writing a space follows it, and what ends sooner may be an
# abbreviation.
_SENTENCE = re.compile(r".+?(?:[。！？]|(?<=.{20})[.!?؟](?=\s|$))", re.DOTALL)
# As many as parts above may show already.
_SIZES = Sizes(
    picked=40, ordered=ORDERED, newest=2 * NEWEST + ORDERED, of_each=3, reduced=REDUCED + ORDERED
)


@dataclass(frozen=True, slots=True)
class Maker:
    """A shop that tells of itself, with a picture of its goods.

    Shape: the words are its own first sentence, in the reader's language or the nearest that it
    wrote; lang is empty when they are in the page's.
    """

    shop: VendorView
    picture: Picture
    words: str
    lang: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Home:
    """The front page.

    Shape: product_cards are what was ordered most, or what the house picked while is_ordered is
    false; reduced are the last reduced first, often none; pins are on the map, one for each
    country; told is one from abroad whose price is told step by step; season is None where no
    shelf of it holds enough. No picture stands twice.
    """

    shelves: tuple[Shelf, ...]
    pins: tuple[ProductCard, ...]
    product_cards: tuple[ProductCard, ...]
    is_ordered: bool
    reduced: tuple[ProductCard, ...]
    newest: tuple[ProductCard, ...]
    season: Season | None
    of_season: tuple[ProductCard, ...]
    makers: tuple[Maker, ...]
    departures: tuple[Departure, ...]
    told: tuple[ProductCard, Preview] | None
    goods: int
    shops: int
    countries: int


class _Once:
    """Hands out goods whose picture nobody had before."""

    def __init__(self) -> None:
        self.taken: set[str] = set()

    def of(self, rows: Iterable[ProductCardRow], most: int) -> list[ProductCardRow]:
        """Take the first goods that are still to be had."""
        chosen: list[ProductCardRow] = []
        for row in rows:
            if len(chosen) == most:
                break
            if shown_as(row) not in self.taken:
                self.taken.add(shown_as(row))
                chosen.append(row)
        return chosen


def shown_as(row: ProductCardRow) -> str:
    """Return what tells the picture of goods from all others: its file, or whose drawing it is."""
    return str(row.picture["path"]) if row.picture else row.ref


def home(prefs: Preferences) -> Home:
    """Return the front page."""
    shops, countries = shelves.spread()
    whom = reader(prefs)
    season = seasons.today(prefs.country)
    found = front(reader=whom, shelves=season.shelves, sizes=_SIZES)
    picked = found.picked
    once = _Once()
    best = once.of(found.ordered or picked, ORDERED)
    lowered = _lowered(found.reduced, once)
    pins = _pins(picked, once, prefs)
    told = _told(picked, once, prefs)
    fresh = once.of(found.newest, NEWEST)
    of_season = once.of((row for row in found.seasonal if row.in_stock), OF_SEASON)
    makers = _makers(picked, once, prefs.locale)
    return Home(
        shelves=roots(prefs.locale, with_pictures=True, besides=once.taken),
        pins=tuple(c for c in product_cards.of_rows(pins, prefs) if not c.translated_from),
        product_cards=product_cards.of_rows(best, prefs),
        is_ordered=bool(found.ordered),
        reduced=reductions.cards(lowered, prefs),
        newest=product_cards.of_rows(fresh, prefs),
        season=season if len(of_season) == OF_SEASON else None,
        of_season=product_cards.of_rows(of_season, prefs),
        makers=makers,
        departures=product_cards.departures((*picked, *found.newest), prefs),
        told=told,
        goods=shelves.total(),
        shops=shops,
        countries=countries,
    )


def _lowered(goods: Sequence[Reduced], once: _Once) -> tuple[Reduced, ...]:
    """Return the last reduced goods that nothing above shows."""
    chosen = {row.product_id for row in once.of((one.card for one in goods), REDUCED)}
    return tuple(one for one in goods if one.card.product_id in chosen)


def _pins(rows: Sequence[ProductCardRow], once: _Once, prefs: Preferences) -> list[ProductCardRow]:
    """Return goods with a picture, one from each country whose pin has room on the map."""
    firsts: dict[str, ProductCardRow] = {}
    for row in rows:
        if row.picture and shown_as(row) not in once.taken:
            firsts.setdefault(row.country, row)
    return once.of((firsts[country] for country in apart([*firsts], prefs.country)), len(firsts))


def _told(
    rows: Sequence[ProductCardRow], once: _Once, prefs: Preferences
) -> tuple[ProductCard, Preview] | None:
    """Return the first goods from beyond a border whose price is known to its last step."""
    for row in rows:
        if row.country == prefs.country or not row.picture or shown_as(row) in once.taken:
            continue
        if product_cards.is_certain(row, prefs):
            seen = product_cards.landed(row, prefs)
            if seen and seen.total and seen.border and not seen.high:
                once.of([row], 1)
                return product_cards.of_rows([row], prefs)[0], seen
    return None


def _makers(rows: Sequence[ProductCardRow], once: _Once, locale: str) -> tuple[Maker, ...]:
    """Return shops that tell of themselves, others each day."""
    pictured: dict[int, list[ProductCardRow]] = {}
    for row in rows:
        if row.picture and shown_as(row) not in once.taken:
            pictured.setdefault(row.vendor_id, []).append(row)
    shops = vendors.vendors(pictured)
    telling = [shops[key] for key in sorted(pictured) if key in shops and shops[key].story]
    first = clock.today().toordinal() * MAKERS % len(telling) if telling else 0
    makers = []
    for shop in (telling[first:] + telling[:first])[:MAKERS]:
        for row in once.of(pictured[shop.id], 1):
            assert row.picture is not None, "chosen for its picture"
            at = best_locale(shop.story, locale, shop.language) or next(iter(shop.story))
            lang = "" if at == locale else at
            makers.append(Maker(shop, kept_picture(row.picture), _opening(shop.story[at]), lang))
    return tuple(makers)


def _opening(words: str) -> str:
    """Return the first sentence; its shop's page tells the rest."""
    found = _SENTENCE.match(words)
    return found.group() if found else words
