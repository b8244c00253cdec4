"""Policies as their holders, the claims room and the public see them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import select

from banking import api as bank
from insurance.contracts.policies import rules
from insurance.contracts.policies.errors import CancellationRefused, PolicyUnknown
from insurance.contracts.policies.models import Policy, PolicyEntry
from insurance.contracts.policies.rules import PolicyState
from insurance.money.books import service as books
from insurance.money.books.service import Split
from insurance.offers.quotes.queries import Cover, InsuredItem, damage_share_of, parcel_from
from insurance.rating.liability import queries as liability
from insurance.rating.liability.queries import Cause
from insurance.rating.tariff import queries as tariff
from insurance.rating.tariff.queries import Refusal, Section, SectionPremium
from kernel import clock
from kernel.actor import Actor, Role
from kernel.db import session
from kernel.money import Money

__all__ = ["Cover", "PolicyState"]

_OFFICERS = frozenset({Role.UNDERWRITER, Role.OPERATOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class PremiumPart:
    """Price of one section. Units: tax_pct in per cent as a decimal string."""

    section: Section
    net: Money
    tax: Money
    tax_pct: str
    commission: Money

    @property
    def tax_share(self) -> Fraction:
        """The tax rate as a share of one."""
        return Fraction(self.tax_pct) / 100


@dataclass(frozen=True, slots=True, kw_only=True)
class DelayTerms:
    """The rider of a policy. Units: calendar days after the promise."""

    trigger_days: int
    benefit: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One thing that happened to a policy. Shape: facts are plain values."""

    what: str
    state: str
    facts: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyView:
    """A policy with its price and its life so far.

    Shape: perils are the causes that it pays for, a delay by its own section beside them; locale is
    the contract's language; wallet_id is of whoever paid, a wallet or a card's
    payment; refund_wallet_id is the wallet that its holder prefers for what comes back.
    """

    id: UUID
    number: str
    insurer_key: str
    insurer: str
    insurer_seat: str
    policyholder_id: UUID
    wallet_id: UUID
    refund_wallet_id: UUID | None
    parcel_ref: str
    order_ref: str
    cover: Cover
    perils: tuple[Cause, ...]
    goods: str
    currency: str
    sum_insured: Money
    gone_back: Money
    deductible: Money
    parts: tuple[PremiumPart, ...]
    delay: DelayTerms | None
    items: tuple[InsuredItem, ...]
    origin_country: str
    destination_country: str
    policyholder_country: str
    planned_days: int
    tariff_version: str
    state: PolicyState
    revision: int
    is_claim_notified: bool
    bound_at: datetime
    attached_at: datetime | None
    delivered_at: datetime | None
    ended_at: datetime | None
    needs: tuple[str, ...]
    locale: str

    @property
    def net(self) -> Money:
        """The premium without tax."""
        return sum((part.net for part in self.parts), Money.zero(self.currency))

    @property
    def tax(self) -> Money:
        """The premium tax."""
        return sum((part.tax for part in self.parts), Money.zero(self.currency))

    @property
    def commission(self) -> Money:
        """The agent's commission inside the premium."""
        return sum((part.commission for part in self.parts), Money.zero(self.currency))

    @property
    def total(self) -> Money:
        """What was paid."""
        return self.net + self.tax

    @property
    def damage_share_bp(self) -> int:
        """What the holder bears of a breakage, by the tariff that it was sold under.

        Units: basis points of the sum insured, 0 for nothing.
        """
        return round(
            damage_share_of(goods=self.goods, cover=self.cover, version=self.tariff_version) * 100
        )

    @property
    def still_insured(self) -> Money:
        """The most that damage can still bring: goods that were paid back are not lost."""
        return max(self.sum_insured - self.gone_back, Money.zero(self.currency))

    @property
    def is_in_force(self) -> bool:
        """Whether the cover stands: bound or on risk."""
        return self.state in {PolicyState.BOUND, PolicyState.ATTACHED}

    @property
    def split(self) -> Split:
        """Who owns which part of the premium."""
        return Split(
            net=self.net,
            commission=self.commission,
            tax=self.tax,
            country=self.policyholder_country,
        )

    def covers(self, loss_at: datetime) -> bool:
        """Whether a loss lies inside the time on risk."""
        return rules.covers(attached_at=self.attached_at, ended_at=self.ended_at, loss_at=loss_at)

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of what the certificate states, so that a copy can be compared.

        Causes are stated where they are others than those of the level, so certificates of before
        keep theirs.
        """
        stated = [
            self.number,
            self.revision,
            self.insurer_key,
            self.cover,
            str(self.sum_insured),
            self.origin_country,
            self.destination_country,
            self.parcel_ref,
            self.bound_at.isoformat(),
        ]
        if set(self.perils) != set(_causes_of(self.cover, self.bound_at)):
            stated.append(sorted(self.perils))
        return hashlib.sha256(json.dumps(stated).encode()).hexdigest()


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


def policy_for(actor: Actor, number: str) -> PolicyView:
    """Return a policy to its holder or to an officer. Raises: PolicyUnknown for all others."""
    row = _by_number(number)
    if row is None or not (row.policyholder_id == actor.person_id or actor.roles & _OFFICERS):
        raise PolicyUnknown
    return view(row)


def own_policy(actor: Actor, number: str) -> PolicyView:
    """Return a policy to its holder alone; only holders withdraw and notify.

    Raises: PolicyUnknown.
    """
    row = _by_number(number)
    if row is None or actor.person_id is None or row.policyholder_id != actor.person_id:
        raise PolicyUnknown
    return view(row)


def certificate(number: str) -> PolicyView:
    """Return the policy behind a public certificate; its page shows no names.

    Raises: PolicyUnknown.
    """
    row = _by_number(number)
    if row is None:
        raise PolicyUnknown
    return view(row)


def policy(*, policy_id: UUID) -> PolicyView:
    """Return a policy. Raises: PolicyUnknown."""
    row = session().get(Policy, policy_id)
    if row is None:
        raise PolicyUnknown
    return view(row)


def policy_for_parcel(*, parcel_ref: str) -> PolicyView | None:
    """Return the live policy of a parcel, else the one that ended last."""
    return latest_policies(parcel_refs=[parcel_ref]).get(parcel_ref)


def pays_for_loss(*, parcel_ref: str) -> bool:
    """Whether a parcel's loss is for its policy, the live one or the one that ended last."""
    seen = policy_for_parcel(parcel_ref=parcel_ref)
    return seen is not None and Cause.LOST in seen.perils


def given_back_for_loss(*, parcel_ref: str) -> Money | None:
    """Return what cover gave back as the seller refunded a loss, None where it did not."""
    row = (
        session()
        .execute(
            select(PolicyEntry.facts, Policy.currency)
            .join(Policy, Policy.id == PolicyEntry.policy_id)
            .where(Policy.parcel_ref == parcel_ref, PolicyEntry.what.in_(rules.LOST_ELSEWHERE))
        )
        .first()
    )
    return Money(row.facts["refund"], row.currency) if row is not None else None


def latest_policies(*, parcel_refs: Sequence[str]) -> dict[str, PolicyView]:
    """Return each parcel's live policy, else the one that ended last, in one statement."""
    has_ended = Policy.state.in_([PolicyState.CANCELLED, PolicyState.VOIDED])
    rows = (
        session()
        .execute(
            select(Policy)
            .where(Policy.parcel_ref.in_(parcel_refs))
            .order_by(has_ended, Policy.bound_at.desc())
        )
        .scalars()
    )
    by_parcel: dict[str, Policy] = {}
    for row in rows:
        by_parcel.setdefault(row.parcel_ref, row)
    return {ref: view(row) for ref, row in by_parcel.items()}


def policies_for_parcels(*, parcel_refs: Sequence[str]) -> dict[str, PolicyView]:
    """Return the live policies of many parcels by parcel reference, in one statement."""
    rows = (
        session()
        .execute(
            select(Policy).where(
                Policy.parcel_ref.in_(parcel_refs), Policy.state.not_in(["cancelled", "voided"])
            )
        )
        .scalars()
    )
    return {row.parcel_ref: view(row) for row in rows}


def policies_of(*, owner_id: UUID, limit: int = 50) -> list[PolicyView]:
    """Return a person's policies, newest first."""
    rows = (
        session()
        .execute(
            select(Policy)
            .where(Policy.policyholder_id == owner_id)
            .order_by(Policy.bound_at.desc(), Policy.id.desc())
            .limit(limit)
        )
        .scalars()
    )
    return [view(row) for row in rows]


def history(*, policy_id: UUID) -> list[HistoryLine]:
    """Return what happened to a policy, newest first."""
    rows = (
        session()
        .execute(
            select(PolicyEntry)
            .where(PolicyEntry.policy_id == policy_id)
            .order_by(PolicyEntry.id.desc())
        )
        .scalars()
    )
    return [HistoryLine(what=r.what, state=r.state, facts=r.facts, at=r.at) for r in rows]


def pays_to(seen: PolicyView) -> UUID:
    """Return who gets what comes back now: the wallet that was chosen, or whatever paid."""
    return bank.refund_taker(payer_id=seen.wallet_id, wallet_id=seen.refund_wallet_id)


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
    of = tariff.shop_tariff_on(seen.bound_at.date())
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


def _by_number(number: str) -> Policy | None:
    return session().execute(select(Policy).where(Policy.number == number)).scalar_one_or_none()


def view(row: Policy) -> PolicyView:
    """Return a row as a view."""
    parcel = parcel_from(row.risk)
    carrier = books.insurer(row.insurer_key)
    return PolicyView(
        id=row.id,
        number=row.number,
        insurer_key=row.insurer_key,
        insurer=carrier.name,
        insurer_seat=carrier.seat,
        policyholder_id=row.policyholder_id,
        wallet_id=row.wallet_id,
        refund_wallet_id=row.refund_wallet_id,
        parcel_ref=row.parcel_ref,
        order_ref=row.order_ref,
        cover=Cover(row.cover),
        perils=_perils(row),
        goods=row.goods,
        currency=row.currency,
        sum_insured=Money(row.sum_insured, row.currency),
        gone_back=Money(row.gone_back, row.currency),
        deductible=Money(row.deductible, row.currency),
        parts=_parts(row),
        delay=_delay(row),
        items=parcel.items,
        origin_country=parcel.origin_country,
        destination_country=parcel.destination_country,
        policyholder_country=parcel.policyholder_country,
        planned_days=row.planned_days,
        tariff_version=row.tariff_version,
        state=PolicyState(row.state),
        revision=row.revision,
        is_claim_notified=row.is_claim_notified,
        bound_at=row.bound_at,
        attached_at=row.attached_at,
        delivered_at=row.delivered_at,
        ended_at=row.ended_at,
        needs=tuple(row.demands["needs"]),
        locale=row.demands["locale"],
    )


def _parts(row: Policy) -> tuple[PremiumPart, ...]:
    return tuple(
        PremiumPart(
            section=section,
            net=Money(row.sections[section]["net"], row.currency),
            tax=Money(row.sections[section]["tax"], row.currency),
            tax_pct=row.sections[section]["tax_pct"],
            commission=Money(row.sections[section]["commission"], row.currency),
        )
        for section in Section
        if section in row.sections
    )


def _perils(row: Policy) -> tuple[Cause, ...]:
    if row.perils is None:
        return _causes_of(row.cover, row.bound_at)
    return tuple(Cause(peril) for peril in row.perils)


def _causes_of(cover: str, bound_at: datetime) -> tuple[Cause, ...]:
    return liability.level_causes(level=cover, on=bound_at.date())


def _delay(row: Policy) -> DelayTerms | None:
    if row.delay is None:
        return None
    return DelayTerms(
        trigger_days=row.delay["trigger_days"], benefit=Money(row.delay["benefit"], row.currency)
    )
