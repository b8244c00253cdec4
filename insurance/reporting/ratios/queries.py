"""The board of loss ratios, one statement for each look at it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date

from sqlalchemy import text

from insurance.reporting.ratios.rules import By, Ratio
from insurance.reporting.ratios.shops import shops_of
from kernel.db import session
from kernel.money import Money, total
from kernel.statements import read_sql

__all__ = ["By", "Ratio"]

MOST = 500
_RATIOS = text(read_sql(__file__, "ratios"))


def board(
    *,
    insurer_key: str,
    by: By,
    currency: str,
    first: date,
    after: date,
    within: tuple[By, str] | None = None,
) -> list[Ratio]:
    """Return an insurer's figures from a day up to, but without, another, `MOST` groups at most.

    Shape: within keeps to one group of another kind, which leads from a figure to its policies.
    """
    asked = {
        "insurer_key": insurer_key,
        "by": by.value,
        "currency": currency,
        "first": first,
        "after": after,
        "shops": "{}",
        "within_by": within[0].value if within else "",
        "within": within[1] if within else "",
        "most": MOST,
    }
    if By.SHOP in {by, within[0] if within else None}:
        asked["shops"] = json.dumps(_shops(asked))
    rows = session().execute(_RATIOS, asked)
    return [
        Ratio(
            key=row.key,
            earned=Money(int(row.earned), currency),
            paid=Money(int(row.paid), currency),
            outstanding=Money(int(row.outstanding), currency),
            unreported=Money(int(row.unreported), currency),
            recovered=Money(int(row.recovered), currency),
        )
        for row in rows
    ]


def _shops(asked: Mapping[str, object]) -> dict[str, str]:
    """Return who sold the parcels that a board is about; only the marketplace knows that."""
    every = {"by": "parcel", "within_by": "", "within": "", "most": None}
    return shops_of([row.key for row in session().execute(_RATIOS, {**asked, **every})])


def whole(rows: Sequence[Ratio], currency: str) -> Ratio:
    """Return the sums of a board."""
    return Ratio(
        key="",
        earned=total([row.earned for row in rows], currency),
        paid=total([row.paid for row in rows], currency),
        outstanding=total([row.outstanding for row in rows], currency),
        unreported=total([row.unreported for row in rows], currency),
        recovered=total([row.recovered for row in rows], currency),
    )
