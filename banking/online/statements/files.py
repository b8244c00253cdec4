"""One period as each kind of file; the same period is always the same bytes."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from banking.online.statements.mt940 import mt940_text
from banking.online.statements.paper import statement_pdf
from banking.online.statements.rules import FILE_LOCALE, Format, Line, Period
from kernel.csv_files import csv_file
from kernel.money import Money
from kernel.web.i18n import translate, use_locale

_HEADS = (
    "row",
    "booked_on",
    "value_on",
    "currency",
    "amount",
    "of_it_fee",
    "balance",
    "kind",
    "what",
    "reference",
    "note",
    "entry",
    "journal",
)


def written(period: Period, kind: Format, *, locale: str) -> bytes:
    """Return a period as a file. Raises: AmountTooLong."""
    if kind is Format.PDF:
        return statement_pdf(period, locale=locale)
    with use_locale(FILE_LOCALE):
        return _FILES[kind](period)


def _camt_xml(period: Period) -> bytes:
    from banking.online.statements.camt import camt_xml  # noqa: PLC0415 - takes 0.2 s to load

    return camt_xml(period)


def statement_csv(period: Period) -> bytes:
    """Return a period as CSV: opening, every entry, closing."""
    return csv_file(
        _HEADS,
        [
            _balance("opening", period.since.isoformat(), period.opening),
            *map(_cells, period.lines),
            _balance("closing", period.until.isoformat(), period.closing),
        ],
    )


def _balance(row: str, on: str, money: Money) -> list[object]:
    return [row, on, on, money.currency, "", "", money.amount, "", "", "", "", "", ""]


def _cells(line: Line) -> list[object]:
    return [
        "entry",
        line.booked_on,
        line.value_on,
        line.amount.currency,
        line.amount.amount,
        line.fee.amount if line.fee else "",
        line.balance_after.amount,
        line.kind,
        translate(line.title),
        line.subject,
        line.memo,
        line.entry_id,
        line.journal_id,
    ]


_FILES: Mapping[Format, Callable[[Period], bytes]] = {
    Format.CSV: statement_csv,
    Format.CAMT: _camt_xml,
    Format.MT940: mt940_text,
}
