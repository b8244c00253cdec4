"""Open covers as underwriters look over them: how each stands, and its months with their sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from sqlalchemy import text

from insurance.trade.open_cover import queries
from insurance.trade.open_cover.errors import OpenCoverUnknown
from insurance.trade.open_cover.months import month_after
from insurance.trade.open_cover.needs import Facts, Need, needs_of
from insurance.trade.open_cover.queries import OpenCoverView, Use, Year
from kernel import clock
from kernel.db import session
from kernel.money import Money
from kernel.statements import read_sql

__all__ = ["Need"]

_STANDING = text(read_sql(__file__, "standing"))
_MONTHS = text(read_sql(__file__, "months"))
_PEAKS = text(read_sql(__file__, "peaks"))
_SUMS = (
    "cif",
    "sum_insured",
    "net",
    "tax",
    "deposit_used",
    "owed",
    "paid",
    "adjusted",
    "deposit_left",
    "owed_left",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """An open cover in the desk's list.

    Shape: lately is the CIF value declared in this month, cif in all; uses are its fullest
    conveyance and place, without their names; needs are what waits for a decision.
    """

    cover: OpenCoverView
    lately: Money
    cif: Money
    uses: Sequence[Use]
    needs: Sequence[Need]

    @property
    def fullest(self) -> int:
        """What is used of the limit that is used most, in whole per cent."""
        return max((use.pct for use in self.uses), default=0)


@dataclass(frozen=True, slots=True, kw_only=True)
class MonthSum:
    """A month of an open cover.

    Units: cif, sum_insured, net and tax less what was withdrawn in it; deposit_used and owed by
    shipments; paid of what was owed; adjusted at the year's end; the last two stand at its end.
    """

    month: date
    shipments: int
    withdrawn: int
    cif: Money
    sum_insured: Money
    net: Money
    tax: Money
    deposit_used: Money
    owed: Money
    paid: Money
    adjusted: Money
    deposit_left: Money
    owed_left: Money


def standings() -> list[Standing]:
    """Return open covers for the desk, those that need a decision first."""
    covers, today = queries.at_desk(), clock.today()
    asked = {
        "ids": [cover.id for cover in covers],
        "today": today,
        "first": datetime.combine(today.replace(day=1), time(), tzinfo=UTC),
    }
    rows = {row.id: row for row in session().execute(_STANDING, asked)}
    found = []
    for cover in covers:
        row, currency = rows[cover.id], cover.deposit.currency
        uses = []
        if cover.terms is not None:
            limits = (cover.terms.conveyance_limit, cover.terms.location_limit)
            used = (Money(int(sums), currency) for sums in (row.on_conveyance, row.at_place))
            uses = [
                Use(what="", used=one, limit=limit) for one, limit in zip(used, limits, strict=True)
            ]
        cif = Money(int(row.cif), currency)
        found.append(
            Standing(
                cover=cover,
                lately=Money(int(row.lately), currency),
                cif=cif,
                uses=uses,
                needs=_needs(cover, cif, uses),
            )
        )
    return sorted(found, key=lambda one: not one.needs)


def needs(cover: OpenCoverView, year: Year, uses: Sequence[Use]) -> list[Need]:
    """Return what of a cover needs a decision. Shape: uses as its page shows them."""
    return _needs(cover, year.cif, uses)


def month_sums(cover: OpenCoverView) -> list[MonthSum]:
    """Return the months of a cover in which anything happened, the newest first."""
    found = []
    for row in session().execute(_MONTHS, {"id": cover.id}).mappings():
        sums = {name: Money(int(row[name]), cover.deposit.currency) for name in _SUMS}
        found.append(
            MonthSum(
                month=row["month"],
                shipments=int(row["shipments"]),
                withdrawn=int(row["withdrawn"]),
                **sums,
            )
        )
    return found


def month_called(sums: Sequence[MonthSum], name: str) -> MonthSum:
    """Return the month of a cover that is called so, such as 2026-06. Raises: OpenCoverUnknown."""
    for one in sums:
        if f"{one.month:%Y-%m}" == name:
            return one
    raise OpenCoverUnknown


def peaks(cover: OpenCoverView, month: date) -> list[Use]:
    """Return how full conveyances and places were by what leaves in a month, the fullest first."""
    agreed = cover.agreed
    asked = {
        "id": cover.id,
        "first": month,
        "after": month_after(month),
        "days": agreed.location_days,
    }
    uses = [
        Use(
            what=row.what,
            used=Money(int(row.used), agreed.currency),
            limit=agreed.location_limit if row.is_place else agreed.conveyance_limit,
        )
        for row in session().execute(_PEAKS, asked)
    ]
    return sorted(uses, key=lambda use: (-use.pct, use.what))


def _needs(cover: OpenCoverView, cif: Money, uses: Sequence[Use]) -> list[Need]:
    return needs_of(
        Facts(
            state=cover.state,
            agreed=cover.terms,
            ends_on=cover.ends_on,
            is_adjustable=cover.is_adjustable,
            deposit=cover.deposit,
            overdue=cover.overdue,
            cif=cif,
            uses=uses,
            today=clock.today(),
        )
    )
