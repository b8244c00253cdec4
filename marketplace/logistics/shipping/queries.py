"""Reads of shipping: where a parcel is, and which parcels do not come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, or_, select

from kernel.db import session
from kernel.text import Message
from kernel.web.formats import day_in
from marketplace.logistics.carriers.queries import network
from marketplace.logistics.carriers.rules.tracking import ParcelState
from marketplace.logistics.shipping.errors import ParcelUnknown
from marketplace.logistics.shipping.models import Parcel, TrackingEvent
from marketplace.logistics.shipping.papers import Paper, paper_pdf, papers_of
from marketplace.logistics.shipping.rules.states import STATE_NAMES, local_time

# What other rooms read of this one's rules and papers.
__all__ = ["Paper", "ParcelState", "paper_pdf", "papers_of"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanView:
    """One scan as a page shows it; `at` carries the wall clock of its place."""

    state: ParcelState
    name: Message
    at: datetime
    received_at: datetime
    place: str
    raw_code: str
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelView:
    """A parcel with its journey, oldest scan first."""

    ref: str
    vendor_order_ref: str
    option_code: str
    option_name: Message
    carrier: str
    tracking_number: str | None
    state: ParcelState
    state_name: Message
    crosses_border: bool
    weight_g: int
    promised_on: date
    dispatched_at: datetime
    scanned_at: datetime | None
    delivered_at: datetime | None
    lost_at: datetime | None
    late_at: datetime | None
    scans: tuple[ScanView, ...]


def parcel(*, parcel_ref: str) -> ParcelView:
    """Return a parcel; the caller authorised its order. Raises: ParcelUnknown."""
    view = find_parcels(parcel_refs=[parcel_ref]).get(parcel_ref)
    if view is None:
        raise ParcelUnknown(parcel_ref=parcel_ref)
    return view


def parcel_of_number(number: str) -> str | None:
    """Return the reference of the parcel with a tracking number, None where it is none of ours."""
    query = select(Parcel.ref).where(Parcel.tracking_number == number)
    return session().execute(query).scalar_one_or_none()


def find_parcels(*, parcel_refs: Sequence[str]) -> dict[str, ParcelView]:
    """Return parcels by reference, in one query; one that was not dispatched yet is not there."""
    query = (
        select(Parcel, TrackingEvent)
        .outerjoin(TrackingEvent, TrackingEvent.parcel_id == Parcel.id)
        .where(Parcel.ref.in_(parcel_refs))
        .order_by(TrackingEvent.at, TrackingEvent.seq)
    )
    parcels: dict[UUID, Parcel] = {}
    events: dict[UUID, list[TrackingEvent]] = defaultdict(list)
    for row, event in session().execute(query):
        parcels[row.id] = row
        if event is not None:
            events[row.id].append(event)
    return {row.ref: _view(row, events[row.id]) for row in parcels.values()}


def _view(row: Parcel, events: Sequence[TrackingEvent]) -> ParcelView:
    state = ParcelState(row.state)
    return ParcelView(
        ref=row.ref,
        vendor_order_ref=row.vendor_order_ref,
        option_code=row.option_code,
        option_name=Message(network().service(row.option_code).name),
        carrier=row.carrier,
        tracking_number=row.tracking_number,
        state=state,
        state_name=Message(STATE_NAMES[state]),
        crosses_border=row.crosses_border,
        weight_g=row.weight_g,
        promised_on=row.promised_on,
        dispatched_at=row.dispatched_at,
        scanned_at=row.scanned_at,
        delivered_at=row.delivered_at,
        lost_at=row.lost_at,
        late_at=row.late_at,
        scans=tuple(_scan(event) for event in events),
    )


def _scan(event: TrackingEvent) -> ScanView:
    state = ParcelState(event.state)
    return ScanView(
        state=state,
        name=Message(STATE_NAMES[state]),
        at=local_time(event.at, event.offset_minutes),
        received_at=event.received_at,
        place=event.place,
        raw_code=event.raw_code,
        note=event.note,
    )


_OPEN = (
    "labelled",
    "accepted",
    "in_transit",
    "exported",
    "arrived",
    "customs_presented",
    "customs_held",
    "customs_released",
    "out_for_delivery",
    "delivery_failed",
)


def on_their_way(*, now: datetime) -> dict[str, str]:
    """Return the parcels that scans are expected of: reference by tracking number.

    One that was given up may still come to light for a while.
    """
    may_be_found = and_(
        Parcel.state == ParcelState.LOST,
        Parcel.lost_at > now - timedelta(days=network().searched_days),
    )
    rows = session().execute(
        select(Parcel.tracking_number, Parcel.ref).where(
            or_(Parcel.state.in_(_OPEN), may_be_found), Parcel.tracking_number.is_not(None)
        )
    )
    return {number: ref for number, ref in rows if number is not None}


def known_scans(*, numbers: Sequence[str]) -> set[tuple[str, str]]:
    """Return the scans that are written down already, as pairs of parcel number and scan key."""
    rows = session().execute(
        select(Parcel.tracking_number, TrackingEvent.key)
        .join(TrackingEvent, TrackingEvent.parcel_id == Parcel.id)
        .where(Parcel.tracking_number.in_(numbers))
    )
    return {(number, key) for number, key in rows if number is not None}


def overdue(*, at: datetime) -> list[str]:
    """Return the parcels past their promised day that nobody has told about yet.

    A promised day ends where the parcel goes, up to half a day before or after it ends in UTC.
    """
    country = Parcel.destination["country"].astext
    rows = session().execute(
        select(Parcel.ref, Parcel.promised_on, country).where(
            Parcel.state.in_(_OPEN), Parcel.promised_on <= at.date(), Parcel.late_at.is_(None)
        )
    )
    return [ref for ref, promised_on, country in rows if day_in(country, at) > promised_on]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quiet:
    """A parcel on its way that was not scanned for long, and its last scan."""

    parcel_ref: str
    at: datetime
    place: str
    raw_code: str


# Customs may keep a parcel for weeks without a scan, and everybody knows where it is.
_SCANNED_ON = tuple(state for state in _OPEN if not state.startswith("customs_"))


def quiet(*, before: datetime) -> list[Quiet]:
    """Return the parcels between carriers' hands whose last scan is older than an instant."""
    last = (
        select(TrackingEvent.at, TrackingEvent.place, TrackingEvent.raw_code)
        .where(TrackingEvent.parcel_id == Parcel.id)
        .order_by(TrackingEvent.at.desc(), TrackingEvent.seq.desc())
        .limit(1)
        .lateral()
    )
    query = (
        select(Parcel.ref, last.c.at, last.c.place, last.c.raw_code)
        .join(last, last.c.at <= before)
        .where(Parcel.state.in_(_SCANNED_ON), Parcel.scanned_at.is_not(None))
        .order_by(last.c.at)
    )
    return [
        Quiet(parcel_ref=row.ref, at=row.at, place=row.place, raw_code=row.raw_code)
        for row in session().execute(query)
    ]


def vanished(*, on: date) -> list[str]:
    """Return the parcels so long past their promised day that they count as lost."""
    last = on - timedelta(days=network().presumed_lost_days)
    return list(
        session().scalars(
            select(Parcel.ref).where(Parcel.state.in_(_OPEN), Parcel.promised_on < last)
        )
    )
