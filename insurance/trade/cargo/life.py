"""How a cover of cargo goes on risk, is earned and ends.

Nobody scans a container for the house, so the day of departure that is stated begins the risk, and
its holder says when the cargo was discharged or has arrived. Without a word cover lasts for the
longest voyage and the days after it.
Source: Institute Cargo Clauses 2009, 8.1: warehouse to warehouse, at most 60 days after discharge;
by air 30.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select

from insurance.money.books.service import Split
from insurance.money.earnings import service as earnings
from insurance.money.earnings.service import Plan
from insurance.trade.cargo import queries
from insurance.trade.cargo.errors import CargoDayImpossible, CargoNotInForce
from insurance.trade.cargo.events import CargoEnded
from insurance.trade.cargo.models import CargoPolicy
from insurance.trade.cargo.queries import CargoView
from insurance.trade.cargo.rules import CargoState
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish

# What premiums of cargo are summed up as, beside the levels of parcels.
PRODUCT = "cargo"
_DAY = timedelta(days=1)


def locked(policy_id: UUID) -> CargoPolicy:
    """Return a policy's row, held until the command ends."""
    row = session().get(CargoPolicy, policy_id, with_for_update=True, populate_existing=True)
    assert row is not None, "policies are never deleted"
    return row


@command("insurance.cargo.go_on")
def go_on(*, actor: Actor) -> int:
    """Let what has left go on risk and what is over end; return how many moved. Twice is once.

    Locks: the policies that move. Events: CargoEnded.
    """
    leaving = select(CargoPolicy.id).where(
        CargoPolicy.state == CargoState.BOUND, CargoPolicy.departs_on <= clock.today()
    )
    on_risk = select(CargoPolicy.id).where(CargoPolicy.state == CargoState.ATTACHED)
    moved = sum(attach(locked(found), actor) for found in session().scalars(leaving).all())
    return moved + sum(_expire(locked(found), actor) for found in session().scalars(on_risk).all())


def attach(row: CargoPolicy, actor: Actor) -> bool:
    """Put a locked policy on risk from the day of departure on; whether it was not yet."""
    seen = queries.policy_view(row)
    begins = seen.on_risk_since
    if seen.state is not CargoState.BOUND or begins is None:
        return False
    row.state, row.attached_at = CargoState.ATTACHED, begins
    session().flush()
    plan = Plan(
        policy_id=row.id,
        insurer_key=row.insurer_key,
        product=PRODUCT,
        net=seen.split.net,
        commission=seen.split.commission,
        planned_days=seen.planned_days,
        attached_at=begins,
        is_refundable_whole=False,
    )
    earnings.begin(plan=plan, actor=actor)
    return True


@command("insurance.cargo.say_discharged")
def say_discharged(*, policy_id: UUID, day: date, actor: Actor) -> CargoView:
    """Write down when the cargo left its ship or plane; cover lasts some days more, no longer.

    Locks: the policy. Raises: CargoNotInForce, CargoDayImpossible.
    """
    row = _reported(policy_id, day, actor)
    row.discharged_on = day
    session().flush()
    return queries.policy_view(row)


@command("insurance.cargo.say_arrived")
def say_arrived(*, policy_id: UUID, day: date, actor: Actor) -> CargoView:
    """Write down when the cargo was unloaded at its warehouse, which ends the cover.

    Locks: the policy. Events: CargoEnded. Raises: CargoNotInForce, CargoDayImpossible.
    """
    row = _reported(policy_id, day, actor)
    row.arrived_on = day
    complete(row, at=min(_after(day), clock.now()), actor=actor)
    return queries.policy_view(row)


def complete(
    row: CargoPolicy, *, at: datetime, actor: Actor, to: CargoState = CargoState.COMPLETED
) -> None:
    """End a locked policy that no refund can reach any more; its whole premium is earned.

    Events: CargoEnded.
    """
    close(row, to, at=at, kept=queries.policy_view(row).split, actor=actor)


def close(row: CargoPolicy, to: CargoState, *, at: datetime, kept: Split, actor: Actor) -> None:
    """End a locked policy and let what is kept of its premium be earned. Events: CargoEnded."""
    row.state, row.ended_at = to, at
    session().flush()
    if kept.net:
        earnings.end(
            policy_id=row.id,
            subject=row.number,
            product=PRODUCT,
            kept=kept,
            insurer_key=row.insurer_key,
            actor=actor,
        )
    publish(CargoEnded(policy_id=row.id, number=row.number, owner_id=row.owner_id, state=row.state))


def _expire(row: CargoPolicy, actor: Actor) -> bool:
    seen = queries.policy_view(row)
    if seen.state is not CargoState.ATTACHED or clock.today() <= seen.ends_by:
        return False
    complete(row, at=_after(seen.ends_by), actor=actor)
    return True


def _reported(policy_id: UUID, day: date, actor: Actor) -> CargoPolicy:
    """Return a locked policy on risk whose holder says what happened on a day."""
    row = locked(policy_id)
    attach(row, actor)
    seen = queries.policy_view(row)
    if seen.state is not CargoState.ATTACHED:
        raise CargoNotInForce
    if not seen.cargo.departs_on <= day <= clock.today():
        raise CargoDayImpossible
    return row


def _after(day: date) -> datetime:
    """Return the instant at which a day is over."""
    return datetime.combine(day + _DAY, time(), tzinfo=UTC)
