"""The board of loss ratios, one statement for each look at it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select, text

from insurance.contracts.policies.models import Policy
from insurance.reporting.insurer_people import queries as insurer_people
from insurance.reporting.ratios.rules import By, Ratio
from insurance.reporting.ratios.shops import names_of
from kernel.actor import Actor
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
    actor: Actor,
    within: tuple[By, str] | None = None,
) -> list[Ratio]:
    """Return an insurer's figures from a day up to, but without, another, `MOST` groups at most.

    Shape: within keeps to one group of another kind, which leads from a figure to its policies.
    Raises: InsurerUnknown.
    """
    insurer_people.require(actor, insurer_key)
    asked = {
        "insurer_key": insurer_key,
        "by": by.value,
        "currency": currency,
        "first": first,
        "after": after,
        "within_by": within[0].value if within else "",
        "within": within[1] if within else "",
        "most": MOST,
    }
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


def shops(*, insurer_key: str, actor: Actor) -> dict[str, str]:
    """Return the shops whose parcels an insurer covers: their names by their keys, by name.

    Raises: InsurerUnknown.
    """
    insurer_people.require(actor, insurer_key)
    query = (
        select(Policy.seller_id)
        .where(Policy.insurer_key == insurer_key, Policy.seller_id.is_not(None))
        .distinct()
    )
    found = [number for number in session().scalars(query) if number is not None]
    named = names_of(found)
    names = {str(number): named.get(number, str(number)) for number in found}
    return dict(sorted(names.items(), key=lambda shop: (shop[1].casefold(), shop[0])))


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
