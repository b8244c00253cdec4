"""A server outside that stands still holds nobody else up: a circuit breaker.

Pages are computed by few threads. Where each of them waits for a bucket or for the card network,
the pages that need neither wait with them. So whoever finds a server slow is the only one to wait
for it; the others are told at once that it is away, and after a silence it is left alone a while.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from kernel.telemetry.outages import Outage

# So long a silent server is left alone; then one asks it again, and the others when it answered.
REST = 5.0


class LeftAlone(Exception):
    """Nobody asks the server now: it was silent a moment ago, or keeps somebody waiting."""


class Breaker:
    """A server outside as this process sees it.

    Units: seconds; patience is what an answer may take before others stop queueing behind it.
    Shape: server is what the log calls it, when it is away and back. Locks: its own.
    """

    def __init__(self, server: str, *, patience: float) -> None:
        self.outage = Outage(server)
        self._patience = patience
        self._lock = threading.Lock()
        self._asking: dict[object, float] = {}
        self._rests_until = 0.0
        self._is_doubted = False

    @property
    def is_open(self) -> bool:
        """Whether whoever asked now would be told at once that the server is away."""
        with self._lock:
            return self._is_left_alone(time.monotonic())

    @contextmanager
    def guard(
        self, *failures: type[BaseException], patience: float | None = None
    ) -> Iterator[None]:
        """Ask the server within this; what it raises else is an answer.

        A failure that came at once cost nobody time, so the server is asked on. Shape: patience is
        for what takes longer by its nature, as a large file does. Raises: LeftAlone.
        """
        one, begun = object(), time.monotonic()
        late = begun + (self._patience if patience is None else patience)
        with self._lock:
            if self._is_left_alone(begun):
                raise LeftAlone
            self._asking[one] = late
        try:
            yield
        except failures as failure:
            self._ended(one, was_silent=time.monotonic() > late)
            self.outage.failed(failure)
            raise
        except BaseException:
            self._ended(one, was_silent=False)
            raise
        self._ended(one, was_silent=False)
        self.outage.over()

    def _is_left_alone(self, now: float) -> bool:
        if now < self._rests_until:
            return True
        return any(self._is_doubted or now > late for late in self._asking.values())

    def _ended(self, one: object, *, was_silent: bool) -> None:
        with self._lock:
            del self._asking[one]
            self._is_doubted = was_silent
            if was_silent:
                self._rests_until = time.monotonic() + REST
