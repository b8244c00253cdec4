"""Terms and history of an open cover in words, for its pages, the desk and letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from insurance.trade.cargo import rules as cargo_rules
from insurance.trade.cargo import words as cargo_words
from insurance.trade.clauses.queries import Wording, wording
from insurance.trade.open_cover import queries, words
from insurance.trade.open_cover.queries import EntryView, OpenCoverView
from insurance.trade.open_cover.rules import Agreed
from insurance.trade.open_cover.stored import message_from
from kernel.money import Money
from kernel.text import Message, Quoted

_AMOUNTS = frozenset(
    {
        "deposit",
        "used",
        "least",
        "limit",
        "overdue",
        "turnover",
        "by_turnover",
        "by_least",
        "tax",
        "back",
        "off",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TermsPart:
    """Terms in words. Shape: shares are of one, None where the tariff's rates apply."""

    agreed: Agreed
    wordings: Sequence[Wording]
    additional: Sequence[Message]
    deductible: Message
    uplift: Decimal
    flat_rate: Decimal | None
    discount: Decimal


def terms_part(agreed: Agreed) -> TermsPart:
    """Return terms in words."""
    sets = cargo_rules.sets_of(agreed.clauses, agreed.war)
    return TermsPart(
        agreed=agreed,
        wordings=[wording(one, on=agreed.starts_on) for one in sorted(sets)],
        additional=[Message(cargo_words.ADDITIONAL[one]) for one in agreed.additional],
        deductible=Message(cargo_words.DEDUCTIBLES[agreed.deductible]),
        uplift=Decimal(agreed.uplift_pct) / 100,
        flat_rate=Decimal(agreed.flat_rate_pct) / 100 if agreed.flat_rate_pct else None,
        discount=Decimal(agreed.discount_pct) / 100,
    )


def history(cover: OpenCoverView) -> list[tuple[datetime, Message]]:
    """Return what happened to a cover, in sentences, newest first."""
    currency = cover.deposit.currency
    return [(line.at, _sentence(line, currency)) for line in queries.history_of(cover)]


def letter_data(line: EntryView, currency: str) -> dict[str, Any]:
    """Return what a letter says of a line of history, as plain values."""
    return {
        name: value.plain() if isinstance(value, Money) else value
        for name, value in _values(line, currency).items()
        if name != "why"
    }


def _sentence(line: EntryView, currency: str) -> Message:
    values = {
        name: Quoted(value) if name in ("reason", "reference", "where") else value
        for name, value in _values(line, currency).items()
    }
    if "why" in values:
        values["why"] = message_from(line.data["why"])
    if "last" in values:
        values["last"] = date.fromisoformat(line.data["last"])
    return Message(words.HISTORY[line.what], values)


def _values(line: EntryView, currency: str) -> dict[str, Any]:
    values: dict[str, Any] = {
        name: Money(value, currency) if name in _AMOUNTS else value
        for name, value in line.data.items()
    }
    if line.what == "adjusted":
        values["charge"] = values["by_turnover"] + values["by_least"] + values["tax"]
    return values
