"""Commands on rates and quotes: load rates, promise one, make the legs of an exchange."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import Row, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from banking.core.fx import gateway, queries, rules, standin
from banking.core.fx.errors import (
    NoRate,
    NoTerms,
    QuoteAltered,
    QuoteExpired,
    QuoteUnknown,
    QuoteUsed,
    RefundTooLarge,
    SameCurrency,
    StaleRate,
)
from banking.core.fx.models import (
    Execution,
    ExecutionRefund,
    FxTerms,
    PeggedRate,
    Quote,
    RateSource,
)
from banking.core.fx.queries import ExecutionView, QuoteView
from banking.core.fx.rules import Purpose, Side
from banking.core.ledger.errors import IdempotencyMismatch
from banking.core.ledger.service import AccountKind, AccountRef, Leg
from kernel import clock
from kernel.actor import Actor
from kernel.config import secret_keys, settings
from kernel.db import command, session
from kernel.ids import new_id, public_ref
from kernel.money import Money

_TERMS = text(
    "SELECT margin_bp, quote_seconds FROM banking.fx_terms"
    " WHERE purpose = :purpose AND sell IN (:sell, '*') AND buy IN (:buy, '*')"
    " AND valid_from <= :on"
    " ORDER BY (sell = '*')::int + (buy = '*')::int, sell, valid_from DESC LIMIT 1"
)
_STAND_IN = "stand_in"
_CONTINUED_TO = text("SELECT max(rate_on) FROM banking.fx_rates WHERE source = :source")


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversion:
    """An exchange made under a quote, and the legs that book it.

    Shape: legs sum to zero in each currency and belong into one journal.
    """

    execution: ExecutionView
    legs: Sequence[Leg]


@command("banking.fx.load_reference_data")
def load_reference_data(*, actor: Actor) -> int:
    """Store sources, pegs, terms and the packaged history, set-based; return how many are new.

    What stands already stays as it is.
    """
    sources = [_source(row) for row in gateway.house_rows("sources")]
    pegs, terms = gateway.house_rows("pegs"), gateway.house_rows("terms")
    for model, rows in ((RateSource, sources), (PeggedRate, pegs), (FxTerms, terms)):
        session().execute(insert(model).on_conflict_do_nothing(), rows)
    return _store(gateway.packaged(), source="ecb_packaged")


@command("banking.fx.store_rates")
def store_rates(*, rates: Sequence[gateway.Published], actor: Actor) -> int:
    """Store fetched rates; return how many are new. A published rate is never replaced."""
    return _store(rates, source="ecb")


@command("banking.fx.continue_rates")
def continue_rates(*, actor: Actor) -> int:
    """Store the stand-in's rates up to today and return how many are new; in a demonstration alone.

    It goes on from the packaged history, so there are none where that was not loaded.
    """
    assert settings().demo, "elsewhere a rate is published by somebody"
    if session().get(RateSource, _STAND_IN) is None:
        return 0
    known = session().execute(_CONTINUED_TO, {"source": _STAND_IN}).scalar_one()
    today = clock.today()
    if known is not None and known >= today:
        return 0
    new = list(standin.continued(gateway.packaged(), until=today, known=known))
    return _store(new, source=_STAND_IN) if new else 0


@command("banking.fx.fx_quote")
def fx_quote(
    *, owner_id: UUID, sell: str, buy: str, amount: Money, side: Side | str, actor: Actor
) -> QuoteView:
    """Promise an owner one exchange; the amount of the chosen side stays as given.

    Raises: SameCurrency, NoRate, StaleRate, NoTerms, AmountTooSmall.
    """
    fixed = Side(side)
    assert amount.currency == (sell if fixed is Side.SELL else buy), "the amount is of its side"
    assert fixed is not Side.FREE, "an order locks, an owner asks"
    terms = _terms(Purpose.EXCHANGE, sell, buy)
    rate = queries.fx_rate(base=sell, quote=buy)
    margin = Fraction(terms.margin_bp, 10_000)
    exchange = (
        rules.sell(amount, buy, rate.ratio, margin)
        if fixed is Side.SELL
        else rules.buy(amount, sell, rate.ratio, margin)
    )
    return _signed(
        Quote(
            owner_id=owner_id,
            subject="",
            purpose=Purpose.EXCHANGE,
            side=fixed,
            sell=sell,
            buy=buy,
            sell_minor=exchange.sold.minor,
            buy_minor=exchange.bought.minor,
            valid_until=clock.now() + timedelta(seconds=terms.quote_seconds),
        ),
        rate,
        terms.margin_bp,
    )


@command("banking.fx.quote_again")
def quote_again(*, quote_id: UUID, actor: Actor) -> QuoteView:
    """Promise the exchange of an owner's quote anew, at the rate of now.

    Raises: QuoteUnknown, and as fx_quote.
    """
    old = queries.quote_of(quote_id=quote_id)
    if old.owner_id is None or old.exchange is None:
        raise QuoteUnknown
    amount = old.exchange.sold if old.side is Side.SELL else old.exchange.bought
    return fx_quote(
        owner_id=old.owner_id, sell=old.sell, buy=old.buy, amount=amount, side=old.side, actor=actor
    )


@command("banking.fx.lock_rate")
def lock_rate(
    *, sell: str, buy: str, subject: str, valid_until: datetime, actor: Actor
) -> QuoteView:
    """Promise a rate to an order, for any number of conversions until an instant.

    Raises: SameCurrency, NoRate, StaleRate, NoTerms.
    """
    terms = _terms(Purpose.ORDER, sell, buy)
    rate = queries.fx_rate(base=sell, quote=buy)
    return _signed(
        Quote(
            owner_id=None,
            subject=subject,
            purpose=Purpose.ORDER,
            side=Side.FREE,
            sell=sell,
            buy=buy,
            sell_minor=None,
            buy_minor=None,
            valid_until=valid_until,
        ),
        rate,
        terms.margin_bp,
    )


@command("banking.fx.use_quote")
def use_quote(
    *, quote_id: UUID, key: UUID, giver: AccountRef, taker: AccountRef, actor: Actor
) -> Conversion:
    """Use an owner's quote up and return the legs of its exchange; the same key finds it again.

    Locks: the quote. Raises: QuoteUnknown, QuoteAltered, QuoteUsed, QuoteExpired.
    """
    quote = _locked(quote_id)
    assert quote.exchange is not None, "order locks are converted, not used"
    if quote.used_by != key:
        if quote.used_by is not None:
            raise QuoteUsed
        _in_time(quote)
        session().execute(update(Quote).where(Quote.id == quote_id).values(used_by=key))
    stored = session().get(Execution, key) or _executed(quote, key, quote.exchange)
    return _made(quote, stored, quote.exchange, giver, taker)


@command("banking.fx.convert_under_lock")
def convert_under_lock(
    *, quote_id: UUID, key: UUID, amount: Money, giver: AccountRef, taker: AccountRef, actor: Actor
) -> Conversion:
    """Give an amount at a rate locked for an order and return its legs; the same key, the same.

    Raises: QuoteUnknown, QuoteAltered, QuoteExpired, AmountTooSmall, IdempotencyMismatch.
    """
    quote = _checked(session().get(Quote, quote_id))
    assert quote.side is Side.FREE, "an owner's quote has its amount"
    assert amount.currency == quote.sell, "the lock is for this currency"
    stored = session().get(Execution, key)
    if stored is None:
        _in_time(quote)
    exchange = rules.sell(amount, quote.buy, quote.rate.ratio, quote.margin)
    return _made(quote, stored or _executed(quote, key, exchange), exchange, giver, taker)


@command("banking.fx.refund_conversion")
def refund_conversion(
    *,
    execution_id: UUID,
    key: UUID,
    amount: Money,
    giver: AccountRef,
    taker: AccountRef,
    actor: Actor,
) -> Sequence[Leg]:
    """Take back part or all of what an exchange brought, at its original rate and margin.

    Parts that add up to the whole return the whole, to the minor unit. What the house loses or
    wins against today's rate stands in fx_result. Nobody calls it so far: an order is paid, held
    and refunded in one currency, the buyer's.
    Locks: the quote of the exchange. Raises: QuoteUnknown, RefundTooLarge, IdempotencyMismatch.
    """
    stored = session().get(Execution, execution_id)
    if stored is None:
        raise QuoteUnknown
    made = queries.execution_view(stored, _locked(stored.quote_id))
    assert amount.currency == made.bought.currency, "what was bought goes back"
    refund = session().get(ExecutionRefund, key) or _refund(made, key, amount)
    if (refund.execution_id, refund.bought_minor) != (execution_id, amount.minor):
        raise IdempotencyMismatch
    return _refund_legs(refund, made, giver, taker)


def _source(row: dict[str, Any]) -> dict[str, Any]:
    # A demonstration's clock may run ahead of every publisher; pages name the day of each rate.
    age = "max_age_days_in_a_demonstration" if settings().demo else "max_age_days"
    return {"code": row["code"], "attribution": row["attribution"], "max_age_days": row[age]}


def _store(rates: Sequence[gateway.Published], *, source: str) -> int:
    stored = session().execute(
        text(
            "INSERT INTO banking.fx_rates (currency, rate_on, per_euro, source)"
            " SELECT currency, rate_on, per_euro, :source FROM unnest(CAST(:currencies AS text[]),"
            " CAST(:days AS date[]), CAST(:figures AS numeric[]))"
            " AS r (currency, rate_on, per_euro) ON CONFLICT DO NOTHING"
        ),
        {
            "source": source,
            "currencies": [rate.currency for rate in rates],
            "days": [rate.rate_on for rate in rates],
            "figures": [rate.per_euro for rate in rates],
        },
    )
    return int(stored.rowcount)  # type: ignore[attr-defined]  # an INSERT counts its rows


def _terms(purpose: Purpose, sell: str, buy: str) -> Row[Any]:
    if sell == buy:
        raise SameCurrency
    where = {"purpose": purpose, "sell": sell, "buy": buy, "on": clock.today()}
    terms = session().execute(_TERMS, where).one_or_none()
    if terms is None:
        raise NoTerms(sell=sell, buy=buy)
    return terms


def _signed(quote: Quote, rate: rules.Rate, margin_bp: int) -> QuoteView:
    quote.id, quote.quoted_at, quote.margin_bp = new_id(), clock.now(), margin_bp
    quote.mid_numerator = Decimal(rate.ratio.numerator)
    quote.mid_denominator = Decimal(rate.ratio.denominator)
    quote.rate_on, quote.source, quote.attribution = rate.rate_on, rate.source, rate.attribution
    quote.signature = _signature(quote, secret_keys()[0])
    session().add(quote)
    session().flush()
    return queries.quote_view(quote)


def _signature(quote: Quote, key: bytes) -> str:
    return rules.signature(
        key,
        facts={
            "id": quote.id,
            "owner": quote.owner_id,
            "subject": quote.subject,
            "purpose": str(quote.purpose),
            "side": str(quote.side),
            "sell": quote.sell,
            "buy": quote.buy,
            "sell_minor": quote.sell_minor,
            "buy_minor": quote.buy_minor,
            "mid": f"{int(quote.mid_numerator)}/{int(quote.mid_denominator)}",
            "margin_bp": quote.margin_bp,
            "valid_until": int(quote.valid_until.timestamp()),
        },
    )


def _locked(quote_id: UUID) -> QuoteView:
    query = select(Quote).where(Quote.id == quote_id).with_for_update()
    return _checked(session().execute(query).scalar_one_or_none())


def _checked(quote: Quote | None) -> QuoteView:
    if quote is None:
        raise QuoteUnknown
    marks = (_signature(quote, key) for key in secret_keys())
    if not any(rules.same_signature(quote.signature, mark) for mark in marks):
        raise QuoteAltered
    return queries.quote_view(quote)


def _in_time(quote: QuoteView) -> None:
    if clock.now() >= quote.valid_until:
        raise QuoteExpired


def _executed(quote: QuoteView, key: UUID, exchange: rules.Exchange) -> Execution:
    stored = Execution(
        id=key,
        ref=public_ref("X"),
        quote_id=quote.id,
        sold_minor=exchange.sold.minor,
        spread_minor=exchange.spread.minor,
        bought_minor=exchange.bought.minor,
        executed_at=clock.now(),
    )
    session().add(stored)
    session().flush()
    return stored


def _made(
    quote: QuoteView,
    stored: Execution,
    exchange: rules.Exchange,
    giver: AccountRef,
    taker: AccountRef,
) -> Conversion:
    if (stored.quote_id, stored.sold_minor) != (quote.id, exchange.sold.minor):
        raise IdempotencyMismatch
    view = queries.execution_view(stored, quote)
    return Conversion(execution=view, legs=exchange_legs(exchange, giver, taker))


def exchange_legs(exchange: rules.Exchange, giver: AccountRef, taker: AccountRef) -> list[Leg]:
    """Return the legs of an exchange: four of principal, spread and roundings where not zero."""
    sold, bought = exchange.sold.currency, exchange.bought.currency
    legs = [
        Leg(giver, -exchange.sold),
        Leg(AccountRef.house(AccountKind.FX_POSITION, sold), exchange.principal),
        Leg(AccountRef.house(AccountKind.FX_REVENUE, sold), exchange.spread),
        Leg(AccountRef.house(AccountKind.ROUNDING, sold), exchange.sell_rounding),
        Leg(AccountRef.house(AccountKind.FX_POSITION, bought), -exchange.position),
        Leg(AccountRef.house(AccountKind.ROUNDING, bought), exchange.buy_rounding),
        Leg(taker, exchange.bought),
    ]
    return [leg for leg in legs if leg.amount]


def _refund(made: ExecutionView, key: UUID, amount: Money) -> ExecutionRefund:
    gone = session().execute(
        select(func.coalesce(func.sum(ExecutionRefund.bought_minor), 0)).where(
            ExecutionRefund.execution_id == made.id
        )
    )
    before = Money(int(gone.scalar_one()), made.bought.currency)
    if before + amount > made.bought:
        raise RefundTooLarge(left=made.bought - before)
    sold = rules.share(made.sold, amount, made.bought, before=before)
    spread = rules.share(made.spread, amount, made.bought, before=before)
    value = _value_today(made, amount, otherwise=sold - spread)
    refund = ExecutionRefund(
        id=key,
        execution_id=made.id,
        bought_minor=amount.minor,
        sold_minor=sold.minor,
        spread_minor=spread.minor,
        value_minor=value.minor,
        result_minor=(sold - spread - value).minor,
        refunded_at=clock.now(),
    )
    session().add(refund)
    session().flush()
    return refund


def _value_today(made: ExecutionView, amount: Money, *, otherwise: Money) -> Money:
    """Return what comes back at today's mid rate; the original value when no rate may be used.

    A customer's refund does not wait for a rate: the result is then found at revaluation.
    """
    try:
        rate = queries.fx_rate(base=made.bought.currency, quote=made.sold.currency)
    except (NoRate, StaleRate):
        return otherwise
    return rules.convert(amount, made.sold.currency, rate)


def _refund_legs(
    refund: ExecutionRefund, made: ExecutionView, giver: AccountRef, taker: AccountRef
) -> list[Leg]:
    sold, bought = made.sold.currency, made.bought.currency
    back = Money(refund.bought_minor, bought)
    position, result = AccountKind.FX_POSITION, AccountKind.FX_RESULT
    legs = [
        Leg(giver, -back),
        Leg(AccountRef.house(position, bought), back),
        Leg(AccountRef.house(position, sold), Money(-refund.value_minor, sold)),
        Leg(AccountRef.house(AccountKind.FX_REVENUE, sold), Money(-refund.spread_minor, sold)),
        Leg(AccountRef.house(result, sold), Money(-refund.result_minor, sold)),
        Leg(taker, Money(refund.sold_minor, sold)),
    ]
    return [leg for leg in legs if leg.amount]
