"""Returns in plain values: who may do what next, who bears what, and when each clock runs out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from kernel import countries, dated
from kernel.money import Money, total
from kernel.text import N_

DATA = Path(__file__).parent / "data"
# What photographs of returns are called by the room that keeps them.
ALBUM = "marketplace.return"


class State(StrEnum):
    """Where a return stands."""

    AWAITED = "awaited"
    OPEN = "open"
    SENT = "sent"
    REJECTED = "rejected"
    DISPUTED = "disputed"
    SETTLED = "settled"
    CANCELLED = "cancelled"
    CLOSED = "closed"
    VOID = "void"


class Act(StrEnum):
    """What somebody, or a clock, does with a return."""

    ARRIVE = "arrive"
    SEND = "send"
    RECEIVE = "receive"
    REJECT = "reject"
    DISPUTE = "dispute"
    UPHOLD = "uphold"
    DISMISS = "dismiss"
    DROP = "drop"
    LAPSE = "lapse"
    OVERDUE = "overdue"
    VOID = "void"


class Party(StrEnum):
    """Who acts."""

    BUYER = "buyer"
    SELLER = "seller"
    HOUSE = "house"
    CLOCK = "clock"


@dataclass(frozen=True, slots=True)
class Step:
    """One arrow of the state machine."""

    to: State
    by: Party


# What may follow what, and who may do it. What is not here is refused.
STEPS: dict[tuple[State, Act], Step] = {
    (State.AWAITED, Act.ARRIVE): Step(State.OPEN, Party.CLOCK),
    (State.AWAITED, Act.DROP): Step(State.CLOSED, Party.BUYER),
    (State.AWAITED, Act.VOID): Step(State.VOID, Party.CLOCK),
    (State.OPEN, Act.SEND): Step(State.SENT, Party.BUYER),
    (State.OPEN, Act.DROP): Step(State.CLOSED, Party.BUYER),
    (State.OPEN, Act.RECEIVE): Step(State.SETTLED, Party.SELLER),
    (State.OPEN, Act.REJECT): Step(State.REJECTED, Party.SELLER),
    (State.OPEN, Act.LAPSE): Step(State.CLOSED, Party.CLOCK),
    (State.OPEN, Act.OVERDUE): Step(State.SETTLED, Party.CLOCK),
    (State.OPEN, Act.VOID): Step(State.VOID, Party.CLOCK),
    (State.SENT, Act.RECEIVE): Step(State.SETTLED, Party.SELLER),
    (State.SENT, Act.REJECT): Step(State.REJECTED, Party.SELLER),
    (State.SENT, Act.OVERDUE): Step(State.SETTLED, Party.CLOCK),
    (State.SENT, Act.VOID): Step(State.VOID, Party.CLOCK),
    (State.REJECTED, Act.DISPUTE): Step(State.DISPUTED, Party.BUYER),
    (State.REJECTED, Act.RECEIVE): Step(State.SETTLED, Party.SELLER),
    (State.REJECTED, Act.LAPSE): Step(State.CLOSED, Party.CLOCK),
    (State.REJECTED, Act.VOID): Step(State.VOID, Party.CLOCK),
    (State.DISPUTED, Act.RECEIVE): Step(State.SETTLED, Party.SELLER),
    (State.DISPUTED, Act.UPHOLD): Step(State.SETTLED, Party.HOUSE),
    (State.DISPUTED, Act.DISMISS): Step(State.CLOSED, Party.HOUSE),
    (State.DISPUTED, Act.VOID): Step(State.VOID, Party.CLOCK),
}
OVER = frozenset({State.SETTLED, State.CANCELLED, State.CLOSED, State.VOID})
# The pieces of these come back, or came back: they cannot be sent a second time.
TAKEN = frozenset(State) - {State.CLOSED, State.VOID, State.CANCELLED}

# i18n: states of a return, shown as a short chip
STATE_WORDS: dict[State, str] = {
    State.AWAITED: N_("Withdrawn, parcel still on its way"),
    State.OPEN: N_("Waiting to be sent back"),
    State.SENT: N_("On its way back to the seller"),
    State.REJECTED: N_("Refused by the seller"),
    State.DISPUTED: N_("Entrepôt decides"),
    State.SETTLED: N_("Money refunded"),
    State.CANCELLED: N_("Withdrawn before packing, money refunded"),
    State.CLOSED: N_("Closed without a refund"),
    State.VOID: N_("Settled in another way"),
}


_WAITS_FOR_SELLER = N_("Waiting for the seller to arrange the return")


def state_words(state: State, *, waits_for_seller: bool) -> str:
    """Return a state as a marked sentence: who is waited for depends on who pays the way back."""
    return _WAITS_FOR_SELLER if waits_for_seller and state is State.OPEN else STATE_WORDS[state]


def next_state(now: State, act: Act) -> State | None:
    """Return where an act leads, None where it is not possible."""
    step = STEPS.get((now, act))
    return step.to if step else None


# What has to come before the clock; what helps the other side is never too late.
IN_TIME = frozenset({Act.SEND, Act.REJECT, Act.DISPUTE})


class Reason(StrEnum):
    """Why goods go back."""

    CHANGED_MIND = "changed_mind"
    DAMAGED = "damaged"
    NOT_AS_DESCRIBED = "not_as_described"
    WRONG_ITEM = "wrong_item"
    ARRIVED_LATE = "arrived_late"

    @property
    def is_fault(self) -> bool:
        """Whether something is wrong, which its buyer says in words and may show in photographs."""
        return self is not Reason.CHANGED_MIND


REASON_WORDS: dict[Reason, str] = {
    Reason.CHANGED_MIND: N_("No longer wanted"),
    Reason.DAMAGED: N_("Damaged"),
    Reason.NOT_AS_DESCRIBED: N_("Not as described"),
    Reason.WRONG_ITEM: N_("Not what was ordered"),
    Reason.ARRIVED_LATE: N_("Arrived late"),
}


def may_refuse(act: Act, state: State, reason: Reason) -> bool:
    """Whether the reason leaves room for an act: a withdrawal is not refused unseen."""
    return not (act is Act.REJECT and state is State.OPEN and reason is Reason.CHANGED_MIND)


def commission_back(commission: Money, *, goods: Money, before: Money, after: Money) -> Money:
    """Return the commission of goods that come back, counted over all that came back so far."""
    share = [commission.times(Fraction(part.minor, goods.minor)) for part in (before, after)]
    return share[1] - share[0]


class Payer(StrEnum):
    """Who pays the way back."""

    BUYER = "buyer"
    SELLER = "seller"


class Share(StrEnum):
    """How much of a parcel's own costs goes back: with the whole order only, or with each piece."""

    WHOLE = "whole"
    SHARE = "share"


class Border(StrEnum):
    """When duty and tax go back: always, or where the authorities give them back."""

    ALWAYS = "always"
    IF_RECLAIMED = "if_reclaimed"


class Funder(StrEnum):
    """Who gives a part of the money."""

    SELLER = "seller"
    AUTHORITY = "authority"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the refund matrix, from a day on. Source: the dated data beside this file."""

    valid_from: date
    reason: str
    way_back: str
    freight: str
    fees: str
    border: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BorderRow:
    """Whether a country gives duty and tax back for goods that leave it again."""

    valid_from: date
    countries: Sequence[str]
    changed_mind: bool
    fault: bool
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How long everybody has. Units: days."""

    valid_from: date
    withdrawal_days: int
    fault_days: int
    send_days: int
    answer_days: int
    refund_days: int
    dispute_days: int
    source: str


@cache
def _matrix() -> Sequence[Row]:
    return dated.read(DATA / "matrix.json", Row)


@cache
def _borders() -> Sequence[BorderRow]:
    return dated.read(DATA / "borders.json", BorderRow)


@cache
def _terms() -> Sequence[Terms]:
    return dated.read(DATA / "terms.json", Terms)


def terms(on: date) -> Terms:
    """Return the terms in force on a day."""
    return dated.in_force(_terms(), on)


def row(reason: Reason, on: date) -> Row:
    """Return the matrix's row for a reason on a day."""
    return dated.in_force([one for one in _matrix() if one.reason == reason], on)


def is_reclaimed(reason: Reason, *, country: str, crosses_border: bool, on: date) -> bool:
    """Whether the authorities give duty and tax back; a sale inside a border is just corrected."""
    if not crosses_border:
        return True
    known = [one for one in _borders() if country in one.countries and one.valid_from <= on]
    if not known:
        return False
    border = dated.in_force(known, on)
    return border.changed_mind if reason is Reason.CHANGED_MIND else border.fault


@dataclass(frozen=True, slots=True)
class Parts:
    """Money of an order by what it was paid for, in the buyer's currency."""

    goods: Money
    freight: Money
    duty: Money
    tax: Money
    fees: Money

    @property
    def total(self) -> Money:
        """All of it."""
        parts = [self.goods, self.freight, self.duty, self.tax, self.fees]
        return total(parts, self.goods.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a return brings: the money by part, who pays the way back, who gives duty and tax."""

    parts: Parts
    way_back: Payer
    border: Funder

    @property
    def reclaimed(self) -> bool:
        """Whether the authorities give duty and tax back."""
        return self.border is Funder.AUTHORITY


def outcome(
    reason: Reason,
    *,
    paid: Parts,
    left: Parts,
    before: Money,
    back: Money,
    reclaimed: bool,
    on: date,
) -> Outcome:
    """Return what goods that come back bring.

    Each part is counted over all that came back so far, so that any number of returns re-adds to
    what was paid. Units: before and back are goods, at the prices they were bought for; left is
    what has not gone back yet.
    """
    rule, after = row(reason, on), before + back
    is_whole = after == paid.goods

    def share(part: Money, kept: Money) -> Money:
        counted = [part.times(Fraction(goods.minor, paid.goods.minor)) for goods in (before, after)]
        return min(counted[1] - counted[0], kept)

    def cost(part: Money, kept: Money, how: str) -> Money:
        if how == Share.WHOLE:
            return kept if is_whole else Money.zero(part.currency)
        return share(part, kept)

    funder = Funder.AUTHORITY if reclaimed else Funder.SELLER
    if not reclaimed and rule.border == Border.IF_RECLAIMED:
        funder = Funder.NOBODY
    gives = funder is not Funder.NOBODY
    nothing = Money.zero(paid.goods.currency)
    parts = Parts(
        back,
        cost(paid.freight, left.freight, rule.freight),
        share(paid.duty, left.duty) if gives else nothing,
        share(paid.tax, left.tax) if gives else nothing,
        cost(paid.fees, left.fees, rule.fees),
    )
    return Outcome(parts=parts, way_back=Payer(rule.way_back), border=funder)


# Where a country's day ends last, so that nobody in it is too late before their own midnight.
_LAST_ZONES = countries.HOUSE.part("last_time_zone")


def last_day(delivered_at: datetime, *, zone: str, days: int) -> date:
    """Return the last day of a period that begins with the delivery.

    The day of the delivery does not count, and a period does not end on a weekend.
    Source: Regulation (EEC, Euratom) 1182/71, article 3. Shape: zone is the buyer's.
    """
    local = delivered_at.astimezone(ZoneInfo(zone)).date()
    return working_day(local + timedelta(days=days))


def working_day(day: date) -> date:
    """Return the day, or the Monday after it on a weekend."""
    return day + timedelta(days=7 - day.weekday() if day.weekday() >= 5 else 0)


def end_of(day: date, *, country: str, zone: str) -> datetime:
    """Return the instant at which a day is over everywhere in the buyer's country."""
    last = ZoneInfo(_LAST_ZONES.get(country, zone))
    return datetime.combine(day + timedelta(days=1), time(), tzinfo=last).astimezone(UTC)


def days_for(reason: Reason, on: date) -> int:
    """Return how many days after the delivery goods may go back for a reason."""
    periods = terms(on)
    return periods.withdrawal_days if reason is Reason.CHANGED_MIND else periods.fault_days


def due_at(state: State, *, at: datetime, waits_for_seller: bool) -> datetime | None:
    """Return when a state that began at an instant ends by itself, None where it does not.

    Shape: waits_for_seller while the seller owes the way back: a label, or a collection.
    """
    periods = terms(at.date())
    days = {
        State.OPEN: periods.answer_days if waits_for_seller else periods.send_days,
        State.SENT: periods.refund_days,
        State.REJECTED: periods.dispute_days,
    }.get(state)
    return at + timedelta(days=days) if days is not None else None


def due_act(state: State, *, waits_for_seller: bool) -> Act:
    """Return what the clock does once a state's time is over.

    Whoever had to act and did not loses: the buyer who sent nothing, the seller who arranged no way
    back or did not say that the goods are there.
    """
    if state is State.SENT or (state is State.OPEN and waits_for_seller):
        return Act.OVERDUE
    return Act.LAPSE
