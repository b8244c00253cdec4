"""The script of a simulated journey: which scans a parcel has met by now, and how it goes wrong."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from functools import partial

from marketplace.logistics.carriers.rules.rate_cards import Network, Service
from marketplace.logistics.carriers.rules.tracking import ParcelState, Scan, state_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Trip:
    """What the simulated carrier knows of one parcel.

    Shape: released_at is when customs let it go, None while it waits; refused_at when customs sent
    it back. Units: delay_hours are added to everything after export.
    """

    number: str
    origin: str
    destination: str
    crosses_border: bool
    booked_at: datetime
    zone: int
    delay_hours: int = 0
    is_lost: bool = False
    released_at: datetime | None = None
    refused_at: datetime | None = None


def scans(network: Network, service: Service, trip: Trip, now: datetime) -> list[Scan]:
    """Return every scan that has happened by now, oldest first; the same trip tells the same."""
    return [scan for scan in _script(network, service, trip) if scan.at <= now]


def _script(network: Network, service: Service, trip: Trip) -> Iterator[Scan]:
    end = _arrival(network, service, trip)
    span = end - trip.booked_at
    delay = timedelta(hours=trip.delay_hours)
    scan = partial(_scan, service, trip)
    yield scan(
        ParcelState.ACCEPTED, trip.booked_at + min(span * 0.05, timedelta(hours=6)), trip.origin
    )
    yield scan(ParcelState.IN_TRANSIT, trip.booked_at + span * 0.2, trip.origin)
    if trip.is_lost:
        yield scan(ParcelState.LOST, end + delay + timedelta(days=2), trip.origin, "no scan since")
        return
    ready = trip.booked_at + span * 0.7 + delay
    if trip.crosses_border:
        yield scan(ParcelState.EXPORTED, trip.booked_at + span * 0.35, trip.origin)
        yield scan(ParcelState.ARRIVED, trip.booked_at + span * 0.6 + delay, trip.destination)
        shown = trip.booked_at + span * 0.62 + delay
        yield scan(ParcelState.CUSTOMS_PRESENTED, shown, trip.destination)
        if trip.refused_at is not None:
            yield scan(
                ParcelState.RETURNED, max(shown, trip.refused_at), trip.destination, "refused"
            )
            return
        if trip.released_at is None:
            return
        cleared = max(shown, trip.released_at)
        yield scan(ParcelState.CUSTOMS_RELEASED, cleared, trip.destination)
        ready = max(ready, cleared)
    door = end + delay
    if ready + timedelta(hours=6) > door:
        door = _next_noon(network, ready)
    yield scan(ParcelState.OUT_FOR_DELIVERY, door - timedelta(hours=5), trip.destination)
    yield scan(ParcelState.DELIVERED, door, trip.destination)


def _arrival(network: Network, service: Service, trip: Trip) -> datetime:
    first, last = service.rate_cards[0].days[trip.zone]
    early, late = service.customs_days if trip.crosses_border else (0, 0)
    figure = hashlib.sha256(trip.number.encode()).digest()[0]
    shortest, longest = first + early, last + late
    days = shortest + figure % (longest - shortest + 1)
    day = network.after(trip.booked_at.date(), days)
    return datetime.combine(day, time(12, figure % 60), tzinfo=UTC)


def _next_noon(network: Network, at: datetime) -> datetime:
    day = network.after(at.date() + timedelta(days=1), 0)
    return datetime.combine(day, time(12), tzinfo=UTC)


def _scan(
    service: Service, trip: Trip, state: ParcelState, at: datetime, place: str, note: str = ""
) -> Scan:
    # The stand-in speaks in its carrier's codes, and is read by them like any other.
    code = next(code for code, meant in service.codes.items() if meant is state)
    return Scan(
        key=f"{trip.number}-{code}",
        raw_code=code,
        state=state_of(code, service.codes),
        at=at.replace(microsecond=0),
        place=place,
        note=note,
    )
