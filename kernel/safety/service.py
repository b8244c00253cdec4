"""Writes the log of a person's safety in the commit of what happened."""

from __future__ import annotations

from uuid import UUID

from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.safety.events import SafetyChanged
from kernel.safety.models import SafetyEntry
from kernel.safety.rules import UNTOLD, Kind

__all__ = ["Kind", "record"]


@command
def record(
    *, person_id: UUID, kind: Kind, actor: Actor, data: dict[str, str | int] | None = None,
    session_id: UUID | None = None,
) -> None:  # fmt: skip
    """Write a line, and let its person be told. Events: SafetyChanged, unless it is no news."""
    entry = SafetyEntry(
        person_id=person_id, at=clock.now(), kind=kind, data=data or {},
        session_id=session_id or actor.session_id,
    )  # fmt: skip
    session().add(entry)
    session().flush()
    if kind not in UNTOLD:
        publish(SafetyChanged(person_id=person_id, entry_id=entry.id))
