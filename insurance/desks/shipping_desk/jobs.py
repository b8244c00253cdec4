"""Hears what carriers say of covered parcels that no order of the shop tells about."""

from __future__ import annotations

from datetime import timedelta

from insurance.contracts.insuring import queries
from insurance.contracts.insuring.queries import Awaited
from insurance.contracts.policies import service as policies
from insurance.losses.claims import opening
from insurance.offers.shipments import queries as shipments
from insurance.offers.shipments.queries import Scan, carriers
from insurance.rating.liability.queries import Cause
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.jobs import one_by_one, schedule


@schedule("insurance.shipping_desk.hear_carriers", every=timedelta(minutes=5), queue="money")
def hear_carriers() -> None:
    """Put the insurer on risk at the first scan, end it at the delivery, claim what is lost.

    A loss that is for the seller to refund gives the cover's price back, as an order of the shop
    does. Told again, nothing changes.
    """
    with reading():
        waiting = queries.awaited()
    if not waiting:
        return
    told = shipments.scans_of(numbers=[one.tracking_number for one in waiting])
    one_by_one(
        [(one, told[one.tracking_number]) for one in waiting if told.get(one.tracking_number)],
        lambda pair: _hear(*pair),
    )


def _hear(one: Awaited, scans: list[Scan]) -> None:
    parcel = one.policy.parcel_ref
    first = shipments.first_scan(scans)
    if first is None:
        return
    policies.attach(
        parcel_ref=parcel,
        scanned_at=first.at,
        place=first.place,
        carrier=carriers().get(one.carrier) or one.carrier,
        tracking_number=one.tracking_number,
        actor=SYSTEM,
    )
    delivered, lost = (shipments.word_of(scans, state) for state in ("delivered", "lost"))
    if delivered is not None:
        policies.parcel_delivered(parcel_ref=parcel, at=delivered.at, actor=SYSTEM)
    elif lost is not None and Cause.LOST not in one.policy.perils:
        policies.release_lost(parcel_ref=parcel, at=lost.at, actor=SYSTEM)
    elif lost is not None:
        opening.parcel_lost(
            parcel_ref=parcel,
            at=lost.at,
            evidence={"scan": lost.at.isoformat(), "place": lost.place, "state": lost.state},
            actor=SYSTEM,
        )
