"""What a policy earns, how it ends, what goes back to its holder, who hears of it.

Commands of the room call these inside their own transaction, with the policy's row locked.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from insurance.contracts.policies import queries, rules
from insurance.contracts.policies.events import PolicyEnded
from insurance.contracts.policies.models import Policy
from insurance.contracts.policies.moving import move
from insurance.contracts.policies.queries import PolicyView
from insurance.contracts.policies.rules import PolicyState
from insurance.money.books import service as books
from insurance.money.books.service import Split
from insurance.money.earnings import service as earnings
from insurance.money.earnings.service import Plan
from insurance.rating.liability.queries import Cause
from insurance.rating.tariff.queries import Section
from kernel import clock
from kernel.actor import Actor
from kernel.events import publish
from kernel.money import Money, total


def begin_to_earn(seen: PolicyView, actor: Actor) -> None:
    """Let the premium of a policy that goes on risk be earned by the day.

    One that leaves the loss out may still give its whole price back, so it waits for its end.
    """
    assert seen.attached_at is not None, "a policy earns from its first scan on"
    plan = Plan(
        policy_id=seen.id,
        insurer_key=seen.insurer_key,
        product=seen.cover,
        net=seen.net,
        commission=seen.split.commission,
        planned_days=seen.planned_days,
        attached_at=seen.attached_at,
        is_refundable_whole=Cause.LOST not in seen.perils,
    )
    earnings.begin(plan=plan, actor=actor)


def end(row: Policy, to: PolicyState, *, at: datetime, actor: Actor, why: str) -> PolicyView:
    """Give back what is due, let the rest be earned, and close.

    Events: PolicyEnded. Raises: CancellationRefused.
    """
    seen = queries.view(row)
    due = queries.due_refund(seen)
    assert due.back is not None, "a refund that is due has parts"
    assert due.kept is not None, "a refund that is due has parts"
    _settle_premium(seen, back=due.back, kept=due.kept, actor=actor)
    row.ended_at = max(at, row.attached_at or row.bound_at)
    facts = {"why": why, "refund": due.refund.minor, "days_on_risk": due.days_on_risk}
    move(row, to, to.value, facts, at=clock.now())
    _tell_end(row, due.refund)
    return queries.view(row)


def cancel(row: Policy, *, back: Split, kept: Split, actor: Actor) -> PolicyView:
    """Close a policy after its time to withdraw, for a refund that is settled already.

    Events: PolicyEnded. Raises: TransitionRefused.
    """
    now = clock.now()
    seen = queries.view(row)
    _settle_premium(seen, back=back, kept=kept, actor=actor)
    row.ended_at = now
    facts = {"why": "cancelled_later", "refund": back.gross.minor}
    move(row, PolicyState.CANCELLED, PolicyState.CANCELLED.value, facts, at=now)
    _tell_end(row, back.gross)
    return queries.view(row)


def release(row: Policy, *, at: datetime, actor: Actor) -> PolicyView:
    """Give the price of a cover back whose parcel was lost and is refunded by its seller.

    Events: PolicyEnded.
    """
    seen = queries.view(row)
    sections = {part.section for part in seen.parts}
    # Before delivery a delay is all that can be claimed under a policy that leaves losses out.
    back = rules.given_back(sections, has_delay_claim=seen.is_claim_notified)
    returned, kept = _split(seen, back), _split(seen, sections - back)
    _settle_premium(seen, back=returned, kept=kept, actor=actor)
    row.ended_at = max(at, row.attached_at or row.bound_at)
    whole, part = rules.LOST_ELSEWHERE
    facts = {"refund": returned.gross.minor}
    move(row, PolicyState.CANCELLED, part if kept.gross else whole, facts, at=clock.now())
    _tell_end(row, returned.gross)
    return queries.view(row)


def _split(seen: PolicyView, sections: Collection[Section]) -> Split:
    parts = [part for part in seen.parts if part.section in sections]
    return Split(
        net=total([part.net for part in parts], seen.currency),
        commission=total([part.commission for part in parts], seen.currency),
        tax=total([part.tax for part in parts], seen.currency),
        country=seen.policyholder_country,
    )


def _settle_premium(seen: PolicyView, *, back: Split, kept: Split, actor: Actor) -> None:
    books.premium_returned(
        cause_id=seen.id,
        subject=seen.number,
        back=back,
        insurer_key=seen.insurer_key,
        wallet_id=queries.pays_to(seen),
        vendor_id=seen.vendor_id,
        actor=actor,
    )
    _earn(seen, kept, actor)


def _earn(seen: PolicyView, kept: Split, actor: Actor) -> None:
    earnings.end(
        policy_id=seen.id,
        subject=seen.number,
        product=seen.cover,
        kept=kept,
        insurer_key=seen.insurer_key,
        actor=actor,
    )


def complete(row: Policy, to: PolicyState, *, at: datetime, actor: Actor) -> PolicyView:
    """Close a policy that no refund can reach any more; its whole premium is earned.

    Events: PolicyEnded.
    """
    row.ended_at = at
    move(row, to, to.value, {}, at=at)
    seen = queries.view(row)
    _earn(seen, seen.split, actor)
    _tell_end(row, Money.zero(row.currency))
    return seen


def _tell_end(row: Policy, refund: Money) -> None:
    publish(
        PolicyEnded(
            policy_id=row.id,
            number=row.number,
            parcel_ref=row.parcel_ref,
            state=row.state,
            refund=refund,
        )
    )
