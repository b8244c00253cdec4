"""Turns rows of the shelves into cards in the shopper's language, currency and country."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from kernel.memory import Memory
from kernel.money import Money, total
from kernel.text import Message
from kernel.web import Preferences
from kernel.web.preferences import COUNTRY_CURRENCY
from kernel.web.scripts import is_read
from marketplace.catalogue.drawings import queries as drawings
from marketplace.catalogue.pictures.queries import Picture, address
from marketplace.catalogue.pictures.queries import picture as kept_picture
from marketplace.catalogue.products.queries import slug
from marketplace.catalogue.ratings.queries import Rating
from marketplace.landed.previews import queries as previews
from marketplace.landed.previews.queries import Destination, Piece, Preview
from marketplace.landed.pricing import queries as pricing
from marketplace.logistics.carriers.queries import ShippingOption
from marketplace.shop.listing_index.queries import ProductCardRow, Reader


@dataclass(frozen=True, slots=True)
class Reduction:
    """A price that its vendor lowered: of the goods alone, now and at its lowest before."""

    now: Money
    lowest: Money


@dataclass(frozen=True, slots=True)
class ProductCard:
    """Six facts of a product.

    Shape: lang is empty when the title is in the page's language; translated_from is the original's
    language where a machine translated it, else empty; price is the total at the door,
    or the price of the goods when they cannot go there (refusal says why), or None when the
    currency cannot be reached; seller is in letters that the page's readers know; is_about marks a
    total that the region may change, or one turned from the country's currency into another;
    picture is a drawing where the seller has none; second is the address of another view, empty
    without one; rating is None without a review; reduction stands on shelves of reduced goods
    alone.
    """

    ref: str
    slug: str
    title: str
    lang: str
    translated_from: str
    seller: str
    vendor_slug: str
    country: str
    city: str
    price: Money | None
    is_at_door: bool
    is_about: bool
    is_domestic: bool
    first_on: date | None
    last_on: date | None
    refusal: Message | None
    in_stock: bool
    variants: int
    picture: Picture
    second: str
    rating: Rating | None
    reduction: Reduction | None = None


def reader(prefs: Preferences) -> Reader:
    """Return whom the shelves are read for."""
    return Reader(prefs.locale, prefs.currency, prefs.country, previews.basis())


def of_rows(rows: Sequence[ProductCardRow], prefs: Preferences) -> tuple[ProductCard, ...]:
    """Return cards in the order of their rows."""
    to = Destination(prefs.country, prefs.currency)
    door = Destination(to.country, COUNTRY_CURRENCY.get(to.country, to.currency))
    drawings.foresee(row.category_ids for row in rows if not row.picture)
    return tuple(_of_row(row, to, door, prefs.locale) for row in rows)


def _of_row(row: ProductCardRow, to: Destination, door: Destination, locale: str) -> ProductCard:
    """Return one card.

    Its figure is the one that the country's own shoppers see at the door, by which search filters
    and orders; who reads another currency sees that figure turned.
    """
    own = {door.currency: row.door_minor} if row.door_minor is not None else {}
    price = pricing.price_in(home=row.home_price, own=own, currency=door.currency)
    seen = previews.estimate_summary(_piece(row, price.money), door) if price else None
    possible = seen is not None and seen.refusal is None
    figure = seen.total if seen and possible else (price.money if price else None)
    return ProductCard(
        ref=row.ref,
        slug=slug(row.slug_title),
        title=row.title,
        lang="" if row.title_locale == locale else row.title_locale,
        translated_from=row.translated_from,
        seller=row.vendor_name if is_read(row.vendor_name) else row.vendor_latin,
        vendor_slug=row.vendor_slug,
        country=row.country,
        city="",
        price=pricing.turned(figure, to.currency) if figure else None,
        is_at_door=possible,
        is_about=bool(seen and seen.is_about) or (possible and door != to),
        is_domestic=seen is not None and not seen.crosses_border,
        first_on=seen.first_on if seen else None,
        last_on=seen.last_on if seen else None,
        refusal=seen.refusal if seen else None,
        in_stock=row.in_stock,
        variants=row.variants,
        picture=picture_of(
            ref=row.ref,
            picture=row.picture,
            colour=row.colour,
            category_ids=row.category_ids,
            title=row.slug_title,
        ),
        second=_second(row.picture),
        rating=Rating(row.rating_count, row.rating_total) if row.rating_count else None,
    )


def _second(kept: Mapping[str, Any] | None) -> str:
    view = (kept or {}).get("second")
    return address(view["path"], view["sizes"], wanted=480) if view else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """The quickest way from a country, told by goods that are sold there.

    Units: share_bp of the goods' price is what the border adds. Shape: border is None where there
    is no border between.
    """

    country: str
    ref: str
    slug: str
    title: str
    lang: str
    translated_from: str
    way: ShippingOption
    border: Money | None
    share_bp: int


# Carriers' closing times fall within the day, so a board is written anew every minute.
_boards: Memory[tuple[Destination, str], tuple[Departure, ...]] = Memory(seconds=60, most=500)


def departures(
    rows: Sequence[ProductCardRow], prefs: Preferences, *, most: int = 6
) -> tuple[Departure, ...]:
    """Return the next departures to the reader's country, one from each country, first first."""
    slot = (Destination(prefs.country, prefs.currency), prefs.locale)
    known = _boards.get(slot)
    if known is None:
        firsts = {row.country: row for row in reversed(rows) if row.in_stock}
        candidates = [_departure(row, prefs) for row in firsts.values()]
        board = sorted(filter(None, candidates), key=lambda d: (d.way.max_on, d.way.min_on))
        known = tuple(board[:most])
        _boards.keep({slot: known})
    return known


def _departure(row: ProductCardRow, prefs: Preferences) -> Departure | None:
    seen = landed(row, prefs, is_urgent=True)
    if seen is None or seen.option is None or not seen.is_possible:
        return None
    border = total([step.amount for step in seen.border], prefs.currency)
    goods = next(step.amount for step in seen.steps if step.kind == "goods")
    return Departure(
        country=row.country,
        ref=row.ref,
        slug=slug(row.slug_title),
        title=row.title,
        lang="" if row.title_locale == prefs.locale else row.title_locale,
        translated_from=row.translated_from,
        way=seen.option,
        border=border if seen.crosses_border else None,
        share_bp=border.minor * 10_000 // goods.minor,
    )


_certain: Memory[tuple[int, int, Destination], bool] = Memory(seconds=60, most=20_000)


def is_certain(row: ProductCardRow, prefs: Preferences) -> bool:
    """Whether no region of the reader's country changes what goods come to, at most a minute old.

    Told by what was reckoned ahead: a preview reckons each region of a country by itself.
    """
    to = Destination(prefs.country, COUNTRY_CURRENCY.get(prefs.country, prefs.currency))
    slot = (row.product_id, row.version, to)
    known = _certain.get(slot)
    if known is None:
        own = {to.currency: row.door_minor} if row.door_minor is not None else {}
        price = pricing.price_in(home=row.home_price, own=own, currency=to.currency)
        seen = previews.estimate_summary(_piece(row, price.money), to) if price else None
        known = seen is not None and seen.refusal is None and not seen.is_about
        _certain.keep({slot: known})
    return known


def landed(row: ProductCardRow, prefs: Preferences, *, is_urgent: bool = False) -> Preview | None:
    """Return a card's price at the door with its steps, None without a price."""
    to = Destination(prefs.country, prefs.currency)
    own = {to.currency: row.own_minor} if row.own_minor is not None else {}
    price = pricing.price_in(home=row.home_price, own=own, currency=to.currency)
    if price is None:
        return None
    return previews.parcel_preview([(_piece(row, price.money), 1)], to, is_urgent=is_urgent)


def picture_of(
    *,
    ref: str,
    picture: Mapping[str, Any] | None,
    colour: str | None,
    category_ids: Sequence[int],
    title: str,
) -> Picture:
    """Return the picture of goods, or the drawing that stands for it; the title says it all."""
    if picture:
        return kept_picture(picture)
    return drawings.picture_for(category_ids=category_ids, key=ref, title=title, colour=colour)


def _piece(row: ProductCardRow, price: Money) -> Piece:
    return Piece(
        key=(row.offer_id, row.version),
        title=row.title,
        price=price,
        dispatch_country=row.country,
        hs_code=row.hs_code,
        origin_country=row.origin_country,
        weight_g=row.weight_g,
        hazards=tuple(row.hazards),
        lead_days=row.lead_time_days,
        dues=row.dues or "",
        is_sent=row.is_sent,
    )
