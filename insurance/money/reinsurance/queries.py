"""The ceded bordereau: a treaty's part of each line, with what it comes to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from insurance.money.reinsurance import rules
from insurance.money.reinsurance.rules import Treaty
from kernel.db import session
from kernel.money import Money

_LINES = text(
    """
    SELECT register, subject, currency, amount, commission, ceded_at FROM insurance.cessions
    WHERE treaty_key = :treaty ORDER BY ceded_at DESC, register DESC, move_id DESC LIMIT :most
    """
)
_SUMS = text(
    """
    SELECT currency, coalesce(sum(amount) FILTER (WHERE register = 'premium'), 0) AS premium,
        sum(commission) AS commission,
        coalesce(sum(amount) FILTER (WHERE register = 'claims'), 0) AS recovered
    FROM insurance.cessions WHERE treaty_key = :treaty GROUP BY currency ORDER BY currency
    """
)
MOST = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Cession:
    """A line of the ceded bordereau. Shape: of a claim the amount is what the reinsurer owes."""

    is_claim: bool
    subject: str
    amount: Money
    commission: Money
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class CededSums:
    """What a treaty has ceded in a currency."""

    premium: Money
    commission: Money
    recovered: Money

    @property
    def payable(self) -> Money:
        """What is owed to the reinsurer after its part of claims; below zero it owes."""
        return self.premium - self.commission - self.recovered


@dataclass(frozen=True, slots=True, kw_only=True)
class CededBordereau:
    """A treaty with its sums by currency and its newest lines, `MOST` at most."""

    treaty: Treaty
    sums: Sequence[CededSums]
    lines: Sequence[Cession]


def bordereaux(*, insurer_key: str) -> list[CededBordereau]:
    """Return the ceded bordereau of each treaty of an insurer, oldest treaty first."""
    return [_of(treaty) for treaty in rules.treaties() if treaty.insurer_key == insurer_key]


def _of(treaty: Treaty) -> CededBordereau:
    lines = session().execute(_LINES, {"treaty": treaty.key, "most": MOST})
    sums = session().execute(_SUMS, {"treaty": treaty.key})
    return CededBordereau(
        treaty=treaty,
        sums=[
            CededSums(
                premium=Money(int(row.premium), row.currency),
                commission=Money(int(row.commission), row.currency),
                recovered=Money(int(row.recovered), row.currency),
            )
            for row in sums
        ],
        lines=[
            Cession(
                is_claim=row.register == "claims",
                subject=row.subject,
                amount=Money(row.amount, row.currency),
                commission=Money(row.commission, row.currency),
                at=row.ceded_at,
            )
            for row in lines
        ],
    )
