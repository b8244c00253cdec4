"""What ending a policy early gives back: the page shows it, the command pays it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction

from insurance.contracts.policies.errors import CancellationRefused
from insurance.contracts.policies.policy_view import PolicyView
from insurance.money.books.service import Split
from insurance.rating.tariff import queries as tariff
from insurance.rating.tariff.queries import Refusal, SectionPremium
from kernel import clock
from kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class RefundPreview:
    """What ending the cover now gives back; executed as shown or not at all.

    Units: started 24-hour periods. Shape: reason is set when nothing can be given back.
    """

    refund: Money
    premium: Money
    tax: Money
    earned: Money
    days_on_risk: int
    planned_days: int
    until: datetime | None
    reason: str | None = None
    back: Split | None = None
    kept: Split | None = None


def refund_preview(seen: PolicyView, *, at: datetime | None = None) -> RefundPreview:
    """Return what ending a policy gives back at an instant; withdrawing does exactly this."""
    period = tariff.RiskPeriod(
        bound_at=seen.bound_at,
        attached_at=seen.attached_at,
        planned_days=seen.planned_days,
        at=at or clock.now(),
        is_delivered=seen.delivered_at is not None or not seen.is_in_force,
        is_claim_notified=seen.is_claim_notified,
    )
    of = tariff.shop_tariff_on(seen.bound_at.date(), insurer_key=seen.insurer_key)
    until = seen.bound_at + timedelta(days=of.withdrawal_days) if seen.attached_at else None
    refund = tariff.refund_of(_premium(seen), period, of)
    zero = Money.zero(seen.currency)
    if isinstance(refund, Refusal):
        return RefundPreview(
            refund=zero,
            premium=zero,
            tax=zero,
            earned=seen.net,
            days_on_risk=0,
            planned_days=seen.planned_days,
            until=until,
            reason=refund.reason.value,
        )
    country = seen.policyholder_country
    return RefundPreview(
        refund=refund.gross,
        premium=refund.net,
        tax=refund.tax,
        earned=refund.earned,
        days_on_risk=refund.days_on_risk,
        planned_days=seen.planned_days,
        until=until,
        back=Split(net=refund.net, commission=refund.commission, tax=refund.tax, country=country),
        kept=Split(
            net=refund.earned,
            commission=refund.earned_commission,
            tax=seen.tax - refund.tax,
            country=country,
        ),
    )


def due_refund(seen: PolicyView) -> RefundPreview:
    """Return the refund of ending a policy now. Raises: CancellationRefused."""
    preview = refund_preview(seen)
    if preview.reason is not None:
        raise CancellationRefused(reason=preview.reason)
    return preview


def _premium(seen: PolicyView) -> tariff.Premium:
    sections = tuple(
        SectionPremium(
            section=part.section,
            raw=Fraction(part.net.amount),
            net=part.net,
            tax_pct=Fraction(part.tax_pct),
            tax=part.tax,
            commission=part.commission,
        )
        for part in seen.parts
    )
    # The rate is of no account here: what was charged is what is given back.
    nothing = tariff.Rate(main_pct=Fraction(0), discount_pct=Fraction(0), war_pct=Fraction(0))
    return tariff.Premium(
        tariff_version=seen.tariff_version,
        currency=seen.currency,
        sum_insured=seen.sum_insured,
        cif=None,
        rate=nothing,
        sections=sections,
    )
