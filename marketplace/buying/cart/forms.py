"""What is typed into cart forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from insurance.api import Cover
from kernel.money import CURRENCIES, Money
from kernel.web.forms import Reader
from marketplace.buying.cart.rules import MOST_PIECES

COVERS = frozenset(level.value for level in Cover)


@dataclass(frozen=True, slots=True)
class AddLine:
    """Pieces of an offer, with the price the page showed.

    Shape: vendor_id is 0 where the page offered no cover; cover is the level wished for the
    vendor's parcel, empty for none.
    """

    offer_id: int
    quantity: int
    seen: Money
    vendor_id: int
    cover: str

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> AddLine:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        offer_id = reader.integer("offer_id", low=1, high=2**62)
        quantity = reader.integer("quantity", low=1, high=MOST_PIECES)
        currency = reader.choice("currency", CURRENCIES)
        seen = reader.integer("seen_minor", low=1, high=10**15)
        vendor_id = reader.integer("vendor_id", low=1, high=2**62) if form.get("vendor_id") else 0
        cover = reader.choice("cover", COVERS) if reader.raw("cover") else ""
        reader.done()
        return cls(offer_id, quantity, Money(seen, currency), vendor_id, cover)


def parse_cover(form: Mapping[str, str]) -> str:
    """Read the level of cover wished for a parcel, empty for none. Raises: Invalid."""
    reader = Reader(form)
    level = reader.choice("cover", COVERS) if reader.raw("cover") else ""
    reader.done()
    return level


def parse_quantity(form: Mapping[str, str]) -> int:
    """Read the new number of pieces; zero takes the line out. Raises: Invalid."""
    reader = Reader(form)
    quantity = reader.integer("quantity", low=0, high=MOST_PIECES)
    reader.done()
    return quantity


def parse_saved(form: Mapping[str, str]) -> bool:
    """Read whether a line is put by (1) or taken into the cart again (0). Raises: Invalid."""
    reader = Reader(form)
    saved = reader.integer("saved", low=0, high=1)
    reader.done()
    return bool(saved)
