"""Stock alerts for the file of what somebody wrote."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import text

from kernel.db import session
from kernel.manifest import PersonalData
from kernel.text import N_
from marketplace.trust.alerts import queries, service

_COUNT = text("SELECT count(*) FROM marketplace.stock_alert WHERE person_id = :person")


def alerts_of(person_id: UUID) -> list[dict[str, Any]]:
    """Return what a person waits for as plain values."""
    return [
        {"product": one.product_ref, "wanted_at": one.wanted_at.isoformat()}
        for one in queries.waited_for_by(person_id)
    ]


def count_alerts(person_id: UUID) -> int:
    """Return how many of them the file would hold."""
    return int(session().execute(_COUNT, {"person": person_id}).scalar_one())


PERSONAL_DATA = (
    PersonalData(
        key="stock_alerts",
        label=N_("Back-in-stock alerts"),
        stays=N_("Nothing is kept."),
        export=alerts_of,
        count=count_alerts,
        erase=service.forget,
    ),
)
