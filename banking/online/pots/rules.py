"""How far a pot is, and what each month must bring; plain values in and out."""

from __future__ import annotations

from datetime import UTC, date, datetime

from kernel.money import Money

# A pot ends when its owner says so. The ledger wants an end for every hold; this one never comes.
NEVER = datetime(2999, 12, 31, tzinfo=UTC)
# More is a list nobody can keep apart.
MOST = 50


def progress(*, saved: Money, target: Money | None) -> int:
    """Return how much of the target is there in whole percent; 100 only once all of it is."""
    if target is None:
        return 0
    return min(100, 100 * saved.minor // target.minor)


def monthly(
    *, saved: Money, target: Money | None, due_on: date | None, today: date
) -> Money | None:
    """Return what each month from this one to the last must bring, rounded up.

    Shape: None without a target, without a day, when the day is over or nothing is missing.
    """
    if target is None or due_on is None or due_on < today or saved >= target:
        return None
    months = (due_on.year - today.year) * 12 + due_on.month - today.month + 1
    missing = target.minor - saved.minor
    return Money(-(-missing // months), target.currency)
