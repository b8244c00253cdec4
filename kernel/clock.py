"""Business time, in one place: aware UTC instants that a demonstration may move.

Production has no offset. The demo and the tests share one through a small file that every process
looks at; a frozen instant, for tests, wins over both.
"""

from __future__ import annotations

import os
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

_frozen: datetime | None = None
_file: Path | None = None
_seen: tuple[int, timedelta] = (-1, timedelta())
_looked_at = 0.0

# Seconds of real time for which the file's word holds: a page asks for the time a hundred times.
_LOOK = 0.01


def now() -> datetime:
    """Return the instant the business lives in, UTC, aware."""
    if _frozen is not None:
        return _frozen
    real = datetime.now(UTC)
    return real + _offset() if _file is not None else real


def today() -> date:
    """Return the business date in UTC."""
    return now().date()


def from_world(at: datetime) -> datetime:
    """Return when an instant of the real world is in business time: a deadline somebody else set.

    Both are the same in production.
    """
    return at + (now() - datetime.now(UTC))


def use_offset_file(path: Path | None) -> None:
    """Let the file's seconds move the clock; None ties it to the real world."""
    global _file, _seen, _looked_at
    _file, _seen, _looked_at = path, (-1, timedelta()), 0.0


def moved_by() -> timedelta:
    """Return how far business time is ahead of the real world, below zero where it is behind."""
    return timedelta() if _frozen is not None or _file is None else _offset()


def begin(at: datetime) -> None:
    """Let a demonstration that nobody has lived in yet begin at an instant that is over.

    What happens there until its clock has caught up is its past. Raises: AssertionError in
    production, and where time was moved before.
    """
    assert _file is not None, "only a demonstration moves its clock"
    assert not _file.exists(), "a world begins once"
    behind = at - datetime.now(UTC)
    assert behind <= timedelta(), "what is to come is no past"
    _move_to(behind)


def advance(by: timedelta) -> datetime:
    """Move business time forward for every process that shares the file; return the new instant.

    Raises: AssertionError in production, where time cannot be moved.
    """
    assert by >= timedelta(), "time does not run backwards"
    global _looked_at  # noqa: PLW0603 - a process has one clock
    assert _file is not None, "only a demonstration moves its clock"
    _looked_at = 0.0
    _move_to(_offset() + by)
    return now()


def freeze(at: datetime | None) -> None:
    """Hold the clock at an instant (tests); None lets it run again."""
    global _frozen  # noqa: PLW0603 - a process has one clock
    assert at is None or at.tzinfo is not None, "instants are aware"
    _frozen = at


def _move_to(ahead: timedelta) -> None:
    global _looked_at  # noqa: PLW0603 - a process has one clock
    assert _file is not None
    replacement = _file.with_suffix(".new")
    replacement.write_text(str(round(ahead.total_seconds())), encoding="ascii")
    replacement.replace(_file)
    _looked_at = 0.0


def _offset() -> timedelta:
    global _seen, _looked_at  # noqa: PLW0603 - a process has one clock
    assert _file is not None
    real = time.monotonic()
    if real - _looked_at < _LOOK:
        return _seen[1]
    _looked_at = real
    try:
        stamp = os.stat(_file).st_mtime_ns  # noqa: PTH116 - asked on every now(), so the cheap call
    except FileNotFoundError:
        _seen = (-1, timedelta())
        return timedelta()
    if stamp != _seen[0]:
        _seen = (stamp, timedelta(seconds=int(_file.read_text(encoding="ascii") or "0")))
    return _seen[1]
