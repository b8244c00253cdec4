"""What this installation stands on, and whether each part of it is there.

A page needs the database alone. Everything else may be late or away for a while: pages are served,
what waits is done later, and who watches the house is told which part it is.
"""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import text

from kernel import replicas
from kernel.config import settings
from kernel.db import reading
from kernel.redis_client import client
from kernel.telemetry import outages

if TYPE_CHECKING:
    import redis

# Seconds in which a server that serves answers a ping, and all that is asked together.
_MOMENT, _TOGETHER = 1.0, 3.0
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
    """Return how each part is, asked now and side by side: in three seconds whatever is silent."""
    found = {"database": _database()}
    if found["database"] is State.AWAY:
        return found
    if settings().replica_url:
        found["replicas"] = State.OK if replicas.are_young() else State.LATE
    found |= _work()
    found["disk"] = State.FULL if _free() < _SMALLEST_DISK else State.OK
    there = _side_by_side({"redis": _redis_answers} | _parts)
    return found | {name: State.OK if is_there else State.AWAY for name, is_there in there.items()}


def can_serve(found: dict[str, State]) -> bool:
    """Whether pages can be served."""
    return found["database"] is State.OK


def _side_by_side(parts: dict[str, Callable[[], bool]]) -> dict[str, bool]:
    """Ask all of them at once; whoever has not answered in the end is away."""
    found = dict.fromkeys(parts, False)

    def ask(name: str) -> None:
        found[name] = _asked(name, parts[name])

    asking = [threading.Thread(target=ask, args=(name,), daemon=True) for name in parts]
    for one in asking:
        one.start()
    until = time.monotonic() + _TOGETHER
    for one in asking:
        one.join(max(0.0, until - time.monotonic()))
    return dict(found)


def _asked(name: str, is_there: Callable[[], bool]) -> bool:
    try:
        found = is_there()
    except Exception as failure:  # noqa: BLE001 - whatever a part says of itself, it is away
        (outages.of(failure) or _outage(name)).failed(failure)
        return False
    if found:
        _outage(name).over()
    return found


def _outage(name: str) -> outages.Outage:
    """Return what is told of a part, which somebody asks for every few seconds."""
    return _outages.setdefault(name, outages.Outage(f"the part {name}"))


_outages = {"database": outages.DATABASE, "redis": outages.REDIS}


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
    return bool(_queues(settings().redis_url).ping())


@cache
def _queues(url: str) -> redis.Redis:
    # Kept, so that a silent sentinel is met once and not by each question.
    return client(url, within=_MOMENT)


def _free() -> int:
    settings().var.mkdir(parents=True, exist_ok=True)
    return shutil.disk_usage(settings().var).free
