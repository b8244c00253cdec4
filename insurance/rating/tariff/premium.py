"""Sum insured and premium: one product of factors, one rounding per section."""

from __future__ import annotations

import math
from fractions import Fraction

from insurance.rating.tariff.facts import (
    ZERO,
    Basis,
    Premium,
    Product,
    Rate,
    Risk,
    Section,
    SectionPremium,
    War,
)
from insurance.rating.tariff.tables import Tariff, factor, of_product, points
from kernel.money import Money

_ALL_RISKS = "A"
_WITHOUT_ADDITIONS = frozenset({"TL", "STD", "PLUS", _ALL_RISKS})


def rate(risk: Risk, tariff: Tariff) -> Rate:
    """Return the rate of the LOSS section. Units: per cent of the sum insured."""
    return Rate(
        main_pct=_main(risk, tariff), discount_pct=risk.discount_pct, war_pct=_war(risk, tariff)
    )


def sum_insured(risk: Risk, tariff: Tariff) -> Money:
    """Return the sum insured: parcels to the minor unit half up, cargo up to the whole unit."""
    if risk.product is Product.PARCEL:
        declared = sum((item.value for item in risk.items), ZERO)
        return Money.rounded(declared + risk.freight + risk.prepaid_duty, risk.currency)
    return _whole_units(cif(risk, tariff), risk)


def cif(risk: Risk, tariff: Tariff) -> Fraction:
    """Return the CIF value of a cargo, unrounded.

    Where insurance is not in the price yet it is added so that it insures itself; when only the
    minimum premium is due, that minimum is what is added.

    Raises: ValueError when the premium and its tax would eat up the whole value.
    """
    assert risk.value is not None, "cargo has a value"
    if risk.value.basis is Basis.CIF:
        return risk.value.amount
    cfr = risk.value.amount
    if risk.value.basis is Basis.FOB:
        cfr += risk.value.freight
    rate_pct = rate(risk, tariff).total_pct
    taxed = 1 + _tax_pct(risk, tariff, Section.LOSS) / 100
    left = 1 - _uplifted(risk) * rate_pct / 100 * taxed
    if left <= 0:
        raise ValueError("a premium as high as the goods cannot insure itself")
    grossed_up = cfr / left
    minimum = _minimum(risk, tariff)
    premium = _whole_units(grossed_up, risk).times(rate_pct / 100)
    return cfr + Fraction(minimum.amount) * taxed if premium < minimum else grossed_up


def price(risk: Risk, tariff: Tariff) -> Premium:
    """Return the price of a risk that the gate has let through."""
    insured, rated = sum_insured(risk, tariff), rate(risk, tariff)
    raw = Fraction(insured.amount) * rated.total_pct / 100
    sections = [_section(risk, tariff, Section.LOSS, raw, _minimum(risk, tariff))]
    if risk.delay is not None:
        minimum = Money.rounded(factor(tariff.delay_minimum, risk.currency), risk.currency)
        sections.append(_section(risk, tariff, Section.DELAY, _raw_delay(risk, tariff), minimum))
    is_cargo = risk.product is Product.CARGO
    return Premium(
        tariff_version=tariff.version,
        currency=risk.currency,
        sum_insured=insured,
        cif=Money.rounded(cif(risk, tariff), risk.currency) if is_cargo else None,
        rate=rated,
        sections=tuple(sections),
    )


def _section(
    risk: Risk, tariff: Tariff, section: Section, raw: Fraction, minimum: Money
) -> SectionPremium:
    net = max(Money.rounded(raw, risk.currency), minimum)
    tax_pct = _tax_pct(risk, tariff, section)
    return SectionPremium(
        section=section,
        raw=raw,
        net=net,
        tax_pct=tax_pct,
        tax=net.times(tax_pct / 100),
        commission=net.times(tariff.commission_pct / 100),
    )


def _main(risk: Risk, tariff: Tariff) -> Fraction:
    if risk.flat_rate_pct is not None:
        return risk.flat_rate_pct
    base = of_product(tariff.base_pct, risk.product)
    loading = _loading(risk, tariff)
    main = factor(base, risk.cover) * loading
    if risk.cover in _WITHOUT_ADDITIONS:
        return main
    added = sum((points(tariff.additional_pct, name) for name in risk.additional), ZERO)
    # Named perils with additions never cost more than all risks of the same goods.
    return min(main + added, factor(base, _ALL_RISKS) * loading)


def _loading(risk: Risk, tariff: Tariff) -> Fraction:
    band = tariff.band(risk)
    parts = [
        factor(of_product(tariff.mode, risk.product), risk.mode),
        _geo(risk, tariff),
        factor(tariff.goods, risk.goods),
        factor(tariff.packing, risk.packing),
        factor(of_product(tariff.deductible, risk.product), risk.deductible),
        band.factor if band else Fraction(1),
    ]
    if risk.product is Product.PARCEL:
        parts.append(factor(tariff.signature, "yes" if risk.has_signature else "no"))
    return math.prod(parts, start=Fraction(1))


def _geo(risk: Risk, tariff: Tariff) -> Fraction:
    table = of_product(tariff.geo, risk.product)
    if risk.product is Product.CARGO:
        return max(factor(table, zone) for zone in risk.zones)
    if risk.origin == risk.destination:
        return factor(table, "DOM")
    is_regional = {risk.origin, risk.destination} <= tariff.regional_countries
    return factor(table, "REG" if is_regional else "WLD")


def _war(risk: Risk, tariff: Tariff) -> Fraction:
    if risk.war is War.STRIKES:
        return tariff.strikes_pct
    if risk.war is War.WAR_STRIKES:
        assert risk.war_band is not None, "war comes with a band"
        return points(tariff.war_pct, risk.war_band)
    return ZERO


def _raw_delay(risk: Risk, tariff: Tariff) -> Fraction:
    assert risk.delay is not None
    chance = factor(tariff.delay_pct[risk.mode], str(risk.delay.trigger_days))
    return risk.delay.benefit * chance / 100 * tariff.delay_loading


def _tax_pct(risk: Risk, tariff: Tariff, section: Section) -> Fraction:
    row = tariff.tax_row(risk, section)
    assert row is not None, "the gate declines countries without a tax row"
    return row.rate_pct


def _minimum(risk: Risk, tariff: Tariff) -> Money:
    table = of_product(tariff.minimum, risk.product)
    return Money.rounded(factor(table, risk.currency), risk.currency)


def _uplifted(risk: Risk) -> Fraction:
    return 1 + risk.uplift_pct / 100


def _whole_units(cif_value: Fraction, risk: Risk) -> Money:
    return Money.of(math.ceil(cif_value * _uplifted(risk)), risk.currency)
