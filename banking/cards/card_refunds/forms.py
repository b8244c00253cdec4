"""What is typed to send money back to a card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from kernel.money import Money, exponent
from kernel.text import N_
from kernel.web import Reader


@dataclass(frozen=True, slots=True)
class ToCard:
    """How much goes back; key makes a second press of the button harmless."""

    amount: Money
    key: UUID

    @classmethod
    def parse(cls, form: Mapping[str, str], *, currency: str) -> ToCard:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        amount = reader.money("amount", currency)
        if exponent(currency) == 3 and amount.minor % 10:
            reader.complain("amount", N_("Card amounts in this currency have to end in 0."))
        read = cls(amount, reader.uuid("key"))
        reader.done()
        return read
