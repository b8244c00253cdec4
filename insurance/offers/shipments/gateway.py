"""What carriers say of a parcel by its number: asked outside of any transaction.

A real client is the one that the setting `carrier_client` names for the whole house. Without one, a
demonstration's stand-in answers from a file in the data folder: it knows what it was told
(`entrepot parcel-scan`), nothing of any other number, and misbehaves on demand
(`entrepot parcel-fault`).
"""

from __future__ import annotations

import fcntl
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, Protocol

from insurance.offers.shipments.errors import TrackingDown
from insurance.offers.shipments.rules import Scan
from kernel import clock
from kernel.config import outside, settings
from kernel.errors import Upstream


class Word(Protocol):
    """One scan as a carrier's client tells it."""

    @property
    def state(self) -> str:
        """Where the parcel is, in the words of no carrier."""

    @property
    def at(self) -> datetime:
        """When it was scanned."""

    @property
    def place(self) -> str:
        """Where it was scanned."""


class Tracking(Protocol):
    """What every carrier's client can be asked of numbers."""

    def scans(self, numbers: Sequence[str]) -> Mapping[str, Sequence[Word]]:
        """Return everything scanned so far, by number; of what it never heard nothing.

        Raises: Upstream or OSError where the carrier does not answer; anything else is a fault.
        """


class Fault(StrEnum):
    """What the stand-in does instead of answering well."""

    TIME_OUT = "time-out"
    SHUFFLE = "shuffle"
    REPEAT = "repeat"
    FORGET = "forget"


@cache
def client() -> Tracking:
    """Return the client of this installation. Raises: UnsafeSetting."""
    return outside("carrier_client", stand_in=LocalTracking)


def scans_of(numbers: Sequence[str]) -> dict[str, list[Scan]]:
    """Return what carriers say of parcels, oldest first, each word once.

    Raises: TrackingDown.
    """
    try:
        told = client().scans(numbers)
    except (Upstream, OSError) as error:
        raise TrackingDown from error
    return {
        number: sorted(
            {Scan(str(word.state), word.at, word.place) for word in words}, key=lambda s: s.at
        )
        for number, words in told.items()
    }


class LocalTracking:
    """The stand-in: knows the scans that it was told."""

    def scans(self, numbers: Sequence[str]) -> Mapping[str, Sequence[Word]]:
        """Answer from its file. Raises: TrackingDown on demand."""
        with _book() as book:
            fault = _next_fault(book)
            told = {number: book["scans"].get(number, []) for number in numbers}
        if fault is Fault.TIME_OUT:
            raise TrackingDown
        if fault is Fault.FORGET:
            return {}
        known = {number: [_scan(raw) for raw in raws] for number, raws in told.items() if raws}
        if fault is Fault.SHUFFLE:
            return {number: scans[::-1] for number, scans in known.items()}
        return {n: s * 2 for n, s in known.items()} if fault is Fault.REPEAT else known


def tell(number: str, state: str, *, place: str, ago: timedelta = timedelta()) -> None:
    """Let the stand-in have scanned a parcel."""
    at = clock.now() - ago
    with _book() as book:
        scans = book["scans"].setdefault(number, [])
        scans.append({"state": state, "at": at.isoformat(), "place": place})


def order_fault(fault: Fault, times: int) -> dict[str, int]:
    """Let the stand-in misbehave the next times; return everything it still has to do."""
    with _book() as book:
        book["faults"][fault.value] = book["faults"].get(fault.value, 0) + times
        return dict(book["faults"])


def _scan(raw: Mapping[str, str]) -> Scan:
    return Scan(raw["state"], datetime.fromisoformat(raw["at"]), raw["place"])


def _next_fault(book: dict[str, Any]) -> Fault | None:
    for fault in Fault:
        if book["faults"].get(fault.value, 0) > 0:
            book["faults"][fault.value] -= 1
            return fault
    return None


@contextmanager
def _book() -> Iterator[dict[str, Any]]:
    """Open what the stand-in knows, one process at a time."""
    path = settings().var / "parcel-tracking.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("a+", encoding="utf-8") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        file.seek(0)
        book: dict[str, Any] = json.loads(file.read() or '{"scans": {}, "faults": {}}')
        yield book
        file.truncate(0)
        file.write(json.dumps(book))
