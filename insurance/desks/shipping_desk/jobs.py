"""Hears what carriers say of covered parcels that no order of the shop tells about."""

from __future__ import annotations

from datetime import timedelta

from insurance.contracts.insuring import queries
from insurance.desks.shipping_desk import hearing
from insurance.offers.shipments import queries as shipments
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.jobs import one_by_one, schedule


@schedule("insurance.shipping_desk.hear_carriers", every=timedelta(minutes=5), queue="money")
def hear_carriers() -> None:
    """Let every covered parcel from elsewhere live by what its carrier says of it now."""
    with reading():
        waiting = queries.awaited()
    if not waiting:
        return
    told = shipments.scans_of(numbers=[one.tracking_number for one in waiting])
    one_by_one(
        waiting,
        lambda one: hearing.hear(one=one, scans=told.get(one.tracking_number, []), actor=SYSTEM),
    )
