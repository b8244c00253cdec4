"""What a landed cost is asked about: the consignment, its lines, their tariff layers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from kernel.records import record


class Malformed(ValueError):
    """A case that cannot be understood; the message names the key."""


class Channel(StrEnum):
    """How the parcel reaches the border."""

    COURIER = "courier"
    POST = "post"


class Incoterm(StrEnum):
    """Who owes what is due at the border (Incoterms 2020)."""

    DDP = "DDP"
    DAP = "DAP"


class LayerKind(StrEnum):
    """How a tariff layer works on the customs value."""

    AD_VALOREM = "ad_valorem"
    SPECIFIC = "specific"
    PREFERENCE = "preference"
    CAP_NET_OF = "cap_net_of"
    PROHIBITION = "prohibition"


class Per(StrEnum):
    """The unit that a specific duty counts."""

    PIECE = "piece"
    KG = "kg"
    HUNDRED_KG = "100kg"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One row of a tariff for one good.

    Units: rate_pct in per cent; amount in the result currency.
    """

    id: str
    kind: LayerKind
    rate_pct: Fraction | None = None
    amount: Fraction | None = None
    per: Per | None = None
    replaces: str | None = None
    net_of: str | None = None
    origins: frozenset[str] | None = None
    scheme: str | None = None
    valid_from: date | None = None
    valid_to: date | None = None
    source: str = "case"
    confidence: str = ""

    def applies(self, *, on: date, origin: str) -> bool:
        """Whether the layer works on goods of that origin that day, both ends included."""
        started = self.valid_from is None or self.valid_from <= on
        running = self.valid_to is None or on <= self.valid_to
        return started and running and (self.origins is None or origin in self.origins)


@dataclass(frozen=True, slots=True)
class Content:
    """Net content of one piece of a cosmetic product.

    Units: amount in `unit`, which is g, ml or piece.
    """

    amount: Fraction
    unit: str


@record
class Line:
    """One good of a consignment.

    Units: unit_price in the consignment's currency; weight_g gross grams per piece.
    """

    hs: str | None
    origin: str | None
    quantity: int
    unit_price: Fraction
    weight_g: Fraction | None = None
    origin_proof: bool = False
    tax_class: str = "standard"
    cosmetics: Content | None = None
    layers: tuple[Layer, ...] = ()

    @property
    def subheading(self) -> str:
        """The first six digits, the same in every country."""
        return (self.hs or "")[:6]

    @property
    def chapter(self) -> int:
        """The first two digits."""
        return int((self.hs or "0")[:2])


@record
class Consignment:
    """Goods of one seller to one consignee in one transport.

    Units: freight and insurance in `currency`; cn_annual_used in CNY; kr_same_day_usd in USD.
    """

    country: str
    region: str | None
    dispatch_country: str
    channel: Channel
    sale_on: date
    entry_on: date
    currency: str
    lines: tuple[Line, ...]
    result_currency: str | None = None
    incoterm: Incoterm = Incoterm.DDP
    business: bool = False
    full_declaration: bool = False
    registrations: frozenset[str] = frozenset()
    cn_annual_used: Fraction = Fraction(0)
    kr_same_day_usd: Fraction = Fraction(0)
    freight: Fraction = Fraction(0)
    insurance: Fraction = Fraction(0)
    duty_recharged: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeChoice:
    """A fee row switched on for one case; what is given takes the place of the row's own."""

    row: str
    amount: Fraction | None = None
    valid_from: date | None = None
    valid_to: date | None = None


@record
class Case:
    """One question to the engine.

    Shape: fx maps (A, B) to what one A is in B; fees_on lists fee rows that are off by default.
    """

    consignment: Consignment
    fx: Mapping[tuple[str, str], Fraction]
    fees_on: tuple[FeeChoice, ...] = ()
