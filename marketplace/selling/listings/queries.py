"""What a vendor sees of the own goods; another shop's reference does not exist here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import Row, TextClause, text

from kernel.actor import Actor
from kernel.db import session
from kernel.money import Money
from kernel.statements import read_sql
from kernel.text import N_
from kernel.web.sorting import Column, Sorting, sorting_of
from marketplace.catalogue.drawings import queries as drawings
from marketplace.catalogue.pictures.queries import Picture
from marketplace.catalogue.products import drafts
from marketplace.catalogue.products.drafts import DraftView
from marketplace.catalogue.products.errors import NoSuchProduct
from marketplace.catalogue.products.queries import best_locale, colour_of, completeness, in_language
from marketplace.catalogue.vendors import queries as vendors
from marketplace.catalogue.vendors.queries import VendorView

PAGE = 50
_GOODS = read_sql(__file__, "goods")
# By what the list of goods stands; the number of the offer parts any two.
COLUMNS = {
    "listed": Column(N_("Oldest first"), N_("Newest first"), falls=True),
    "article": Column(N_("Product code, A to Z"), N_("Product code, Z to A")),
    "pieces": Column(N_("Fewest pieces first"), N_("Most pieces first")),
    "price": Column(N_("Lowest price first"), N_("Highest price first")),
}
_KEYS = {
    "listed": ("o.id",),
    "article": ("v.sku", "o.id"),
    "pieces": ("coalesce(s.on_hand, 0)", "o.id"),
    "price": ("o.price_minor", "o.id"),
}
# Which offers a page shows is asked of narrow rows; all else of theirs is read for those alone.
_NARROW = """
    FROM marketplace.offer o
    JOIN marketplace.variant v ON v.id = o.variant_id
    LEFT JOIN marketplace.stock_level s ON s.offer_id = o.id
    WHERE o.vendor_id = :vendor_id
"""
_ONE = text(f"{_GOODS} WHERE p.ref = :ref ORDER BY v.position, v.id")


@dataclass(frozen=True, slots=True)
class Listing:
    """One offer of the shop with its product.

    Units: on_hand, claimed in pieces; weight_g packed grams, size_mm millimetres.
    Shape: is_own when the shop wrote the listing; own_prices maps further currencies to minor
    units; hazards are None until the shop says; texts maps locale to title and description;
    languages are those written and those there are; is_offered is the shop's own choice, is_listed
    whether buyers see it; drawing is what buyers see while there is no picture; away are the
    countries that none of its offers reaches, as the shelf reckoned them; warnings and responsible
    as in the catalogue.
    """

    product_id: int
    ref: str
    is_own: bool
    title: str
    texts: Mapping[str, tuple[str, str]]
    source_locale: str
    pictures: tuple[Mapping[str, Any], ...]
    offer_id: int
    variant_id: int
    sku: str
    options: Mapping[str, str]
    price: Money
    lead_time_days: int
    is_removed: bool
    is_listed: bool
    is_offered: bool
    version: int
    on_hand: int
    claimed: int
    hs_code: str
    origin_country: str
    weight_g: int | None
    size_mm: tuple[int, int, int] | None
    hazards: tuple[str, ...] | None
    category_id: int
    brand: str
    brand_latin: str
    attributes: Mapping[str, Sequence[str | int]]
    warnings: Mapping[str, str]
    responsible: Mapping[str, str]
    own_prices: Mapping[str, int]
    listed_at: datetime
    away: tuple[str, ...]
    languages: tuple[int, int]
    drawing: Picture

    @property
    def is_sendable(self) -> bool:
        """Whether carriers and customs know all they ask for."""
        return bool(self.hs_code and self.origin_country and self.weight_g)


@dataclass(frozen=True, slots=True)
class Listings:
    """A page of the shop's offers.

    Shape: after is the offer behind which the next page begins, or 0; drafts stand on the first
    page alone.
    """

    vendor: VendorView
    lines: tuple[Listing, ...]
    sorting: Sorting
    after: int
    drafts: tuple[DraftView, ...]


def listings_of(
    actor: Actor, *, locale: str, offered: tuple[str, ...], sort: str = "", after: int = 0
) -> Listings:
    """Return the offers of the actor's shop. Raises: NotAVendor."""
    vendor = vendors.vendor_of(actor)
    sorting = sorting_of(sort, COLUMNS, standard="-listed")
    page = _page(sorting.by, falls=sorting.falls, is_first=not after)
    asked = {"vendor_id": vendor.id, "after": after, "most": PAGE + 1}
    rows = session().execute(page, asked).all()
    drawings.foresee(row.shelf for row in rows if not row.pictures)
    lines = tuple(_listing(row, vendor, locale, offered) for row in rows[:PAGE])
    own_drafts = () if after else drafts.drafts_of(vendor_id=vendor.id)
    return Listings(
        vendor, lines, sorting, lines[-1].offer_id if len(rows) > PAGE else 0, own_drafts
    )


@cache
def _page(by: str, *, falls: bool, is_first: bool) -> TextClause:
    """Return the statement of a page of offers, the greatest first where it `falls`."""
    keys = ", ".join(_KEYS[by])
    stands = ", ".join(f"{key} DESC" if falls else key for key in _KEYS[by])
    behind = f"AND ({keys}) {'<' if falls else '>'} (SELECT {keys} {_NARROW} AND o.id = :after)"
    return text(
        f"""
        {_GOODS} WHERE o.id IN (
            SELECT o.id {_NARROW} {"" if is_first else behind} ORDER BY {stands} LIMIT :most
        ) ORDER BY {stands}
        """
    )


def listing_for(
    actor: Actor, ref: str, *, locale: str = "en", offered: tuple[str, ...] = ()
) -> tuple[VendorView, tuple[Listing, ...]]:
    """Return the shop's offers of one product. Raises: NotAVendor, NoSuchProduct."""
    vendor = vendors.vendor_of(actor)
    rows = session().execute(_ONE, {"vendor_id": vendor.id, "ref": ref}).all()
    if not rows:
        raise NoSuchProduct
    return vendor, tuple(_listing(row, vendor, locale, offered) for row in rows)


def own_listing(
    actor: Actor, ref: str, *, locale: str = "en", offered: tuple[str, ...] = ()
) -> tuple[VendorView, tuple[Listing, ...]]:
    """Return goods whose listing the shop wrote itself. Raises: NotAVendor, NoSuchProduct."""
    vendor, lines = listing_for(actor, ref, locale=locale, offered=offered)
    if not lines[0].is_own:
        raise NoSuchProduct
    return vendor, lines


def _listing(
    row: Row[Any],  # of the statements above
    vendor: VendorView,
    locale: str,
    offered: tuple[str, ...],
) -> Listing:
    texts = {key: (given[0], given[1]) for key, given in row.texts.items()}
    plain = best_locale(texts, "en", row.source_locale) or row.source_locale
    drawing = drawings.picture_for(
        category_ids=row.shelf,
        key=row.ref,
        title=texts[plain][0],
        colour=colour_of(row.options, row.hex),
    )
    return Listing(
        product_id=row.id,
        ref=row.ref,
        is_own=row.vendor_id == vendor.id,
        title=in_language({k: t for k, (t, _) in texts.items()}, locale, row.source_locale),
        texts=texts,
        source_locale=row.source_locale,
        pictures=tuple(row.pictures or ()),
        offer_id=row.offer_id,
        variant_id=row.variant_id,
        sku=row.sku,
        options=row.options,
        price=Money(row.price_minor, row.currency),
        lead_time_days=row.lead_time_days,
        is_listed=row.offer_status == "listed" and row.status == "listed",
        version=row.version,
        is_offered=row.offer_status == "listed",
        is_removed=row.status == "removed",
        on_hand=row.on_hand,
        claimed=row.claimed,
        hs_code=row.hs_code or "",
        origin_country=row.origin_country or "",
        weight_g=row.weight_g,
        size_mm=tuple(row.size_mm) if row.size_mm else None,
        category_id=row.category_id,
        hazards=None if row.hazards is None else tuple(row.hazards),
        brand=row.brand,
        brand_latin=row.brand_latin,
        attributes=row.attributes,
        warnings=row.warnings,
        responsible=row.responsible,
        own_prices=row.own_prices or {},
        listed_at=row.listed_at,
        away=tuple(row.away or ()),
        languages=completeness(texts, offered),
        drawing=drawing,
    )
