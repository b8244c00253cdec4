"""Reads of months: open ones as they stand, closed ones as they were sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text

from insurance.money.reserves.queries import month_after
from insurance.reporting.bordereaux import drafting, rules
from insurance.reporting.bordereaux.errors import MonthUnknown
from insurance.reporting.bordereaux.rules import Difference, Line
from insurance.reporting.bordereaux.taxation import TaxPayer, tax_payer, tax_payer_rows
from insurance.reporting.insurer_people import queries as insurer_people
from kernel import clock
from kernel.actor import Actor
from kernel.db import session
from kernel.statements import read_sql

__all__ = ["KINDS", "SUMS", "Difference", "Line", "TaxPayer", "tax_payer", "tax_payer_rows"]

KINDS = rules.KINDS
SUMS = rules.SUMS

_CLOSED = text(
    """
    SELECT id, hash, totals, person_id, closed_at FROM insurance.bordereau_months
    WHERE month = :month AND insurer_key = :insurer_key AND currency = :currency
    """
)
_LINES = text(
    """
    SELECT kind, subject, cells, journals, moves FROM insurance.bordereau_lines
    WHERE month_id = :month_id ORDER BY kind, number
    """
)
_MONTHS = text(read_sql(__file__, "months"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """How a month was closed."""

    id: UUID
    hash: str
    person_id: UUID | None
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """A month of an insurer in a currency.

    Units: totals in minor units. Shape: month is its first day; totals by kind and column; closed
    is None while it is open, and differences are empty once it is closed.
    """

    month: date
    insurer_key: str
    currency: str
    lines: Sequence[Line]
    totals: Mapping[str, Mapping[str, int]]
    differences: Sequence[Difference]
    closed: Closed | None

    @property
    def is_over(self) -> bool:
        """Whether it can be closed by its date."""
        return month_after(self.month) <= clock.today()

    def of_kind(self, kind: str) -> list[Line]:
        """Return the lines of one bordereau."""
        return [line for line in self.lines if line.kind == kind]


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownMonth:
    """A month in which something was booked."""

    month: date
    insurer_key: str
    currency: str
    closed_at: datetime | None


def months(*, actor: Actor) -> list[KnownMonth]:
    """Return every month that has lines or was closed, the newest first.

    Of the insurers that the actor may look at.
    """
    found = session().execute(_MONTHS).mappings().all()
    seen = insurer_people.among(actor, {row["insurer_key"] for row in found})
    return [KnownMonth(**row) for row in found if row["insurer_key"] in seen]


def month_of(*, month: date, insurer_key: str, currency: str, actor: Actor) -> Month:
    """Return a month as it was closed, else as it stands beside its journals.

    Raises: MonthUnknown, InsurerUnknown.
    """
    insurer_people.require(actor, insurer_key)
    named = {"month": month, "insurer_key": insurer_key, "currency": currency}
    row = session().execute(_CLOSED, named).one_or_none()
    if row is None:
        return _draft(month, insurer_key, currency, actor)
    closed = Closed(id=row.id, hash=row.hash.hex(), person_id=row.person_id, at=row.closed_at)
    lines = [
        Line(
            kind=line.kind,
            subject=line.subject,
            cells=line.cells,
            journals=tuple(line.journals),
            moves=tuple(line.moves),
            said={},
            booked={},
        )
        for line in session().execute(_LINES, {"month_id": row.id})
    ]
    return Month(
        month=month,
        insurer_key=insurer_key,
        currency=currency,
        lines=lines,
        totals=row.totals,
        differences=(),
        closed=closed,
    )


def _draft(month: date, insurer_key: str, currency: str, actor: Actor) -> Month:
    known = {(one.month, one.insurer_key, one.currency) for one in months(actor=actor)}
    if (month, insurer_key, currency) not in known:
        raise MonthUnknown
    lines = drafting.lines_of(month=month, insurer_key=insurer_key, currency=currency)
    found = [
        difference
        for kind in rules.KINDS
        for difference in rules.differences([line for line in lines if line.kind == kind])
    ]
    found += drafting.without_line(month=month, insurer_key=insurer_key, currency=currency)
    return Month(
        month=month,
        insurer_key=insurer_key,
        currency=currency,
        lines=lines,
        totals=rules.totals(lines),
        differences=found,
        closed=None,
    )
