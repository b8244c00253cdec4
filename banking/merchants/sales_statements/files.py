"""A vendor's statement as table and as paper; both add up on their own."""

from __future__ import annotations

from typing import Any

from banking.merchants.payouts.queries import Line
from banking.merchants.sales_statements.queries import LINE, Statement
from kernel.csv_files import csv_file
from kernel.documents import isolated, left_to_right, render_pdf
from kernel.money import Money
from kernel.text import N_, NP_, Message
from kernel.web.formats import currency_name, format_date, format_money, format_range
from kernel.web.i18n import translate, use_locale
from kernel.web.locales import direction

_HEADS = (
    "row",
    "booked_at",
    "kind",
    "reference",
    "gross",
    "commission",
    "amount",
    "balance",
    "currency",
    "journal",
)

_NOT_YOURS = N_(
    "Delivery, duty and tax were paid by the buyer and don't pass through your accounts."
)


def sums_of(found: Statement) -> list[tuple[str, Money]]:
    """Return the sums of a statement in their order, each with its marked name."""
    s = found.sums
    named = [
        (N_("Sales"), s.sales),
        (N_("Commission"), s.commission),
        (N_("Refunds"), s.refunds),
        (N_("Reserve for refunds"), s.reserve),
        (N_("Currency exchange"), s.exchanged),
        (N_("Payouts"), s.payouts),
        (N_("Other transactions"), s.other),
    ]
    return [(name, amount) for name, amount in named if amount]


def statement_csv(found: Statement) -> bytes:
    """Return a statement as CSV: opening, every line with the balance after it, closing."""
    rows: list[list[object]] = [_balance("opening", found.since.isoformat(), found.sums.opening)]
    balance = found.sums.opening
    for line in found.lines:
        balance += line.amount
        rows.append(
            [
                "entry",
                line.at.isoformat(),
                line.kind,
                line.subject,
                line.gross.amount,
                -line.fee.amount,
                line.amount.amount,
                balance.amount,
                line.amount.currency,
                line.journal_id,
            ]
        )
    rows.append(_balance("closing", found.until.isoformat(), found.sums.closing))
    return csv_file(_HEADS, rows)


def _balance(row: str, on: str, money: Money) -> list[object]:
    return [row, on, "", "", "", "", "", money.amount, money.currency, ""]


def statement_pdf(found: Statement, *, locale: str) -> bytes:
    """Return a statement as PDF in the vendor's language."""
    with use_locale(locale):
        return render_pdf(
            "banking/online/statements/statement.typ",
            _stated(found),
            locale=locale,
            direction=direction(),
            at=found.made_at,
        )


def _stated(found: Statement) -> dict[str, Any]:
    sums, days = found.sums, format_range(found.since, found.until, "date")
    return {
        "title": translate(N_("Earnings statement")),
        "author": "Entrepôt Bank",
        "firm": translate(N_("Bank")),
        "number": days,
        "days": days,
        "rows": [{"label": translate(label), "value": value} for label, value in _facts(found)],
        "sums-title": translate(N_("Summary")),
        "sums": [
            _sum(N_("Opening balance"), sums.opening, signed=False),
            *(_sum(label, amount) for label, amount in sums_of(found)),
            _sum(N_("Closing balance"), sums.closing, signed=False) | {"last": True},
        ],
        "fees-note": translate(_NOT_YOURS),
        "lines-title": translate(N_("Activity")),
        "heads": [
            translate(h) for h in (N_("Booked"), N_("Description"), N_("Amount"), N_("Balance"))
        ],
        "lines": _rows(found),
        "empty": translate(N_("No activity in this period.")),
        "opening": [
            format_date(found.since, "date"),
            translate(N_("Opening balance")),
            _money(sums.opening),
        ],
        "closing": [
            format_date(found.until, "date"),
            translate(N_("Closing balance")),
            _money(sums.closing),
        ],
        "page-of": _say(N_("Sheet %(sheet)s of %(sheets)s"), sheet="{0}", sheets="{1}"),
        "notice": translate(
            N_(
                "Entrepôt is a demonstration: its bank and insurer hold no licence "
                "and no real money moves."
            )
        ),
        "currency": currency_name(found.currency),
    }


def _facts(found: Statement) -> list[tuple[str, str]]:
    count = _say(
        NP_("%(count)s transaction", "%(count)s transactions", by="count"), count=len(found.lines)
    )
    return [
        (N_("Account holder"), isolated(found.owner.name)),
        (N_("IBAN"), left_to_right(found.wallet.printed_iban)),
        (N_("Currency"), f"{currency_name(found.currency)} ({found.currency})"),
        (N_("Statement date"), format_date(found.made_at, "date", zone="UTC")),
        (N_("Activity"), count),
    ]


def _rows(found: Statement) -> list[list[str]]:
    balance, rows = found.sums.opening, []
    for line in found.lines:
        balance += line.amount
        rows.append(
            [
                format_date(line.at, "date", zone="UTC"),
                _told(line),
                _money(line.amount, signed=True),
                _money(balance),
            ]
        )
    return rows


def _told(line: Line) -> str:
    parts = [translate(LINE[line.kind])]
    if "-" in line.subject:
        parts.append(left_to_right(line.subject))
    if line.fee.minor > 0:
        parts.append(
            _say(
                N_("%(price)s less %(fee)s commission"),
                price=_money(line.gross),
                fee=_money(line.fee),
            )
        )
    return " · ".join(parts)


def _sum(label: str, amount: Money, *, signed: bool = True) -> dict[str, Any]:
    return {"label": translate(label), "value": _money(amount, signed=signed), "last": False}


def _money(money: Money, *, signed: bool = False) -> str:
    return left_to_right(format_money(money, explicit=True, signed=signed))


def _say(sentence: str, **data: object) -> str:
    return translate(Message(sentence, data))
