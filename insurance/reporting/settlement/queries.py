"""Reads of settlements and of claims money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import text

from banking import api as bank
from insurance.reporting.bordereaux.queries import Month, TaxPayer
from insurance.reporting.insurer_people import queries as insurer_people
from insurance.reporting.settlement import rules
from insurance.reporting.settlement.rules import Float, Terms, terms_on
from kernel import clock
from kernel.actor import Actor
from kernel.db import session
from kernel.money import Money

__all__ = ["Float", "Terms", "terms_on"]

_SETTLED = text(
    "SELECT premium, taxes, payers, settled_at FROM insurance.settlements"
    " WHERE month_id = :month_id"
)
_PAID = text(
    """
    SELECT insurer_key, currency, sum(paid) AS paid FROM insurance.claim_moves
    WHERE at >= :since GROUP BY insurer_key, currency
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled:
    """What was paid for a month.

    Shape: taxes by country, payers who settles each with its state, where that was said.
    """

    premium: Money
    taxes: dict[str, Money]
    payers: dict[str, TaxPayer]
    at: datetime


def settled(*, month: Month, actor: Actor) -> Settled | None:
    """Return what was paid for a closed month, None before. Raises: InsurerUnknown."""
    insurer_people.require(actor, month.insurer_key)
    if month.closed is None:
        return None
    currency = month.currency
    row = session().execute(_SETTLED, {"month_id": month.closed.id}).one_or_none()
    if row is None:
        return None
    return Settled(
        premium=Money(row.premium, currency),
        taxes={country: Money(minor, currency) for country, minor in row.taxes.items()},
        payers={country: TaxPayer(payer) for country, payer in row.payers.items()},
        at=row.settled_at,
    )


def floats(*, actor: Actor) -> list[Float]:
    """Return the claims money of the insurers that the actor may look at.

    Shape: by insurer and currency.
    """
    now = clock.now()
    terms = rules.terms_on(now.date())
    since = now - timedelta(days=terms.looks_back_days)
    rows = session().execute(_PAID, {"since": since})
    paid = {(row.insurer_key, row.currency): int(row.paid) for row in rows}
    places = [
        (balance.account.key, balance.posted)
        for balance in bank.balances_of_kind(kind=bank.AccountKind.INSURER_FLOAT)
    ]
    seen = insurer_people.among(actor, {key for key, _ in places})
    return [
        rules.monitored(key, held, Money(paid.get((key, held.currency), 0), held.currency), terms)
        for key, held in sorted(places, key=lambda place: (place[0], place[1].currency))
        if key in seen
    ]
