"""What is typed into cart forms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kernel.money import CURRENCIES, Money
from kernel.web.forms import Reader
from marketplace.cart.rules import MOST_PIECES


@dataclass(frozen=True, slots=True)
class AddLine:
    """Pieces of an offer, with the price the page showed."""

    offer_id: int
    quantity: int
    seen: Money

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> AddLine:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        offer_id = reader.integer("offer_id", low=1, high=2**62)
        quantity = reader.integer("quantity", low=1, high=MOST_PIECES)
        currency = reader.choice("currency", CURRENCIES)
        seen = reader.integer("seen_minor", low=1, high=10**15)
        reader.done()
        return cls(offer_id, quantity, Money(seen, currency))


def parse_quantity(form: Mapping[str, str]) -> int:
    """Read the new number of pieces; zero takes the line out. Raises: Invalid."""
    reader = Reader(form)
    quantity = reader.integer("quantity", low=0, high=MOST_PIECES)
    reader.done()
    return quantity
