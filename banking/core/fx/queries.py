"""Rates of a day, quotes as their owner sees them, exchanges that were made."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from uuid import UUID

from sqlalchemy import select, text

from banking.core.fx import rules
from banking.core.fx.errors import QuoteUnknown
from banking.core.fx.models import Execution, Quote
from banking.core.fx.rules import Peg, Purpose, Rate, RateTable, Reference, Side, convert
from kernel import clock
from kernel.config import settings
from kernel.db import in_command, session
from kernel.memory import Memory
from kernel.money import CURRENCIES, Money

__all__ = [
    "ExecutionView",
    "QuoteView",
    "Rate",
    "RatePoint",
    "RateTable",
    "Side",
    "convert",
    "execution_by_ref",
    "execution_of",
    "execution_view",
    "fx_rate",
    "history",
    "quote_of",
    "quote_view",
    "rates_of",
    "rates_on",
]

# One probe of the primary key per currency, newest first.
# What a euro buys of each currency; of a pegged one, what its anchor buys.
_RATES_ON = text(
    """
    SELECT c.currency, r.per_euro, r.rate_on, r.source, s.attribution, s.max_age_days,
        NULL AS anchor
    FROM unnest(CAST(:currencies AS text[])) AS c (currency)
    CROSS JOIN LATERAL (
        SELECT per_euro, rate_on, source FROM banking.fx_rates f
        WHERE f.currency = c.currency AND f.rate_on <= :on ORDER BY f.rate_on DESC LIMIT 1
    ) r
    JOIN banking.fx_sources s ON s.code = r.source
    UNION ALL
    SELECT currency, per_anchor, NULL, NULL, attribution, NULL, anchor FROM banking.fx_pegs
    WHERE valid_from <= :on AND (valid_until IS NULL OR valid_until > :on)
    """
)
_NEWEST = text(
    "SELECT min(newest) FROM (SELECT max(rate_on) AS newest FROM banking.fx_rates"
    " WHERE currency = ANY (CAST(:currencies AS text[])) AND rate_on <= :today GROUP BY currency) n"
)
_HISTORY = text(
    "SELECT rate_on, per_euro FROM banking.fx_rates"
    " WHERE currency = :currency AND rate_on BETWEEN :since AND :until ORDER BY rate_on"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteView:
    """A quote as its owner sees it.

    Shape: exchange holds every amount, None for a rate lock without one. Units: margin_bp in
    hundredths of a percent of the amount given.
    """

    id: UUID
    owner_id: UUID | None
    subject: str
    purpose: Purpose
    side: Side
    sell: str
    buy: str
    rate: Rate
    margin_bp: int
    quoted_at: datetime
    valid_until: datetime
    exchange: rules.Exchange | None
    used_by: UUID | None

    @property
    def mid(self) -> Decimal:
        """The mid rate with seven significant digits."""
        return self.rate.mid

    @property
    def margin(self) -> Fraction:
        """The margin as a share of the amount given."""
        return Fraction(self.margin_bp, 10_000)

    @property
    def your_rate(self) -> Decimal:
        """What one unit given brings after the margin, with seven significant digits."""
        return rules.significant(self.rate.ratio * (1 - self.margin))

    def seconds_left(self, at: datetime) -> int:
        """Return the whole seconds until the quote ends, 0 when it ended."""
        return max(0, int((self.valid_until - at).total_seconds()))


@dataclass(frozen=True, slots=True, kw_only=True)
class ExecutionView:
    """An exchange that was made."""

    id: UUID
    ref: str
    quote_id: UUID
    sold: Money
    bought: Money
    spread: Money
    rate: Rate
    margin_bp: int
    executed_at: datetime


@dataclass(frozen=True, slots=True)
class RatePoint:
    """A rate of a day, for charts and tables."""

    on: date
    mid: Decimal


_tables: Memory[date, RateTable] = Memory(seconds=30, most=8)


def rates_on(*, at: datetime | None = None) -> RateTable:
    """Return every rate as it stood on a business day.

    A command reads them fresh, once; pages remember a day's table for half a minute. While they are
    the same the table is the same one, and so is all that was reckoned by it.
    """
    on = (at or clock.now()).date()
    fresh = session().info if in_command() else None
    table: RateTable | None = _tables.get(on) if fresh is None else fresh.get((RateTable, on))
    if table is None:
        table, known = _read(on), _tables.get(on)
        if known == table:
            table = known
        _tables.keep({on: table})
        if fresh is not None:
            fresh[RateTable, on] = table
    return table


def _read(on: date) -> RateTable:
    default = settings().fx_staleness_days
    references, pegs = {}, {}
    for row in session().execute(_RATES_ON, {"currencies": list(CURRENCIES), "on": on}):
        if row.anchor is not None:
            pegs[row.currency] = Peg(row.currency, row.anchor, row.per_euro, row.attribution)
            continue
        references[row.currency] = Reference(
            row.currency,
            row.per_euro,
            row.rate_on,
            row.source,
            row.attribution,
            row.max_age_days or default,
        )
    return RateTable(on, references, pegs)


def fx_rate(*, base: str, quote: str, at: datetime | None = None) -> Rate:
    """Return the mid rate of two currencies as it stood at an instant, now when none is given.

    Raises: NoRate, StaleRate.
    """
    return rates_on(at=at).rate(base, quote)


def history(*, base: str, quote: str, days: int) -> list[RatePoint]:
    """Return the published mid rates of the days up to the newest one, oldest first.

    Shape: days on which both currencies were published; empty for currencies without a history.
    """
    where = {"currencies": [base, quote], "today": clock.today()}
    until = session().execute(_NEWEST, where).scalar_one() or clock.today()
    since = until - timedelta(days=days)
    per_euro = [_series(currency, since, until) for currency in (base, quote)]
    if not all(per_euro):
        known = [series for series in per_euro if series]
        if len(known) != 1 or rules.EURO not in {base, quote}:
            return []
        flat = dict.fromkeys(known[0], Fraction(1))
        per_euro = [series or flat for series in per_euro]
    first, second = per_euro
    shared = sorted(first.keys() & second.keys())
    return [RatePoint(on, rules.significant(second[on] / first[on])) for on in shared]


def quote_of(*, quote_id: UUID, owner_id: UUID | None = None) -> QuoteView:
    """Return a quote; with an owner, only one of that owner's.

    Raises: QuoteUnknown.
    """
    quote = session().get(Quote, quote_id)
    if quote is None or (owner_id is not None and quote.owner_id != owner_id):
        raise QuoteUnknown
    return quote_view(quote)


def rates_of(*, quote_ids: Collection[UUID]) -> dict[UUID, Rate]:
    """Return the reference rates that quotes locked, in one statement."""
    if not quote_ids:
        return {}
    query = select(Quote).where(Quote.id.in_(quote_ids))
    return {quote.id: quote_view(quote).rate for quote in session().scalars(query)}


def execution_of(*, execution_id: UUID) -> ExecutionView | None:
    """Return the exchange made under a key, None when there is none."""
    execution = session().get(Execution, execution_id)
    return (
        None
        if execution is None
        else execution_view(execution, quote_of(quote_id=execution.quote_id))
    )


def execution_by_ref(*, ref: str) -> ExecutionView | None:
    """Return the exchange with a reference, None when there is none."""
    query = select(Execution).where(Execution.ref == ref)
    execution = session().execute(query).scalar_one_or_none()
    return (
        None
        if execution is None
        else execution_view(execution, quote_of(quote_id=execution.quote_id))
    )


def execution_view(found: Execution, quote: QuoteView) -> ExecutionView:
    """Return a stored exchange with its quote's rate."""
    return ExecutionView(
        id=found.id,
        ref=found.ref,
        quote_id=quote.id,
        sold=Money(found.sold_minor, quote.sell),
        bought=Money(found.bought_minor, quote.buy),
        spread=Money(found.spread_minor, quote.sell),
        rate=quote.rate,
        margin_bp=quote.margin_bp,
        executed_at=found.executed_at,
    )


def quote_view(found: Quote) -> QuoteView:
    """Return a stored quote with the amounts that follow from it."""
    ratio = Fraction(int(found.mid_numerator), int(found.mid_denominator))
    margin = Fraction(found.margin_bp, 10_000)
    side = Side(found.side)
    exchange = None
    if side is Side.SELL and found.sell_minor is not None:
        exchange = rules.sell(Money(found.sell_minor, found.sell), found.buy, ratio, margin)
    elif side is Side.BUY and found.buy_minor is not None:
        exchange = rules.buy(Money(found.buy_minor, found.buy), found.sell, ratio, margin)
    return QuoteView(
        id=found.id,
        owner_id=found.owner_id,
        subject=found.subject,
        purpose=Purpose(found.purpose),
        side=side,
        sell=found.sell,
        buy=found.buy,
        rate=Rate(found.sell, found.buy, ratio, found.rate_on, found.source, found.attribution),
        margin_bp=found.margin_bp,
        quoted_at=found.quoted_at,
        valid_until=found.valid_until,
        exchange=exchange,
        used_by=found.used_by,
    )


def _series(currency: str, since: date, until: date) -> dict[date, Fraction]:
    where = {"currency": currency, "since": since, "until": until}
    return {row.rate_on: Fraction(row.per_euro) for row in session().execute(_HISTORY, where)}
