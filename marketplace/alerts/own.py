"""Stock alerts for the file of what somebody wrote."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from marketplace.alerts import queries


def alerts_of(person_id: UUID) -> list[dict[str, Any]]:
    """Return what a person waits for as plain values."""
    return [
        {"product": one.product_ref, "wanted_at": one.wanted_at.isoformat()}
        for one in queries.waited_for_by(person_id)
    ]
