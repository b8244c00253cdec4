"""The trail: who did what to which object, written in the same commit as the change.

Beside it stands what the change told, in the same statement, the last before the commit.
"""

from __future__ import annotations

import json

from sqlalchemy import BigInteger, Column, DateTime, Identity, Index, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Session

from kernel import clock
from kernel.db import Done, Evidence, leave_evidence, plain_table
from kernel.logging import request_id
from kernel.statements import read_sql

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


_AUDITED = text(read_sql(__file__, "audited"))
_TOLD = text(read_sql(__file__, "told"))
_TOLD_AND_AUDITED = text(read_sql(__file__, "told_and_audited"))


def _record(session: Session, left: Evidence) -> None:
    """Write what a unit of work told and, of a command, its trail."""
    if left.command is None:
        if left.facts:
            session.execute(_TOLD, {"facts": _plain(left)})
    elif left.facts:
        session.execute(_TOLD_AND_AUDITED, _trail(left.command) | {"facts": _plain(left)})
    else:
        session.execute(_AUDITED, _trail(left.command))


def _plain(left: Evidence) -> str:
    return json.dumps(left.facts, ensure_ascii=False)


def _trail(done: Done) -> dict[str, object]:
    about = {k: str(v) for k, v in done.arguments.items() if k.endswith(_SUBJECT_ENDINGS)}
    return {
        "at": clock.now(),
        "command": done.name,
        "person_id": done.actor.person_id,
        "actor": done.actor.label,
        "subject": json.dumps(about),
        "audited_request": request_id.get(),
    }


leave_evidence(_record)
