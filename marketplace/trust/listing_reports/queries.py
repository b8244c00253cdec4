"""Listings as reports name them, and who sells them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, text

from kernel.db import session
from marketplace.catalogue.products.errors import NoSuchProduct
from marketplace.catalogue.products.queries import in_language, slug

_PRODUCT = """
    SELECT p.id, p.ref, p.status, p.vendor_id, n.name AS shop, p.source_locale,
        (SELECT jsonb_object_agg(t.locale, t.title) FROM marketplace.product_text t
         WHERE t.product_id = p.id) AS titles
    FROM marketplace.product p JOIN marketplace.vendor n ON n.id = p.vendor_id
"""
_ONE = text(_PRODUCT + " WHERE p.ref = :ref")
_BY_ID = text(_PRODUCT + " WHERE p.id = ANY(CAST(:ids AS bigint[]))")
# Who wrote the listing, and every shop with an offer of it.
_SELLERS = text(
    """
    SELECT p.vendor_id FROM marketplace.product p WHERE p.id = :product_id
    UNION
    SELECT o.vendor_id FROM marketplace.offer o
    JOIN marketplace.variant v ON v.id = o.variant_id WHERE v.product_id = :product_id
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A product as reports name it.

    Shape: shop is the name of who wrote it; titles by locale; source the one it was written in.
    """

    id: int
    ref: str
    shop: str
    status: str
    titles: Mapping[str, str]
    source: str

    def title(self, locale: str) -> str:
        """Return what it is called in a language."""
        return in_language(self.titles, locale, self.source)

    @property
    def slug(self) -> str:
        """The last part of its page's address."""
        return slug(self.titles.get("en") or self.titles.get(self.source, ""))

    @property
    def is_withdrawn(self) -> bool:
        """Never: goods that their shop no longer shows can still be taken from it."""
        return False


def listing(ref: str) -> Listing:
    """Return a product that may be reported. Raises: NoSuchProduct."""
    row = session().execute(_ONE, {"ref": ref}).one_or_none()
    if row is None:
        raise NoSuchProduct
    return _listing(row)


def listings(ids: Collection[int]) -> dict[int, Listing]:
    """Return products by id."""
    if not ids:
        return {}
    return {row.id: _listing(row) for row in session().execute(_BY_ID, {"ids": list(ids)})}


def sellers_of(product_id: int) -> frozenset[int]:
    """Return the shops that sell goods today."""
    return frozenset(session().execute(_SELLERS, {"product_id": product_id}).scalars())


def _listing(row: Row[Any]) -> Listing:
    return Listing(
        id=row.id,
        ref=row.ref,
        shop=row.shop,
        status=row.status,
        titles=row.titles or {},
        source=row.source_locale,
    )
