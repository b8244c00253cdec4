"""What the pages of premium tax show: periods by country, what is due, and their lines."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from insurance.money.books.service import Insurer
from insurance.reporting.insurer_people import queries as insurer_people
from insurance.reporting.tax_returns import queries
from insurance.reporting.tax_returns.queries import Period, ReturnLine, Stage
from kernel.actor import Actor
from kernel.csv_files import csv_file
from kernel.money import Money, total
from kernel.people.identity import queries as people
from kernel.text import N_

STAGES = {
    Stage.OPEN: ("info", N_("Months missing")),
    Stage.READY: ("wait", N_("Ready to prepare")),
    Stage.PREPARED: ("wait", N_("Waits for a second person")),
    Stage.PAID: ("ok", N_("Paid")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxBoard:
    """What an insurer owes to states. Shape: others are the insurers beside it."""

    insurer: Insurer
    others: Sequence[Insurer]
    due: Sequence[Period]
    paid: Sequence[Period]

    @property
    def late(self) -> int:
        """How many periods are late."""
        return sum(1 for one in self.due if one.late)


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxPage:
    """One period. Shape: journal is the number of the one that paid it; names are of officers."""

    insurer: Insurer
    period: Period
    lines: Sequence[ReturnLine]
    net: Money
    tax: Money
    journal: int | None
    names: Mapping[UUID, str]
    may_confirm: bool

    def money(self, minor: int) -> Money:
        """Return an amount of a line."""
        return Money(minor, self.period.currency)


def tax_board(insurer: Insurer, actor: Actor) -> TaxBoard:
    """Return what an insurer owes to states, and what it paid."""
    found = queries.board(insurer_key=insurer.key, actor=actor)
    return TaxBoard(
        insurer=insurer,
        others=[one for one in insurer_people.visible(actor) if one.key != insurer.key],
        due=[one for one in found if not one.is_paid],
        paid=[one for one in found if one.is_paid],
    )


def tax_page(actor: Actor, insurer: Insurer, country: str, currency: str, first: date) -> TaxPage:
    """Return a period with its lines. Raises: TaxPeriodUnknown."""
    period = queries.period(
        insurer_key=insurer.key, country=country, currency=currency, first=first, actor=actor
    )
    lines, current = queries.lines_of(period, actor=actor), period.current
    officers = {current.prepared_by, current.confirmed_by} if current else set()
    return TaxPage(
        insurer=insurer,
        period=period,
        lines=lines,
        net=total([Money(line.net, currency) for line in lines], currency),
        tax=total([Money(line.tax, currency) for line in lines], currency),
        journal=queries.paid_by_journal(period, actor=actor),
        names={one.id: one.name for one in map(people.person, filter(None, officers)) if one},
        may_confirm=current is not None and current.prepared_by != actor.person_id,
    )


def tax_table(page: TaxPage) -> bytes:
    """Return a period's lines as a table, money in major units."""
    heads = ["line", "month", "certificate", "territory", "rate", "net", "tax", "journals"]
    rows: list[list[object]] = [
        [
            number,
            f"{line.month:%Y-%m}",
            line.subject,
            page.period.country,
            line.rate,
            page.money(line.net).amount,
            page.money(line.tax).amount,
            " ".join(map(str, line.journals)),
        ]
        for number, line in enumerate(page.lines, 1)
    ]
    return csv_file(heads, rows)
