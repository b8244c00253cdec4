"""What a loss pays: seven kinds of claim, each one formula and one rounding.

Source: Marine Insurance Act 1906 sections 67 to 73 for valued and unvalued policies.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from insurance.rating.tariff.facts import ZERO
from insurance.rating.tariff.tables import Tariff
from kernel.money import Money

_FRAGILE = "G5"


class Payee(StrEnum):
    """Who stands out of pocket."""

    BUYER = "buyer"
    SELLER = "seller"


@dataclass(frozen=True, slots=True, kw_only=True)
class ValuedPartial:
    """Damage under an agreed value: the share lost of that value, less the deductible."""

    currency: str
    sum_insured: Fraction
    sound: Fraction
    damaged: Fraction
    deductible_pct: Fraction

    def due(self, _: Tariff) -> Fraction:
        """Return the amount due, unrounded."""
        share = (self.sound - self.damaged) / self.sound
        return self.sum_insured * share - self.sum_insured * self.deductible_pct / 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Franchise:
    """Below the franchise nothing, from it on the whole loss."""

    currency: str
    sum_insured: Fraction
    franchise_pct: Fraction
    loss: Fraction

    def due(self, _: Tariff) -> Fraction:
        """Return the amount due, unrounded."""
        return self.loss if self.loss >= self.sum_insured * self.franchise_pct / 100 else ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class UnvaluedPartial:
    """Damage without an agreed value: who insures a part bears the rest."""

    currency: str
    sum_insured: Fraction
    value: Fraction
    loss: Fraction

    def due(self, _: Tariff) -> Fraction:
        """Return the amount due, unrounded."""
        return self.loss * min(Fraction(1), self.sum_insured / self.value)


@dataclass(frozen=True, slots=True, kw_only=True)
class GeneralAverage:
    """A contribution to what was given up for all; no deductible."""

    currency: str
    sum_insured: Fraction
    contribution: Fraction
    contributory_value: Fraction

    def due(self, _: Tariff) -> Fraction:
        """Return the amount due, unrounded."""
        return self.contribution * min(Fraction(1), self.sum_insured / self.contributory_value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Delay:
    """A fixed benefit once the trigger is reached. Units: calendar days."""

    currency: str
    promised_on: date
    delivered_on: date
    trigger_days: int
    benefit: Fraction
    is_already_paid: bool

    def due(self, _: Tariff) -> Fraction:
        """Return the amount due, unrounded."""
        late = (self.delivered_on - self.promised_on).days
        return self.benefit if late >= self.trigger_days and not self.is_already_paid else ZERO


@dataclass(frozen=True, slots=True, kw_only=True)
class TotalLoss:
    """Everything is gone; what the carrier paid is not paid twice."""

    currency: str
    sum_insured: Fraction
    deductible: Fraction
    carrier_paid: Fraction
    is_refunded_by_seller: bool

    def due(self, _: Tariff) -> Fraction:
        """Return the amount due, unrounded."""
        return self.sum_insured - self.deductible - self.carrier_paid


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelDamage:
    """Damage in a parcel; of fragile goods the holder bears a tenth of the sum insured."""

    currency: str
    sum_insured: Fraction
    goods: str
    deductible: Fraction
    loss: Fraction

    def due(self, tariff: Tariff) -> Fraction:
        """Return the amount due, unrounded."""
        if self.goods == _FRAGILE:
            return self.loss - self.sum_insured * tariff.fragile_deductible_pct / 100
        return self.loss - self.deductible


Loss = (
    ValuedPartial | Franchise | UnvaluedPartial | GeneralAverage | Delay | TotalLoss | ParcelDamage
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settlement:
    """What is paid, and to whom when that is a question."""

    payable: Money
    payee: Payee | None = None


def settle(loss: Loss, tariff: Tariff) -> Settlement:
    """Return what a loss pays: rounded once, never below nothing."""
    payable = Money.rounded(max(loss.due(tariff), ZERO), loss.currency)
    if not isinstance(loss, TotalLoss) or not payable:
        return Settlement(payable=payable)
    payee = Payee.SELLER if loss.is_refunded_by_seller else Payee.BUYER
    return Settlement(payable=payable, payee=payee)
