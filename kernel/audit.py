"""The trail: who did what to which object, written in the same commit as the change."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from kernel import clock
from kernel.actor import Actor
from kernel.db import Base, record_commands
from kernel.logging import request_id

_SUBJECT_ENDINGS = ("_id", "_ref", "ref", "key", "reason", "kind", "state")


class AuditEntry(Base):
    """One outermost command that committed.

    Shape: subject holds only the references among the arguments, never names, texts or secrets.
    """

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_person_id_at", "person_id", "at"), {"schema": "kernel"})

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    at: Mapped[datetime]
    command: Mapped[str]
    person_id: Mapped[UUID | None]
    actor: Mapped[str]
    subject: Mapped[dict[str, Any]] = mapped_column(JSONB)
    request_id: Mapped[str]


_INSERT = text(
    "INSERT INTO kernel.audit (at, command, person_id, actor, subject, request_id)"
    " VALUES (:at, :command, :person_id, :actor, CAST(:subject AS jsonb), :request_id)"
)


def _record(session: Session, name: str, actor: Actor, arguments: dict[str, Any]) -> None:

    subject = {k: str(v) for k, v in arguments.items() if k.endswith(_SUBJECT_ENDINGS)}
    session.execute(
        _INSERT,
        {
            "at": clock.now(),
            "command": name,
            "person_id": actor.person_id,
            "actor": actor.label,
            "subject": json.dumps(subject),
            "request_id": request_id.get(),
        },
    )


record_commands(_record)
