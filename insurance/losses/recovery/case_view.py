"""A case with a carrier as its pages show it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from uuid import UUID

from insurance.losses.recovery import rules, words
from insurance.losses.recovery.rules import ENDED, CarrierClaimState
from insurance.rating.liability.queries import Cause, Regime
from kernel import clock
from kernel.money import Money
from kernel.text import Message

UNCLAIMED = (CarrierClaimState.NONE, CarrierClaimState.NOTICE_SENT)


@dataclass(frozen=True, slots=True, kw_only=True)
class CarrierClaimView:
    """What is asked of a carrier.

    Units: limit_sdr in special drawing rights, limit about as much in the case's currency. Shape:
    regime is None where no convention holds; reason is what the carrier or a colleague said last;
    waiver is what a colleague proposes to give up, with who proposed it, and nothing_owed the
    carrier's letter by which it owes nothing, empty where that is not why. Of cargo, parcel_ref is
    the number of its policy, and packages and weight_g are what of it was lost or damaged, nothing
    where nobody said; passed_on is what of the money received was the holder's.
    """

    ref: str
    claim_ref: str
    holder_id: UUID
    parcel_ref: str
    carrier: str
    tracking_number: str
    cause: Cause
    regime: Regime | None
    state: CarrierClaimState
    asked: Money
    limit_sdr: Decimal | None
    limit: Money | None
    accepted: Money
    received: Money
    passed_on: Money
    is_cargo: bool
    packages: int
    weight_g: int
    notice_by: date
    suit_by: date
    reason: str
    waiver: tuple[str, UUID] | None
    nothing_owed: str
    opened_at: datetime
    notice_sent_at: datetime | None

    @property
    def status(self) -> words.Status:
        """Where it stands as a tag, and what happens next."""
        if self.is_without_carrier:
            return words.NO_CARRIER
        if self.state is CarrierClaimState.CLOSED and not self.received:
            return words.NOTHING_OWED
        return words.STATUS[self.state]

    @property
    def is_without_carrier(self) -> bool:
        """Whether nobody said yet who carried the cargo, so that no letter can go."""
        return self.is_cargo and not self.carrier and self.state is CarrierClaimState.NONE

    @property
    def may_owe_nothing(self) -> bool:
        """Whether it can be closed because the carrier owes nothing."""
        return not self.accepted and rules.may_move(self.state, CarrierClaimState.CLOSED)

    @property
    def is_telling(self) -> bool:
        """Whether it can still be said who carried the cargo, and what of it suffered."""
        return self.is_cargo and self.state in UNCLAIMED

    @property
    def what(self) -> Message:
        """What happened to the parcel or the cargo."""
        return Message((words.CARGO_CAUSE if self.is_cargo else words.CAUSE)[self.cause])

    @property
    def law(self) -> Message:
        """What says what the carrier owes."""
        return Message(words.LAW[self.regime])

    @property
    def is_late(self) -> bool:
        """Whether the carrier was told after the last day for it, or still was not."""
        sent_on = self.notice_sent_at.date() if self.notice_sent_at else None
        return rules.is_late(notice_by=self.notice_by, sent_on=sent_on, today=clock.today())

    @property
    def is_open(self) -> bool:
        """Whether anything can still be done."""
        return self.state not in ENDED

    @property
    def due(self) -> Money:
        """What the carrier accepted and has not paid."""
        return self.accepted - self.received

    @property
    def due_on(self) -> date:
        """The next day that something is lost by: the notice's, then the suit's."""
        return self.notice_by if self.state is CarrierClaimState.NONE else self.suit_by

    @property
    def is_pressing(self) -> bool:
        """Whether that day is near or over."""
        days = (
            0 if self.state is CarrierClaimState.NONE else rules.terms_on(clock.today()).warn_days
        )
        return self.is_open and clock.today() + timedelta(days=days) >= self.due_on
