"""A year's fees as paper."""

from __future__ import annotations

from typing import Any

from banking.statements.queries import FeeLine, FeePage
from banking.statements.rules import FREE_OF_CHARGE
from banking.statements.service import Paper
from kernel import clock
from kernel.documents import isolated, left_to_right, render_pdf
from kernel.money import Money
from kernel.text import N_, NP_, Message
from kernel.web.formats import currency_name, format_date, format_money
from kernel.web.i18n import translate, use_locale
from kernel.web.locales import direction


def paper_of(page: FeePage, *, locale: str) -> Paper:
    """Return the fees of a year as PDF."""
    with use_locale(locale):
        content = render_pdf(
            "banking/statements/fees.typ", _stated(page), locale=locale, direction=direction(),
            at=clock.now(),
        )  # fmt: skip
    return Paper(content=content, name=f"fees-{page.year}.pdf", type="application/pdf")


def _stated(page: FeePage) -> dict[str, Any]:
    lines = [_row(line) for line in page.lines]
    free = translate(N_("nothing"))
    return {
        "title": translate(N_("Statement of fees")),
        "author": "Entrepôt Bank",
        "year": str(page.year),
        "holder": isolated(page.owner.name),
        "written": _say(N_("Written on %(day)s."), day=format_date(clock.today(), "date")),
        "heads": [translate(h) for h in (N_("For what"), N_("How much of it"), N_("Cost"))],
        "lines": [*lines, *([translate(words), "", free] for words in FREE_OF_CHARGE)],
        "sums": [[currency_name(m.currency), _money(m)] for m in page.sums],
        "sums-title": translate(N_("All fees of the year")),
        "none": translate(N_("This year cost you nothing.")),
        "notice": translate(N_("Entrepôt is a demonstration: its bank and insurer hold no licence "
                               "and no real money moves.")),
    }  # fmt: skip


def _row(line: FeeLine) -> list[str]:
    much = _say(
        NP_("%(count)s time, %(volume)s", "%(count)s times, %(volume)s", by="count"),
        count=line.count, volume=_money(line.volume),
    )  # fmt: skip
    return [translate(line.title), much, _money(line.fees)]


def _money(money: Money) -> str:
    return left_to_right(format_money(money, explicit=True))


def _say(sentence: str, **data: object) -> str:
    return translate(Message(sentence, data))
