"""What the engine answers: a quote whose every amount names its row, or a refusal with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from fractions import Fraction

from kernel.records import record

Amounts = tuple["Charge", ...]


class Reason(StrEnum):
    """Why there is no quote."""

    MISSING_HS = "MISSING_HS"
    MISSING_ORIGIN = "MISSING_ORIGIN"
    PROHIBITED = "PROHIBITED"
    CN_ANNUAL_LIMIT = "CN_CBEC_ANNUAL_LIMIT"
    CN_SINGLE_LIMIT = "CN_CBEC_SINGLE_LIMIT"
    BR_CEILING = "BR_PROGRAMME_CEILING"
    US_FORMAL_ENTRY = "US_FORMAL_ENTRY"
    SG_MIXED_BASKET = "SG_MIXED_BASKET"
    UNSUPPORTED_DESTINATION = "UNSUPPORTED_DESTINATION"
    NO_RULE = "NO_RULE"


class Blocked(Exception):
    """A rule stops the quote; the front turns it into a Refusal."""

    def __init__(self, reason: Reason) -> None:
        self.reason = reason
        super().__init__(reason)


@record
class Charge:
    """One rounded amount and where it comes from.

    Units: all in the result currency; rate as a ratio, None when the amount is no share of a base.
    Shape: line counts from 0; None belongs to the whole consignment.
    """

    kind: str
    name: str
    amount: Fraction
    exact: Fraction
    base: Fraction
    rate: Fraction | None
    row: str
    rounding: str
    source: str
    line: int | None = None


@record
class Assessment:
    """What a destination's rules make of a consignment, before fees.

    Shape: tax_names lists the destination's taxes, also those at zero.
    """

    regime: str
    at_sale: bool
    customs_value: Fraction
    duty: Amounts
    tax: Amounts
    tax_names: tuple[str, ...]
    counters: Mapping[str, Fraction] = field(default_factory=dict)


@record
class Quote:
    """A landed cost. Units: all amounts in `currency`."""

    regime: str
    currency: str
    goods: Fraction
    freight: Fraction
    insurance: Fraction
    customs_value: Fraction
    duty: Fraction
    tax: Mapping[str, Fraction]
    fees: tuple[tuple[str, Fraction], ...]
    seller_cost: Fraction
    collector: str
    at_sale: bool
    charges: Amounts
    counters: Mapping[str, Fraction]

    @property
    def fee_total(self) -> Fraction:
        """The sum of the fees."""
        return sum((amount for _, amount in self.fees), Fraction(0))

    @property
    def charges_total(self) -> Fraction:
        """What the buyer pays beside goods and carriage: a sum of rounded parts."""
        return self.duty - self.seller_cost + sum(self.tax.values(), Fraction(0)) + self.fee_total

    @property
    def landed_total(self) -> Fraction:
        """Everything the buyer pays."""
        return self.goods + self.freight + self.insurance + self.charges_total


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """No quote. Shape: line counts from 1."""

    reason: Reason
    line: int | None = None
    field: str | None = None
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Layout:
    """The consignments of one basket, each on its own."""

    parts: tuple[Quote | Refusal, ...]

    @property
    def refused(self) -> Refusal | None:
        """The first part that has no quote."""
        return next((part for part in self.parts if isinstance(part, Refusal)), None)

    @property
    def quotes(self) -> tuple[Quote, ...]:
        """The parts that have one."""
        return tuple(part for part in self.parts if isinstance(part, Quote))
