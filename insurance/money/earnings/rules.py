"""What is known of a policy whose premium is earned by the day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from kernel.money import Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A policy as it goes on risk.

    Units: planned_days in started 24-hour periods. Shape: product is the level that was sold.
    """

    policy_id: UUID
    insurer_key: str
    product: str
    net: Money
    commission: Money
    planned_days: int
    attached_at: datetime
    is_refundable_whole: bool
