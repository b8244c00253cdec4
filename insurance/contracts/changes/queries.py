"""Changes as the people see them who ask for one, or are to hold a policy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import select

from banking import api as bank
from insurance.contracts.changes import rules
from insurance.contracts.changes.errors import ChangeUnknown
from insurance.contracts.changes.models import Change
from insurance.contracts.changes.rules import Basis, Kind, Progress
from insurance.contracts.policies import queries as policies
from insurance.contracts.policies.queries import PolicyView
from insurance.contracts.policies.service import Revised
from insurance.money.books.service import Split
from insurance.offers.quotes import changed
from insurance.offers.quotes import queries as quotes
from insurance.offers.quotes.changed import Late
from insurance.rating.tariff.queries import Reason, Section
from kernel import clock
from kernel.actor import Actor
from kernel.db import session
from kernel.money import Money

__all__ = ["Basis", "Kind", "Progress"]

# Of what was paid nothing is left that could come back, besides the tariff's own reasons.
USED_UP = "USED_UP"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What an end gives back.

    Units: started 24-hour periods; share is kept by the insurer, of one, where it is no count of
    days.
    """

    basis: Basis
    back: Split
    kept: Split
    days_on_risk: int
    planned_days: int
    share: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a policy states after a change, and what each of its sections shifts by."""

    revised: Revised
    shifts: Mapping[Section, Split]


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    """A change as it was shown.

    Shape: policy is as it stands today; terms are of an endorsement, ending of an end.
    """

    id: UUID
    ref: str
    kind: Kind
    policy: PolicyView
    on_revision: int
    due: Money
    back: Money
    progress: Progress
    holder_id: UUID
    taker_id: UUID | None
    approval_id: UUID | None
    valid_until: datetime
    terms: Terms | None
    ending: Ending | None

    @property
    def is_open(self) -> bool:
        """Whether it can still be done as it was shown."""
        return self.progress in {Progress.SHOWN, Progress.APPROVING, Progress.OFFERED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    """A policy that somebody may take over. Shape: number is the policy's."""

    ref: str
    number: str
    valid_until: datetime


def change_for(actor: Actor, ref: str) -> ChangeView:
    """Return a change to who asked for it, and once it is offered to who is to hold the policy.

    Raises: ChangeUnknown for all others.
    """
    row = session().execute(select(Change).where(Change.ref == ref)).scalar_one_or_none()
    if row is None or actor.person_id is None:
        raise ChangeUnknown
    is_taker = row.taker_id == actor.person_id and row.offered_at is not None
    if not (row.holder_id == actor.person_id or is_taker):
        raise ChangeUnknown
    return view(row)


def offers_to(*, person_id: UUID) -> list[Offer]:
    """Return the policies that a person may take over, the newest first."""
    query = (
        select(Change)
        .where(
            Change.taker_id == person_id,
            Change.offered_at.is_not(None),
            Change.executed_at.is_(None),
            Change.declined_at.is_(None),
            Change.valid_until > clock.now(),
        )
        .order_by(Change.offered_at.desc())
        .limit(20)
    )
    return [
        Offer(
            ref=row.ref,
            number=policies.policy(policy_id=row.policy_id).number,
            valid_until=row.valid_until,
        )
        for row in session().execute(query).scalars()
    ]


def offered_of(*, policy_id: UUID, holder_id: UUID) -> Sequence[Offer]:
    """Return the open offers of a policy that its holder made."""
    seen = policies.policy(policy_id=policy_id)
    query = select(Change).where(
        Change.policy_id == policy_id,
        Change.holder_id == holder_id,
        Change.on_revision == seen.revision,
        Change.offered_at.is_not(None),
        Change.executed_at.is_(None),
        Change.declined_at.is_(None),
        Change.valid_until > clock.now(),
    )
    return [
        Offer(ref=row.ref, number=seen.number, valid_until=row.valid_until)
        for row in session().execute(query).scalars()
    ]


def paying_wallet(*, owner_id: UUID, currency: str) -> bank.WalletView | None:
    """Return the wallet that a change is paid from or refunded to, None without one."""
    return bank.wallet_for(owner_id=owner_id, currency=currency)


def late_offer(seen: PolicyView) -> Late | None:
    """Return what late delivery brings under a policy, or could; None without an offer.

    A parcel from elsewhere is late by the day that its carrier promised, while that is to come.
    """
    if seen.delay is not None:
        return Late(trigger_days=seen.delay.trigger_days, benefit=seen.delay.benefit)
    if seen.is_from_elsewhere and not seen.is_promised_ahead:
        return None
    return changed.late_offer(
        seen.parcel,
        cover=seen.cover,
        on=seen.bound_at.date(),
        insurer_key=seen.insurer_key,
    )


def may_be_changed(seen: PolicyView) -> bool:
    """Whether what a policy covers can still be changed: until the carrier has the parcel."""
    return seen.is_in_force and seen.attached_at is None and not seen.is_claim_notified


def may_be_handed_over(seen: PolicyView) -> bool:
    """Whether another person may come to hold a policy."""
    return seen.is_in_force and not seen.is_claim_notified


def may_be_ended(seen: PolicyView) -> str | None:
    """Return the code of why nothing is given back, None where something is.

    When the time to withdraw is over the short rate still gives something back, until the planned
    time is used up.
    """
    reason = policies.refund_preview(seen).reason
    if reason != Reason.PERIOD_OVER:
        return reason
    _, share = short_rate(seen)
    return USED_UP if share >= 1 else None


def short_rate(seen: PolicyView) -> tuple[int, Fraction]:
    """Return the started days on risk, and what is kept of the premium at the short rate."""
    assert seen.attached_at is not None, "the short rate counts days on risk"
    now = clock.now()
    days = (now - seen.attached_at) // timedelta(hours=24) + 1
    terms = rules.terms_on(now.date())
    return days, rules.kept_share(days_on_risk=days, planned_days=seen.planned_days, terms=terms)


def view(row: Change) -> ChangeView:
    """Return a change as a view."""
    seen = policies.policy(policy_id=row.policy_id)
    kind = Kind(row.kind)
    return ChangeView(
        id=row.id,
        ref=row.ref,
        kind=kind,
        policy=seen,
        on_revision=row.on_revision,
        due=Money(row.due, row.currency),
        back=Money(row.back, row.currency),
        progress=rules.progress(
            executed_at=row.executed_at,
            declined_at=row.declined_at,
            offered_at=row.offered_at,
            is_asked=row.approval_id is not None,
            valid_until=row.valid_until,
            now=clock.now(),
        ),
        holder_id=row.holder_id,
        taker_id=row.taker_id,
        approval_id=row.approval_id,
        valid_until=row.valid_until,
        terms=_terms(row, seen) if kind is Kind.ENDORSE else None,
        ending=_ending(row, seen) if kind in rules.ENDING else None,
    )


def stored_split(split: Split) -> dict[str, int]:
    """Return a premium's parts as values to store."""
    return {
        "net": split.net.minor,
        "commission": split.commission.minor,
        "tax": split.tax.minor,
    }


def _split(raw: Mapping[str, Any], row: Change, seen: PolicyView) -> Split:
    return Split(
        net=Money(raw["net"], row.currency),
        commission=Money(raw["commission"], row.currency),
        tax=Money(raw["tax"], row.currency),
        country=seen.policyholder_country,
    )


def _terms(row: Change, seen: PolicyView) -> Terms:
    said = row.outcome
    delay = said["delay"]
    return Terms(
        revised=Revised(
            parcel=quotes.parcel_from(said["parcel"]),
            sum_insured=Money(said["sum_insured"], row.currency),
            splits={Section(name): _split(raw, row, seen) for name, raw in said["splits"].items()},
            tax_pcts={Section(name): raw for name, raw in said["tax_pcts"].items()},
            delay=delay and (delay["trigger_days"], Money(delay["benefit"], row.currency)),
            insured_name=said["insured_name"],
        ),
        shifts={Section(name): _split(raw, row, seen) for name, raw in said["shifts"].items()},
    )


def _ending(row: Change, seen: PolicyView) -> Ending:
    said = row.outcome
    return Ending(
        basis=Basis(said["basis"]),
        back=_split(said["back"], row, seen),
        kept=_split(said["kept"], row, seen),
        days_on_risk=said["days_on_risk"],
        planned_days=said["planned_days"],
        share=Fraction(said["share"]),
    )
