"""A year's fees: on the page, and as paper."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import text

from banking.accounts.parties.queries import Owner, owner_for
from banking.core.ledger import queries as ledger
from banking.online.statements import rules
from banking.online.statements.errors import StatementUnknown
from banking.online.statements.queries import Paper, fee_accounts
from banking.online.statements.rules import FREE_OF_CHARGE
from kernel import clock
from kernel.actor import Actor
from kernel.db import session
from kernel.documents import isolated, left_to_right, render_pdf
from kernel.money import Money
from kernel.statements import read_sql
from kernel.text import N_, NP_, Message
from kernel.web.formats import currency_name, format_date, format_money
from kernel.web.i18n import translate, use_locale
from kernel.web.locales import direction

_FEES = text(read_sql(__file__, "fees"))


@dataclass(frozen=True, slots=True, kw_only=True)
class FeeLine:
    """What one kind of business cost in a year and currency, and how much of it there was."""

    title: str
    count: int
    volume: Money
    fees: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class FeePage:
    """A year's fees.

    Shape: sums are per currency; free is what costs nothing; is_over once nothing can be added.
    """

    owner: Owner
    year: int
    lines: Sequence[FeeLine]
    sums: Sequence[Money]
    free: Sequence[str]
    is_over: bool


def fee_page(actor: Actor, *, account: UUID | None, year: int) -> FeePage:
    """Return what a year cost, wallet by wallet. Raises: NotFound, StatementUnknown, PutAside."""
    if not 2000 <= year <= 2999:
        raise StatementUnknown
    owner = owner_for(actor, account)
    ledger.check_kept(rules.midnight(date(year, 1, 1)))
    where = {
        "owner": owner.id,
        "since": rules.midnight(date(year, 1, 1)),
        "until": rules.midnight(date(year + 1, 1, 1)),
    }
    lines = [
        FeeLine(
            title=rules.FEE_WORDS[row.kind],
            count=row.often,
            volume=Money(row.volume, row.currency),
            fees=Money(row.fees, row.currency),
        )
        for row in session().execute(_FEES, where | fee_accounts())
    ]
    sums: dict[str, Money] = {}
    for line in lines:
        currency = line.fees.currency
        sums[currency] = sums.get(currency, Money.zero(currency)) + line.fees
    return FeePage(
        owner=owner,
        year=year,
        lines=lines,
        sums=list(sums.values()),
        free=rules.FREE_OF_CHARGE,
        is_over=clock.today().year > year,
    )


def paper_of(page: FeePage, *, locale: str) -> Paper:
    """Return the fees of a year as PDF."""
    with use_locale(locale):
        content = render_pdf(
            "banking/online/statements/fees.typ",
            _stated(page),
            locale=locale,
            direction=direction(),
            at=clock.now(),
        )
    return Paper(content=content, name=f"fees-{page.year}.pdf", type="application/pdf")


def _stated(page: FeePage) -> dict[str, Any]:
    lines = [_row(line) for line in page.lines]
    free = translate(N_("free"))
    return {
        "title": translate(N_("Fee statement")),
        "author": "Entrepôt Bank",
        "firm": translate(N_("Bank")),
        "year": str(page.year),
        "holder": isolated(page.owner.name),
        "written": _say(N_("Issued on %(day)s."), day=format_date(clock.today(), "date")),
        "heads": [translate(h) for h in (N_("For"), N_("Amount"), N_("Cost"))],
        "lines": [*lines, *([translate(words), "", free] for words in FREE_OF_CHARGE)],
        "sums": [[currency_name(m.currency), _money(m)] for m in page.sums],
        "sums-title": translate(N_("All fees this year")),
        "none": translate(N_("No fees charged.")),
        "notice": translate(
            N_(
                "Entrepôt is a demonstration: its bank and insurer hold no licence "
                "and no real money moves."
            )
        ),
    }


def _row(line: FeeLine) -> list[str]:
    much = _say(
        NP_("%(count)s time, %(volume)s", "%(count)s times, %(volume)s", by="count"),
        count=line.count,
        volume=_money(line.volume),
    )
    return [translate(line.title), much, _money(line.fees)]


def _money(money: Money) -> str:
    return left_to_right(format_money(money, explicit=True))


def _say(sentence: str, **data: object) -> str:
    return translate(Message(sentence, data))
