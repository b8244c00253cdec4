"""Policies as their holders, the claims room and the public see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_

from banking import api as bank
from insurance.contracts.policies import rules
from insurance.contracts.policies.errors import PolicyUnknown
from insurance.contracts.policies.models import Policy, PolicyEntry
from insurance.contracts.policies.policy_view import PolicyView, view
from insurance.contracts.policies.refunds import RefundPreview, due_refund, refund_preview
from insurance.contracts.policies.rules import (
    PRODUCT_INFORMATION_VERSION,
    Payer,
    PolicyState,
    Side,
    information_of,
    information_opened_at,
)
from insurance.offers.quotes.queries import Cover
from insurance.rating.liability.queries import Cause
from kernel.actor import Actor, Role
from kernel.db import session
from kernel.ids import PageKey
from kernel.money import Money

__all__ = [
    "PRODUCT_INFORMATION_VERSION",
    "Cover",
    "Payer",
    "PolicyState",
    "PolicyView",
    "RefundPreview",
    "Side",
    "due_refund",
    "information_of",
    "information_opened_at",
    "refund_preview",
    "view",
]

_OFFICERS = frozenset({Role.UNDERWRITER, Role.OPERATOR})


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryLine:
    """One thing that happened to a policy. Shape: facts are plain values."""

    what: str
    state: str
    facts: Mapping[str, Any]
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Carriage:
    """Who carries a parcel, by its number there. Units: grams, 0 where nobody weighed it."""

    carrier: str
    tracking_number: str
    weight_g: int = 0


def policy_for(actor: Actor, number: str) -> PolicyView:
    """Return a policy to its holder, to who handed it over, or to an officer.

    The people of a company see what their company holds. Raises: PolicyUnknown for all others.
    """
    row = _by_number(number)
    if row is None or actor.person_id is None:
        raise PolicyUnknown
    is_theirs = actor.speaks_for(row.policyholder_id) or actor.person_id == row.assignor_id
    if not (is_theirs or actor.roles & _OFFICERS):
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


def policy_for_parcel(*, parcel_ref: str, side: Side = Side.BUYER) -> PolicyView | None:
    """Return the live policy of a parcel on a side, else the one that ended last."""
    return latest_policies(parcel_refs=[parcel_ref], side=side).get(parcel_ref)


def pays_for_loss(*, parcel_ref: str) -> bool:
    """Whether a parcel's loss is for its buyer's policy, live or the one that ended last."""
    seen = policy_for_parcel(parcel_ref=parcel_ref)
    return seen is not None and Cause.LOST in seen.perils


def given_back_for_loss(*, parcel_ref: str) -> Money | None:
    """Return what a buyer's cover gave back as the seller refunded a loss, None where nothing."""
    row = (
        session()
        .execute(
            select(PolicyEntry.facts, Policy.currency)
            .join(Policy, Policy.id == PolicyEntry.policy_id)
            .where(
                Policy.parcel_ref == parcel_ref,
                Policy.side == Side.BUYER,
                PolicyEntry.what.in_(rules.LOST_ELSEWHERE),
            )
        )
        .first()
    )
    return Money(row.facts["refund"], row.currency) if row is not None else None


def latest_policies(
    *, parcel_refs: Sequence[str], side: Side = Side.BUYER
) -> dict[str, PolicyView]:
    """Return each parcel's live policy on a side, else the one that ended last; one statement."""
    has_ended = Policy.state.in_([PolicyState.CANCELLED, PolicyState.VOIDED])
    rows = (
        session()
        .execute(
            select(Policy)
            .where(Policy.parcel_ref.in_(parcel_refs), Policy.side == side)
            .order_by(has_ended, Policy.bound_at.desc())
        )
        .scalars()
    )
    by_parcel: dict[str, Policy] = {}
    for row in rows:
        by_parcel.setdefault(row.parcel_ref, row)
    return {ref: view(row) for ref, row in by_parcel.items()}


def policies_for_parcels(*, parcel_refs: Sequence[str]) -> dict[str, PolicyView]:
    """Return the buyers' live policies of many parcels by reference, in one statement."""
    rows = (
        session()
        .execute(
            select(Policy).where(
                Policy.parcel_ref.in_(parcel_refs),
                Policy.side == Side.BUYER,
                Policy.state.not_in(["cancelled", "voided"]),
            )
        )
        .scalars()
    )
    return {row.parcel_ref: view(row) for row in rows}


def policies_of_quotes(*, quote_ids: Sequence[UUID]) -> dict[UUID, PolicyView]:
    """Return what was bound from some quotes, whatever became of it."""
    rows = session().execute(select(Policy).where(Policy.quote_id.in_(quote_ids))).scalars()
    return {row.quote_id: view(row) for row in rows}


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


def policies_after(*, owner_id: UUID, after: PageKey | None, limit: int) -> list[PolicyView]:
    """Return a person's policies, newest first, from behind the last row of the page before."""
    query = select(Policy).where(Policy.policyholder_id == owner_id)
    if after is not None:
        query = query.where(tuple_(Policy.bound_at, Policy.id) < (after.at, after.id))
    query = query.order_by(Policy.bound_at.desc(), Policy.id.desc()).limit(limit)
    return [view(row) for row in session().execute(query).scalars()]


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


def carriage_of(*, policy_id: UUID) -> Carriage | None:
    """Return who carries a policy's parcel, None before the first scan or where it told nobody."""
    query = select(PolicyEntry.facts).where(
        PolicyEntry.policy_id == policy_id, PolicyEntry.what == "attached"
    )
    facts = session().execute(query).scalars().first() or {}
    if "carrier" not in facts:
        return None
    return Carriage(
        carrier=facts["carrier"],
        tracking_number=facts["tracking_number"],
        weight_g=facts.get("weight_g", 0),
    )


def pays_to(seen: PolicyView) -> UUID:
    """Return who gets what comes back now: the wallet that was chosen, or whatever paid."""
    return bank.refund_taker(payer_id=seen.wallet_id, wallet_id=seen.refund_wallet_id)


def _by_number(number: str) -> Policy | None:
    return session().execute(select(Policy).where(Policy.number == number)).scalar_one_or_none()
