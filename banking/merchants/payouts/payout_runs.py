"""Runs and turns as the operator sees them, and what waits for somebody."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select, text, tuple_
from sqlalchemy.dialects.postgresql import distinct_on

from banking.merchants.payouts.errors import PayoutUnknown
from banking.merchants.payouts.models import Payout, PayoutTurn
from banking.merchants.payouts.rules import State
from kernel.db import session
from kernel.money import Money

PAGE = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnView:
    """A vendor's turn in a run. Shape: reason is a code and payout_ref empty when it rolled on."""

    vendor_id: UUID
    period: str
    due_on: date
    available: Money
    payout_ref: str
    amount: Money | None
    state: State | None
    reason: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RunView:
    """A day's payouts in a currency, and what they came to."""

    id: UUID
    ref: str
    currency: str
    run_on: date
    begun_at: datetime
    made: int
    rolled: int
    total: Money


_RUNS = """
    SELECT r.id, r.ref, r.currency, r.run_on, r.begun_at, count(t.payout_id) AS made,
        count(t.*) - count(t.payout_id) AS rolled, coalesce(sum(p.amount_minor), 0) AS total
    FROM banking.payout_runs r
    LEFT JOIN banking.payout_turns t ON t.run_id = r.id
    LEFT JOIN banking.payouts p ON p.id = t.payout_id
"""
_RUNS_PAGE = text(
    _RUNS  # noqa: S608 - constants of this file; values are parameters
    + " WHERE r.id IN (SELECT id FROM banking.payout_runs"
    " WHERE CAST(:before AS timestamptz) IS NULL OR begun_at < :before"
    " ORDER BY begun_at DESC LIMIT :count)"
    " GROUP BY r.id ORDER BY r.begun_at DESC"
)
_RUN = text(f"{_RUNS} WHERE r.ref = :ref GROUP BY r.id")


def last_turns(*, vendor_id: UUID) -> dict[str, TurnView]:
    """Return a vendor's newest turn in each currency."""
    query = (
        _turns()
        .where(PayoutTurn.vendor_id == vendor_id)
        .ext(distinct_on(PayoutTurn.currency))
        .order_by(PayoutTurn.currency, PayoutTurn.at.desc())
    )
    return {turn.currency: _turn(turn, payout) for turn, payout in session().execute(query)}


def turns_of(*, run_id: UUID, after: tuple[UUID, str] | None = None) -> list[TurnView]:
    """Return a page of the turns of a run, by vendor, and one more if there is one."""
    query = _turns().where(PayoutTurn.run_id == run_id)
    if after is not None:
        query = query.where(tuple_(PayoutTurn.vendor_id, PayoutTurn.period) > after)
    query = query.order_by(PayoutTurn.vendor_id, PayoutTurn.period).limit(PAGE + 1)
    return [_turn(turn, payout) for turn, payout in session().execute(query)]


def runs(*, before: datetime | None = None, count: int = PAGE + 1) -> list[RunView]:
    """Return a page of runs, newest first, and one more if there is one."""
    rows = session().execute(_RUNS_PAGE, {"before": before, "count": count})
    return [_run(row) for row in rows]


def run_by_ref(*, ref: str) -> RunView:
    """Return a run. Raises: PayoutUnknown."""
    row = session().execute(_RUN, {"ref": ref}).one_or_none()
    if row is None:
        raise PayoutUnknown
    return _run(row)


def _turns() -> Select[PayoutTurn, Payout]:
    return select(PayoutTurn, Payout).outerjoin(Payout, Payout.id == PayoutTurn.payout_id)


def _turn(row: PayoutTurn, found: Payout | None) -> TurnView:
    return TurnView(
        vendor_id=row.vendor_id,
        period=row.period,
        due_on=row.due_on,
        available=Money(row.available_minor, row.currency),
        payout_ref=found.ref if found else "",
        amount=Money(found.amount_minor, row.currency) if found else None,
        state=State(found.state) if found else None,
        reason=row.reason,
        at=row.at,
    )


def _run(row: Row[Any]) -> RunView:
    return RunView(
        id=row.id,
        ref=row.ref,
        currency=row.currency,
        run_on=row.run_on,
        begun_at=row.begun_at,
        made=row.made,
        rolled=row.rolled,
        total=Money(int(row.total), row.currency),
    )
