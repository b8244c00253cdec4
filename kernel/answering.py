"""How long the database may take, and what happens when it does not answer at all.

A server that is alive ends what takes too long by itself (`statement_timeout`, `lock_timeout`). One
that stands still, or is behind a cut line, ends nothing: there the driver stops waiting. From then
on pages say at once that the database is away, instead of waiting one after the other, until
somebody who does nothing else has reached it again.
"""

from __future__ import annotations

import select
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from sqlalchemy.exc import TimeoutError as PoolTimeout

from kernel.logging import log

# Seconds. A new connection has so long for its first word.
CONNECTING = 3
# Seconds between two looks whether the database is back.
_BETWEEN_LOOKS = 0.5


@dataclass(frozen=True, slots=True)
class Limits:
    """What one process allows. Units: seconds; answer is what the driver waits, None for ever."""

    statement: int
    lock: int
    answer: float | None


# Somebody waits for a page. The driver waits longer than the server: it loses the connection.
PAGES = Limits(statement=8, lock=5, answer=10)
# A job has its own time limit, and whoever types a command has patience.
WORK = Limits(statement=1800, lock=60, answer=None)


class _Process:
    """What this process allows, and whether its database is thought to be away.

    Shape: again opens one more connection as the last one was opened.
    """

    limits = WORK
    again: Callable[[], psycopg.Connection[Any]] = psycopg.connect
    is_away = False
    look = threading.Lock()


def allow(limits: Limits) -> None:
    """Choose what this process allows, before it first connects."""
    _Process.limits = limits


def options() -> dict[str, Any]:
    """Return what libpq is told: how long a line may be silent, and what the server enforces.

    Source: PostgreSQL, parameter key words of libpq; a line that was cut is given up after the
    seconds of `tcp_user_timeout`, whatever TCP itself would try.
    """
    limits = _Process.limits
    return {
        "connect_timeout": CONNECTING,
        "tcp_user_timeout": 10_000,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
        "options": f"-c statement_timeout={limits.statement}s -c lock_timeout={limits.lock}s",
    }


class Connection(psycopg.Connection[Any]):
    """A connection whose answers are not waited for for ever."""

    def wait(self, gen: Any, interval: float = 0.1, timeout: float | None = None) -> Any:  # noqa: ANN401 - overrides psycopg's method, whose type of generators is private
        """Wait for an answer. Raises: psycopg.OperationalError when none comes."""
        limit = timeout or _Process.limits.answer
        try:
            return super().wait(gen, interval=interval, timeout=limit)
        except psycopg.OperationalError:
            if limit and self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.pgconn.finish()  # nobody knows what it is at; it would not be heard to say
                _note_away()
            raise


def connect(*arguments: Any, **chosen: Any) -> Connection:  # noqa: ANN401 - whatever SQLAlchemy hands to the driver
    """Open a connection. Raises: psycopg.OperationalError, PoolTimeout."""
    refuse_while_away()
    begun = time.monotonic()
    _Process.again = partial(psycopg.connect, *arguments, **chosen)
    try:
        return Connection.connect(*arguments, **chosen)
    except psycopg.OperationalError:
        # Refused at once, it costs nobody time; a server that says nothing costs everybody.
        if _Process.limits.answer and time.monotonic() - begun > CONNECTING - 0.5:
            _note_away()
        raise


def refuse_while_away() -> None:
    """Refuse at once while the database is known not to answer. Raises: PoolTimeout."""
    if _Process.is_away:
        raise PoolTimeout("the database does not answer")


def was_hung_up(connection: Connection) -> bool:
    """Whether the server has hung up on a connection that nobody uses, without asking it.

    A server says nothing unasked but its farewell; asking would cost every page a round trip.
    """
    watched = select.poll()
    watched.register(connection.fileno(), select.POLLIN)
    return bool(watched.poll(0))


def _note_away() -> None:
    """Let everybody be refused until somebody aside has reached the database again."""
    with _Process.look:
        if _Process.is_away:
            return
        _Process.is_away = True
    log.error("the database does not answer; pages say so until it does")
    threading.Thread(target=_look_for_it, name="database", daemon=True).start()


def _look_for_it() -> None:
    begun = time.monotonic()
    while not _is_there():
        time.sleep(_BETWEEN_LOOKS)
    _Process.is_away = False
    log.warning("the database answers again after %.1f s", time.monotonic() - begun)


def _is_there() -> bool:
    try:
        _Process.again().close()
    except psycopg.Error:
        return False
    return True
