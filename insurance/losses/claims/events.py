"""What others may hear of claims."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from kernel.events import Event
from kernel.money import Money


@dataclass(frozen=True, kw_only=True)
class ClaimOpened(Event):
    """A loss was reported or notified under a policy."""

    name: ClassVar[str] = "insurance.claim.opened.v1"
    claim_id: UUID
    ref: str
    policy_id: UUID
    policyholder_id: UUID
    parcel_ref: str
    order_ref: str
    cause: str


@dataclass(frozen=True, kw_only=True)
class ClaimApproved(Event):
    """A claim will be paid."""

    name: ClassVar[str] = "insurance.claim.approved.v1"
    claim_id: UUID
    ref: str
    payable: Money


@dataclass(frozen=True, kw_only=True)
class ClaimPaid(Event):
    """The money of a claim is in a wallet."""

    name: ClassVar[str] = "insurance.claim.paid.v1"
    claim_id: UUID
    ref: str
    policyholder_id: UUID
    parcel_ref: str
    order_ref: str
    cause: str
    payee: str
    wallet_id: UUID
    paid: Money


@dataclass(frozen=True, kw_only=True)
class ClaimRefused(Event):
    """A claim ended without payment."""

    name: ClassVar[str] = "insurance.claim.refused.v1"
    claim_id: UUID
    ref: str
    policyholder_id: UUID
    parcel_ref: str
    order_ref: str
    cause: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ClaimQuestioned(Event):
    """Officers need something from the holder, or remind of it.

    Shape: is_reminder tells a reminder from the question itself. Units: answer_by is the end of the
    time for an answer.
    """

    name: ClassVar[str] = "insurance.claim.questioned.v1"
    claim_id: UUID
    ref: str
    policyholder_id: UUID
    question: str
    answer_by: datetime
    is_reminder: bool


@dataclass(frozen=True, kw_only=True)
class ClaimLapsed(Event):
    """A question stayed without an answer; the claim rests until the last day for one."""

    name: ClassVar[str] = "insurance.claim.lapsed.v1"
    claim_id: UUID
    ref: str
    policyholder_id: UUID
    answer_by: datetime


@dataclass(frozen=True, kw_only=True)
class ParcelSilent(Event):
    """The carrier has not scanned a covered parcel for a week; from open_on on a claim waits."""

    name: ClassVar[str] = "insurance.parcel.silent.v1"
    policy_id: UUID
    policyholder_id: UUID
    parcel_ref: str
    since: datetime
    open_on: date


@dataclass(frozen=True, kw_only=True)
class LossFound(Event):
    """A parcel fell silent for so long that a claim waits for its holder's word."""

    name: ClassVar[str] = "insurance.claim.found.v1"
    claim_id: UUID
    ref: str
    policyholder_id: UUID
    parcel_ref: str
    since: datetime


@dataclass(frozen=True, kw_only=True)
class LossConfirmed(Event):
    """The holder says that a silent parcel never came; whoever follows it may give it up."""

    name: ClassVar[str] = "insurance.claim.loss_confirmed.v1"
    claim_id: UUID
    ref: str
    parcel_ref: str
