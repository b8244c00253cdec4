"""Reads of shops; a shop changes rarely and is asked for on every page, so it is kept a while."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text

from kernel.actor import Actor
from kernel.db import in_command, session
from kernel.memory import Memory
from marketplace.catalogue.vendors.errors import NoSuchVendor, NotAVendor

_VENDORS = """SELECT id, ref, external_ref, organisation_id, name, name_latin, slug, country, city,
    city_latin, dispatch_postcode, language, currency, lead_time_days, status, legal, story,
    founded, opened_at, sends_to FROM marketplace.vendor"""
_BY_IDS = text(f"{_VENDORS} WHERE id = ANY(CAST(:ids AS bigint[]))")
_NAMES = text(
    "SELECT v.id, v.name, v.name_latin FROM unnest(CAST(:starts AS bigint[])) AS s (id)"
    " JOIN marketplace.vendor v ON v.id BETWEEN s.id AND s.id + :block - 1"
)
_BY_SLUG = text(f"{_VENDORS} WHERE slug = :slug")
# A name is found by the beginning of any of its words, in its own letters or in Latin ones.
_BEGINNING = text(
    """
    SELECT name, slug FROM marketplace.vendor
    WHERE status = 'active' AND (
        lower(name) LIKE :first OR lower(name) LIKE :inside
        OR lower(name_latin) LIKE :first OR lower(name_latin) LIKE :inside
    ) ORDER BY name, slug LIMIT :most
    """
)
_BY_ORGANISATION = text(
    f"{_VENDORS} WHERE organisation_id = ANY(CAST(:ids AS uuid[])) ORDER BY id LIMIT 1"
)
_OF_ORGANISATIONS = text(f"{_VENDORS} WHERE organisation_id = ANY(CAST(:ids AS uuid[]))")


@dataclass(frozen=True, slots=True)
class VendorView:
    """A shop as others see it; fields as in the table."""

    id: int
    ref: str
    external_ref: str | None
    organisation_id: UUID
    name: str
    name_latin: str
    slug: str
    country: str
    city: str
    city_latin: str
    dispatch_postcode: str | None
    language: str
    currency: str
    lead_time_days: int
    status: str
    legal: Mapping[str, Any]
    story: Mapping[str, str]
    founded: int | None
    opened_at: datetime
    sends_to: Sequence[str] | None = None

    @property
    def sender(self) -> dict[str, Any]:
        """Who sends its parcels and from where, as papers say it: in Latin letters.

        The street is the registered one, unless parcels leave from another place than that.
        """
        is_registered = self.legal.get("postcode") == self.dispatch_postcode
        return {
            "name": self.name_latin,
            "country": self.country,
            "city": self.city_latin or self.city,
            "postcode": self.dispatch_postcode or "",
            "lines": list(self.legal.get("lines", ())) if is_registered else [],
        }

    @property
    def responsible(self) -> Mapping[str, str]:
        """Who answers in the Union for all of its goods: name, address and email, or nothing."""
        return self.legal.get("responsible") or {}

    def sends(self, country: str) -> bool:
        """Whether the shop chose to send to a country."""
        return self.sends_to is None or country in self.sends_to

    @property
    def is_open(self) -> bool:
        """Whether one can buy here now."""
        return self.status == "active"


_memory: Memory[int, VendorView] = Memory(seconds=15, most=2000)
_names: Memory[int, tuple[str, str]] = Memory(seconds=300, most=20_000)
_shops: Memory[UUID, VendorView] = Memory(seconds=300, most=2000)
_BLOCK = 250


def vendors(ids: Collection[int]) -> dict[int, VendorView]:
    """Return shops by id, at most fifteen seconds old on pages and fresh inside commands."""
    shops = {} if in_command() else _memory.of(ids)
    missing = [key for key in ids if key not in shops]
    if missing:
        for row in session().execute(_BY_IDS, {"ids": missing}):
            shops[row.id] = VendorView(*row)
        _memory.keep({key: shops[key] for key in missing if key in shops})
    return shops


def names(ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Return the names of shops by id, at most five minutes old: for lists to choose from.

    Shape: each in its own letters and in Latin ones.
    """
    known = _names.of(ids)
    missing = [key for key in ids if key not in known]
    if missing:
        # Their neighbours come along: the next list asks for other shops.
        starts = sorted({key - key % _BLOCK for key in missing})
        rows = session().execute(_NAMES, {"starts": starts, "block": _BLOCK})
        fresh = {row.id: (row.name, row.name_latin) for row in rows}
        _names.keep(fresh)
        known |= fresh
    return known


def beginning(typed: str, *, most: int) -> list[tuple[str, str]]:
    """Return name and slug of open shops one of whose words begins so; nothing for one letter.

    Units: most in shops.
    """
    sought = " ".join(typed.lower().split())
    if len(sought) < 2 and sought.isascii():
        return []
    literal = re.sub(r"([%_\\])", r"\\\1", sought)
    binds = {"first": f"{literal}%", "inside": f"% {literal}%", "most": most}
    return [(row.name, row.slug) for row in session().execute(_BEGINNING, binds)]


def shops_of(organisations: Collection[UUID]) -> list[VendorView]:
    """Return the shops of those organisations that have one, at most five minutes old."""
    shops = _shops.of(organisations)
    missing = [key for key in organisations if key not in shops]
    if missing:
        rows = session().execute(_OF_ORGANISATIONS, {"ids": missing})
        fresh = {shop.organisation_id: shop for shop in (VendorView(*row) for row in rows)}
        _shops.keep(fresh)
        shops |= fresh
    return list(shops.values())


def vendor(vendor_id: int) -> VendorView:
    """Return one shop. Raises: NoSuchVendor."""
    shop = vendors([vendor_id]).get(vendor_id)
    if shop is None:
        raise NoSuchVendor
    return shop


def vendor_by_slug(slug: str) -> VendorView:
    """Return the shop with a name in its address. Raises: NoSuchVendor."""
    row = session().execute(_BY_SLUG, {"slug": slug}).one_or_none()
    if row is None:
        raise NoSuchVendor
    return VendorView(*row)


def vendor_of(actor: Actor) -> VendorView:
    """Return the shop the actor works for. Raises: NotAVendor."""
    row = session().execute(_BY_ORGANISATION, {"ids": list(actor.organisation_ids)}).one_or_none()
    if row is None:
        raise NotAVendor
    return VendorView(*row)
