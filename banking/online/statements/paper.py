"""The statement as paper: tagged, in the reader's language, and adding up on its first sheet."""

from __future__ import annotations

from datetime import date
from typing import Any

from banking.online.home.queries import note
from banking.online.statements.rules import Line, Period
from kernel.documents import isolated, left_to_right, render_pdf
from kernel.money import Money
from kernel.text import N_, NP_, Message
from kernel.web.formats import currency_name, format_date, format_money, format_range
from kernel.web.i18n import translate, use_locale
from kernel.web.locales import direction


def statement_pdf(period: Period, *, locale: str) -> bytes:
    """Return a statement as PDF; the same period in the same language is the same file."""
    with use_locale(locale):
        return render_pdf(
            "banking/online/statements/statement.typ",
            _stated(period),
            locale=locale,
            direction=direction(),
            at=period.made_at,
        )


def _stated(period: Period) -> dict[str, Any]:
    account = period.account
    return {
        "title": translate(N_("Account statement")),
        "author": "Entrepôt Bank",
        "firm": translate(N_("Bank")),
        "number": period.ref,
        "days": format_range(period.since, period.until, "date"),
        "rows": [{"label": translate(label), "value": value} for label, value in _facts(period)],
        "sums-title": translate(N_("Summary")),
        "sums": [
            {"label": translate(label), "value": _money(money, signed=signed), "last": is_last}
            for label, money, signed, is_last in _sums(period)
        ],
        "fees-note": _fees(period),
        "lines-title": translate(N_("Activity")),
        "heads": [translate(head) for head in _HEADS],
        "lines": [_row(line) for line in period.lines],
        "empty": translate(N_("No activity in this period.")),
        "opening": [
            format_date(period.since, "date"),
            translate(N_("Opening balance")),
            _money(period.opening),
        ],
        "closing": [
            format_date(period.until, "date"),
            translate(N_("Closing balance")),
            _money(period.closing),
        ],
        "page-of": _say(N_("Sheet %(sheet)s of %(sheets)s"), sheet="{0}", sheets="{1}"),
        "notice": translate(
            N_(
                "Entrepôt is a demonstration: its bank and insurer hold no licence "
                "and no real money moves."
            )
        ),
        "currency": currency_name(account.currency),
    }


_HEADS = (N_("Booked"), N_("Description"), N_("Amount"), N_("Balance"))


def _facts(period: Period) -> list[tuple[str, str]]:
    account = period.account
    printed = " ".join(account.iban[i : i + 4] for i in range(0, len(account.iban), 4))
    count = len(period.lines)
    number = translate(N_("none, the month isn't closed yet"))
    return [
        (N_("Account holder"), isolated(account.owner)),
        (N_("IBAN"), left_to_right(printed)),
        (N_("Currency"), f"{currency_name(account.currency)} ({account.currency})"),
        (N_("Statement number"), str(period.sequence) if period.sequence else number),
        (N_("Statement date"), format_date(period.made_at, "date", zone="UTC")),
        (
            N_("Activity"),
            _say(NP_("%(count)s transaction", "%(count)s transactions", by="count"), count=count),
        ),
    ]


def _sums(period: Period) -> list[tuple[str, Money, bool, bool]]:
    sums = period.sums
    moved = [
        (N_("Money received"), sums.received),
        (N_("Money paid"), sums.paid),
        (N_("Exchange: bought"), sums.exchanged_in),
        (N_("Exchange: sold"), sums.exchanged_out),
    ]
    return [
        (N_("Opening balance"), period.opening, False, False),
        *((label, money, True, False) for label, money in moved if money),
        (N_("Closing balance"), period.closing, False, True),
    ]


def _fees(period: Period) -> str:
    fees = period.sums.fees
    if not fees:
        return translate(N_("No fees or margins in this period."))
    return _say(N_("Fees and margins included in these amounts: %(fees)s."), fees=_money(fees))


def _row(line: Line) -> list[str]:
    parts = [translate(line.title)]
    if line.subject:
        parts.append(left_to_right(line.subject))
    if written := note(kind=line.kind, memo=line.memo):
        parts.append(isolated(written))
    if line.fee:
        parts.append(_say(N_("including %(fee)s fee or margin"), fee=_money(line.fee)))
    return [
        _day(line.booked_on),
        " · ".join(parts),
        _money(line.amount, signed=True),
        _money(line.balance_after),
    ]


def _day(on: date) -> str:
    return format_date(on, "date")


def _money(money: Money, *, signed: bool = False) -> str:
    return left_to_right(format_money(money, explicit=True, signed=signed))


def _say(sentence: str, **data: object) -> str:
    return translate(Message(sentence, data))
