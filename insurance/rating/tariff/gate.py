"""The gate before the price: decline, refer or go on; the first hit names the reason."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction

from insurance.rating.tariff.facts import Decision, Product, Reason, Refusal, Risk, Section, War
from insurance.rating.tariff.premium import sum_insured
from insurance.rating.tariff.tables import Authority, Cell, Tariff, Verdict, of_product


@dataclass(frozen=True, slots=True)
class Asked:
    """A risk before a tariff. Units: euro_rate in euro per unit of the risk's currency."""

    risk: Risk
    tariff: Tariff
    euro_rate: Fraction | None

    @property
    def sum_insured_eur(self) -> Fraction:
        """The sum insured in euro, unrounded. Raises: ValueError when no rate was given."""
        if self.euro_rate is None:
            raise ValueError(f"no rate {self.risk.currency}/EUR")
        return Fraction(sum_insured(self.risk, self.tariff).amount) * self.euro_rate


def _is_country_missing(asked: Asked) -> bool:
    sections = [Section.LOSS] if asked.risk.delay is None else list(Section)
    return any(asked.tariff.tax_row(asked.risk, section) is None for section in sections)


def _war_is(verdict: Verdict) -> Callable[[Asked], bool]:
    def hits(asked: Asked) -> bool:
        risk = asked.risk
        return risk.war is War.WAR_STRIKES and asked.tariff.war_pct[risk.war_band or ""] is verdict

    return hits


def _is_over_authority(asked: Asked) -> bool:
    return asked.sum_insured_eur > authority_eur(asked.risk, asked.tariff.authority)


def authority_eur(risk: Risk, authority: Authority) -> Fraction:
    """Return the highest sum insured sold without a human. Units: euro."""
    if risk.product is Product.CARGO:
        return authority.cargo
    return authority.parcel.get(risk.goods, authority.parcel["otherwise"])


def _is_over_value(asked: Asked) -> bool:
    most = asked.tariff.authority.value_over_listing_pct / 100
    return any(
        item.listing_value is not None and item.value > item.listing_value * most
        for item in asked.risk.items
    )


def _is_ratio_referred(asked: Asked) -> bool:
    band = asked.tariff.band(asked.risk)
    return band is not None and band.is_referred


def _is_zone_referred(asked: Asked) -> bool:
    table = of_product(asked.tariff.geo, asked.risk.product)
    cells: list[Cell] = [table[zone] for zone in asked.risk.zones]
    return Verdict.REFER in cells


_Check = tuple[Decision, Reason, Callable[[Asked], bool]]

_DECLINES: tuple[_Check, ...] = tuple(
    (Decision.DECLINE, reason, hits)
    for reason, hits in (
        (Reason.SANCTIONED, lambda asked: asked.risk.is_sanctioned),
        (
            Reason.EXCLUDED_GOODS,
            lambda asked: asked.tariff.goods[asked.risk.goods] is Verdict.DECLINE,
        ),
        (Reason.UNTRACKED_SERVICE, lambda asked: not asked.risk.is_tracked),
        (
            Reason.ALREADY_IN_TRANSIT,
            lambda asked: asked.risk.product is Product.PARCEL and asked.risk.is_already_scanned,
        ),
        (Reason.WAR_SEVERE, _war_is(Verdict.DECLINE)),
        (Reason.COUNTRY_NOT_OFFERED, _is_country_missing),
    )
)
_REFERRALS: tuple[_Check, ...] = tuple(
    (Decision.REFER, reason, hits)
    for reason, hits in (
        (Reason.SI_OVER_AUTHORITY, _is_over_authority),
        (
            Reason.ACCUMULATION,
            lambda asked: asked.risk.accumulation_eur > asked.tariff.authority.accumulation,
        ),
        (
            Reason.UPLIFT_OVER_LIMIT,
            lambda asked: asked.risk.uplift_pct > asked.tariff.uplift_max_pct,
        ),
        (Reason.OVER_VALUE, _is_over_value),
        (Reason.PERISHABLE, lambda asked: asked.risk.is_perishable),
        (Reason.LOSS_RATIO, _is_ratio_referred),
        (Reason.WAR_VERY_HIGH, _war_is(Verdict.REFER)),
        (
            Reason.LATE_ENTRY,
            lambda asked: asked.risk.product is Product.CARGO and asked.risk.has_departed,
        ),
        (Reason.ZONE, _is_zone_referred),
    )
)
# A human may lift every referral but these: their table cell holds no price.
_PRICELESS = {Reason.WAR_VERY_HIGH, Reason.ZONE}


def refusal(risk: Risk, tariff: Tariff, euro_rate: Fraction | None) -> Refusal | None:
    """Return the first reason not to quote, None when the risk may be priced.

    Raises: ValueError when a limit in euro has to be tested and no rate was given.
    """
    return _first((*_DECLINES, *_REFERRALS), Asked(risk, tariff, euro_rate))


def hindrance(risk: Risk, tariff: Tariff) -> Refusal | None:
    """Return why a risk that is bound already has no price in this tariff, None when it has."""
    priceless = [check for check in _REFERRALS if check[1] in _PRICELESS]
    # Being in transit is what a bound parcel is for.
    declines = [check for check in _DECLINES if check[1] is not Reason.ALREADY_IN_TRANSIT]
    return _first((*declines, *priceless), Asked(risk, tariff, None))


def _first(checks: tuple[_Check, ...], asked: Asked) -> Refusal | None:
    for decision, reason, hits in checks:
        if hits(asked):
            return Refusal(decision=decision, reason=reason)
    return None
