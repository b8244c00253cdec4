"""What a change of a concluded cover costs, by the tariff of the day on which it was concluded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from insurance.offers.quotes import queries, rules
from insurance.offers.quotes.errors import RiderNotOffered
from insurance.offers.quotes.rules import Cover, ParcelRisk
from insurance.rating.liability.queries import Cause
from insurance.rating.tariff import queries as tariff
from insurance.rating.tariff.queries import DelayRider, Refusal, Risk, Section, Tariff
from kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """What a late parcel brings. Units: calendar days after the promise."""

    trigger_days: int
    benefit: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """What a change adds to one section, below zero what it takes away.

    Units: tax_pct in per cent as a decimal string, of the section as it is after the change.
    """

    section: Section
    net: Money
    tax: Money
    commission: Money
    tax_pct: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """A changed cover: what it insures, what every section shifts by, what a delay brings."""

    sum_insured: Money
    shifts: tuple[Shift, ...]
    late: Late | None


def price_change(
    *,
    before: ParcelRisk,
    after: ParcelRisk,
    cover: Cover,
    perils: Sequence[Cause],
    late: Late | None,
    with_delay: bool,
    on: date,
    insurer_key: str,
) -> Changed | Refusal:
    """Return what a change costs for the whole way, or why the changed parcel is not insured.

    It stays with its insurer. Shape: perils are the causes that the concluded cover pays for, late
    is what it pays for a delay; on is its day. Raises: RiderNotOffered, NoRate, StaleRate.
    """
    of = tariff.shop_tariff_on(on, insurer_key=insurer_key)
    kept = _kept(after, late, on, of) if with_delay else None
    old = _ridden(rules.risk_of(before, cover, on, of, perils=perils), late)
    new = _ridden(rules.risk_of(after, cover, on, of, perils=perils), kept)
    euro_rate = queries.euro_rate_of(after.currency)
    change = of.endorse(policy=old, changed=new, euro_rate=euro_rate)
    if isinstance(change, Refusal):
        return change
    premium = tariff.rate(risk=new, tariff=of, euro_rate=euro_rate)
    assert not isinstance(premium, Refusal), "the change was priced"
    pcts = {part.section: part.tax_pct for part in premium.sections}
    return Changed(
        sum_insured=change.sum_insured,
        shifts=tuple(
            Shift(
                section=part.section,
                net=part.net,
                tax=part.tax,
                commission=part.commission,
                tax_pct=tariff.digits(pcts.get(part.section, Fraction(0))),
            )
            for part in change.sections
        ),
        late=kept,
    )


def late_offer(parcel: ParcelRisk, *, cover: Cover, on: date, insurer_key: str) -> Late | None:
    """Return what a delay of a parcel would bring by the terms of a day, None without an offer."""
    return _offered(parcel, cover, on, tariff.shop_tariff_on(on, insurer_key=insurer_key))


def _offered(parcel: ParcelRisk, cover: Cover, on: date, of: Tariff) -> Late | None:
    rider = rules.rider_of(parcel, on, of)
    if rider is None:
        return None
    ridden = replace(rules.risk_of(parcel, cover, on, of), delay=rider)
    if of.tax_row(ridden, Section.DELAY) is None:
        return None
    benefit = Money.rounded(rider.benefit, parcel.currency)
    return Late(trigger_days=rider.trigger_days, benefit=benefit)


def _kept(after: ParcelRisk, late: Late | None, on: date, of: Tariff) -> Late:
    """Return what a delay brings after the change: as before, or what is on offer."""
    offered = late or _offered(after, Cover.TL, on, of)
    if offered is None:
        raise RiderNotOffered
    rider = DelayRider(trigger_days=offered.trigger_days, benefit=Fraction(offered.benefit.amount))
    ridden = replace(rules.risk_of(after, Cover.TL, on, of), delay=rider)
    if of.tax_row(ridden, Section.DELAY) is None:
        raise RiderNotOffered
    return offered


def _ridden(risk: Risk, late: Late | None) -> Risk:
    if late is None:
        return risk
    rider = DelayRider(trigger_days=late.trigger_days, benefit=Fraction(late.benefit.amount))
    return replace(risk, delay=rider)
