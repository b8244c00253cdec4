"""What an officer books of goods that are the insurer's, read strictly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kernel.money import Money
from kernel.web.forms import Reader


@dataclass(frozen=True, slots=True)
class Salvage:
    """What the goods brought; nothing is an answer too."""

    amount: Money
    reason: str

    @classmethod
    def parse(cls, form: Mapping[str, str], *, most: Money) -> Salvage:
        """Read the form; goods bring at most what was paid for them. Raises: Invalid."""
        reader = Reader(form)
        has_value = reader.choice("outcome", ["sold", "nothing"]) == "sold"
        zero = Money.zero(most.currency)
        amount = reader.money("amount", most.currency, most=most) if has_value else zero
        reason = reader.text("reason", most=1000, is_long=True)
        reader.done()
        return cls(amount, reason)
