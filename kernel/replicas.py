"""Reads that may be old, from replicas whose age is known.

A replica's own clock says nothing: when nothing is written it seems to fall behind, and when its
line is cut it seems not to. So every second each process notes how far the primary's journal goes,
and asks each replica how far it has come: it has everything that was committed by the newest note
it has passed. No clock of another machine is asked.
"""

from __future__ import annotations

import threading
import time
from collections import deque

from sqlalchemy import Connection, Engine, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from kernel import answering, db, pools
from kernel.config import settings
from kernel.telemetry import metrics

# Seconds between two looks at the primary's journal, or at one replica's.
_BETWEEN_LOOKS = 1.0
# Seconds that a replica may be behind while the primary does not answer: nobody writes anything
# then, so that the shop's windows stay lit while another server takes over.
OUTAGE = 300.0

_WRITTEN = text("SELECT (pg_current_wal_flush_lsn() - '0/0')::bigint")
# A server that is no replica (any more) has a journal of its own, which says nothing here.
_REPLAYED = text(
    "SELECT CASE WHEN pg_is_in_recovery() THEN (pg_last_wal_replay_lsn() - '0/0')::bigint END"
)


class _Marks:
    """How far the primary's journal went when. Shape: pairs of our own seconds and bytes."""

    def __init__(self) -> None:
        self.noted: deque[tuple[float, int]] = deque(maxlen=int(OUTAGE))
        self.looked_at = 0.0
        self.is_primary_away = False
        self._looking = threading.Lock()

    def look(self) -> None:
        """Note how far the journal goes now, unless somebody has just done so."""
        if time.monotonic() - self.looked_at < _BETWEEN_LOOKS:
            return
        if not self._looking.acquire(blocking=False):
            return
        try:
            self.looked_at = now = time.monotonic()
            with db.reading_engine().connect() as primary:
                written = primary.execute(_WRITTEN).scalar_one()
            if self.noted and written < self.noted[-1][1]:
                self.noted.clear()  # another server has taken over, with a journal of its own
            self.noted.append((now, written))
            self.is_primary_away = False
        except (DBAPIError, PoolTimeout):
            self.is_primary_away = True
        finally:
            self._looking.release()

    def whole_at(self, replayed: int) -> float | None:
        """Return when everything was committed that has been replayed, in our own seconds."""
        return next((at for at, written in reversed(self.noted) if written <= replayed), None)

    def most(self) -> float:
        """Return the seconds that a replica may be behind now."""
        return OUTAGE if self.is_primary_away else settings().replica_age


class _Process:
    """The replicas as this process knows them."""

    pool: Engine | None = None
    marks = _Marks()


_REPLICA = answering.Server("replica")


def connection() -> Connection | None:
    """Return a connection to a replica that is young enough; None reads at the primary.

    Shape: whoever gets one closes it.
    """
    if not settings().replica_url:
        return None
    _Process.marks.look()
    opened = None
    try:
        opened = _pool().connect()
        age = _age(opened)
    except (DBAPIError, PoolTimeout):
        metrics.REPLICA_READS.count("away")
        if opened is not None:
            opened.close()
        return None
    metrics.REPLICA_AGE.set(age)
    if age > _Process.marks.most():
        metrics.REPLICA_READS.count("behind")
        opened.close()
        return None
    return opened


def are_young() -> bool:
    """Whether a replica would be read now."""
    opened = connection()
    if opened is not None:
        opened.close()
    return opened is not None


def forget() -> None:
    """Close the pool and begin anew: before a fork, and between tests."""
    if _Process.pool is not None:
        _Process.pool.dispose()
    _Process.pool, _Process.marks = None, _Marks()


def _pool() -> Engine:
    if _Process.pool is None:
        url = pools.sqlalchemy_url(settings().replica_url)
        # Never behind a pooler, which would change the server under a connection's known age.
        pool = pools.make(url, _REPLICA, is_pooled=False)
        _Process.pool = pool.execution_options(isolation_level="AUTOCOMMIT")
    return _Process.pool


def _age(replica: Connection) -> float:
    """Return the seconds that a replica may be behind at most. Units: infinite when unknown."""
    now = time.monotonic()
    looked_at, whole_at = replica.info.get("replica", (0.0, None))
    if now - looked_at > _BETWEEN_LOOKS:
        replayed = replica.execute(_REPLAYED).scalar_one()
        whole_at = None if replayed is None else _Process.marks.whole_at(replayed)
        replica.info["replica"] = (now, whole_at)
    return float("inf") if whole_at is None else now - whole_at
