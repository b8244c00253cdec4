"""What is typed to give money back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from kernel.money import Money
from kernel.web import Reader


@dataclass(frozen=True, slots=True)
class Which:
    """The order that is meant."""

    order_ref: str

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Which:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        read = cls(reader.text("order", most=40).upper())
        reader.done()
        return read


@dataclass(frozen=True, slots=True)
class HowMuch:
    """How much goes back."""

    amount: Money

    @classmethod
    def parse(cls, form: Mapping[str, str], *, left: Money) -> HowMuch:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        read = cls(reader.money("amount", left.currency, most=left))
        reader.done()
        return read


@dataclass(frozen=True, slots=True)
class Press:
    """What was seen, and the key that makes a second press harmless."""

    seal: str
    key: UUID
    knows_compensated: bool

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Press:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        read = cls(
            reader.text("seal", most=64),
            reader.uuid("key"),
            knows_compensated=form.get("knows_compensated") == "on",
        )
        reader.done()
        return read
