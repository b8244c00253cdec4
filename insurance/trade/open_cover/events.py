"""What others may hear of open covers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from kernel.events import Event
from kernel.money import Money


@dataclass(frozen=True, kw_only=True)
class OpenCoverNews(Event):
    """Something happened to an open cover that its holder is told of.

    Shape: what is one of the words of its history, entry_id the line that says the rest.
    """

    name: ClassVar[str] = "insurance.open_cover.news.v1"
    open_cover_id: UUID
    ref: str
    owner_id: UUID
    what: str
    entry_id: int


@dataclass(frozen=True, kw_only=True)
class ShipmentInsured(Event):
    """A shipment was insured under an open cover, by whatever door.

    Shape: number is its certificate's; source is of `rules.Source`; premium holds its tax.
    """

    name: ClassVar[str] = "insurance.open_cover.declared.v1"
    ref: str
    owner_id: UUID
    number: str
    reference: str
    source: str
    sum_insured: Money
    premium: Money
    from_deposit: Money
