"""Writes the log of a person's safety, and what follows, in the commit of what happened."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert

from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.people.safety.events import SafetyChanged
from kernel.people.safety.models import ReducedSpending, SafetyEntry
from kernel.people.safety.rules import UNTOLD, Kind

__all__ = ["Kind", "record", "reduce_spending"]


@command("kernel.safety.record")
def record(
    *,
    person_id: UUID,
    kind: Kind,
    actor: Actor,
    data: dict[str, str | int] | None = None,
    session_id: UUID | None = None,
) -> None:
    """Write a line, and let its person be told. Events: SafetyChanged, unless it is no news."""
    entry = SafetyEntry(
        person_id=person_id,
        at=clock.now(),
        kind=kind,
        data=data or {},
        session_id=session_id or actor.session_id,
    )
    session().add(entry)
    session().flush()
    if kind not in UNTOLD:
        publish(SafetyChanged(person_id=person_id, entry_id=entry.id))


@command("kernel.safety.reduce_spending")
def reduce_spending(*, person_id: UUID, until: datetime, actor: Actor) -> None:
    """Let somebody spend only little until an instant; a later one that stands already stays."""
    row = insert(ReducedSpending).values(person_id=person_id, until=until)
    later = func.greatest(ReducedSpending.until, row.excluded.until)
    session().execute(
        row.on_conflict_do_update(index_elements=["person_id"], set_={"until": later})
    )
