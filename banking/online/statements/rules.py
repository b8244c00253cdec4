"""Months, periods, and what adds up on a statement; plain values in and out."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from uuid import UUID

from kernel.money import Money, total
from kernel.text import N_, Message


class Format(StrEnum):
    """What a statement can be taken along as."""

    PDF = "pdf"
    CSV = "csv"
    CAMT = "camt053"
    MT940 = "mt940"


# As which file it leaves: (ending, type).
FILES: Mapping[Format, tuple[str, str]] = {
    Format.PDF: ("pdf", "application/pdf"),
    Format.CSV: ("csv", "text/csv"),
    Format.CAMT: ("camt053.xml", "application/xml"),
    Format.MT940: ("mt940.txt", "text/plain"),
}

# Paper speaks the reader's language; files are read by programs, which know one.
FILE_LOCALE = "en"

# Entries that a page waits for; more are written by a job.
AT_ONCE = 500
# Entries that each kind of file carries: a thousand sheets are no statement any more.
MOST: Mapping[Format, int] = {
    Format.PDF: 5_000,
    Format.CSV: 200_000,
    Format.CAMT: 20_000,
    Format.MT940: 50_000,
}

# A booking that began before midnight has ended an hour later.
SETTLED_AFTER = timedelta(hours=1)

# In which kinds of journal a customer pays the bank or the house, and on which account it stands.
FEES: Mapping[str, str] = {
    "exchange": "fx_revenue",
    "exchange_refunded": "fx_revenue",
    "escrow_released": "commission_revenue",
}
FEE_WORDS: Mapping[str, str] = {
    "exchange": N_("Margin on exchanges"),
    "exchange_refunded": N_("Margin refunded with exchanges"),
    "escrow_released": N_("Commission on sales"),
}
# What other banks charge for and this one does not; a statement of fees names it all the same.
FREE_OF_CHARGE = (
    N_("Holding wallets"),
    N_("Adding money by card"),
    N_("Statements and files"),
)
EXCHANGES = frozenset({"exchange", "exchange_refunded"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """Whose wallet a statement is about. Shape: iban without spaces."""

    wallet_id: UUID
    iban: str
    currency: str
    owner: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry of a statement.

    Shape: fee is the part of the amount that the bank or the house kept, None where there is none.
    """

    entry_id: int
    journal_id: int
    kind: str
    title: Message
    subject: str
    memo: str
    amount: Money
    balance_after: Money
    booked_at: datetime
    value_on: date
    fee: Money | None

    @property
    def booked_on(self) -> date:
        """The day on which it was booked, UTC."""
        return self.booked_at.date()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """What a period adds up to: opening plus these is closing; fees are inside them."""

    received: Money
    paid: Money
    exchanged_in: Money
    exchanged_out: Money
    fees: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A statement with all its entries, oldest first.

    Shape: sequence counts the closed months of a wallet from one, None for any other period;
    made_at is written into every file, so that the same period is the same file.
    """

    account: Account
    ref: str
    sequence: int | None
    since: date
    until: date
    opening: Money
    closing: Money
    lines: Sequence[Line]
    made_at: datetime

    @property
    def sums(self) -> Sums:
        """What the entries add up to."""
        return sums_of(self.lines, self.account.currency)


def sums_of(lines: Sequence[Line], currency: str) -> Sums:
    """Return what entries add up to, exchanges and fees apart."""

    def of(*, is_exchange: bool, is_incoming: bool) -> Money:
        return total(
            [
                line.amount
                for line in lines
                if (line.kind in EXCHANGES) is is_exchange
                and (line.amount.minor > 0) is is_incoming
            ],
            currency,
        )

    return Sums(
        received=of(is_exchange=False, is_incoming=True),
        paid=of(is_exchange=False, is_incoming=False),
        exchanged_in=of(is_exchange=True, is_incoming=True),
        exchanged_out=of(is_exchange=True, is_incoming=False),
        fees=total([line.fee for line in lines if line.fee is not None], currency),
    )


def chained(
    before: bytes, *, iban: str, month: date, opening: int, closing: int, content: str
) -> bytes:
    """Return the fingerprint of a closed month: SHA-256 over the one before it and all it says.

    Units: minor units. Shape: content is what its entries say, in one text.
    """
    facts = f"{iban}|{month:%Y-%m}|{opening}|{closing}\n{content}"
    return hashlib.sha256(before + facts.encode()).digest()


def checked(period: Period) -> Period:
    """Return a period whose opening and entries lead to its closing, balance by balance."""
    reached = period.opening
    for line in period.lines:
        reached += line.amount
        assert line.balance_after == reached, f"entry {line.entry_id} breaks the chain"
    assert reached == period.closing, f"{period.ref} does not add up"
    return period


def first_of_month(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """Return the first day of the month after."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def last_of_month(month: date) -> date:
    """Return the last day of a month."""
    return next_month(month) - timedelta(days=1)


def due_months(*, opened_on: date, last_closed: date | None, now: datetime) -> list[date]:
    """Return the months that can be closed, oldest first."""
    month = next_month(last_closed) if last_closed else first_of_month(opened_on)
    current = first_of_month((now - SETTLED_AFTER).date())
    months = []
    while month < current:
        months.append(month)
        month = next_month(month)
    return months


def midnight(on: date) -> datetime:
    """Return the instant at which a day begins, UTC."""
    return datetime.combine(on, time(), tzinfo=UTC)


def day_after(on: date) -> date:
    """Return the next day."""
    return on + timedelta(days=1)


def month_ref(serial: str, month: date) -> str:
    """Return how a closed month is called: the end of its IBAN, and the month."""
    return f"S{serial[-8:]}-{month:%Y%m}"
