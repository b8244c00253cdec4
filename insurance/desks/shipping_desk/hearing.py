"""What a carrier says of a covered parcel, done to its policy and its claims at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from insurance.contracts.insuring.queries import Awaited
from insurance.contracts.policies import service as policies
from insurance.losses.claims import opening
from insurance.offers.shipments import queries as shipments
from insurance.offers.shipments.queries import Scan, carriers
from insurance.rating.liability.queries import Cause
from kernel import clock
from kernel.actor import Actor
from kernel.db import command
from kernel.web.formats import day_in


@command("insurance.shipping_desk.hear")
def hear(*, one: Awaited, scans: Sequence[Scan], actor: Actor) -> None:
    """Put the insurer on risk, end it, and claim what is lost or late; told again, nothing changes.

    A loss that is for the seller to refund gives the cover's price back, as an order of the shop
    does. What came late, or has not come on the promised day, opens the claim of its rider on its
    trigger day; a carrier that has nothing new to say of a parcel on its way is silent, and that is
    late, too. Locks: the policy. Events: as policies and claims tell.
    """
    parcel, first = one.policy.parcel_ref, shipments.first_scan(scans)
    if first is not None:
        policies.attach(
            parcel_ref=parcel,
            scanned_at=first.at,
            place=first.place,
            carrier=carriers().get(one.carrier) or one.carrier,
            tracking_number=one.tracking_number,
            actor=actor,
        )
    if first is None and one.policy.attached_at is None:
        return
    delivered, lost = (shipments.word_of(scans, state) for state in ("delivered", "lost"))
    if delivered is not None:
        policies.parcel_delivered(parcel_ref=parcel, at=delivered.at, actor=actor)
        _late(one, actor, arrived_on=_day(one, delivered))
    elif lost is None:
        _late(one, actor)
    elif Cause.LOST not in one.policy.perils:
        policies.release_lost(parcel_ref=parcel, at=lost.at, actor=actor)
    else:
        opening.parcel_lost(
            parcel_ref=parcel,
            at=lost.at,
            evidence={"scan": lost.at.isoformat(), "place": lost.place, "state": lost.state},
            actor=actor,
        )


def _late(one: Awaited, actor: Actor, *, arrived_on: date | None = None) -> None:
    """Tell the rider that the promised day passed, by the clock of where the parcel goes."""
    promised_on = one.policy.parcel.promised_on
    if one.policy.delay is None or promised_on is None:
        return
    if (arrived_on or shipments.today_of(one.policy.destination_country)) > promised_on:
        opening.parcel_late(
            parcel_ref=one.policy.parcel_ref,
            promised_on=promised_on,
            delivered_on=arrived_on,
            actor=actor,
        )


def _day(one: Awaited, scan: Scan) -> date:
    # What a carrier dates ahead has not been yet.
    return day_in(one.policy.destination_country, min(scan.at, clock.now()))
