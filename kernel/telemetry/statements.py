"""Every statement that goes to the database, seen where the driver gets it."""

from __future__ import annotations

from contextvars import ContextVar

from sqlalchemy import Engine, event

from kernel.telemetry.outages import DATABASE, POOL

_BOOKKEEPING = ("SAVEPOINT", "RELEASE", "ROLLBACK")

_sent: ContextVar[int] = ContextVar("entrepot_statements", default=0)


def sent() -> int:
    """Return how many statements this context has sent so far; whoever asks twice subtracts."""
    return _sent.get()


@event.listens_for(Engine, "before_cursor_execute")
def _note(_c: object, _cur: object, statement: str, *_rest: object) -> None:
    if not statement.startswith(_BOOKKEEPING):
        _sent.set(_sent.get() + 1)


@event.listens_for(Engine, "after_cursor_execute")
def _answered(*_about: object) -> None:
    for outage in (DATABASE, POOL):
        if outage.is_on:
            outage.over()
