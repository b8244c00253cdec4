"""Commands on premium tax that insurers owe: prepare a period, send it back, confirm and pay it."""

from __future__ import annotations

from datetime import date

from sqlalchemy import insert, select, text

from insurance.money.books import periods as books
from insurance.reporting.tax_returns import queries, rules
from insurance.reporting.tax_returns.errors import (
    TaxPeriodOpen,
    TaxReturnDiffers,
    TaxReturnNotPrepared,
)
from insurance.reporting.tax_returns.models import TaxReturn, tax_return_lines
from insurance.reporting.tax_returns.queries import Period, ReturnView
from insurance.reporting.tax_returns.rules import ReturnState, Stage
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.four_eyes import check_second_person
from kernel.ids import new_id
from kernel.money import Money

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))")


@command("insurance.tax_returns.prepare")
def prepare(
    *, insurer_key: str, country: str, currency: str, first: date, actor: Actor
) -> ReturnView:
    """Write down what a period owes, line by line, for a second person; prepared before is that.

    Shape: first is the period's first month. Locks: the period.
    Raises: TaxPeriodUnknown, TaxPeriodOpen.
    """
    _lock(insurer_key, country, currency, first)
    seen = queries.period(
        insurer_key=insurer_key, country=country, currency=currency, first=first, actor=actor
    )
    if seen.current is not None:
        return seen.current
    if seen.stage is Stage.OPEN:
        raise TaxPeriodOpen(month=f"{seen.missing:%Y-%m}")
    return _keep(seen, actor)


@command("insurance.tax_returns.confirm")
def confirm(
    *, insurer_key: str, country: str, currency: str, first: date, actor: Actor
) -> ReturnView:
    """Close a prepared period and pay it to the state, in one journal; paid before is paid.

    Who prepared it is refused. Its lines are read again from the settled months.
    Locks: the period. Raises: TaxPeriodUnknown, TaxReturnNotPrepared, OwnProposal,
    TaxReturnDiffers.
    """
    _lock(insurer_key, country, currency, first)
    seen = queries.period(
        insurer_key=insurer_key, country=country, currency=currency, first=first, actor=actor
    )
    if seen.is_paid and seen.current is not None:
        return seen.current
    row = _prepared(seen)
    check_second_person(maker=row.prepared_by, checker=actor.somebody())
    if rules.fingerprint(queries.standing_lines(seen, actor=actor)) != row.sha256:
        raise TaxReturnDiffers
    books.tax_paid(
        key=row.id,
        tax=Money(row.amount, row.currency),
        country=country,
        insurer_key=insurer_key,
        period=f"{first:%Y-%m}",
        actor=actor,
    )
    row.state, row.confirmed_by = ReturnState.PAID, actor.somebody()
    row.paid_at = clock.now()
    session().flush()
    return queries.view(row)


@command("insurance.tax_returns.send_back")
def send_back(
    *, insurer_key: str, country: str, currency: str, first: date, reason: str, actor: Actor
) -> ReturnView:
    """Send a prepared period back with the reason; it can be prepared again then.

    Locks: the period. Raises: TaxPeriodUnknown, TaxReturnNotPrepared.
    """
    _lock(insurer_key, country, currency, first)
    seen = queries.period(
        insurer_key=insurer_key, country=country, currency=currency, first=first, actor=actor
    )
    row = _prepared(seen)
    row.state, row.reason = ReturnState.SENT_BACK, reason
    session().flush()
    return queries.view(row)


def _lock(insurer_key: str, country: str, currency: str, first: date) -> None:
    name = f"insurance.tax_returns:{insurer_key}:{country}:{currency}:{first}"
    session().execute(_LOCK, {"name": name})


def _prepared(seen: Period) -> TaxReturn:
    if seen.current is None or seen.stage is not Stage.PREPARED:
        raise TaxReturnNotPrepared
    query = select(TaxReturn).where(TaxReturn.id == seen.current.id)
    return session().execute(query).scalar_one()


def _keep(seen: Period, actor: Actor) -> ReturnView:
    lines = queries.standing_lines(seen, actor=actor)
    amount = sum(line.tax for line in lines)
    assert amount == seen.amount.minor, "lines add up to what their months were settled by"
    row = TaxReturn(
        id=new_id(),
        insurer_key=seen.insurer_key,
        country=seen.country,
        currency=seen.currency,
        first=seen.first,
        after=seen.after,
        due_on=seen.due_on,
        amount=amount,
        sha256=rules.fingerprint(lines),
        state=ReturnState.PREPARED,
        prepared_by=actor.somebody(),
        prepared_at=clock.now(),
        confirmed_by=None,
        paid_at=None,
        reason="",
    )
    session().add(row)
    session().flush()
    kept = [
        {
            "return_id": row.id,
            "number": number,
            "month": line.month,
            "subject": line.subject,
            "rate": line.rate,
            "net": line.net,
            "tax": line.tax,
            "journals": list(line.journals),
        }
        for number, line in enumerate(lines, 1)
    ]
    if kept:
        session().execute(insert(tax_return_lines), kept)
    return queries.view(row)
