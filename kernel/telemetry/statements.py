"""Every statement that goes to the database, seen where the driver gets it."""

from __future__ import annotations

import re
import time
from contextvars import ContextVar
from functools import lru_cache

from sqlalchemy import Engine, event

from kernel.statements import NAMES
from kernel.telemetry import tracing
from kernel.telemetry.outages import database_answered

_BOOKKEEPING = ("SAVEPOINT", "RELEASE", "ROLLBACK")
_VERB = re.compile(r"\b(SELECT|INSERT|UPDATE|DELETE)\b")
_TABLE = re.compile(r"\b(?:FROM|INTO|UPDATE|JOIN)\s+(\w+\.\w+)")

_sent: ContextVar[int] = ContextVar("entrepot_statements", default=0)
_begun_ns: ContextVar[int] = ContextVar("entrepot_statement_begun", default=0)


def sent() -> int:
    """Return how many statements this context has sent so far; whoever asks twice subtracts."""
    return _sent.get()


@event.listens_for(Engine, "before_cursor_execute")
def _note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
    if not statement.startswith(_BOOKKEEPING):
        _sent.set(_sent.get() + 1)
        _begun_ns.set(time.time_ns() if tracing.is_recording() else 0)


@event.listens_for(Engine, "after_cursor_execute")
def _answered(
    _c: object, _cur: object, statement: str, _values: object, context: object, _many: object
) -> None:
    database_answered()
    begun_ns = _begun_ns.get()
    if begun_ns and not statement.startswith(_BOOKKEEPING):
        asked = getattr(getattr(context, "invoked_statement", None), "text", "")
        tracing.passed(
            NAMES.get(asked) or _summary(statement),
            kind="client",
            since_ns=begun_ns,
            about={"db.system.name": "postgresql"},
        )


@lru_cache(maxsize=2000)
def _summary(statement: str) -> str:
    """Return what a statement does to which table: what it is called where it has no name."""
    found = [pattern.search(statement) for pattern in (_VERB, _TABLE)]
    return " ".join(one.group(1) for one in found if one) or "statement"
