"""What this installation stands on, and whether each part of it is there.

A page needs the database alone. Everything else may be late or away for a while: pages are served,
what waits is done later, and who watches the house is told which part it is.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from enum import StrEnum
from functools import cache
from pathlib import Path

from sqlalchemy import text

from kernel import replicas
from kernel.config import settings
from kernel.db import reading
from kernel.logging import log
from kernel.redis_client import client

# Seconds in which a server that serves answers a ping.
_MOMENT = 1.0
# Minutes after which deliveries that were due, or schedules that should have run, are late.
LATE = 5
# Bytes below which the disk counts as full: PostgreSQL stops at none.
_SMALLEST_DISK = 256 * 1024 * 1024
_VERSIONS = Path(__file__).parent / "migrations" / "versions"

_TABLES = text(
    "SELECT to_regclass('kernel.outbox') IS NOT NULL,"
    " to_regclass('public.alembic_version') IS NOT NULL"
)
_VERSION = text("SELECT version_num FROM public.alembic_version")
_WORK = text(
    """
    SELECT NOT EXISTS (
            SELECT FROM kernel.delivery WHERE done_at IS NULL AND dead_at IS NULL
            AND due_at < clock_timestamp() - make_interval(mins => :late)
        ),
        coalesce((SELECT max(ran_at) FROM kernel.schedule_run)
            >= clock_timestamp() - make_interval(mins => :late), false)
    """
)


class State(StrEnum):
    """How a part is."""

    OK = "ok"
    LATE = "late"
    AWAY = "away"
    FULL = "full"
    OLD = "old"


_parts: dict[str, Callable[[], bool]] = {}


def part(name: str) -> Callable[[Callable[[], bool]], Callable[[], bool]]:
    """Add a part of a package's own: a function that says whether it is there."""

    def register(function: Callable[[], bool]) -> Callable[[], bool]:
        assert name not in _parts, f"two parts are called {name}"
        _parts[name] = function
        return function

    return register


def states() -> dict[str, State]:
    """Return how each part is, asked now; nothing here waits for more than seconds."""
    found = {"database": _database()}
    if found["database"] is State.AWAY:
        return found
    if settings().replica_url:
        found["replicas"] = State.OK if replicas.are_young() else State.LATE
    return (
        found
        | _work()
        | {
            "redis": State.OK if _asked("redis", _redis_answers) else State.AWAY,
            "disk": State.FULL if _free() < _SMALLEST_DISK else State.OK,
            **{
                name: State.OK if _asked(name, is_there) else State.AWAY
                for name, is_there in _parts.items()
            },
        }
    )


def can_serve(found: dict[str, State]) -> bool:
    """Whether pages can be served."""
    return found["database"] is State.OK


def _asked(name: str, is_there: Callable[[], bool]) -> bool:
    try:
        return is_there()
    except Exception as failure:  # noqa: BLE001 - whatever a part says of itself, it is away
        log.warning("%s is away: %s", name, type(failure).__name__)
        return False


def _database() -> State:
    """Whether the database answers, and has the shape of this version."""
    shape = ""

    def answers() -> bool:
        nonlocal shape
        with reading() as current:
            has_tables, has_history = current.execute(_TABLES).one()
            # Tests build a database without its history, in the newest shape.
            shape = _newest() if has_tables else ""
            if has_history:
                shape = current.execute(_VERSION).scalar_one()
        return True

    if not _asked("database", answers):
        return State.AWAY
    return State.OK if shape >= _newest() else State.OLD


@cache
def _newest() -> str:
    return max(path.name.partition("_")[0] for path in _VERSIONS.glob("*.py"))


def _work() -> dict[str, State]:
    with reading() as current:
        delivered, scheduled = current.execute(_WORK, {"late": LATE}).one()
    return {
        "deliveries": State.OK if delivered else State.LATE,
        "schedules": State.OK if scheduled else State.LATE,
    }


def _redis_answers() -> bool:
    if not settings().redis_url:
        from kernel.embedded import is_redis_running  # noqa: PLC0415 - with a URL nobody needs it

        return is_redis_running()
    with client(settings().redis_url, within=_MOMENT) as queues:
        return bool(queues.ping())


def _free() -> int:
    settings().var.mkdir(parents=True, exist_ok=True)
    return shutil.disk_usage(settings().var).free
