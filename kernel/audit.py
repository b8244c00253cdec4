"""The trail: who did what to which object, written in the same commit as the change."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, Identity, Index, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from kernel import clock
from kernel.actor import Actor
from kernel.db import plain_table, record_commands
from kernel.logging import request_id

_SUBJECT_ENDINGS = ("_id", "_ref", "ref", "key", "reason", "kind", "state")


audit = plain_table(
    __name__,
    "kernel.audit",
    """One outermost command that committed.

    Shape: subject holds only the references among the arguments, never names, texts or secrets.
    """,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("command", Text, nullable=False),
    Column("person_id", Uuid),
    Column("actor", Text, nullable=False),
    Column("subject", JSONB, nullable=False),
    Column("request_id", Text, nullable=False),
    Index("ix_audit_person_id_at", "person_id", "at"),
)


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
