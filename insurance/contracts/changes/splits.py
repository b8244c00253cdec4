"""Sums of premiums by owner: what comes back, what is kept, which way a change moves money."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from insurance.money.books.service import Split
from kernel.money import Money, total


def short_rate(parts: Sequence[Split], share: Fraction) -> tuple[Split, Split]:
    """Return what comes back of a premium and what is kept, each section rounded by itself.

    Shape: parts are the premium by section, of one country.
    """
    kept = [
        Split(
            net=part.net.times(share),
            commission=part.commission.times(share),
            tax=part.tax.times(share),
            country=part.country,
        )
        for part in parts
    ]
    whole, stays = added(parts), added(kept)
    return less(whole, stays), stays


def added(parts: Sequence[Split]) -> Split:
    """Return the sum of parts of one country; there is at least one."""
    currency = parts[0].net.currency
    return Split(
        net=total([part.net for part in parts], currency),
        commission=total([part.commission for part in parts], currency),
        tax=total([part.tax for part in parts], currency),
        country=parts[0].country,
    )


def less(whole: Split, part: Split) -> Split:
    """Return what is left of a premium without a part of it."""
    return Split(
        net=whole.net - part.net,
        commission=whole.commission - part.commission,
        tax=whole.tax - part.tax,
        country=whole.country,
    )


def tax_pct(split: Split) -> str:
    """Return the rate that a section was really taxed at, after changes at different rates.

    Units: per cent as a decimal string, four digits.
    """
    if not split.net:
        return "0"
    share = Fraction(split.tax.minor * 100 * 10_000, split.net.minor)
    figures = f"{round(share):05d}"
    return f"{figures[:-4]}.{figures[-4:]}".rstrip("0").rstrip(".")


def what_comes_and_goes(shifts: Sequence[Split]) -> tuple[Money, Money]:
    """Return what a change asks for and what it gives back, by its sections' shifts."""
    sums = [split.gross for split in shifts]
    currency = sums[0].currency
    zero = Money.zero(currency)
    return (
        total([amount for amount in sums if amount > zero], currency),
        total([-amount for amount in sums if amount < zero], currency),
    )
