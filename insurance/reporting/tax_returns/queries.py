"""Reads of premium tax that insurers owe: periods with their due days, returns and lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from uuid import UUID

from sqlalchemy import select, text

from banking import api as bank
from insurance.money.books import queries as books
from insurance.reporting.bordereaux import queries as bordereaux
from insurance.reporting.bordereaux.queries import TaxPayer, tax_payer, tax_payer_rows
from insurance.reporting.insurer_people import queries as insurer_people
from insurance.reporting.tax_returns import rules
from insurance.reporting.tax_returns.errors import TaxPeriodUnknown
from insurance.reporting.tax_returns.models import TaxReturn
from insurance.reporting.tax_returns.rules import (
    RemittingRow,
    ReturnLine,
    ReturnState,
    Stage,
    remitting_rows,
)
from kernel import clock
from kernel.actor import Actor
from kernel.db import session
from kernel.ids import derived_id
from kernel.money import Money
from kernel.statements import read_sql

__all__ = ["RemittingRow", "ReturnLine", "ReturnState", "Stage", "remitting_rows"]

# How many periods that were paid the board shows.
SHOWN = 60

_SUMS = text(read_sql(__file__, "sums"))
_LINES = text(read_sql(__file__, "lines"))
_SETTLED = text(
    """
    SELECT m.currency, m.month FROM insurance.bordereau_months AS m
    JOIN insurance.settlements AS s ON s.month_id = m.id WHERE m.insurer_key = :insurer_key
    """
)
_KEPT_LINES = text(
    """
    SELECT month, subject, rate, net, tax, journals FROM insurance.tax_return_lines
    WHERE return_id = :return_id ORDER BY number
    """
)
_NUMBERS = text("SELECT key, id FROM banking.journals WHERE key = ANY(:keys)")
_OWED = text(
    """
    SELECT m.insurer_key, m.currency, sum(CAST(s.taxes ->> p.key AS bigint)) AS tax
    FROM insurance.settlements AS s
    JOIN insurance.bordereau_months AS m ON m.id = s.month_id
    CROSS JOIN LATERAL jsonb_each_text(s.payers) AS p
    WHERE p.value = 'insurer' GROUP BY m.insurer_key, m.currency
    """
)
_PAID = text(
    """
    SELECT insurer_key, currency, sum(amount) AS tax FROM insurance.tax_returns
    WHERE state = 'paid' GROUP BY insurer_key, currency
    """
)

Place = tuple[str, str, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnView:
    """A return as it was prepared, sent back or paid. Shape: journal is its number once paid."""

    id: UUID
    due_on: date
    amount: Money
    sha256: str
    state: ReturnState
    prepared_by: UUID
    prepared_at: datetime
    confirmed_by: UUID | None
    paid_at: datetime | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """What an insurer owes to a country for a period, in one currency.

    Units: amount as it stands, or as it was prepared; late in days. Shape: first and last are
    months by their first days; missing is the first month that is not over, closed and settled;
    current is the return that stands, sent_back the last one that does not.
    """

    insurer_key: str
    country: str
    currency: str
    row: RemittingRow
    first: date
    last: date
    due_on: date
    amount: Money
    stage: Stage
    missing: date | None
    late: int
    current: ReturnView | None
    sent_back: ReturnView | None

    @property
    def after(self) -> date:
        """The first day behind it."""
        return rules.shifted(self.last, 1)

    @property
    def is_paid(self) -> bool:
        """Whether nothing is left to do."""
        return self.stage is Stage.PAID


def board(*, insurer_key: str, actor: Actor) -> list[Period]:
    """Return what is owed, by due day, then what was paid last, the newest first.

    Raises: InsurerUnknown.
    """
    found = _periods(insurer_key, actor)
    due = sorted((one for one in found if not one.is_paid), key=lambda one: (one.due_on, one.first))
    paid = sorted((one for one in found if one.is_paid), key=lambda one: one.due_on, reverse=True)
    return [*due, *paid[:SHOWN]]


def period(*, insurer_key: str, country: str, currency: str, first: date, actor: Actor) -> Period:
    """Return one period of an insurer by its first month.

    Raises: TaxPeriodUnknown, InsurerUnknown.
    """
    for one in _periods(insurer_key, actor):
        if (one.country, one.currency, one.first) == (country, currency, first):
            return one
    raise TaxPeriodUnknown


def lines_of(of: Period, *, actor: Actor) -> list[ReturnLine]:
    """Return a period's lines: as they were prepared, else as its settled months say.

    Raises: InsurerUnknown.
    """
    insurer_people.require(actor, of.insurer_key)
    if of.current is None:
        return standing_lines(of, actor=actor)
    rows = session().execute(_KEPT_LINES, {"return_id": of.current.id}).mappings()
    return [ReturnLine(**{**row, "journals": tuple(row["journals"])}) for row in rows]


def standing_lines(of: Period, *, actor: Actor) -> list[ReturnLine]:
    """Return a period's lines as its settled months say them, with the journals behind each.

    Raises: InsurerUnknown.
    """
    insurer_people.require(actor, of.insurer_key)
    asked = {
        "insurer_key": of.insurer_key,
        "country": of.country,
        "currency": of.currency,
        "first": of.first,
        "after": of.after,
    }
    rows = session().execute(_LINES, asked).all()
    brought = _brought({row.month_id for row in rows}, of.country)
    return [
        ReturnLine(
            month=row.month,
            subject=row.subject,
            rate=row.rate,
            net=row.net,
            tax=row.tax,
            journals=(*row.journals, *brought.get(row.month_id, ())),
        )
        for row in rows
    ]


def _brought(months: Iterable[UUID], country: str) -> dict[UUID, tuple[int]]:
    """Return the numbers of the journals that brought months' tax of a country to the insurer."""
    kind = f"premium_tax_collected_{country.lower()}"
    keys = {derived_id(month, kind): month for month in months}
    rows = session().execute(_NUMBERS, {"keys": list(keys)})
    return {keys[row.key]: (row.id,) for row in rows}


def paid_by_journal(of: Period, *, actor: Actor) -> int | None:
    """Return the number of the journal that paid a period, None where nothing was paid.

    Raises: InsurerUnknown.
    """
    insurer_people.require(actor, of.insurer_key)
    if of.current is None or not of.is_paid:
        return None
    keys = [derived_id(of.current.id, "premium_tax_paid")]
    return next((row.id for row in session().execute(_NUMBERS, {"keys": keys})), None)


def view(row: TaxReturn) -> ReturnView:
    """Return a row as a view."""
    return ReturnView(
        id=row.id,
        due_on=row.due_on,
        amount=Money(row.amount, row.currency),
        sha256=row.sha256,
        state=ReturnState(row.state),
        prepared_by=row.prepared_by,
        prepared_at=row.prepared_at,
        confirmed_by=row.confirmed_by,
        paid_at=row.paid_at,
        reason=row.reason,
    )


def differing() -> list[str]:
    """Return the insurers whose ledger owes another tax than settled months less paid returns."""
    owed: dict[tuple[str, str], int] = defaultdict(int)
    for row in session().execute(_OWED):
        owed[row.insurer_key, row.currency] += int(row.tax)
    for row in session().execute(_PAID):
        owed[row.insurer_key, row.currency] -= int(row.tax)
    booked = {place: amount.minor for place, amount in books.taxes_to_pay().items()}
    return sorted(
        f"{key} {currency}"
        for key, currency in {*owed, *booked}
        if owed[key, currency] != booked.get((key, currency), 0)
    )


def _periods(insurer_key: str, actor: Actor) -> list[Period]:
    insurer_people.require(actor, insurer_key)
    months = [one for one in bordereaux.months(actor=actor) if one.insurer_key == insurer_key]
    still = [one for one in months if one.closed_at is None]
    since = min((one.month for one in still), default=clock.today())
    asked = {
        "insurer_key": insurer_key,
        "currencies": sorted({one.currency for one in still}),
        "since": datetime.combine(since, time(), tzinfo=UTC),
    }
    sums: dict[Place, int] = defaultdict(int)
    for row in session().execute(_SUMS, asked):
        if row.payer is None and _payer(row.country, row.month) is not TaxPayer.INSURER:
            continue
        law = rules.row_for(row.country, month=row.month, rows=remitting_rows())
        sums[row.country, row.currency, rules.period_of(row.month, law)] += int(row.tax)
    settled = {
        (row.currency, row.month)
        for row in session().execute(_SETTLED, {"insurer_key": insurer_key})
    }
    unsettled = {(one.currency, one.month) for one in months} - settled
    current, sent_back = _returns(insurer_key)
    return [
        _period(
            insurer_key,
            place,
            sums.get(place, 0),
            unsettled,
            (current.get(place), sent_back.get(place)),
        )
        for place in {*sums, *current}
    ]


def _payer(country: str, month: date) -> TaxPayer:
    return tax_payer(country, month=month, rows=tax_payer_rows())


def _returns(insurer_key: str) -> tuple[Mapping[Place, ReturnView], Mapping[Place, ReturnView]]:
    """Return an insurer's returns by place: those that stand, and what was sent back last."""
    current: dict[Place, ReturnView] = {}
    sent_back: dict[Place, ReturnView] = {}
    query = select(TaxReturn).where(TaxReturn.insurer_key == insurer_key)
    for row in session().scalars(query.order_by(TaxReturn.prepared_at)):
        found = sent_back if row.state == ReturnState.SENT_BACK else current
        found[row.country, row.currency, row.first] = view(row)
    return current, sent_back


def _period(
    insurer_key: str,
    place: Place,
    tax: int,
    unsettled: Iterable[tuple[str, date]],
    returns: Sequence[ReturnView | None],
) -> Period:
    (country, currency, first), (current, sent_back) = place, returns
    law = rules.row_for(country, month=first, rows=remitting_rows())
    months, today = rules.months_in(first, law), clock.today()
    missing = [one for one in months if (currency, one) in unsettled]
    if rules.shifted(months[-1], 1) > today:
        missing.append(months[-1])
    due_on = bank.open_day(currency=law.calendar, on=rules.named_day(first, law), step=law.step)
    paid_at = current.paid_at if current else None
    return Period(
        insurer_key=insurer_key,
        country=country,
        currency=currency,
        row=law,
        first=first,
        last=months[-1],
        due_on=current.due_on if current else due_on,
        amount=current.amount if current else Money(tax, currency),
        stage=rules.stage_of(is_whole=not missing, state=current.state if current else None),
        missing=min(missing, default=None),
        late=rules.days_late(
            due_on=due_on, paid_on=paid_at.date() if paid_at else None, today=today
        ),
        current=current,
        sent_back=sent_back,
    )
