"""The command that cedes what was booked: J15 for premiums, and recoveries on claims.

One journal for each treaty, currency and run, with each line's part in `insurance.cessions`: the
ceded bordereau is derived from the same lines as the insurer's own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import Row, text

from insurance.money.books import periods
from insurance.money.reinsurance import rules
from insurance.money.reinsurance.rules import Treaty
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.money import Money, total
from kernel.statements import read_sql

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('insurance.cessions', 0))")
_TO_CEDE = text(read_sql(__file__, "to_cede"))
_LAST = text("SELECT max(ceded_at) FROM insurance.cessions WHERE treaty_key = :treaty")
# What a run looks back for: lines that were under way when the one before it was done.
_UNDER_WAY = timedelta(days=1)
_KEEP = text(
    """
    INSERT INTO insurance.cessions (treaty_key, register, move_id, subject, currency, amount,
        commission, ceded_at)
    VALUES (:treaty_key, :register, :move_id, :subject, :currency, :amount, :commission, :at)
    """
)


@command("insurance.reinsurance.cede")
def cede(*, actor: Actor) -> int:
    """Cede every line that no treaty in force on its day has ceded yet; return their number.

    Twice is once. Locks: cessions.
    """
    session().execute(_LOCK)
    return sum(_cede(treaty, actor) for treaty in rules.treaties())


def _cede(treaty: Treaty, actor: Actor) -> int:
    first = _start_of(treaty.valid_from)
    last = session().execute(_LAST, {"treaty": treaty.key}).scalar_one()
    where = {
        "treaty": treaty.key,
        "insurer_key": treaty.insurer_key,
        "first": max(first, last - _UNDER_WAY) if last is not None else first,
        "after": _start_of(treaty.valid_until + timedelta(days=1)),
    }
    by_currency: dict[str, list[Row[Any]]] = defaultdict(list)
    for row in session().execute(_TO_CEDE, where):
        by_currency[row.currency].append(row)
    for rows in by_currency.values():
        _book(treaty, rows, actor)
    return sum(len(rows) for rows in by_currency.values())


def _book(treaty: Treaty, rows: Sequence[Row[Any]], actor: Actor) -> None:
    currency, at = rows[0].currency, clock.now()
    zero = Money.zero(currency)
    parts: list[tuple[Money, Money]] = []
    for row in rows:
        amount = Money(row.amount, currency)
        if row.register == "premium":
            part = rules.ceded(amount, treaty)
            parts.append((part.premium, part.commission))
        else:
            parts.append((rules.recovered(amount, treaty), zero))
    premiums = [part for row, part in zip(rows, parts, strict=True) if row.register == "premium"]
    claims = [part[0] for row, part in zip(rows, parts, strict=True) if row.register == "claims"]
    periods.ceded(
        key=_key(treaty, rows),
        premium=total([premium for premium, _ in premiums], currency),
        commission=total([commission for _, commission in premiums], currency),
        recovered=total(claims, currency),
        treaty_key=treaty.key,
        actor=actor,
    )
    kept = [
        {
            "treaty_key": treaty.key,
            "register": row.register,
            "move_id": row.move_id,
            "subject": row.subject,
            "currency": currency,
            "amount": amount.minor,
            "commission": commission.minor,
            "at": at,
        }
        for row, (amount, commission) in zip(rows, parts, strict=True)
    ]
    session().execute(_KEEP, kept)


def _key(treaty: Treaty, rows: Sequence[Row[Any]]) -> UUID:
    """Return the key of a journal by its first line, which no other journal of a treaty has."""
    first = rows[0]
    name = f"ceded:{treaty.key}:{first.currency}:{first.register}:{first.move_id}"
    return uuid5(NAMESPACE_URL, name)


def _start_of(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=UTC)
