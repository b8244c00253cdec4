"""What moved on a vendor's accounts, one line for each journal: orders, fees, refunds, payouts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, text

from kernel.db import session
from kernel.money import Money
from kernel.statements import read_sql
from kernel.text import N_


class LineKind(StrEnum):
    """What a line is, as a vendor's statement adds it up."""

    SALE = "sale"
    REFUND = "refund"
    RESERVE = "reserve"
    EXCHANGE = "exchange"
    PAYOUT = "payout"
    DEBT = "debt"
    COVER = "cover"
    OTHER = "other"


LINE: Mapping[LineKind, str] = {
    LineKind.SALE: N_("Order released"),
    LineKind.REFUND: N_("Refund for an order"),
    LineKind.RESERVE: N_("Reserve for refunds"),
    LineKind.EXCHANGE: N_("Currency exchange"),
    LineKind.PAYOUT: N_("Payout"),
    LineKind.DEBT: N_("Owed to Entrepôt"),
    LineKind.COVER: N_("Cover you pay for"),
    LineKind.OTHER: N_("Other transaction"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One journal. Units: amount is what it changed; for a sale amount = gross − fee − debt.

    For a refund gross and fee are below zero: the house returns its commission with it.
    Shape: subject is the order of a sale or refund, the payout of what belongs to one.
    """

    entry_id: int
    journal_id: int
    kind: LineKind
    subject: str
    memo: str
    at: datetime
    amount: Money
    gross: Money
    fee: Money
    debt: Money


_KINDS = {
    "escrow_released": LineKind.SALE,
    "escrow_refunded": LineKind.REFUND,
    "reserve_kept": LineKind.RESERVE,
    "reserve_returned": LineKind.RESERVE,
    "payout_debt": LineKind.DEBT,
    # Premiums of a vendor's own cover, charged and given back.
    "premium_charged": LineKind.COVER,
    "premium_refunded": LineKind.COVER,
    "exchange": LineKind.EXCHANGE,
    "exchange_refunded": LineKind.EXCHANGE,
}
# A refund's wallet of its buyer may be a vendor's too: then it is money like any other.
_LINES = text(read_sql(__file__, "lines"))
_ALL = 2**62


def lines_of(
    *,
    account_ids: Sequence[int],
    currency: str,
    after: int = 0,
    upto: int = _ALL,
    since: datetime | None = None,
    until: datetime | None = None,
    count: int = 100_000,
) -> list[Line]:
    """Return what changed accounts of one vendor and currency, oldest first.

    Shape: after and upto are entries, since and until instants; until is left out.
    """
    where = {
        "accounts": list(account_ids),
        "currency": currency,
        "after": after,
        "upto": upto,
        "since": since,
        "until": until,
        "count": count,
    }
    return [_line(row, currency) for row in session().execute(_LINES, where)]


def _line(row: Row[Any], currency: str) -> Line:
    amount, fee, debt = (Money(int(x), currency) for x in (row.amount, row.fee, row.debt))
    kind = _KINDS.get(row.kind, LineKind.OTHER)
    if kind is LineKind.REFUND and amount.minor > 0:
        kind, fee = LineKind.OTHER, Money.zero(currency)
    if row.payout_ref is not None:
        kind = LineKind.PAYOUT
    return Line(
        entry_id=row.entry_id,
        journal_id=row.journal_id,
        kind=kind,
        subject=row.payout_ref or row.subject,
        memo=row.memo,
        at=row.booked_at,
        amount=amount,
        gross=amount + fee + debt,
        fee=fee,
        debt=debt,
    )
