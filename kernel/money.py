"""Money: whole minor units and an ISO 4217 code; division says how it rounds and parts re-add."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from fractions import Fraction

from kernel import currencies

# Each from its file in `currencies/`: what has none cannot be held, priced or paid.
CURRENCIES: Mapping[str, int] = currencies.digits()

# Ledger columns are 64-bit; half of that leaves room for sums.
MAX_MINOR = 2**62


class CurrencyMismatch(ValueError):
    """Two currencies met in one sum; a programmer's error, never shown."""


def exponent(currency: str) -> int:
    """Return the number of digits of the minor unit: 0, 2 or 3.

    Raises: KeyError for a currency the house does not know.
    """
    return CURRENCIES[currency]


@dataclass(frozen=True, slots=True, order=False)
class Money:
    """An amount in one currency.

    Units: minor units of the currency (cents, yen, fils).
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        """Refuse floats, unknown currencies and amounts no ledger column holds."""
        if type(self.minor) is not int:
            raise TypeError(f"minor units are whole numbers, not {type(self.minor).__name__}")
        if self.currency not in CURRENCIES:
            raise ValueError(f"unknown currency {self.currency!r}")
        if abs(self.minor) > MAX_MINOR:
            raise ValueError("amount out of range")

    @classmethod
    def of(cls, amount: str | int | Decimal, currency: str) -> Money:
        """Return the money written as a decimal amount, which must fit the currency's digits.

        Raises: ValueError when the amount has more digits than the currency or is not a number.
        """
        try:
            scaled = Decimal(amount).scaleb(exponent(currency))
            whole = int(scaled)
        except (InvalidOperation, ValueError, OverflowError) as error:
            raise ValueError(f"not an amount: {amount!r}") from error
        if whole != scaled:
            raise ValueError(f"{amount} has more digits than {currency} knows")
        return cls(whole, currency)

    @classmethod
    def zero(cls, currency: str) -> Money:
        """Return nothing of a currency."""
        return cls(0, currency)

    @classmethod
    def rounded(cls, amount: Decimal | Fraction, currency: str) -> Money:
        """Return a major-unit amount rounded half up (away from zero) to the minor unit."""
        # Whole numbers throughout: pages round hundreds of amounts, and fractions are slow.
        numerator, denominator = amount.as_integer_ratio()
        return cls(_nearest(numerator * 10 ** exponent(currency), denominator), currency)

    @property
    def amount(self) -> Decimal:
        """The amount in major units, with exactly the currency's digits."""
        return Decimal(self.minor).scaleb(-exponent(self.currency))

    @property
    def exact(self) -> Fraction:
        """The amount in major units as a fraction."""
        return Fraction(self.minor, 10 ** exponent(self.currency))

    def _other(self, other: Money) -> int:
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} and {other.currency}")
        return other.minor

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._other(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._other(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __abs__(self) -> Money:
        return Money(abs(self.minor), self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._other(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._other(other)

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._other(other)

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._other(other)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        """Return `12.50 EUR`, for logs and files; pages format through the shell."""
        return f"{self.amount} {self.currency}"

    def plain(self) -> dict[str, object]:
        """Return the plain values that events, mails and other JSON hold."""
        return {"minor": self.minor, "currency": self.currency}

    def times(self, factor: int | Decimal | Fraction) -> Money:
        """Return the amount times a factor, rounded half up once."""
        numerator, denominator = factor.as_integer_ratio()
        return Money(_nearest(self.minor * numerator, denominator), self.currency)

    def turned(self, rate: Fraction, currency: str) -> Money:
        """Return the amount in another currency, rounded half up once.

        Units: rate is what one of this currency is in the other, in major units.
        """
        numerator = self.minor * rate.numerator * 10 ** exponent(currency)
        return Money(
            _nearest(numerator, rate.denominator * 10 ** exponent(self.currency)), currency
        )

    def split(self, weights: Sequence[int]) -> list[Money]:
        """Return parts in proportion to the weights that re-add to the whole.

        The units cut off go to the largest remainders, equal remainders to the earlier part.
        Shape: one part per weight, same order.
        """
        assert weights, "something to split over"
        assert all(weight >= 0 for weight in weights), "weights count, they do not owe"
        total = sum(weights)
        assert total > 0, "at least one weight"
        sign = -1 if self.minor < 0 else 1
        shares = [divmod(abs(self.minor) * weight, total) for weight in weights]
        parts = [share for share, _ in shares]
        missing = abs(self.minor) - sum(parts)
        by_remainder = sorted(range(len(shares)), key=lambda i: (-shares[i][1], i))
        for index in by_remainder[:missing]:
            parts[index] += 1
        return [Money(sign * part, self.currency) for part in parts]


def half_up(value: Fraction | Decimal) -> int:
    """Round to a whole number, exactly half away from zero."""
    return _nearest(*value.as_integer_ratio())


def _nearest(numerator: int, denominator: int) -> int:
    magnitude = (2 * abs(numerator) + denominator) // (2 * denominator)
    return magnitude if numerator >= 0 else -magnitude


def total(parts: Sequence[Money], currency: str) -> Money:
    """Return the sum of parts, zero of `currency` when there are none."""
    result = Money.zero(currency)
    for part in parts:
        result += part
    return result


def quantised(amount: Decimal, digits: int) -> Decimal:
    """Return the decimal rounded half up to a number of digits."""
    return amount.quantize(Decimal(1).scaleb(-digits), rounding=ROUND_HALF_UP)
