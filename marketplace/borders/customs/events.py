"""What customs lets others know."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from kernel.events import Event
from kernel.money import Money


@dataclass(frozen=True, kw_only=True)
class DeclarationFiled(Event):
    """A declaration left for the authority. Shape: version counts from 1."""

    name: ClassVar[str] = "marketplace.declaration.filed.v1"

    declaration_id: UUID
    parcel_ref: str
    version: int


@dataclass(frozen=True, kw_only=True)
class DeclarationQueried(Event):
    """The authority asks for documents."""

    name: ClassVar[str] = "marketplace.declaration.queried.v1"

    declaration_id: UUID
    parcel_ref: str
    question: str


@dataclass(frozen=True, kw_only=True)
class DeclarationAssessed(Event):
    """The authority set what is due. Units: both in the destination's currency."""

    name: ClassVar[str] = "marketplace.declaration.assessed.v1"

    declaration_id: UUID
    parcel_ref: str
    order_ref: str
    quoted: Money
    assessed: Money


@dataclass(frozen=True, kw_only=True)
class DeclarationReleased(Event):
    """The parcel is free to go on."""

    name: ClassVar[str] = "marketplace.declaration.released.v1"

    declaration_id: UUID
    parcel_ref: str
    order_ref: str


@dataclass(frozen=True, kw_only=True)
class DeclarationRefused(Event):
    """The parcel may not enter."""

    name: ClassVar[str] = "marketplace.declaration.refused.v1"

    declaration_id: UUID
    parcel_ref: str
    order_ref: str
    reason: str
