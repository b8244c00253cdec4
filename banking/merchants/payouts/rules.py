"""When a payout is due, how what is available divides, and the life of a payout; plain values."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from banking.merchants.payouts.errors import (
    BelowMinimum,
    NothingToPayOut,
    PayoutMoved,
    PaysDebtsFirst,
)
from kernel.money import Money


class State(StrEnum):
    """How far a payout is.

    MADE: a line of the run's batch. SENT: the rail has it, or was asked. PAID: the vendor's bank
    booked it. RETURNED: rail or bank gave it back, before or after. FAILED: the wallet could not
    pay it, or its vendor recalled it. Of the last two the wallet has the money.
    """

    MADE = "made"
    SENT = "sent"
    PAID = "paid"
    RETURNED = "returned"
    FAILED = "failed"


_NEXT: Mapping[State, frozenset[State]] = {
    State.MADE: frozenset({State.SENT, State.FAILED}),
    State.SENT: frozenset({State.PAID, State.RETURNED}),
    # Paid is no end: an account is closed, a name was wrong, and days later the money is back.
    State.PAID: frozenset({State.RETURNED}),
    State.RETURNED: frozenset(),
    State.FAILED: frozenset(),
}
CAME_BACK = frozenset({State.RETURNED, State.FAILED})


class Cadence(StrEnum):
    """How often a vendor is paid."""

    DAILY = "daily"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
    BY_HAND = "by_hand"


@dataclass(frozen=True, slots=True)
class Schedule:
    """On which days. Shape: weekday 0 is Monday; the 31st is the last day of every month."""

    cadence: Cadence
    weekday: int = 0
    month_day: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Windows and reserve of payouts, from a day on.

    Shape: reserve_steps are (share of troubled orders, share kept), in
    basis points, rising. Source: the dated data beside this file.
    """

    valid_from: date
    zone: str
    runs_at: time
    change_hours: int
    reserve_days: int
    looks_back_days: int
    from_orders: int
    reserve_steps: Sequence[tuple[int, int]]
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Division:
    """Where what is available goes: debt first, then the reserve and the fee, then the vendor."""

    available: Money
    owed: Money
    reserve: Money
    fee: Money
    amount: Money


def advance(state: State, to: State) -> State:
    """Return the next state. Raises: PayoutMoved when no way leads there from here."""
    if to not in _NEXT[state]:
        raise PayoutMoved(state=state.value)
    return to


def way(state: State, ways: Sequence[State]) -> list[State]:
    """Return the steps that are still to be taken of a way, none once it is behind."""
    steps: list[State] = []
    for to in ways:
        if to in _NEXT[state]:
            steps.append(to)
            state = to
    return steps


def business_date(now: datetime, terms: Terms) -> date:
    """Return the day whose runs are on: it begins at the run's hour by the bank's own clock."""
    local = now.astimezone(ZoneInfo(terms.zone))
    return local.date() if local.time() >= terms.runs_at else local.date() - timedelta(days=1)


def next_nominal(schedule: Schedule, after: date) -> date | None:
    """Return the first day of a schedule after a day; None when it is paid by hand."""
    if schedule.cadence is Cadence.BY_HAND:
        return None
    if schedule.cadence is Cadence.DAILY:
        return after + timedelta(days=1)
    if schedule.cadence is Cadence.WEEKLY:
        return after + timedelta(days=(schedule.weekday - after.weekday() - 1) % 7 + 1)
    this = _in_month(after.year, after.month, schedule.month_day)
    if this > after:
        return this
    year, month = divmod(after.year * 12 + after.month, 12)
    return _in_month(year, month + 1, schedule.month_day)


def period_key(nominal: date, cadence: Cadence) -> str:
    """Return the name of the period that a day of a schedule pays."""
    if cadence is Cadence.WEEKLY:
        year, week, _ = nominal.isocalendar()
        return f"{year}-W{week:02}"
    return f"{nominal:%Y-%m}" if cadence is Cadence.MONTHLY else nominal.isoformat()


def pay_day(nominal: date, is_open: Callable[[date], bool]) -> date:
    """Return the day itself when the rail works, else the next one on which it does."""
    while not is_open(nominal):
        nominal += timedelta(days=1)
    return nominal


def reserve_bp(*, troubled: int, orders: int, terms: Terms) -> int:
    """Return the share of earnings to keep back, by how many orders went wrong.

    Units: basis points.
    """
    if orders < terms.from_orders:
        return 0
    share = 10_000 * troubled // orders
    return max((bp for least, bp in terms.reserve_steps if share >= least), default=0)


def divide(
    *, available: Money, owed: Money, earned: Money, kept_bp: int, fee: Money, least: Money
) -> Division:
    """Divide what is available: debt, reserve on what was earned, fee, and the vendor's money.

    Raises: NothingToPayOut, PaysDebtsFirst when the debt takes all of it, BelowMinimum.
    """
    nothing = Money.zero(available.currency)
    if available <= nothing:
        raise NothingToPayOut
    debt = min(available, owed)
    rest = available - debt
    if not rest:
        raise PaysDebtsFirst(owed=owed)
    reserve = min(rest, Money(max(0, earned.minor) * kept_bp // 10_000, available.currency))
    amount = rest - reserve - fee
    if amount < least or amount <= nothing:
        raise BelowMinimum(amount=max(amount, nothing), least=least)
    return Division(available=available, owed=debt, reserve=reserve, fee=fee, amount=amount)


def given_back(*, portion: Money, newer: Money, balance: Money) -> Money:
    """Return what of a portion of the reserve is left when its days are over.

    What refunds took is taken from the oldest portions: the newer ones are whole as long as the
    balance covers them.
    """
    nothing = Money.zero(portion.currency)
    return min(portion, max(nothing, balance - newer))


def _in_month(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))
