"""What a carrier is told and by when, what it owes at most, and how its case goes on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path

from insurance.losses.recovery.errors import CarrierClaimMoved
from insurance.rating.liability.queries import Carriage, CarriageRow, Cause, convention
from kernel import dated
from kernel.money import Money

_DATA = Path(__file__).parent / "data" / "terms.json"


class CarrierClaimState(StrEnum):
    """Where the insurer stands with a carrier."""

    NONE = "none"
    NOTICE_SENT = "notice_sent"
    CLAIMED = "claimed"
    ACCEPTED = "accepted"
    DENIED = "denied"
    RECEIVED = "received"
    CLOSED = "closed"
    WAIVED = "waived"


_NEXT: Mapping[CarrierClaimState, frozenset[CarrierClaimState]] = {
    CarrierClaimState.NONE: frozenset({CarrierClaimState.NOTICE_SENT, CarrierClaimState.WAIVED}),
    # Closed without money: two people agree that the carrier owes nothing.
    CarrierClaimState.NOTICE_SENT: frozenset(
        {CarrierClaimState.CLAIMED, CarrierClaimState.CLOSED, CarrierClaimState.WAIVED}
    ),
    CarrierClaimState.CLAIMED: frozenset(
        {
            CarrierClaimState.ACCEPTED,
            CarrierClaimState.DENIED,
            CarrierClaimState.CLOSED,
            CarrierClaimState.WAIVED,
        }
    ),
    # It never pays what it accepted: that is given up, by two people.
    CarrierClaimState.ACCEPTED: frozenset({CarrierClaimState.RECEIVED, CarrierClaimState.WAIVED}),
    # It pays after all, or nobody goes on.
    CarrierClaimState.DENIED: frozenset(
        {CarrierClaimState.ACCEPTED, CarrierClaimState.CLOSED, CarrierClaimState.WAIVED}
    ),
    CarrierClaimState.RECEIVED: frozenset({CarrierClaimState.CLOSED}),
    CarrierClaimState.CLOSED: frozenset(),
    CarrierClaimState.WAIVED: frozenset(),
}
ENDED = frozenset({CarrierClaimState.CLOSED, CarrierClaimState.WAIVED})
# What a carrier answers for; what is stolen after delivery it does not.
CARRIED = (Cause.LOST, Cause.DAMAGE, Cause.MISSING, Cause.DELAY)
# By what a shipment goes; of rail the house knows no convention.
_CARGO_GOES_BY = {
    "FCL": Carriage.SEA,
    "LCL": Carriage.SEA,
    "AIR": Carriage.AIR,
    "ROAD": Carriage.ROAD,
}


class Said(StrEnum):
    """What a carrier answers."""

    ACCEPTED = "accepted"
    DENIED = "denied"


class LetterKind(StrEnum):
    """What a carrier is written: that something is wrong, what is claimed, that it is silent."""

    NOTICE = "notice"
    CLAIM = "claim"
    REMINDER = "reminder"


class DeskMischief(StrEnum):
    """How the stand-in of the claims desks can misbehave; silent is until it is reminded."""

    TIMEOUT = "timeout"
    DUPLICATE = "duplicate"
    DENY = "deny"
    PART = "part"
    SILENT = "silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How the house asks carriers, from a day on.

    Units: days to give notice where no convention says, years to sue there, days of silence before
    a carrier is asked again, days before the end of the time to sue from which the board warns.
    """

    valid_from: date
    notice_days: Mapping[str, int]
    suit_years: int
    answer_days: int
    warn_days: int
    source: str
    confidence: str


@cache
def terms_rows() -> tuple[Terms, ...]:
    """Return how carriers are asked, every row."""
    return dated.read(_DATA, Terms)


def terms_on(day: date) -> Terms:
    """Return how carriers are asked on a day. Raises: ValueError before the first row."""
    return dated.in_force(terms_rows(), day)


def moved(state: CarrierClaimState, to: CarrierClaimState) -> CarrierClaimState:
    """Return the next state. Raises: CarrierClaimMoved."""
    if not may_move(state, to):
        raise CarrierClaimMoved(state=state.value, wanted=to.value)
    return to


def may_move(state: CarrierClaimState, to: CarrierClaimState) -> bool:
    """Whether a case in a state goes on to another."""
    return to in _NEXT[state]


def given_up_as(state: CarrierClaimState) -> CarrierClaimState:
    """Return how a case ends whose rest nobody asks for: closed once money came, else waived."""
    has_money = state is CarrierClaimState.RECEIVED
    return CarrierClaimState.CLOSED if has_money else CarrierClaimState.WAIVED


def is_late(*, notice_by: date, sent_on: date | None, today: date) -> bool:
    """Whether a notice went out after its last day, or still has not."""
    return (sent_on or today) > notice_by


def carriage(
    *, is_express: bool, is_post: bool, origin: str, destination: str, on: date
) -> Carriage:
    """Return by what a parcel crosses its border, as its way was sold.

    A tracked parcel goes by road where that has a convention at both ends, else it is taken to go
    by sea, whose time for a notice is the shortest of all.
    """
    if is_express:
        return Carriage.AIR
    if is_post:
        return Carriage.POST
    by_road = convention(by=Carriage.ROAD, origin=origin, destination=destination, on=on)
    return Carriage.SEA if by_road is None else Carriage.ROAD


def carriage_of_cargo(mode: str) -> Carriage | None:
    """Return by what a shipment goes, None where no convention is known for it."""
    return _CARGO_GOES_BY.get(mode)


def notice_by(*, cause: Cause, law: CarriageRow | None, since: date, terms: Terms) -> date:
    """Return the last day on which a carrier is told of what happened.

    Missing pieces are told like damage; where the law asks for no notice, the house's days count.
    Shape: law is None where no convention holds. Units: since is the day of arrival, or when the
    loss was known.
    """
    days = terms.notice_days[cause]
    if law is not None:
        named = Cause.DAMAGE if cause is Cause.MISSING else cause
        days = law.notice_days.get(named, days)
    return since + timedelta(days=days)


def suit_by(*, law: CarriageRow | None, since: date, terms: Terms) -> date:
    """Return the last day on which the carrier can be sued.

    Units: since is the day of arrival, or on which it should have arrived.
    """
    return _years_after(since, terms.suit_years if law is None else law.suit_years)


def suit_since(*, cause: Cause, loss_on: date, ought_on: date, delivered_on: date | None) -> date:
    """Return the day from which the time to sue runs: the earliest that a court could take."""
    if cause is Cause.LOST:
        return min(loss_on, ought_on)
    if cause is Cause.DELAY:
        return ought_on
    return delivered_on or loss_on


def asked_of(*, loss: Money, most: Money | None, paid_before: Money) -> Money:
    """Return what is asked of a carrier: the cover's loss, within what its limit still leaves.

    Shape: most is None where no limit is known; paid_before is what it gave the holder itself.
    """
    if most is None:
        return loss
    return min(loss, max(most - paid_before, Money.zero(loss.currency)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Uninsured:
    """What of a loss no cover pays: what its holder bears, and what is above the sum insured."""

    deductible: Money
    above: Money

    @property
    def total(self) -> Money:
        """Both together."""
        return self.deductible + self.above


def uninsured_of(
    *, lost: Money, insured: Money, payable: Money, paid_by_carrier: Money
) -> Uninsured:
    """Return what is uninsured of a loss.

    Shape: lost is the whole loss, insured the part of it that the sum insured stands for, payable
    what cover pays; what the carrier paid its holder is borne by nobody.
    """
    zero = Money.zero(lost.currency)
    return Uninsured(
        deductible=max(insured - payable - paid_by_carrier, zero), above=max(lost - insured, zero)
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Shares:
    """Who gets what of a carrier's money. Shape: the holder's two parts are for what is its own."""

    insurers: Money
    for_deductible: Money
    for_above: Money

    @property
    def holders(self) -> Money:
        """What goes on to the holder."""
        return self.for_deductible + self.for_above


def shared(received: Money, *, paid: Money, uninsured: Uninsured) -> Shares:
    """Return who gets what of all that a carrier paid: the insurer first, up to what it paid.

    What is above that goes to the holder, for what was uninsured, each part in its proportion.
    """
    insurers = min(received, paid)
    rest, zero = received - insurers, Money.zero(received.currency)
    if not rest:
        return Shares(insurers=insurers, for_deductible=zero, for_above=zero)
    parts = [uninsured.deductible.minor, uninsured.above.minor]
    for_deductible, for_above = rest.split(parts)
    return Shares(insurers=insurers, for_deductible=for_deductible, for_above=for_above)


def _years_after(day: date, years: int) -> date:
    # From the 29th of February to the last day that such a month has.
    last = day.day if (day.month, day.day) != (2, 29) else 28
    return date(day.year + years, day.month, last)
