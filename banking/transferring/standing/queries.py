"""Standing orders as their owner and the jobs see them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cache
from pathlib import Path
from uuid import UUID

from sqlalchemy import ColumnElement, exists, select

from banking.authorisation.approvals.models import ApprovalRow
from banking.authorisation.payees.queries import Target, target
from banking.core.rail import queries as rail
from banking.transferring.standing import rules
from banking.transferring.standing.errors import OrderUnknown
from banking.transferring.standing.models import StandingOrder, StandingRun
from banking.transferring.standing.rules import Cadence, Result, State, Terms
from kernel import clock, dated
from kernel.db import session
from kernel.money import Money

__all__ = ["Cadence", "OrderView", "Result", "State"]

PAGE = 30
_RUNS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderView:
    """A standing order.

    Shape: coming are the days of the next payments, none when it is over; retry_at is when the one
    that the wallet could not pay is tried again.
    """

    id: UUID
    ref: str
    owner_id: UUID
    person_id: UUID
    account: Target
    payee_name: str
    amount: Money
    reference: str
    cadence: Cadence
    first_on: date
    last_on: date | None
    state: State
    approval_id: UUID | None
    coming: Sequence[date]
    retry_at: datetime | None

    @property
    def is_over(self) -> bool:
        """Whether nothing will be paid any more."""
        return self.state is State.ENDED


@dataclass(frozen=True, slots=True)
class Run:
    """What became of one period. Shape: transfer_ref is empty when nothing was paid."""

    period: str
    due_on: date
    result: Result
    reason: str
    transfer_ref: str
    at: datetime


@cache
def _terms() -> Sequence[Terms]:
    path = Path(__file__).parent / "data" / "terms.json"
    rows = json.loads(path.read_text(encoding="utf-8"))
    return [
        Terms(
            **row
            | {
                "valid_from": date.fromisoformat(row["valid_from"]),
                "runs_at": time.fromisoformat(row["runs_at"]),
                "retry_hours": tuple(row["retry_hours"]),
            }
        )
        for row in rows
    ]


def terms() -> Terms:
    """Return when the bank runs standing orders, as in force today."""
    return dated.in_force(_terms(), clock.today())


def moved(on: date, *, currency: str, is_internal: bool) -> date:
    """Return the day on which a payment is made: inside the house any day, else a business day."""
    if is_internal:
        return on
    return rail.moved(on, rail.calendar_of(currency=currency, on=on))


def order_by_ref(*, ref: str) -> OrderView:
    """Return the standing order with a reference.

    Raises: OrderUnknown, also for one that nobody approved in time: it never was one.
    """
    query = select(StandingOrder).where(StandingOrder.ref == ref, _is_more_than_a_wish())
    row = session().scalars(query).one_or_none()
    if row is None:
        raise OrderUnknown
    return view(row)


def order(*, order_id: UUID) -> OrderView:
    """Return a standing order. Raises: OrderUnknown."""
    row = session().get(StandingOrder, order_id)
    if row is None:
        raise OrderUnknown
    return view(row)


def orders_of(*, owner_id: UUID, before: UUID | None = None) -> list[OrderView]:
    """Return a page of an owner's standing orders, newest first, and one more if any."""
    query = (
        select(StandingOrder)
        .where(StandingOrder.owner_id == owner_id, _is_more_than_a_wish())
        .order_by(StandingOrder.id.desc())
        .limit(PAGE + 1)
    )
    if before is not None:
        query = query.where(StandingOrder.id < before)
    return [view(row) for row in session().scalars(query)]


def _is_more_than_a_wish() -> ColumnElement[bool]:
    """Whether an order was approved or still can be."""
    open_still = exists().where(
        ApprovalRow.id == StandingOrder.approval_id,
        ApprovalRow.withdrawn_at.is_(None),
        ApprovalRow.expires_at > clock.now(),
    )
    return (StandingOrder.state != State.AWAITING_APPROVAL) | open_still


def runs_of(*, order_id: UUID) -> list[Run]:
    """Return what became of the last periods, newest first."""
    query = (
        select(StandingRun)
        .where(StandingRun.order_id == order_id)
        .order_by(StandingRun.due_on.desc())
        .limit(_RUNS)
    )
    return [
        Run(row.period, row.due_on, Result(row.result), row.reason, row.transfer_ref or "", row.at)
        for row in session().scalars(query)
    ]


def due(*, most: int = 200) -> list[UUID]:
    """Return the standing orders that have a payment due by the bank's own clock."""
    today = rules.business_date(clock.now(), terms())
    query = select(StandingOrder.id).where(
        StandingOrder.state == State.ACTIVE,
        StandingOrder.next_on <= today,
        StandingOrder.retry_at.is_(None) | (StandingOrder.retry_at <= clock.now()),
    )
    return list(session().scalars(query.order_by(StandingOrder.next_on).limit(most)))


def view(row: StandingOrder) -> OrderView:
    """Return a stored standing order with the days of its next payments."""
    cadence, state = Cadence(row.cadence), State(row.state)
    days = (
        []
        if state is State.ENDED
        else rules.coming(
            row.first_on,
            cadence,
            row.number,
            count=3,
            last_on=row.last_on,
            moved=lambda day: moved(day, currency=row.currency, is_internal=row.is_internal),
        )
    )
    return OrderView(
        id=row.id,
        ref=row.ref,
        owner_id=row.owner_id,
        person_id=row.person_id,
        account=target(row.account),
        payee_name=row.payee_name,
        amount=Money(row.amount_minor, row.currency),
        reference=row.remittance,
        cadence=cadence,
        first_on=row.first_on,
        last_on=row.last_on,
        state=state,
        approval_id=row.approval_id,
        coming=days,
        retry_at=row.retry_at,
    )
