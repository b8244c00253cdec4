"""What others may hear of referrals."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ReferralQuoted(Event):
    """An underwriter offers a price. Shape: offered_ref is where it is bought."""

    name: ClassVar[str] = "insurance.referral.quoted.v1"
    ref: str
    kind: str
    owner_id: UUID
    offered_ref: str
    valid_until: datetime


@dataclass(frozen=True, kw_only=True)
class ReferralDeclined(Event):
    """A risk was declined. Shape: refusal is a code of `rules.Refused`, words the officer's own."""

    name: ClassVar[str] = "insurance.referral.declined.v1"
    ref: str
    kind: str
    owner_id: UUID
    subject_ref: str
    refusal: str
    words: str
