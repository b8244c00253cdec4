"""What others may hear of applications."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ApplicationSubmitted(Event):
    """A customer sent an application; the identity service is to be asked."""

    name: ClassVar[str] = "banking.application.submitted.v1"
    application_id: UUID


@dataclass(frozen=True, kw_only=True)
class ApplicationAnswered(Event):
    """The bank answered an application. Shape: state is approved, asked_again or refused."""

    name: ClassVar[str] = "banking.application.answered.v1"
    application_id: UUID
    customer_id: UUID
    tier: int
    state: str
