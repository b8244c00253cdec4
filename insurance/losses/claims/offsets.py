"""What carrier, seller or another insurance paid for a loss: written down, and taken off once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from insurance.contracts.policies import queries as policies
from insurance.losses.claims import outcome, rules
from insurance.losses.claims.errors import (
    AmountOverSumInsured,
    ClaimTransitionRefused,
    NothingToSetOff,
)
from insurance.losses.claims.models import Claim, ClaimOffset
from insurance.losses.claims.noticed import Elsewhere
from insurance.losses.claims.queries import ClaimView
from insurance.losses.claims.rules import UNDECIDED, ClaimState, Paid, PaidBy
from insurance.rating.liability.queries import Cause
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.money import Money

# A colleague confirms the figures that were proposed; a proposal is sent back first.
_OPEN = UNDECIDED - {ClaimState.RECOMMENDED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offset:
    """What somebody else paid. Shape: item is what it was for, empty for the whole parcel."""

    id: int
    by: PaidBy
    amount: Money
    item: str
    words: str
    at: datetime


def of_claim(*, claim_id: UUID) -> Sequence[Offset]:
    """Return what others paid for a loss, in the order it was written down."""
    row = session().get_one(Claim, claim_id)
    items = policies.policy(policy_id=row.policy_id).items
    return [
        Offset(
            id=one.id,
            by=PaidBy(one.paid_by),
            amount=Money(one.amount, row.currency),
            item="" if one.item is None else items[one.item].description,
            words=one.words,
            at=one.at,
        )
        for one in _standing(claim_id)
    ]


def may_be_set_off(claim: ClaimView) -> bool:
    """Whether what others paid can still be taken off: before a proposal, and of no fixed sum."""
    return claim.cause is not Cause.DELAY and claim.state in _OPEN


@command("insurance.claims.set_off")
def set_off(*, claim_id: UUID, paid: Paid, words: str, actor: Actor) -> None:
    """Write down what somebody else paid for a loss, and take it off what the claim pays.

    Said twice it is said once. Shape: words name the paper that shows it. Locks: the claim.
    Raises: ClaimTransitionRefused once it is decided, OwnInterest, NothingToSetOff,
    AmountOverSumInsured for an item that is not in the parcel.
    """
    row = _open_to(claim_id, actor)
    items = policies.policy(policy_id=row.policy_id).items
    if paid.item is not None and paid.item >= len(items):
        raise AmountOverSumInsured(most=Money.zero(row.currency))
    wanted = insert(ClaimOffset).values(
        claim_id=row.id,
        paid_by=paid.by.value,
        amount=paid.amount.minor,
        item=paid.item,
        words=words,
        officer_id=actor.somebody(),
        at=clock.now(),
    )
    if session().execute(wanted.on_conflict_do_nothing().returning(ClaimOffset.id)).first():
        facts = {"by": paid.by.value, "minor": paid.amount.minor}
        outcome.note(row, "offset", facts, actor)
        take_standing_off(row)


@command("insurance.claims.remove_offset")
def remove(*, claim_id: UUID, offset_id: int, actor: Actor) -> None:
    """Take back what was written down of a payment; the claim pays as if it had not been.

    Removed before is removed. Locks: the claim. Raises: ClaimTransitionRefused, OwnInterest.
    """
    row = _open_to(claim_id, actor)
    gone = (
        update(ClaimOffset)
        .where(ClaimOffset.id == offset_id, ClaimOffset.claim_id == row.id)
        .where(ClaimOffset.removed_at.is_(None))
        .values(removed_at=clock.now())
        .returning(ClaimOffset.paid_by, ClaimOffset.amount)
    )
    found = session().execute(gone).first()
    if found is not None:
        facts = {"by": found.paid_by, "minor": found.amount}
        outcome.note(row, "offset_removed", facts, actor)
        take_standing_off(row)


def say(row: Claim, elsewhere: Elsewhere | None) -> None:
    """Write down what another insurance pays by a notice, in place of what one of before said.

    The caller holds the claim. An amount that nobody knows yet takes nothing off.
    """
    session().execute(
        update(ClaimOffset)
        .where(ClaimOffset.claim_id == row.id, ClaimOffset.officer_id.is_(None))
        .where(ClaimOffset.removed_at.is_(None))
        .values(removed_at=clock.now())
    )
    if elsewhere is not None and elsewhere.amount is not None:
        said = insert(ClaimOffset).values(
            claim_id=row.id,
            paid_by=PaidBy.INSURANCE.value,
            amount=elsewhere.amount.minor,
            item=None,
            words=elsewhere.insurer,
            officer_id=None,
            at=clock.now(),
        )
        session().execute(said.on_conflict_do_nothing())
    take_standing_off(row)


def _open_to(claim_id: UUID, actor: Actor) -> Claim:
    """Return a claim that is not decided or proposed yet, locked for an officer."""
    row = outcome.locked(claim_id)
    rules.check_interest(
        holder=row.policyholder_id, officer=actor.person_id, companies=actor.organisation_ids
    )
    if row.cause == Cause.DELAY:
        raise NothingToSetOff
    if row.state not in _OPEN:
        raise ClaimTransitionRefused(state=row.state, wanted=ClaimState.IN_REVIEW.value)
    return row


def take_standing_off(row: Claim) -> None:
    """Bring a claim's lines to what others paid by now; the caller holds the claim."""
    values = [item.value for item in policies.policy(policy_id=row.policy_id).items]
    paid = [
        Paid(by=PaidBy(one.paid_by), amount=Money(one.amount, row.currency), item=one.item)
        for one in _standing(row.id)
    ]
    taken = rules.set_off(paid, values=values, due=outcome.due_before_offsets(row))
    outcome.take_off(row, [(rules.OFFSETS[by], amount) for by, amount in taken])
    session().flush()


def _standing(claim_id: UUID) -> Sequence[ClaimOffset]:
    query = (
        select(ClaimOffset)
        .where(ClaimOffset.claim_id == claim_id, ClaimOffset.removed_at.is_(None))
        .order_by(ClaimOffset.id)
        .execution_options(populate_existing=True)
    )
    return session().scalars(query).all()
