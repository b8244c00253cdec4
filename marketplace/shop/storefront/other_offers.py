"""The offers of a product's form: best first, each as carriers and borders see it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kernel.money import Money
from kernel.web import Preferences
from marketplace.catalogue.vendors import queries as vendors
from marketplace.catalogue.vendors.queries import VendorView
from marketplace.landed.previews import queries as previews
from marketplace.landed.previews.queries import (
    CoverPrice,
    Destination,
    EstimateSummary,
    Piece,
    Preview,
)
from marketplace.landed.pricing import queries as pricing
from marketplace.landed.pricing.queries import DisplayedPrice

MOST_OTHERS = 8


@dataclass(frozen=True, slots=True)
class Rival:
    """An offer of a shop for the chosen variant.

    Units: price of one piece. Shape: rank sorts offers as cards do: in stock, cheapest, quickest,
    oldest.
    """

    offer_id: int
    version: int
    vendor: VendorView
    price: DisplayedPrice | None
    home_price: Money
    available: int
    lead_time_days: int
    rank: tuple[bool, int, int, int]


def rivals_of(rows: Sequence[Any], currency: str) -> dict[int, list[Rival]]:
    """Return offers by variant, best first."""
    shops = vendors.vendors({row.vendor_id for row in rows})
    rivals: dict[int, list[Rival]] = {}
    for row in rows:
        home = Money(row.price_minor, row.currency)
        own = {currency: row.own_minor} if row.own_minor is not None else {}
        available = row.available or 0
        rank = (not available, _euro(home, row.euro_minor), row.lead_time_days, row.id)
        price = pricing.price_in(home=home, own=own, currency=currency)
        rivals.setdefault(row.variant_id, []).append(
            Rival(
                row.id,
                row.version,
                shops[row.vendor_id],
                price,
                home,
                available,
                row.lead_time_days,
                rank,
            )
        )
    for given in rivals.values():
        given.sort(key=lambda rival: rival.rank)
    return rivals


def _euro(home: Money, typed: int | None) -> int:
    own = {"EUR": typed} if typed is not None else {}
    minor = pricing.euro_minor(home=home, own=own)
    return minor if minor is not None else 2**62


def best(chosen: Mapping[str, Any], rivals: Sequence[Rival], to: Destination) -> Rival | None:
    """Return the first offer that comes to the reader, the first of all when none does."""
    for rival in rivals if len(rivals) > 1 else ():
        if (
            rival.price
            and previews.estimate_summary(
                _piece("", chosen, rival, rival.price.money, to), to
            ).total
        ):
            return rival
    return rivals[0] if rivals else None


def _piece(
    title: str, chosen: Mapping[str, Any], offer: Rival, price: Money, to: Destination
) -> Piece:
    return Piece(
        key=(offer.offer_id, offer.version),
        title=title,
        price=price,
        dispatch_country=offer.vendor.country,
        hs_code=chosen["hs"],
        weight_g=chosen["weight"],
        origin_country=chosen["origin"],
        lead_days=offer.lead_time_days,
        is_sent=offer.vendor.sends(to.country),
        is_answered=previews.is_answered(is_named=chosen["named"], vendor=offer.vendor),
        hazards=tuple(chosen["hazards"] or ()),
    )


def landed(
    title: str,
    chosen: Mapping[str, Any],
    offer: Rival | None,
    prefs: Preferences,
    quantity: int,
    *,
    is_for_business: bool,
) -> tuple[Preview | None, tuple[CoverPrice, ...]]:
    """Return the price at the door and the covers for some pieces of an offer."""
    if offer is None or offer.price is None:
        return None, ()
    to = Destination(prefs.country, prefs.currency)
    pieces = ((_piece(title, chosen, offer, offer.price.money, to), quantity),)
    seen = previews.parcel_preview(pieces, to)
    return seen, previews.cover_prices(pieces, to, seen, is_for_business=is_for_business)


def others(
    title: str,
    chosen: Mapping[str, Any],
    rivals: Sequence[Rival],
    offer: Rival | None,
    prefs: Preferences,
) -> tuple[tuple[Rival, EstimateSummary], ...]:
    """Return the further offers with what they ask at the door."""
    to = Destination(prefs.country, prefs.currency)
    return tuple(
        (rival, previews.estimate_summary(_piece(title, chosen, rival, rival.price.money, to), to))
        for rival in rivals[:MOST_OTHERS]
        if rival is not offer and rival.price is not None
    )
