"""What a policy gives back when it ends early, and what a change before attachment costs."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

from insurance.rating.tariff.facts import (
    Decision,
    Endorsement,
    Premium,
    Product,
    Reason,
    Refund,
    Refusal,
    RiskPeriod,
    Section,
    SectionChange,
    SectionPremium,
    SectionRefund,
)
from insurance.rating.tariff.tables import Tariff
from kernel.money import Money

_DAY = timedelta(hours=24)


def refund(premium: Premium, period: RiskPeriod, tariff: Tariff) -> Refund | Refusal:
    """Return what a cancellation gives back: everything before attachment, pro rata after it."""
    if period.attached_at is None:
        return _refund(premium, 0, period, tariff)
    reason = _hindrance(period, tariff)
    if reason is not None:
        return Refusal(decision=Decision.REFUSE, reason=reason)
    started = (period.at - period.attached_at) // _DAY + 1
    return _refund(premium, min(started, period.planned_days), period, tariff)


def _hindrance(period: RiskPeriod, tariff: Tariff) -> Reason | None:
    if period.is_delivered:
        return Reason.DELIVERED
    if period.is_claim_notified:
        return Reason.CLAIM_NOTIFIED
    if period.at - period.bound_at > tariff.withdrawal_days * _DAY:
        return Reason.PERIOD_OVER
    return None


def _refund(premium: Premium, days: int, period: RiskPeriod, tariff: Tariff) -> Refund:
    share = Fraction(days, period.planned_days)
    sections = tuple(_section_refund(part, share, tariff) for part in premium.sections)
    return Refund(currency=premium.currency, days_on_risk=days, sections=sections)


def _section_refund(part: SectionPremium, share: Fraction, tariff: Tariff) -> SectionRefund:
    earned = part.net.times(share)
    earned_commission = earned.times(tariff.commission_pct / 100)
    return SectionRefund(
        section=part.section,
        earned=earned,
        net=part.net - earned,
        tax=part.tax - earned.times(part.tax_pct / 100),
        commission=part.commission - earned_commission,
        earned_commission=earned_commission,
    )


def endorsement(*, old: Premium, new: Premium, product: Product, tariff: Tariff) -> Endorsement:
    """Return the price of a change for the whole voyage, without a count of days."""
    before = {part.section: part for part in old.sections}
    after = {part.section: part for part in new.sections}
    changes = tuple(
        _section_change(section, before.get(section), after.get(section), tariff)
        for section in Section
        if section in before or section in after
    )
    return Endorsement(product=product, sum_insured=new.sum_insured, sections=changes)


def _section_change(
    section: Section, old: SectionPremium | None, new: SectionPremium | None, tariff: Tariff
) -> SectionChange:
    rated = new or old
    assert rated is not None, "a section stands on one side at least"
    nothing = Money.zero(rated.net.currency)
    new_net = new.net if new else nothing
    additional = new_net - (old.net if old else nothing)
    return SectionChange(
        section=section,
        new_net=new_net,
        net=additional,
        tax=additional.times(rated.tax_pct / 100),
        commission=additional.times(tariff.commission_pct / 100),
    )
