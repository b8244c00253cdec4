"""How a claim ends, in the books and in its history; the calling command has locked the row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from insurance.contracts.policies.queries import PolicyView
from insurance.losses.claims import rules
from insurance.losses.claims.errors import ClaimUnknown
from insurance.losses.claims.events import ClaimApproved, ClaimRefused
from insurance.losses.claims.models import Claim, ClaimEntry
from insurance.losses.claims.rules import ClaimState
from insurance.money.books import service as books
from kernel import clock
from kernel.actor import SYSTEM, Actor
from kernel.db import session
from kernel.events import publish
from kernel.ids import derived_id
from kernel.money import Money


def locked(claim_id: UUID) -> Claim:
    """Return a claim's row for this transaction alone. Raises: ClaimUnknown."""
    row = session().get(Claim, claim_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise ClaimUnknown
    return row


def approve(row: Claim, policy: PolicyView, payable: Money, actor: Actor) -> None:
    """Turn the reserve into what is owed. Events: ClaimApproved."""
    books.claim_approved(
        claim_id=row.id,
        subject=row.ref,
        reserve=Money(row.reserve, row.currency),
        payable=payable,
        insurer_key=policy.insurer_key,
        actor=actor,
    )
    row.payable, row.decided_at = payable.minor, clock.now()
    move(row, ClaimState.APPROVED, "approved", {"payable": payable.minor}, actor)
    publish(ClaimApproved(claim_id=row.id, ref=row.ref, payable=payable))


def leave_out_refunded(row: Claim, *, most: Money) -> None:
    """Take what a seller refunded out of what a claim pays, as a line before the last."""
    beyond = row.payable - most.minor
    if beyond > 0:
        row.payable = most.minor
        row.sums = [
            *row.sums[:-1],
            {"what": "gone_back", "minor": -beyond},
            {"what": "payable", "minor": row.payable},
        ]


def take_off(row: Claim, lines: Sequence[tuple[str, Money]]) -> None:
    """Take what others paid out of what a claim pays, in place of the lines of before."""
    kept = [line for line in row.sums[:-1] if line["what"] not in rules.OFFSETS.values()]
    taken = [{"what": what, "minor": -amount.minor} for what, amount in lines if amount]
    row.payable = max(sum(line["minor"] for line in [*kept, *taken]), 0)
    row.sums = [*kept, *taken, {"what": "payable", "minor": row.payable}]


def due_before_offsets(row: Claim) -> Money:
    """Return what a claim would pay if nobody else had paid anything."""
    lines = [line for line in row.sums[:-1] if line["what"] not in rules.OFFSETS.values()]
    return Money(max(sum(line["minor"] for line in lines), 0), row.currency)


def refuse(row: Claim, policy: PolicyView, reason: str, actor: Actor) -> None:
    """Give the reserve up. Events: ClaimRefused. Raises: ClaimTransitionRefused."""
    books.claim_released(
        claim_id=case_id(row),
        subject=row.ref,
        reserve=Money(row.reserve, row.currency),
        insurer_key=policy.insurer_key,
        actor=actor,
    )
    row.refusal, row.payable, row.decided_at = reason, 0, clock.now()
    move(row, ClaimState.REFUSED, "refused", {"reason": reason}, actor)
    publish(
        ClaimRefused(
            claim_id=row.id,
            ref=row.ref,
            policyholder_id=row.policyholder_id,
            parcel_ref=policy.parcel_ref,
            order_ref=policy.order_ref,
            cause=row.cause,
            reason=reason,
        )
    )


def reopen(row: Claim, policy: PolicyView, words: str, actor: Actor) -> None:
    """Bring a refused claim back to the officers: reserve, amount and figures as they were."""
    row.appeal = {
        "words": words,
        "refusal": row.refusal,
        "maker_id": str(row.maker_id) if row.maker_id else None,
    }
    books.claim_reserved(
        claim_id=case_id(row),
        subject=row.ref,
        reserve=Money(row.reserve, row.currency),
        insurer_key=policy.insurer_key,
        actor=actor,
    )
    row.payable = next(s["minor"] for s in row.sums if s["what"] == "payable")
    row.proposal = row.refusal = row.maker_id = row.checker_id = row.decided_at = None
    move(row, ClaimState.IN_REVIEW, "appealed", {"words": words}, actor)


def case_id(row: Claim) -> UUID:
    """Return the key of a claim's reserve: each report and an appeal are booked apart."""
    query = select(func.count()).select_from(ClaimEntry)
    query = query.where(ClaimEntry.claim_id == row.id, ClaimEntry.what == "withdrawn")
    taken_back = session().execute(query).scalar_one()
    report = derived_id(row.id, f"report:{taken_back + 1}") if taken_back else row.id
    return report if row.appeal is None else derived_id(report, "appeal")


def move(row: Claim, to: ClaimState, what: str, facts: dict[str, Any], actor: Actor) -> None:
    """Bring a claim on and write it into its history. Raises: ClaimTransitionRefused."""
    row.state = rules.moved(ClaimState(row.state), to)
    note(row, what, facts, actor)


def note(row: Claim, what: str, facts: dict[str, Any], actor: Actor) -> None:
    """Write a line into a claim's history."""
    session().add(
        ClaimEntry(
            claim_id=row.id,
            what=what,
            state=row.state,
            facts=facts,
            person_id=actor.person_id if actor is not SYSTEM else None,
            at=clock.now(),
        )
    )
    session().flush()
