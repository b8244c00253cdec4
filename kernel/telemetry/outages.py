"""A server that is away is told twice: when that begins, and when it is over.

Between the two every page and every try fails alike, and a line for each would bury what else is
said. Each process tells what it met itself.
"""

from __future__ import annotations

import logging
import sys
import threading
import time

import psycopg
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from kernel.logging import log

# Seconds without a failure, after which a success counts: connections come and go meanwhile.
_QUIET = 1.0
# Connections that the server ended, or takes none of (classes 08, 57P and 53 of PostgreSQL); what
# it refused while it is there, a statement that took too long among it, is no outage.
_AWAY = ("08", "57P", "53")
_REDIS = {"ConnectionError", "TimeoutError"}
_SEARCH = {"ConnectionError", "ConnectionTimeout"}
# The same seconds for a server that is asked with a short patience: one that is slow for every
# third question is told once, and not at each of them.
_SLOW_QUIET = 30.0


class Outage:
    """What one server's absence came to so far. Locks: its own, for the figures of one process.

    Units: quiet are seconds without a failure after which a success counts, where a moment is too
    short.
    """

    def __init__(self, server: str, *, quiet: float | None = None) -> None:
        self.server = server
        self.is_on = False
        self._quiet = quiet
        self._lock = threading.Lock()
        self._failures = 0
        self._begun = self._last = 0.0

    def failed(self, error: BaseException) -> None:
        """Count one failure more; the first is told."""
        with self._lock:
            self._last = time.monotonic()
            self._failures += 1
            if self.is_on:
                return
            self.is_on, self._begun, self._failures = True, self._last, 1
        log.error("%s is away: %s", self.server, type(error).__name__)

    def over(self) -> None:
        """Tell that the server answered again, unless something failed a moment ago."""
        with self._lock:
            now = time.monotonic()
            quiet = _QUIET if self._quiet is None else self._quiet
            if not self.is_on or now - self._last < quiet:
                return
            self.is_on, passed, failures = False, now - self._begun, self._failures
        log.warning("%s is back after %.0f s and %d failures", self.server, passed, failures)


DATABASE = Outage("the database")
POOL = Outage("a free database connection")
REDIS = Outage("Redis")
SEARCH = Outage("the search server", quiet=_SLOW_QUIET)


def database_answered() -> None:
    """Tell that the database answered again, if it was away."""
    for outage in (DATABASE, POOL):
        if outage.is_on:
            outage.over()


def of_node(place: str) -> Outage:
    """Return the outage of one node of a search server, the same for whoever asks it here."""
    return _nodes.setdefault(place, Outage(f"the search node {place}", quiet=_SLOW_QUIET))


_nodes: dict[str, Outage] = {}


def of(error: BaseException | None) -> Outage | None:
    """Return whose absence an error tells of, None for every other error."""
    if isinstance(error, PoolTimeout):
        # Pages refuse in the same way when the database is known not to answer.
        return POOL if "QueuePool" in str(error) else DATABASE
    cause = error.orig if isinstance(error, DBAPIError) else error
    if isinstance(cause, psycopg.OperationalError | psycopg.InterfaceError):
        return DATABASE if (cause.sqlstate or "08").startswith(_AWAY) else None
    if _is_one(error, "redis.exceptions", _REDIS):
        return REDIS
    # What a room makes of a silent server has the silence for its cause.
    silence = error.__cause__ if error is not None else None
    is_silent = any(_is_one(one, "elastic_transport", _SEARCH) for one in (error, silence))
    return SEARCH if is_silent else None


def _is_one(error: BaseException | None, package: str, names: set[str]) -> bool:
    """Whether an error is of a client's kinds: by their names, since no page loads the client."""
    kinds = [kind for kind in type(error).__mro__ if kind.__module__.startswith(package)]
    return any(kind.__name__ in names for kind in kinds)


def tell(error: BaseException, words: str, *values: object) -> None:
    """Log a failure with its stack, or count it when a server is away; called where it is caught.

    Shape: words and values as every log line takes them.
    """
    outage = of(error)
    if outage is None:
        log.exception(words, *values)
    else:
        outage.failed(error)


class Once(logging.Filter):
    """Counts what a library says of a server that is away, instead of letting it say so again."""

    def filter(self, record: logging.LogRecord) -> bool:  # noqa: ARG002 - as logging calls it
        """Whether the line is about something else than the error that is being handled."""
        error = sys.exc_info()[1]
        outage = of(error)
        if error is None or outage is None:
            return True
        outage.failed(error)
        return False
