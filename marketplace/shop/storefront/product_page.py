"""Reads a product page in two statements of its own: the product with all it says, its offers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from sqlalchemy import Row, text

from kernel.db import session
from kernel.money import Money
from kernel.statements import read_sql
from kernel.web import Preferences
from kernel.web.formats import format_row
from marketplace.catalogue.drawings import queries as drawings
from marketplace.catalogue.pictures.queries import Picture, address, source_set
from marketplace.catalogue.pictures.queries import picture as kept_picture
from marketplace.catalogue.products import queries as catalogue
from marketplace.catalogue.products.queries import CategoryView, best_locale, slug
from marketplace.catalogue.ratings.queries import Rating, rating
from marketplace.landed.previews.queries import CoverPrice, Destination, EstimateSummary, Preview
from marketplace.landed.pricing import queries as pricing
from marketplace.landed.pricing.queries import Struck
from marketplace.shop.storefront import electricity as rules
from marketplace.shop.storefront.electricity import Misfit
from marketplace.shop.storefront.errors import ProductGone
from marketplace.shop.storefront.other_offers import Rival, best, landed, others, rivals_of
from marketplace.shop.storefront.told_words import Told, told

__all__ = ["Rival"]  # what other rooms read of this one's offers

_PRODUCT = text(read_sql(__file__, "product"))
_OFFERS = text(
    """
    SELECT o.id, o.vendor_id, o.variant_id, o.price_minor, o.currency, o.lead_time_days, o.version,
        greatest(s.on_hand - s.reserved - s.allocated, 0) AS available,
        (SELECT w.price_minor FROM marketplace.offer_own_price w
         WHERE w.offer_id = o.id AND w.currency = :currency) AS own_minor,
        (SELECT w.price_minor FROM marketplace.offer_own_price w
         WHERE w.offer_id = o.id AND w.currency = 'EUR') AS euro_minor
    FROM marketplace.offer o
    JOIN marketplace.variant v ON v.id = o.variant_id
    JOIN marketplace.vendor n ON n.id = o.vendor_id AND n.status = 'active'
    LEFT JOIN marketplace.stock_level s ON s.offer_id = o.id
    WHERE v.product_id = :product_id AND o.status = 'listed'
    """
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture in the gallery.

    Shape: src and srcset are the WebP files, large the widest; other_form names the form in sight
    when it is not the chosen one, else it is empty.
    """

    picture: Picture
    src: str
    large: str
    srcset: str
    alt: str
    other_form: str


@dataclass(frozen=True, slots=True)
class Form:
    """A variant as a swatch.

    Shape: picture is its own, or a drawing of it, None when its sisters look the same; hex is its
    shade; is_out when nobody has a piece.
    """

    key: str
    sku: str
    name: str
    picture: Picture | None
    hex: str | None
    is_chosen: bool
    is_out: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Showcase:
    """A product page.

    Units: quantity in pieces, weight_g packed grams of one, size_mm. Shape: told holds title and
    description with their languages; offer is None when nobody offers the chosen variant; facts are
    pairs of words; misfit is what keeps these goods from running on the mains of the reader's
    country, voltage in words what they run on; others are the further shops with what they ask at
    the door; drawing stands where there is no picture; variant is the key the address names, empty
    when the best one was taken; level is the cover the address names, empty for none; listed_by is
    the shop that wrote the listing; stars are the reviews by their stars, from one to five;
    together are the products seen together with these, most often first; warnings are in the
    page's language or in warnings_lang, empty for none; responsible as in the catalogue;
    is_for_business as the wish says.
    """

    product_id: int
    listed_by: int
    ref: str
    slug: str
    told: Told
    path: tuple[CategoryView, ...]
    brand: str
    brand_latin: str
    option_name: str
    chosen_name: str
    forms: tuple[Form, ...]
    pictures: tuple[Shown, ...]
    drawing: Picture
    sku: str
    hs_code: str | None
    origin_country: str | None
    weight_g: int | None
    size_mm: tuple[int, ...] | None
    hazards: tuple[str, ...]
    facts: tuple[tuple[str, str], ...]
    misfit: Misfit | None
    voltage: str
    offer: Rival | None
    others: tuple[tuple[Rival, EstimateSummary], ...]
    quantity: int
    variant: str
    preview: Preview | None
    cover: tuple[CoverPrice, ...]
    level: str
    is_for_business: bool
    struck: Struck | None
    listed_on: date
    stars: Sequence[int]
    warnings: str
    warnings_lang: str
    responsible: Mapping[str, str]
    together: Sequence[int]

    @property
    def title(self) -> str:
        """What they are called on the page."""
        return self.told.title

    @property
    def description(self) -> str:
        """What is said of them on the page."""
        return self.told.description

    @property
    def rating(self) -> Rating | None:
        """What buyers gave, None without a review."""
        return rating(self.stars)

    @property
    def premium(self) -> Money | None:
        """What the cover in the address costs, None for none."""
        return next((c.premium for c in self.cover if c.level == self.level), None)

    @property
    def total(self) -> Money | None:
        """What is paid for these pieces at the door, chosen cover included."""
        seen = self.preview.total if self.preview else None
        return seen + self.premium if seen and self.premium else seen

    @property
    def is_buyable(self) -> bool:
        """Whether the button may stand there."""
        return bool(
            self.offer
            and self.offer.available
            and self.offer.price
            and self.preview
            and self.preview.is_possible
        )


@dataclass(frozen=True, slots=True)
class Wish:
    """What an address asks of a product page.

    Units: quantity in pieces. Shape: unknown variants, offers and covers fall back to the best
    variant, the best offer, no cover; is_original asks for the shop's own words; is_for_business
    is what the shopper said at a checkout that is not paid yet.
    """

    variant: str = ""
    offer_id: int | None = None
    quantity: int = 1
    cover: str = ""
    is_original: bool = False
    is_for_business: bool = False


def showcase(*, ref: str, wish: Wish, prefs: Preferences) -> Showcase:
    """Return a product page for a shopper. Raises: ProductGone."""
    row = session().execute(_PRODUCT, {"ref": ref, "locale": prefs.locale}).one_or_none()
    if row is None or row.status != "listed":
        raise ProductGone
    offers = session().execute(_OFFERS, {"product_id": row.id, "currency": prefs.currency}).all()
    rivals = rivals_of(offers, prefs.currency)
    chosen = _chosen(row.variants, rivals, wish.variant)
    mine = rivals.get(chosen["id"], [])
    offer = next((r for r in mine if r.offer_id == wish.offer_id), None)
    offer = offer or best(chosen, mine, Destination(prefs.country, prefs.currency))
    most = max(1, offer.available) if offer else 1
    fitting = replace(wish, quantity=min(max(1, wish.quantity), most))
    return _page(row, chosen, offer, rivals, prefs, fitting)


def _page(
    row: Row[Any],
    chosen: Mapping[str, Any],
    offer: Rival | None,
    rivals: Mapping[int, Sequence[Rival]],
    prefs: Preferences,
    wish: Wish,
) -> Showcase:
    words = told(row, prefs.locale, is_original=wish.is_original)
    plain = best_locale(row.texts, "en", row.source_locale) or row.source_locale
    path = catalogue.categories([row.category_id])[row.category_id].path
    tree = catalogue.categories(path)
    option = catalogue.attributes().get(row.option_key or "")
    warned = best_locale(row.warnings, prefs.locale, row.source_locale) or prefs.locale
    seen, prices = landed(
        words.title, chosen, offer, prefs, wish.quantity, is_for_business=wish.is_for_business
    )
    drawing = _drawing(row, chosen, words.title, row.texts[plain][0], path)
    return Showcase(
        product_id=row.id,
        listed_by=row.vendor_id,
        ref=row.ref,
        slug=slug(row.texts[plain][0]),
        told=words,
        path=tuple(tree[key] for key in path),
        brand=row.brand,
        brand_latin=row.brand_latin,
        option_name=option.name(prefs.locale) if option else "",
        chosen_name=_form_name(chosen, prefs.locale),
        forms=_forms(row, chosen, rivals, prefs, path),
        pictures=_pictures(row, chosen, prefs.locale),
        drawing=drawing,
        sku=chosen["sku"],
        hs_code=chosen["hs"],
        origin_country=chosen["origin"],
        weight_g=chosen["weight"],
        size_mm=tuple(chosen["size"]) if chosen["size"] else None,
        hazards=tuple(chosen["hazards"] or ()),
        facts=_facts(row, prefs.locale),
        misfit=_misfit(row, chosen, prefs.country),
        voltage=_words(row, chosen, "voltage", prefs.locale),
        offer=offer,
        others=others(words.title, chosen, rivals.get(chosen["id"], ()), offer, prefs),
        quantity=wish.quantity,
        preview=seen,
        cover=prices,
        struck=_struck(offer, prefs.currency),
        listed_on=row.listed_at.date(),
        stars=row.stars or (0, 0, 0, 0, 0),
        variant=wish.variant if wish.variant == chosen["key"] else "",
        is_for_business=wish.is_for_business,
        level=wish.cover if wish.cover in {choice.level for choice in prices} else "",
        warnings=row.warnings.get(warned, ""),
        responsible=row.responsible,
        together=row.together or (),
        warnings_lang="" if warned == prefs.locale else warned,
    )


def _chosen(
    variants: Sequence[Mapping[str, Any]], rivals: Mapping[int, Sequence[Rival]], wanted: str
) -> Mapping[str, Any]:
    for variant in variants:
        if variant["key"] == wanted:
            return variant
    worst = (True, 2**62, 0, 2**62)
    return min(variants, key=lambda v: rivals[v["id"]][0].rank if v["id"] in rivals else worst)


def _forms(
    row: Row[Any],
    chosen: Mapping[str, Any],
    rivals: Mapping[int, Sequence[Rival]],
    prefs: Preferences,
    path: Sequence[int],
) -> tuple[Form, ...]:
    if len(row.variants) < 2:
        return ()
    pictures = _form_pictures(row, prefs.locale, path)
    return tuple(
        Form(
            key=variant["key"],
            sku=variant["sku"],
            name=_form_name(variant, prefs.locale),
            picture=pictures.get(variant["id"]),
            hex=catalogue.colour_of(variant["options"], variant["hex"]),
            is_chosen=variant["id"] == chosen["id"],
            is_out=not any(r.available for r in rivals.get(variant["id"], ())),
        )
        for variant in row.variants
    )


def _form_pictures(row: Row[Any], locale: str, path: Sequence[int]) -> dict[int, Picture]:
    """Return how the forms look, nothing when they look the same.

    Where the vendor pictured some forms, the others are drawn in their colour.
    """
    pictures = {
        p["variant"]: _shown(p, row.source_locale, locale, "").picture
        for p in reversed(row.pictures or ())
        if p["variant"] is not None
    }
    colours = {v["id"]: catalogue.colour_of(v["options"], v["hex"]) for v in row.variants}
    if not pictures and (row.pictures or len(set(colours.values())) < len(colours)):
        return {}
    title = row.texts[best_locale(row.texts, "en", row.source_locale) or row.source_locale][0]
    for variant in row.variants:
        if variant["id"] not in pictures:
            pictures[variant["id"]] = _drawing(row, variant, "", title, path)
    return pictures


def _drawing(
    row: Row[Any],
    variant: Mapping[str, Any],
    alt: str,
    title: str,
    path: Sequence[int],
) -> Picture:
    return drawings.picture_for(
        category_ids=path,
        title=title,
        key=row.ref,
        alt=alt,
        colour=catalogue.colour_of(variant["options"], variant["hex"]),
    )


def _form_name(variant: Mapping[str, Any], locale: str) -> str:
    known = catalogue.attributes()
    words = [
        known[key].value(value, locale) if key in known else str(value)
        for key, value in variant["options"].items()
    ]
    return format_row(*words)


def _pictures(row: Row[Any], chosen: Mapping[str, Any], locale: str) -> tuple[Shown, ...]:
    """Return the pictures of the chosen form and of the whole product.

    A form without any is told by its sisters', each saying which form it shows.
    """
    given = row.pictures or ()
    own = [p for p in given if p["variant"] == chosen["id"]]
    whole = [p for p in given if p["variant"] is None]
    names = {variant["id"]: _form_name(variant, locale) for variant in row.variants}
    return tuple(
        _shown(
            picture, row.source_locale, locale, "" if own or whole else names[picture["variant"]]
        )
        for picture in [*own, *whole] or given
    )


def _shown(picture: Mapping[str, Any], source: str, locale: str, other_form: str) -> Shown:
    tag = best_locale(picture["alt"], locale, source)
    alt = picture["alt"][tag] if tag else ""
    return Shown(
        picture=kept_picture(picture, alt=alt, wanted=960),
        src=address(picture["path"], picture["sizes"], wanted=960),
        large=address(picture["path"], picture["sizes"], wanted=9_999),
        srcset=source_set(picture["path"], picture["sizes"]),
        alt=alt,
        other_form=other_form,
    )


def _facts(row: Row[Any], locale: str) -> tuple[tuple[str, str], ...]:
    known, facts = catalogue.attributes(), []
    for key, values in row.attributes.items():
        attribute = known.get(key)
        if attribute is not None and values:
            words = format_row(*(attribute.value(value, locale) for value in values))
            facts.append((attribute.name(locale), words))
    return tuple(facts)


def _misfit(row: Row[Any], chosen: Mapping[str, Any], country: str) -> Misfit | None:
    return rules.misfit(
        plugs=_said(row, chosen, "plug"), voltages=_said(row, chosen, "voltage"), country=country
    )


def _said(row: Row[Any], chosen: Mapping[str, Any], key: str) -> Sequence[str]:
    """Return what is said of the chosen form, else of all forms, by one attribute."""
    own = chosen["options"].get(key)
    return [own] if own else row.attributes.get(key, ())


def _words(row: Row[Any], chosen: Mapping[str, Any], key: str, locale: str) -> str:
    attribute = catalogue.attributes().get(key)
    values = _said(row, chosen, key)
    return format_row(*(attribute.value(value, locale) for value in values)) if attribute else ""


def _struck(offer: Rival | None, currency: str) -> Struck | None:
    # A first version never had another price; no query is spent on it.
    if offer is None or offer.version == 1 or offer.price is None or offer.price.is_converted:
        return None
    return pricing.struck(offer.offer_id, currency)
