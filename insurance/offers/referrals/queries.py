"""Reads of referrals: by whoever asked, and by officers without a part in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from insurance.offers.referrals import rules
from insurance.offers.referrals.errors import ReferralUnknown
from insurance.offers.referrals.models import Referral, ReferralEntry
from insurance.offers.referrals.rules import (
    BY_OFFICERS,
    Offer,
    ReferralKind,
    ReferralState,
    Refused,
    Terms,
    terms_on,
)
from insurance.offers.referrals.subjects import Priced, PriceLine, subject_of
from insurance.rating.tariff.queries import Reason
from kernel import clock
from kernel.actor import Actor
from kernel.db import session
from kernel.people.identity import queries as people

__all__ = [
    "BY_OFFICERS",
    "Offer",
    "PriceLine",
    "Priced",
    "ReferralKind",
    "ReferralState",
    "Refused",
    "Terms",
    "terms_on",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """An offer that waits for a second officer."""

    offer: Offer
    maker_id: UUID


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralView:
    """A referral. Shape: as the model."""

    id: UUID
    ref: str
    kind: ReferralKind
    subject_ref: str
    owner_id: UUID
    reason: str
    words: str
    state: ReferralState
    asked_at: datetime
    answer_by: datetime
    proposal: Proposal | None
    surcharge_pct: int | None
    deductible: str | None
    offered_ref: str | None
    valid_until: datetime | None
    refusal: Refused | None
    refusal_words: str
    answered_at: datetime | None

    @property
    def terms(self) -> Offer | None:
        """The terms that were offered, or are proposed to a second officer."""
        if self.surcharge_pct is not None:
            return Offer(surcharge_pct=self.surcharge_pct, deductible=self.deductible or "")
        return self.proposal.offer if self.proposal is not None else None

    @property
    def is_open(self) -> bool:
        """Whether an answer is waited for."""
        return self.state is ReferralState.ASKED

    @property
    def is_late(self) -> bool:
        """Whether the answer was promised for an instant that is over."""
        return self.is_open and clock.now() >= self.answer_by


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferralLine:
    """One line of a referral's history."""

    what: str
    facts: dict[str, Any]
    person_id: UUID | None
    at: datetime


def referral_about(*, subject_ref: str) -> ReferralView | None:
    """Return what was asked about a shipment or a price, None where nothing was.

    Whoever calls has let its owner in.
    """
    row = session().scalar(select(Referral).where(Referral.subject_ref == subject_ref))
    return None if row is None else view(row)


@dataclass(frozen=True, slots=True)
class AskedView:
    """What somebody asked an underwriter, and whether the offered price was bought."""

    referral: ReferralView
    is_bought: bool


def asked_by(*, owner_id: UUID, limit: int = 50) -> Sequence[AskedView]:
    """Return what a person asked underwriters, newest first, in one query for each kind of risk.

    One more tells which they are.
    """
    query = (
        select(Referral)
        .where(Referral.owner_id == owner_id)
        .order_by(Referral.asked_at.desc(), Referral.id)
        .limit(limit)
    )
    rows = session().scalars(query).all()
    bought = {row.ref for row in rows if row.is_bought}
    for kind in ReferralKind:
        open_offers = {
            row.offered_ref: row.ref
            for row in rows
            if row.kind == kind and row.offered_ref is not None and not row.is_bought
        }
        if open_offers:
            bought |= {open_offers[ref] for ref in subject_of(kind).bought([*open_offers])}
    return [AskedView(view(row), row.ref in bought) for row in rows]


def referral_for(officer: Actor, ref: str) -> ReferralView:
    """Return a referral to an officer without a part in it. Raises: ReferralUnknown, OwnPart."""
    row = session().scalar(select(Referral).where(Referral.ref == ref))
    if row is None:
        raise ReferralUnknown
    rules.check_part(own=own_of(officer), parties=row.parties)
    return view(row)


def own_of(officer: Actor) -> frozenset[UUID]:
    """Return whose risks an officer does not judge: their own, their companies', colleagues'."""
    colleagues = [
        one.id for company in officer.organisation_ids for one in people.staff_of(company)
    ]
    return frozenset({officer.somebody(), *officer.organisation_ids, *colleagues})


def waiting_for(officer: Actor, *, limit: int = 100) -> Sequence[ReferralView]:
    """Return what waits for an officer, the nearest promise first; nothing they have a part in."""
    query = (
        select(Referral)
        .where(Referral.state == ReferralState.ASKED, ~Referral.parties.overlap([*own_of(officer)]))
        .order_by(Referral.answer_by, Referral.id)
        .limit(limit)
    )
    return [view(row) for row in session().scalars(query)]


def answered_lately(officer: Actor, *, limit: int = 20) -> Sequence[ReferralView]:
    """Return what was answered last, newest first; nothing that an officer has a part in."""
    query = (
        select(Referral)
        .where(Referral.state != ReferralState.ASKED, ~Referral.parties.overlap([*own_of(officer)]))
        .order_by(Referral.answered_at.desc(), Referral.id)
        .limit(limit)
    )
    return [view(row) for row in session().scalars(query)]


def history_of(*, referral_id: UUID) -> Sequence[ReferralLine]:
    """Return what happened to a referral, oldest first."""
    query = (
        select(ReferralEntry)
        .where(ReferralEntry.referral_id == referral_id)
        .order_by(ReferralEntry.id)
    )
    return [
        ReferralLine(what=row.what, facts=row.facts, person_id=row.person_id, at=row.at)
        for row in session().scalars(query)
    ]


def price_of(seen: ReferralView, offer: Offer) -> Priced:
    """Return what a risk would cost on some terms now."""
    return subject_of(seen.kind).price(seen.subject_ref, offer)


def reasons_of(*, kind: ReferralKind, subject_ref: str) -> Sequence[Reason]:
    """Return all that the gate names of a risk today, in its order; one alone stopped the price.

    Whoever calls has let its owner in.
    """
    return subject_of(kind).price(subject_ref, Offer()).reasons


def deductibles_of(seen: ReferralView) -> Sequence[str]:
    """Return the higher deductibles that may be asked for, keys of the tariff's table."""
    return subject_of(seen.kind).deductibles(seen.subject_ref)


def unanswered() -> Sequence[str]:
    """Return what was promised an answer that did not come, oldest promise first."""
    query = (
        select(Referral.ref)
        .where(Referral.state == ReferralState.ASKED, Referral.answer_by <= clock.now())
        .order_by(Referral.answer_by)
    )
    return list(session().scalars(query))


def run_out() -> Sequence[str]:
    """Return the offered prices whose time is over."""
    query = (
        select(Referral.ref)
        .where(Referral.state == ReferralState.QUOTED, Referral.valid_until <= clock.now())
        .where(Referral.is_bought.is_(False))
        .order_by(Referral.valid_until)
    )
    return list(session().scalars(query))


def view(row: Referral) -> ReferralView:
    """Return a row as others see it."""
    return ReferralView(
        id=row.id,
        ref=row.ref,
        kind=ReferralKind(row.kind),
        subject_ref=row.subject_ref,
        owner_id=row.owner_id,
        reason=row.reason,
        words=row.words,
        state=ReferralState(row.state),
        asked_at=row.asked_at,
        answer_by=row.answer_by,
        proposal=_proposal(row.proposal),
        surcharge_pct=row.surcharge_pct,
        deductible=row.deductible,
        offered_ref=row.offered_ref,
        valid_until=row.valid_until,
        refusal=None if row.refusal is None else Refused(row.refusal),
        refusal_words=row.refusal_words,
        answered_at=row.answered_at,
    )


def _proposal(raw: dict[str, Any] | None) -> Proposal | None:
    if raw is None:
        return None
    return Proposal(
        offer=Offer(surcharge_pct=raw["surcharge_pct"], deductible=raw["deductible"]),
        maker_id=UUID(raw["maker_id"]),
    )
