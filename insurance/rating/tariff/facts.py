"""What the tariff is asked about and what it answers: plain frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction

from kernel.money import Money, total

ZERO = Fraction(0)


class Product(StrEnum):
    """A parcel of a shopper, or cargo of a trader."""

    PARCEL = "parcel"
    CARGO = "cargo"


class Section(StrEnum):
    """A part of the cover with its own premium and tax."""

    LOSS = "LOSS"
    DELAY = "DELAY"


class War(StrEnum):
    """War and strikes bought back into cargo cover."""

    NONE = "none"
    WAR_STRIKES = "war_strikes"
    STRIKES = "strikes"


class Basis(StrEnum):
    """Which trade value of a cargo is known."""

    CIF = "CIF"
    CFR = "CFR"
    FOB = "FOB"


class Decision(StrEnum):
    """How a question to the tariff ends."""

    QUOTE = "quote"
    REFER = "refer"
    DECLINE = "decline"
    REFUND = "refund"
    REFUSE = "refuse"
    ENDORSE = "endorse"
    PAY = "pay"
    NO_PAYMENT = "no_payment"


class Reason(StrEnum):
    """Why the gate or a refund says no, in the order the gate asks."""

    SANCTIONED = "SANCTIONED"
    EXCLUDED_GOODS = "EXCLUDED_GOODS"
    UNTRACKED_SERVICE = "UNTRACKED_SERVICE"
    ALREADY_IN_TRANSIT = "ALREADY_IN_TRANSIT"
    WAR_SEVERE = "WAR_SEVERE"
    COUNTRY_NOT_OFFERED = "COUNTRY_NOT_OFFERED"
    SI_OVER_AUTHORITY = "SI_OVER_AUTHORITY"
    ACCUMULATION = "ACCUMULATION"
    UPLIFT_OVER_LIMIT = "UPLIFT_OVER_LIMIT"
    OVER_VALUE = "OVER_VALUE"
    PERISHABLE = "PERISHABLE"
    LOSS_RATIO = "LOSS_RATIO"
    WAR_VERY_HIGH = "WAR_VERY_HIGH"
    LATE_ENTRY = "LATE_ENTRY"
    ZONE = "ZONE"
    CURRENCY_NOT_OFFERED = "CURRENCY_NOT_OFFERED"
    DELIVERED = "DELIVERED"
    CLAIM_NOTIFIED = "CLAIM_NOTIFIED"
    PERIOD_OVER = "PERIOD_OVER"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One insured thing of a parcel. Units: major units of the risk's currency."""

    value: Fraction
    listing_value: Fraction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CargoValue:
    """The trade value of a cargo. Units: major units; freight counts with FOB only."""

    basis: Basis
    amount: Fraction
    freight: Fraction = ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """The account's last twelve months."""

    policies: int
    loss_ratio_pct: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayRider:
    """A fixed benefit when a parcel comes too late. Units: calendar days, major units."""

    trigger_days: int
    benefit: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """Everything a premium depends on.

    Units: money in major units of `currency`, rates in per cent. Shape: deductible is the key of
    the tariff's table (`50`, `0.5`, `IOP`); zones are those of both ends, empty for parcels.
    """

    product: Product
    cover: str
    currency: str
    country: str
    is_business: bool
    origin: str
    destination: str
    bound_on: date
    mode: str
    goods: str
    deductible: str
    packing: str = "normal"
    items: tuple[Item, ...] = ()
    freight: Fraction = ZERO
    prepaid_duty: Fraction = ZERO
    has_signature: bool = False
    value: CargoValue | None = None
    uplift_pct: Fraction = ZERO
    zones: tuple[str, ...] = ()
    additional: frozenset[str] = frozenset()
    war: War = War.NONE
    war_band: str | None = None
    discount_pct: Fraction = ZERO
    flat_rate_pct: Fraction | None = None
    history: History | None = None
    delay: DelayRider | None = None
    is_sanctioned: bool = False
    is_tracked: bool = True
    is_already_scanned: bool = False
    has_departed: bool = False
    is_perishable: bool = False
    accumulation_eur: Fraction = ZERO

    @property
    def is_domestic(self) -> bool:
        """Whether the route never leaves the policyholder's country."""
        return self.origin == self.destination == self.country


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A no with its reason: decline, refer to a human, or refuse a refund."""

    decision: Decision
    reason: Reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """The rate of the LOSS section. Units: per cent of the sum insured."""

    main_pct: Fraction
    discount_pct: Fraction
    war_pct: Fraction

    @property
    def total_pct(self) -> Fraction:
        """The rate the premium is computed with; war is never discounted."""
        return self.main_pct * (1 - self.discount_pct / 100) + self.war_pct


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionPremium:
    """Premium and tax of one section; raw is exact, in major units."""

    section: Section
    raw: Fraction
    net: Money
    tax_pct: Fraction
    tax: Money
    commission: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Premium:
    """A price. Shape: sections LOSS first, DELAY when there is a rider; cif for cargo."""

    tariff_version: str
    currency: str
    sum_insured: Money
    cif: Money | None
    rate: Rate
    sections: tuple[SectionPremium, ...]

    @property
    def net(self) -> Money:
        """The premium without tax."""
        return total([part.net for part in self.sections], self.currency)

    @property
    def tax(self) -> Money:
        """The premium tax of all sections."""
        return total([part.tax for part in self.sections], self.currency)

    @property
    def commission(self) -> Money:
        """The agent's share, inside the net premium."""
        return total([part.commission for part in self.sections], self.currency)

    @property
    def gross(self) -> Money:
        """What the policyholder pays."""
        return self.net + self.tax


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskPeriod:
    """Where a policy stands when somebody asks for money back. Units: UTC instants, days."""

    bound_at: datetime
    attached_at: datetime | None
    planned_days: int
    at: datetime
    is_delivered: bool = False
    is_claim_notified: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionRefund:
    """What one section keeps and gives back."""

    section: Section
    earned: Money
    net: Money
    tax: Money
    commission: Money
    earned_commission: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Refund:
    """A cancellation with its price. Units: started 24-hour periods on risk."""

    currency: str
    days_on_risk: int
    sections: tuple[SectionRefund, ...]

    @property
    def net(self) -> Money:
        """The premium given back."""
        return total([part.net for part in self.sections], self.currency)

    @property
    def tax(self) -> Money:
        """The tax given back."""
        return total([part.tax for part in self.sections], self.currency)

    @property
    def earned(self) -> Money:
        """The premium the insurer keeps."""
        return total([part.earned for part in self.sections], self.currency)

    @property
    def commission(self) -> Money:
        """The commission reversed."""
        return total([part.commission for part in self.sections], self.currency)

    @property
    def earned_commission(self) -> Money:
        """The commission kept."""
        return total([part.earned_commission for part in self.sections], self.currency)

    @property
    def insurers_share(self) -> Money:
        """The insurer's part of the premium given back."""
        return self.net - self.commission

    @property
    def gross(self) -> Money:
        """What the policyholder gets back."""
        return self.net + self.tax


@dataclass(frozen=True, slots=True, kw_only=True)
class SectionChange:
    """What a change adds to one section; negative is a return premium."""

    section: Section
    new_net: Money
    net: Money
    tax: Money
    commission: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Endorsement:
    """A change before attachment, priced as a transaction of its own."""

    product: Product
    sum_insured: Money
    sections: tuple[SectionChange, ...]

    @property
    def gross(self) -> Money:
        """What the policyholder pays more, or gets back."""
        return total([part.net + part.tax for part in self.sections], self.sum_insured.currency)

    @property
    def commission(self) -> Money:
        """The commission of the change."""
        return total([part.commission for part in self.sections], self.sum_insured.currency)
