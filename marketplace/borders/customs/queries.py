"""Reads of customs: stored quotes, declarations and their steps, counters of a buyer."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, func, select, text

from kernel import clock
from kernel.db import session
from kernel.money import Money
from kernel.text import Message
from marketplace.borders.customs.models import CustomsDeclaration, CustomsQuote, DeclarationStep
from marketplace.borders.customs.rules import (
    AWAITED,
    LANE_NAMES,
    PATIENCE,
    STATE_NAMES,
    DeclarationState,
    Lane,
)
from marketplace.borders.duties import queries as duties
from marketplace.borders.duties.queries import Counters

__all__ = [
    "DeclarationState",
    "DeclarationView",
    "QuoteView",
    "StepView",
    "declaration_of",
    "declarations_of",
]


_CN_USED = text(
    """
    SELECT COALESCE(SUM(CAST(q.result #>> '{counters,cn_annual_used}' AS numeric)
                        - CAST(q.case #>> '{consignment,buyer,cn_annual_used}' AS numeric)), 0)
    FROM marketplace.customs_declaration d
    JOIN marketplace.customs_quote q ON q.id = d.quote_id
    WHERE d.buyer_id = :buyer_id AND d.destination_country = 'CN' AND d.state <> 'refused'
      AND d.drafted_at >= :since
    """
)
_KR_TODAY = text(
    """
    SELECT COALESCE(SUM(q.goods_minor / CAST(q.case #>> '{fx,USD/KRW}' AS numeric)), 0)
    FROM marketplace.customs_declaration d
    JOIN marketplace.customs_quote q ON q.id = d.quote_id
    WHERE d.buyer_id = :buyer_id AND d.destination_country = 'KR' AND d.state <> 'refused'
      AND d.drafted_at >= :since
    """
)


def counters_of(*, buyer_id: UUID | None, country: str) -> Counters:
    """Return what a buyer has imported already, where the law of the country looks at it."""
    counter = duties.counted_in(country)
    if buyer_id is None or counter is None:
        return Counters()
    query, since = _COUNTED[counter]
    asked = {"buyer_id": buyer_id, "since": since(clock.today())}
    used = session().execute(query, asked).scalar_one()
    return Counters(**{counter: Fraction(round(Decimal(used), 2))})


# By the field of `Counters`: what is summed up, and from which day on.
_COUNTED: Mapping[str, tuple[TextClause, Callable[[date], date]]] = {
    "cn_annual_used": (_CN_USED, lambda today: today.replace(month=1, day=1)),
    "kr_same_day_usd": (_KR_TODAY, lambda today: today),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteView:
    """A stored quote: what was promised until when, and by which rows."""

    id: UUID
    subject: str
    destination_country: str
    regime: str
    regime_name: Message
    goods: Money
    charges: Money
    duty: Money
    taxes: Money
    fees: Money
    incoterm: str
    collector: str
    confidence: str
    row_ids: tuple[str, ...]
    quoted_at: datetime
    valid_until: datetime
    trace: tuple[Mapping[str, Any], ...]

    @property
    def is_valid(self) -> bool:
        """Whether the guarantee still runs."""
        return clock.now() <= self.valid_until


def quote_view(row: CustomsQuote) -> QuoteView:
    """Return a row as its view."""
    return QuoteView(
        id=row.id,
        subject=row.subject,
        destination_country=row.destination_country,
        regime=row.regime,
        regime_name=duties.regime_name(row.regime),
        goods=Money(row.goods_minor, row.currency),
        charges=Money(row.charges_minor, row.currency),
        duty=Money(row.duty_minor, row.currency),
        taxes=Money(row.tax_minor, row.currency),
        fees=Money(row.fee_minor, row.currency),
        incoterm=row.incoterm,
        collector=row.collector,
        confidence=row.confidence,
        row_ids=tuple(row.row_ids),
        quoted_at=row.quoted_at,
        valid_until=row.valid_until,
        trace=tuple(row.result.get("trace", ())),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One step of a declaration."""

    state: DeclarationState
    name: Message
    version: int
    actor: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclarationView:
    """A declaration as buyer, vendor and operator see it: assessed beside quoted."""

    id: UUID
    ref: str
    parcel_ref: str
    order_ref: str
    state: DeclarationState
    state_name: Message
    version: int
    lane: Lane | None
    lane_name: Message | None
    registration_number: str | None
    incoterm: str
    quoted: Money
    assessed: Money | None
    document: Mapping[str, Any]
    steps: tuple[StepView, ...]

    @property
    def is_over(self) -> bool:
        """Whether the authority has spoken its last word."""
        return self.state in {DeclarationState.RELEASED, DeclarationState.REFUSED}


def declaration_of(*, parcel_ref: str) -> DeclarationView | None:
    """Return the declaration of a parcel; the caller authorised the parcel."""
    row = session().scalar(
        select(CustomsDeclaration).where(CustomsDeclaration.parcel_ref == parcel_ref)
    )
    return None if row is None else declaration_view(row)


def declarations_of(*, parcel_refs: Sequence[str]) -> dict[str, DeclarationView]:
    """Return declarations by parcel, in two queries at most; the caller authorised the parcels."""
    rows = (
        session()
        .scalars(select(CustomsDeclaration).where(CustomsDeclaration.parcel_ref.in_(parcel_refs)))
        .all()
    )
    if not rows:
        return {}
    steps = _steps([row.id for row in rows])
    return {row.parcel_ref: _declaration(row, steps[row.id]) for row in rows}


_VERDICTS = text(
    """
    SELECT d.parcel_ref, d.state, s.at FROM marketplace.customs_declaration d
    JOIN marketplace.customs_declaration_step s ON s.declaration_id = d.id AND s.state = d.state
    WHERE d.parcel_ref = ANY(CAST(:refs AS text[])) AND d.state IN ('released', 'refused')
    """
)


def verdicts(*, parcel_refs: Sequence[str]) -> dict[str, tuple[DeclarationState, datetime]]:
    """Return what the authority decided in the end and when, by parcel, in one query."""
    rows = session().execute(_VERDICTS, {"refs": list(parcel_refs)})
    return {row.parcel_ref: (DeclarationState(row.state), row.at) for row in rows}


def unanswered(*, now: datetime) -> list[UUID]:
    """Return the declarations that customs has said nothing about for too long."""
    last = func.max(DeclarationStep.at)
    query = select(CustomsDeclaration.id).join(
        DeclarationStep, DeclarationStep.declaration_id == CustomsDeclaration.id
    )
    query = query.where(CustomsDeclaration.state.in_(AWAITED)).group_by(CustomsDeclaration.id)
    return list(session().scalars(query.having(last <= now - PATIENCE)))


def is_parcel(*, ref: str) -> bool:
    """Whether a parcel was ever priced under a reference, packed or not."""
    known = select(CustomsQuote.id).where(CustomsQuote.subject == ref).limit(1)
    return session().scalar(known) is not None


def declaration_view(row: CustomsDeclaration) -> DeclarationView:
    """Return a row with its steps, oldest first."""
    return _declaration(row, _steps([row.id])[row.id])


def _steps(declaration_ids: Sequence[UUID]) -> dict[UUID, list[DeclarationStep]]:
    steps: dict[UUID, list[DeclarationStep]] = {key: [] for key in declaration_ids}
    for step in session().scalars(
        select(DeclarationStep)
        .where(DeclarationStep.declaration_id.in_(declaration_ids))
        .order_by(DeclarationStep.seq)
    ):
        steps[step.declaration_id].append(step)
    return steps


def _declaration(row: CustomsDeclaration, steps: Sequence[DeclarationStep]) -> DeclarationView:
    state, lane = DeclarationState(row.state), Lane(row.lane) if row.lane else None
    assessed_minor = row.assessed_minor
    return DeclarationView(
        id=row.id,
        ref=row.ref,
        parcel_ref=row.parcel_ref,
        order_ref=row.order_ref,
        state=state,
        state_name=Message(STATE_NAMES[state]),
        version=row.version,
        lane=lane,
        lane_name=None if lane is None else Message(LANE_NAMES[lane]),
        registration_number=row.registration_number,
        incoterm=row.incoterm,
        quoted=Money(row.quoted_minor, row.currency),
        assessed=None if assessed_minor is None else Money(assessed_minor, row.currency),
        document=row.document,
        steps=tuple(_step(step) for step in steps),
    )


def _step(step: DeclarationStep) -> StepView:
    state = DeclarationState(step.state)
    return StepView(
        state=state,
        name=Message(STATE_NAMES[state]),
        version=step.version,
        actor=step.actor,
        at=step.at,
        note=step.note,
    )
