"""Reads of what was earned."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import text

from kernel.db import session
from kernel.money import Money

_BETWEEN = text(
    """
    SELECT insurer_key, currency, product, sum(net) AS net FROM insurance.earned_days
    WHERE day >= :first AND day < :after
    GROUP BY insurer_key, currency, product ORDER BY insurer_key, currency, product
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class EarnedProduct:
    """What a product earned for an insurer in some days."""

    insurer_key: str
    product: str
    net: Money


def earned_between(*, first: date, after: date) -> list[EarnedProduct]:
    """Return what was earned from a day up to, but without, another, by insurer and product."""
    return [
        EarnedProduct(
            insurer_key=row.insurer_key,
            product=row.product,
            net=Money(int(row.net), row.currency),
        )
        for row in session().execute(_BETWEEN, {"first": first, "after": after})
    ]
