"""Commands of shipping: send a parcel, write down its label and everything that is scanned."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.ids import new_id
from kernel.web.formats import day_in
from marketplace.borders.customs import service as customs
from marketplace.borders.duties import queries as duties
from marketplace.logistics.carriers.queries import Load, network
from marketplace.logistics.carriers.rules.tracking import ParcelState, Scan
from marketplace.logistics.shipping.errors import NoService, ParcelUnknown
from marketplace.logistics.shipping.events import (
    ParcelClearedCustoms,
    ParcelDelivered,
    ParcelDispatched,
    ParcelFound,
    ParcelHeldAtCustoms,
    ParcelLate,
    ParcelLost,
    ParcelReturned,
    ParcelScanned,
)
from marketplace.logistics.shipping.models import Parcel, TrackingEvent
from marketplace.logistics.shipping.rules.states import current, is_scanned, is_settled


@command("marketplace.shipping.dispatch")
def dispatch(
    *,
    parcel_ref: str,
    vendor_order_ref: str,
    option_code: str,
    origin: Mapping[str, Any],
    destination: Mapping[str, Any],
    load: Load,
    promised_on: date,
    customs_quote_id: UUID,
    actor: Actor,
) -> None:
    """Order the label of a packed parcel and declare it to customs; twice is once.

    Shape: origin and destination are addresses with a `country`. Events: ParcelDispatched; and
    DeclarationFiled for a parcel that crosses a border. Raises: NoService, QuoteUnknown.
    """
    if session().scalar(select(Parcel.id).where(Parcel.ref == parcel_ref)) is not None:
        return
    start, end = str(origin["country"]), str(destination["country"])
    known = {service.code: service for service in network().services}
    if option_code not in known or network().zone(start, end) is None:
        raise NoService(option=option_code, origin=start, destination=end)
    session().add(
        Parcel(
            id=new_id(),
            ref=parcel_ref,
            vendor_order_ref=vendor_order_ref,
            option_code=option_code,
            carrier=known[option_code].carrier,
            tracking_number=None,
            state=ParcelState.ORDERED.value,
            origin=dict(origin),
            destination=dict(destination),
            crosses_border=duties.needs_declaration(
                dispatch_country=start, destination_country=end
            ),
            weight_g=load.weight_g,
            hazards=sorted(load.hazards),
            promised_on=promised_on,
            dispatched_at=clock.now(),
        )
    )
    session().flush()
    customs.declare(
        quote_id=customs_quote_id,
        parcel_ref=parcel_ref,
        order_ref=vendor_order_ref,
        hazards=load.hazards,
        actor=actor,
    )
    publish(ParcelDispatched(parcel_ref=parcel_ref))


@command("marketplace.shipping.record_label")
def record_label(*, parcel_ref: str, tracking_number: str, actor: Actor) -> None:
    """Write down the number the carrier gave. Locks: the parcel. Raises: ParcelUnknown."""
    row = _locked(parcel_ref)
    if row.tracking_number is None:
        row.tracking_number = tracking_number
        row.state = ParcelState.LABELLED.value
    assert row.tracking_number == tracking_number, "one key buys one label"


@command("marketplace.shipping.record_tracking")
def record_tracking(*, parcel_ref: str, scan: Scan, actor: Actor) -> bool:
    """Write down one scan; the same scan twice is one, late ones never move a parcel back.

    Returns whether it was news. Locks: the parcel. Events: ParcelScanned, ParcelHeldAtCustoms,
    ParcelClearedCustoms, ParcelDelivered, ParcelLost, ParcelFound, ParcelReturned, ParcelLate,
    each at most once for a parcel. Raises: ParcelUnknown.
    """
    row = _locked(parcel_ref)
    offset = network().local(scan.at, scan.place).utcoffset()
    assert offset is not None, "local times carry their offset"
    added = session().execute(
        insert(TrackingEvent)
        .values(
            parcel_id=row.id,
            key=scan.key,
            raw_code=scan.raw_code,
            state=scan.state.value,
            at=scan.at,
            offset_minutes=int(offset.total_seconds() // 60),
            received_at=clock.now(),
            place=scan.place,
            note=scan.note,
        )
        .on_conflict_do_nothing()
        .returning(TrackingEvent.seq)
    )
    if added.first() is None:
        return False
    _settle(row, scan)
    return True


def _settle(row: Parcel, scan: Scan) -> None:
    before = ParcelState(row.state)
    seen = session().execute(
        select(TrackingEvent.at, TrackingEvent.state).where(TrackingEvent.parcel_id == row.id)
    )
    row.state = current(before, [(at, ParcelState(state)) for at, state in seen]).value
    if is_scanned(scan.state) and row.scanned_at is None:
        row.scanned_at = scan.at
        publish(ParcelScanned(parcel_ref=row.ref, at=scan.at, place=scan.place))
    if row.lost_at is not None:
        _tell_found(row, scan)
    if is_settled(before):
        return
    _tell_border(row, scan)
    _tell_end(row, scan)


def _tell_border(row: Parcel, scan: Scan) -> None:
    if scan.state in {ParcelState.CUSTOMS_PRESENTED, ParcelState.CUSTOMS_HELD}:
        if row.presented_at is None and row.cleared_at is None:
            publish(ParcelHeldAtCustoms(parcel_ref=row.ref, at=scan.at))
        row.presented_at = row.presented_at or scan.at
    elif scan.state is ParcelState.CUSTOMS_RELEASED and row.cleared_at is None:
        row.cleared_at = scan.at
        publish(ParcelClearedCustoms(parcel_ref=row.ref, at=scan.at))


def _tell_end(row: Parcel, scan: Scan) -> None:
    if scan.state is ParcelState.DELIVERED:
        row.delivered_at = scan.at
        publish(ParcelDelivered(parcel_ref=row.ref, at=scan.at))
        arrived_on = day_in(row.destination["country"], scan.at)
        if arrived_on > row.promised_on:
            row.late_at = row.late_at or clock.now()
            publish(
                ParcelLate(parcel_ref=row.ref, promised_on=row.promised_on, delivered_on=arrived_on)
            )
    elif scan.state is ParcelState.LOST:
        row.lost_at = scan.at
        publish(ParcelLost(parcel_ref=row.ref, at=scan.at, evidence=f"{scan.raw_code} {scan.note}"))
    elif scan.state is ParcelState.RETURNED:
        row.returned_at = scan.at
        publish(ParcelReturned(parcel_ref=row.ref, at=scan.at, reason=scan.note))


def _tell_found(row: Parcel, scan: Scan) -> None:
    """Tell of a parcel that was given up and is seen again; old scans told late find nothing."""
    assert row.lost_at is not None, "only what was given up is found"
    is_arrived = scan.state is ParcelState.DELIVERED
    is_seen = scan.state is not ParcelState.LOST and scan.at > row.lost_at
    if row.found_at is None and (is_arrived or is_seen):
        row.found_at = scan.at
        publish(ParcelFound(parcel_ref=row.ref, at=scan.at, place=scan.place))
    if is_arrived and row.delivered_at is None:
        row.delivered_at = scan.at
        publish(ParcelDelivered(parcel_ref=row.ref, at=scan.at))


@command("marketplace.shipping.mark_late")
def mark_late(*, parcel_ref: str, actor: Actor) -> None:
    """Tell that a parcel has passed its promised day. Locks: the parcel. Events: ParcelLate."""
    row = _locked(parcel_ref)
    if row.late_at is not None or is_settled(ParcelState(row.state)):
        return
    row.late_at = clock.now()
    publish(ParcelLate(parcel_ref=row.ref, promised_on=row.promised_on, delivered_on=None))


@command("marketplace.shipping.presume_lost")
def presume_lost(*, parcel_ref: str, actor: Actor) -> None:
    """Give up a parcel that nobody has seen for too long. Locks: the parcel. Events: ParcelLost."""
    row = _locked(parcel_ref)
    if is_settled(ParcelState(row.state)):
        return
    row.state, row.lost_at = ParcelState.LOST.value, clock.now()
    evidence = f"no scan, promised for {row.promised_on.isoformat()}"
    publish(ParcelLost(parcel_ref=row.ref, at=row.lost_at, evidence=evidence))


def _locked(parcel_ref: str) -> Parcel:
    row = session().scalar(select(Parcel).where(Parcel.ref == parcel_ref).with_for_update())
    if row is None:
        raise ParcelUnknown(parcel_ref=parcel_ref)
    return row
