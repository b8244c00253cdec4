"""Months of an open cover: what was declared, what came back, what the year was adjusted by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import func, select, union
from sqlalchemy.orm import InstrumentedAttribute

from insurance.trade.open_cover.models import Declaration
from insurance.trade.open_cover.queries import (
    DeclarationView,
    MoveView,
    OpenCoverView,
    declaration_view,
    moves_of,
)
from kernel.db import session
from kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Bordereau:
    """What was declared and withdrawn in a month.

    Shape: month is its first day; lines are what was declared in it, returns what was withdrawn in
    it, whenever it was declared; charges are adjustments. Sums are lines less returns.
    """

    month: date
    lines: Sequence[DeclarationView]
    returns: Sequence[DeclarationView]
    charges: Sequence[MoveView]
    currency: str

    @property
    def is_empty(self) -> bool:
        """Whether nothing stands in it."""
        return not (self.lines or self.returns or self.charges)

    @property
    def sum_insured(self) -> Money:
        """All sums insured."""
        return self._total(
            [line.sum_insured for line in self.lines], [line.sum_insured for line in self.returns]
        )

    @property
    def net(self) -> Money:
        """All premium."""
        return self._total([line.net for line in self.lines], [line.net for line in self.returns])

    @property
    def tax(self) -> Money:
        """All premium tax."""
        return self._total([line.tax for line in self.lines], [line.tax for line in self.returns])

    @property
    def owed(self) -> Money:
        """What became owed, less what returns were set against."""
        return self._total(
            [line.owed for line in self.lines],
            [line.off_owed for line in self.returns if line.off_owed is not None],
        )

    def _total(self, parts: Sequence[Money], back: Sequence[Money]) -> Money:
        found = sum(part.minor for part in parts) - sum(part.minor for part in back)
        return Money(found, self.currency)


def months_of(cover: OpenCoverView) -> list[date]:
    """Return the months in which something was declared or withdrawn, the newest first."""
    instants = [
        select(func.date_trunc("month", func.timezone("UTC", at))).where(
            Declaration.open_cover_id == cover.id, at.is_not(None)
        )
        for at in (Declaration.at, Declaration.withdrawn_at)
    ]
    return sorted((found.date() for found in session().scalars(union(*instants))), reverse=True)


def bordereau(cover: OpenCoverView, month: date) -> Bordereau:
    """Return what was declared and withdrawn in a month, oldest first."""
    first = datetime.combine(month, time(), tzinfo=UTC)
    after = datetime.combine(month_after(month), time(), tzinfo=UTC)
    currency = cover.deposit.currency

    def found(when: InstrumentedAttribute[Any]) -> list[DeclarationView]:
        query = select(Declaration).where(
            Declaration.open_cover_id == cover.id, when >= first, when < after
        )
        rows = session().scalars(query.order_by(when, Declaration.number))
        return [declaration_view(row, currency) for row in rows]

    return Bordereau(
        month=month,
        lines=found(Declaration.at),
        returns=found(Declaration.withdrawn_at),
        charges=[
            one for one in moves_of(cover) if one.what == "adjusted" and first <= one.at < after
        ],
        currency=currency,
    )


def month_after(month: date) -> date:
    """Return the first day of the month after a day's."""
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)
