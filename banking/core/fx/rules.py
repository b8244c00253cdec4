"""Rates and exchanges in plain values: exact fractions, one rounding, margin in money.

A rate says how many major units of `quote` one major unit of `base` is worth. Customers pay the
margin in the currency they give and the rest at the mid rate, so every figure of a quote can be
checked by hand. Remainders below one minor unit go to the house's rounding account: rounding in
the customer's favour would let many tiny exchanges make money out of nothing.
"""

from __future__ import annotations

import hashlib
import hmac
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from uuid import UUID

from banking.core.fx.errors import AmountTooSmall, NoRate, StaleRate
from kernel.money import Money, exponent, half_up

EURO = "EUR"
_LONGEST_GAP = 5  # days from one working day to the next, over Easter or the turn of a year


class Side(StrEnum):
    """Which amount of a quote stays as typed; FREE for a rate locked without an amount."""

    SELL = "sell"
    BUY = "buy"
    FREE = "free"


class Purpose(StrEnum):
    """What a quote is for; terms differ by it."""

    EXCHANGE = "exchange"
    ORDER = "order"


@dataclass(frozen=True, slots=True)
class Rate:
    """A mid rate of one day.

    Units: ratio is major units of quote per major unit of base, exact.
    """

    base: str
    quote: str
    ratio: Fraction
    rate_on: date
    source: str
    attribution: str

    @property
    def mid(self) -> Decimal:
        """The ratio with seven significant digits, for reading; money never goes through it."""
        return significant(self.ratio)

    def is_old(self, today: date) -> bool:
        """Whether it is older than weekends and holidays explain."""
        return (today - self.rate_on).days > _LONGEST_GAP

    def inverse(self) -> Rate:
        """Return the same rate read the other way round."""
        return Rate(
            self.quote, self.base, 1 / self.ratio, self.rate_on, self.source, self.attribution
        )


@dataclass(frozen=True, slots=True)
class Reference:
    """A published rate.

    Units: per_euro is units of the currency per euro. max_age_days counts from rate_on.
    """

    currency: str
    per_euro: Decimal
    rate_on: date
    source: str
    attribution: str
    max_age_days: int


@dataclass(frozen=True, slots=True)
class Peg:
    """A currency fixed to another by its central bank.

    Units: per_anchor is units of the currency per unit of the anchor.
    """

    currency: str
    anchor: str
    per_anchor: Decimal
    attribution: str


@dataclass(frozen=True, slots=True)
class RateTable:
    """Every rate as it stood on a day.

    Shape: references and pegs by currency. A cross rate is reckoned once per table.
    """

    on: date
    references: Mapping[str, Reference]
    pegs: Mapping[str, Peg]
    _crosses: dict[tuple[str, str], Rate] = field(default_factory=dict, compare=False, repr=False)

    def rate(self, base: str, quote: str) -> Rate:
        """Return the cross rate of two currencies, exact, dated by its older leg.

        Raises: NoRate when a currency has no reference rate; StaleRate when a leg is too old.
        """
        known = self._crosses.get((base, quote))
        if known is None:
            known = self._crosses[base, quote] = self._cross(base, quote)
        return known

    def _cross(self, base: str, quote: str) -> Rate:
        if base == quote:
            return Rate(base, quote, Fraction(1), self.on, "identity", "")
        legs = [self._leg(currency, base, quote) for currency in (base, quote)]
        dated = [leg for leg in legs if leg.rate_on is not None]
        oldest = min(dated, key=lambda leg: leg.rate_on or self.on)
        assert oldest.rate_on is not None, "two currencies, so at least one is not the euro"
        attributions = dict.fromkeys(words for leg in legs for words in leg.attributions)
        return Rate(
            base,
            quote,
            legs[1].per_euro / legs[0].per_euro,
            oldest.rate_on,
            oldest.source,
            " ".join(attributions),
        )

    def knows(self, currency: str) -> bool:
        """Whether the currency has a rate that may be used."""
        try:
            self._leg(currency, currency, EURO)
        except (NoRate, StaleRate):
            return False
        return True

    def _leg(self, currency: str, base: str, quote: str) -> _Leg:
        if currency == EURO:
            return _Leg(Fraction(1), None, "", ())
        peg = self.pegs.get(currency)
        if peg is not None:
            anchor = self._leg(peg.anchor, base, quote)
            ratio = anchor.per_euro * Fraction(peg.per_anchor)
            words = (*anchor.attributions, peg.attribution)
            return _Leg(ratio, anchor.rate_on, anchor.source, words)
        reference = self.references.get(currency)
        if reference is None:
            raise NoRate(base=base, quote=quote)
        if (self.on - reference.rate_on).days > reference.max_age_days:
            raise StaleRate(base=base, quote=quote, rate_on=reference.rate_on)
        words = (reference.attribution,)
        return _Leg(Fraction(reference.per_euro), reference.rate_on, reference.source, words)


@dataclass(frozen=True, slots=True)
class _Leg:
    per_euro: Fraction
    rate_on: date | None
    source: str
    attributions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Exchange:
    """What an exchange moves; `sold = principal + spread + paid_rounding`.

    Units: sold, principal, spread, sell_rounding in the currency given; bought, position,
    buy_rounding in the currency received; `position = bought + buy_rounding`.
    """

    sold: Money
    principal: Money
    spread: Money
    sell_rounding: Money
    position: Money
    bought: Money
    buy_rounding: Money


def convert(money: Money, to: str, rate: Rate) -> Money:
    """Return the amount at the mid rate, rounded half up once, for showing and for pricing.

    Raises: AssertionError for a rate between other currencies.
    """
    if money.currency == to:
        return money
    if (rate.base, rate.quote) == (to, money.currency):
        rate = rate.inverse()
    assert (rate.base, rate.quote) == (money.currency, to), "the rate is between these two"
    return Money(half_up(_minor(money, to, rate.ratio)), to)


def sell(amount: Money, buy: str, ratio: Fraction, margin: Fraction) -> Exchange:
    """Give exactly `amount`: the margin is taken off it, the rest is changed, rounded down.

    Units: ratio is units of `buy` per unit of the amount's currency; margin a share of what is
    given. Raises: AmountTooSmall when nothing would be received.
    """
    assert amount.minor > 0, "forms reject this"
    zero = Money.zero(amount.currency)
    spread = amount.times(margin)
    principal = amount - spread
    exact = _minor(principal, buy, ratio)
    bought, position = Money(math.floor(exact), buy), Money(half_up(exact), buy)
    if not bought:
        raise AmountTooSmall(amount=amount)
    return Exchange(amount, principal, spread, zero, position, bought, position - bought)


def buy(amount: Money, sell_currency: str, ratio: Fraction, margin: Fraction) -> Exchange:
    """Receive exactly `amount`: its price at the mid rate is rounded up, the margin comes on top.

    Units: ratio is units of the amount's currency per unit of `sell_currency`; margin a share of
    what is given, as in `sell`.
    """
    assert amount.minor > 0, "forms reject this"
    exact = _minor(amount, sell_currency, 1 / ratio)
    price = Money(math.ceil(exact), sell_currency)
    principal = Money(half_up(exact), sell_currency)
    sold = Money(half_up(price.minor / (1 - margin)), sell_currency)
    return Exchange(
        sold,
        principal,
        sold - price,
        price - principal,
        amount,
        amount,
        Money.zero(amount.currency),
    )


def share(whole: Money, part: Money, of: Money, *, before: Money) -> Money:
    """Return how much of `whole` goes with `part` of `of` when `before` of it has gone already.

    Shares of parts that add up to `of` add up to `whole`, to the minor unit.
    """
    assert part.minor > 0, "callers refuse nothing"
    assert (before + part) <= of, "callers refuse more than is left"
    reached = half_up(Fraction(whole.minor * (before + part).minor, of.minor))
    gone = half_up(Fraction(whole.minor * before.minor, of.minor))
    return Money(reached - gone, whole.currency)


def significant(value: Fraction, digits: int = 7) -> Decimal:
    """Return a positive fraction as a decimal with a number of significant digits."""
    places, size = 0, value
    while size < 10 ** (digits - 1):
        size, places = size * 10, places + 1
    return Decimal(half_up(size)).scaleb(-places)


def signature(key: bytes, *, facts: Mapping[str, str | int | UUID | datetime | None]) -> str:
    """Return the bank's mark under a quote: HMAC-SHA-256 over its facts, each with its length.

    Lengths keep two different sets of facts from reading the same.
    """
    words = [f"{name}={value}" for name, value in sorted(facts.items())]
    record = "".join(f"{len(word)}:{word}" for word in ["entrepot fx quote v1", *words])
    return hmac.new(key, record.encode(), hashlib.sha256).hexdigest()


def same_signature(one: str, other: str) -> bool:
    """Whether two marks are the same, in time that tells nothing about them."""
    return hmac.compare_digest(one, other)


def _minor(money: Money, to: str, ratio: Fraction) -> Fraction:
    # Brought to lowest terms once: pages convert dozens of amounts.
    numerator = money.minor * ratio.numerator * 10 ** exponent(to)
    return Fraction(numerator, ratio.denominator * 10 ** exponent(money.currency))
