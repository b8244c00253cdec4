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
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

import psycopg
from psycopg.abc import RV, PQGen
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
    """What this process allows."""

    limits = WORK


class Server:
    """A database as this process sees it: whether it is thought to be away.

    Shape: again opens one more connection as the last one was opened.
    """

    def __init__(self, role: str) -> None:
        self.role = role
        self.is_away = False
        self.again: Callable[[], psycopg.Connection[Any]] = psycopg.connect
        self._looking = threading.Lock()

    def refuse_while_away(self) -> None:
        """Refuse at once while it is known not to answer. Raises: PoolTimeout."""
        if self.is_away:
            raise PoolTimeout(f"the {self.role} does not answer")

    def note_away(self) -> None:
        """Let everybody be refused until somebody aside has reached it again."""
        with self._looking:
            if self.is_away:
                return
            self.is_away = True
        log.error("the %s does not answer; whoever asks is told so until it does", self.role)
        threading.Thread(target=self._look_for_it, name=self.role, daemon=True).start()

    def _look_for_it(self) -> None:
        begun = time.monotonic()
        while not self._is_there():
            time.sleep(_BETWEEN_LOOKS)
        self.is_away = False
        log.warning("the %s answers again after %.1f s", self.role, time.monotonic() - begun)

    def _is_there(self) -> bool:
        try:
            self.again().close()
        except psycopg.Error:
            return False
        return True


PRIMARY = Server("database")


def allow(limits: Limits) -> None:
    """Choose what this process allows, before it first connects."""
    _Process.limits = limits


def line() -> dict[str, Any]:
    """Return what libpq is told of a line: how long it may be silent.

    Source: PostgreSQL, parameter key words of libpq; a line that was cut is given up after the
    seconds of `tcp_user_timeout`, whatever TCP itself would try.
    """
    return {
        "connect_timeout": CONNECTING,
        "tcp_user_timeout": 10_000,
        "keepalives_idle": 10,
        "keepalives_interval": 5,
        "keepalives_count": 3,
    }


def session_options() -> str:
    """Return what the server enforces, as the options of a new session."""
    limits = _Process.limits
    return f"-c statement_timeout={limits.statement}s -c lock_timeout={limits.lock}s"


def allowed() -> Limits:
    """Return what this process allows."""
    return _Process.limits


class Connection(psycopg.Connection[Any]):
    """A connection whose answers are not waited for for ever."""

    server = PRIMARY
    # What was committed is known to this server alone.
    is_unsure = False

    def note(self, notice: psycopg.errors.Diagnostic) -> None:
        """Hear what the server says beside its answers.

        Where what is acknowledged must stand on two servers, and one hears nothing of the other,
        whoever cancels the waiting gets a warning, and the commit is called done.
        """
        if notice.source_function == "SyncRepWaitForLSN":
            self.is_unsure = True

    def wait(self, gen: PQGen[RV], interval: float = 0.1, timeout: float | None = None) -> RV:
        """Wait for an answer. Raises: psycopg.OperationalError when none comes."""
        limit = timeout or _Process.limits.answer
        try:
            answer = super().wait(gen, interval=interval, timeout=limit)
        except psycopg.OperationalError:
            if limit and self.pgconn.transaction_status == TransactionStatus.ACTIVE:
                self.pgconn.finish()  # nobody knows what it is at; it would not be heard to say
                self.server.note_away()
            raise
        if self.is_unsure:
            # It may be lost with its server, so that nobody is told that it stands.
            self.pgconn.finish()
            raise psycopg.OperationalError("no other server has heard of the commit")
        return answer


def connect(server: Server, chosen: Mapping[str, Any]) -> Connection:
    """Open a connection by what SQLAlchemy made of an address and its own choices.

    Raises: psycopg.OperationalError, PoolTimeout.
    """
    server.refuse_while_away()
    begun = time.monotonic()
    server.again = partial(psycopg.connect, **chosen)
    try:
        connection = Connection.connect(**chosen)
    except psycopg.OperationalError:
        # Refused at once, it costs nobody time; a server that says nothing costs everybody.
        if _Process.limits.answer and time.monotonic() - begun > CONNECTING - 0.5:
            server.note_away()
        raise
    connection.server = server
    connection.add_notice_handler(connection.note)
    return connection


def was_hung_up(connection: Connection) -> bool:
    """Whether the server has hung up on a connection that nobody uses, without asking it.

    A server says nothing unasked but its farewell; asking would cost every page a round trip.
    """
    watched = select.poll()
    watched.register(connection.fileno(), select.POLLIN)
    return bool(watched.poll(0))
