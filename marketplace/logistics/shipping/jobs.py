"""Buys labels, fetches scans, and looks after parcels that do not come."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from kernel import clock
from kernel.actor import SYSTEM
from kernel.db import reading, session
from kernel.events import on
from kernel.jobs import one_by_one, schedule
from marketplace.logistics.carriers.gateway import LabelWish, carrier
from marketplace.logistics.shipping import queries, service
from marketplace.logistics.shipping.events import ParcelDispatched
from marketplace.logistics.shipping.models import Parcel


@on(ParcelDispatched, "marketplace.shipping.buy_label", outside=True)
def buy_label(event: ParcelDispatched) -> None:
    """Buy the label; the parcel's own id is the key, so a repeat buys nothing."""
    with reading():
        row = session().scalars(select(Parcel).where(Parcel.ref == event.parcel_ref)).one()
    number = carrier().buy_label(
        LabelWish(
            key=row.id,
            parcel_ref=row.ref,
            service=row.option_code,
            origin_country=row.origin["country"],
            destination_country=row.destination["country"],
            crosses_border=row.crosses_border,
            weight_g=row.weight_g,
        )
    )
    service.record_label(parcel_ref=row.ref, tracking_number=number, actor=SYSTEM)


@schedule("marketplace.shipping.fetch_tracking", every=timedelta(seconds=20))
def fetch_tracking() -> None:
    """Ask the carriers about every parcel on its way and write down what is new."""
    hear_carriers()


def hear_carriers() -> int:
    """Record the scans so far; return how many were news."""
    with reading():
        waiting = queries.on_their_way(now=clock.now())
        known = queries.known_scans(numbers=list(waiting))
    if not waiting:
        return 0
    news = [
        (waiting[number], scan)
        for number, scans in carrier().scans(list(waiting)).items()
        for scan in scans
        if (number, scan.key) not in known
    ]
    return sum(
        one_by_one(
            news,
            lambda row: service.record_tracking(parcel_ref=row[0], scan=row[1], actor=SYSTEM),
        )
    )


@schedule("marketplace.shipping.watch_promises", every=timedelta(minutes=1))
def watch_promises() -> None:
    """Tell about parcels past their promised day; give up those that are long past it."""
    with reading():
        late, gone = queries.overdue(at=clock.now()), queries.vanished(on=clock.today())
    acts = [(service.mark_late, ref) for ref in late] + [(service.presume_lost, r) for r in gone]
    one_by_one(acts, lambda act: act[0](parcel_ref=act[1], actor=SYSTEM))
