"""The command that reserves for losses nobody has reported: for a month, turned round by the next.

J13 by insurer, currency and product. The expected share of earned premium less what of it has been
reported is the reserve of a month; the next month takes it back whole and books its own.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from sqlalchemy import text

from insurance.money.books import periods
from insurance.money.earnings import queries as earnings
from insurance.money.reserves import rules
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.money import Money

_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('insurance.unreported', 0))")
_LAST = text("SELECT max(month) FROM insurance.unreported_months")
_STANDING = text(
    """
    SELECT insurer_key, currency, product, amount FROM insurance.unreported_months
    WHERE month = :month AND amount <> 0 ORDER BY insurer_key, currency, product
    """
)
_KEEP = text(
    """
    INSERT INTO insurance.unreported_months (month, insurer_key, currency, product, earned,
        expected_loss_ratio, reported_share, amount, booked_at)
    VALUES (:month, :insurer_key, :currency, :product, :earned, CAST(:ratio AS numeric),
        CAST(:reported AS numeric), :amount, :at)
    """
)


@command("insurance.reserves.book_until")
def book_until(*, month: date, actor: Actor) -> int:
    """Reserve for every month up to one that is over, each taking the one before back.

    Return how many months were booked; twice is once. Shape: month is its first day. Locks: the
    reserves of months.
    """
    assert month.day == 1, "a month is named by its first day"
    assert rules.month_after(month) <= clock.today(), "a month is reserved for when it is over"
    session().execute(_LOCK)
    last: date | None = session().execute(_LAST).scalar_one()
    each = rules.month_after(last) if last is not None else month
    booked = 0
    while each <= month:
        _turn_round(rules.month_before(each), actor)
        _reserve(each, actor)
        each, booked = rules.month_after(each), booked + 1
    return booked


def _reserve(month: date, actor: Actor) -> None:
    expected = rules.expected_on(month)
    for row in earnings.earned_between(first=month, after=rules.month_after(month)):
        amount = rules.unreported(row.net, expected)
        _book("reserved", month, row.insurer_key, row.product, amount, actor)
        kept: dict[str, Any] = {
            "month": month,
            "insurer_key": row.insurer_key,
            "currency": row.net.currency,
            "product": row.product,
            "earned": row.net.minor,
            "ratio": _decimal(expected.expected_loss_ratio),
            "reported": _decimal(expected.reported_share),
            "amount": amount.minor,
            "at": clock.now(),
        }
        session().execute(_KEEP, kept)


def _decimal(share: Fraction) -> Decimal:
    return Decimal(share.numerator) / share.denominator


def _turn_round(month: date, actor: Actor) -> None:
    for row in session().execute(_STANDING, {"month": month}).all():
        amount = -Money(row.amount, row.currency)
        _book("turned", month, row.insurer_key, row.product, amount, actor)


def _book(
    what: str, month: date, insurer_key: str, product: str, amount: Money, actor: Actor
) -> None:
    periods.unreported_booked(
        key=_key(what, month, insurer_key, product, amount.currency),
        amount=amount,
        insurer_key=insurer_key,
        month=f"{month:%Y-%m}",
        actor=actor,
    )


def _key(what: str, month: date, insurer_key: str, product: str, currency: str) -> UUID:
    name = f"unreported:{what}:{month}:{insurer_key}:{product}:{currency}"
    return uuid5(NAMESPACE_URL, name)
