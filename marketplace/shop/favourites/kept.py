"""What is kept beside goods when somebody likes them, in a list and in a browser's cookie alike."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.money import Money


@dataclass(frozen=True, slots=True)
class Kept:
    """Goods that somebody likes, with what they cost at the door at that time.

    Units: minor units of currency. Shape: price and country are None where none was known.
    """

    ref: str
    minor: int | None = None
    currency: str | None = None
    country: str | None = None

    @property
    def seen(self) -> Money | None:
        """The price at the door when it was kept."""
        if self.minor is None or self.currency is None:
            return None
        return Money(self.minor, self.currency)
