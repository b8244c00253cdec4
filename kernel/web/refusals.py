"""What a page refused, told to those who watch: once for each answer, whoever caught it."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass, field
from typing import Final

from flask import request

from kernel import alarms
from kernel.alarms import Kind
from kernel.errors import HouseError, LimitExceeded
from kernel.geoip.rules import network_of, shown
from kernel.web.access import current_actor

# What programs send as fast as they like: nothing slows it down before it is refused.
_IN_FLOODS: Final = frozenset({Kind.WEBHOOK, Kind.FLOOD})
_MINUTE: Final = 60
MOST_NETWORKS: Final = 2_000


@dataclass(frozen=True, slots=True)
class Due:
    """What is to be written of a refusal. Shape: more is 0 when it waits for others."""

    is_told: bool
    more: int


@dataclass
class Tally:
    """What one process refused that comes in floods, so that no flood becomes one of writes.

    A network leaves a line a minute. What came of it is counted when it has doubled (at the first,
    second, fourth, eighth), so that an alarm is as quick as a flood and costs few writes; what is
    left goes with the first of a later minute.
    Shape: by kind and network the minute of its line, its refusals since, those not counted yet.
    Locks: its own.
    """

    _seen: dict[tuple[Kind, str], tuple[int, int, int]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def take(self, kind: Kind, network: str, now: float) -> Due:
        """Return what is to be written of one more refusal. Units: now in steady seconds."""
        known, minute = (kind, network), int(now // _MINUTE)
        with self._lock:
            if known not in self._seen and len(self._seen) >= MOST_NETWORKS:
                self._make_room(minute)
            told, since, waiting = self._seen.get(known, (-1, 0, 0))
            since = since + 1 if told == minute else 1
            waiting += 1
            is_due = since & (since - 1) == 0
            self._seen[known] = (minute, since, 0 if is_due else waiting)
        return Due(is_told=since == 1, more=waiting if is_due else 0)

    def _make_room(self, minute: int) -> None:
        self._seen = {known: seen for known, seen in self._seen.items() if seen[0] == minute}
        if len(self._seen) >= MOST_NETWORKS:
            self._seen.clear()


TALLY = Tally()


def note(error: HouseError) -> None:
    """Leave a line of a refusal that belongs to a kind which is watched, and count it."""
    if not error.watched or (isinstance(error, LimitExceeded) and not error.retry_after):
        return  # most refusals are no attempt at anything; an amount over its limit is none
    kind, address = Kind(error.watched), request.remote_addr or ""
    if kind in _IN_FLOODS:
        _note_in_floods(kind, error.code, address)
        return
    email = (current_actor().email or request.form.get("email", "")).strip().lower()
    alarms.tell(kind=kind, code=error.code, email=email, address=address)
    alarms.count(kind=kind)


def _note_in_floods(kind: Kind, code: str, address: str) -> None:
    """Note what a program sent. Nobody is looked up for it, nothing of its form is read."""
    network = network_of(address)
    due = TALLY.take(kind, shown(network) if network else "", time.monotonic())
    if due.is_told:
        alarms.tell(kind=kind, code=code, email="", address=address)
    if due.more:
        alarms.count(kind=kind, more=due.more)
