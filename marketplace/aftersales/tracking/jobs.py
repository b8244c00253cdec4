"""Listens for parcels that carriers say nothing of, and tells their cover."""

from __future__ import annotations

from datetime import timedelta

from insurance import api as cover
from insurance.events import LossConfirmed
from kernel import clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.events import on
from kernel.jobs import one_by_one, schedule
from marketplace.logistics.shipping import queries as shipping
from marketplace.logistics.shipping import service
from marketplace.logistics.shipping.events import ParcelDelivered
from marketplace.logistics.shipping.queries import Quiet


@schedule("marketplace.tracking.hear_silence", every=timedelta(days=1), queue="money")
def hear_silence() -> None:
    """Tell the cover of parcels without a scan for a week and more, and of those heard again."""
    with reading():
        quiet = shipping.quiet(before=clock.now() - cover.news_after())
        waiting = shipping.find_parcels(parcel_refs=cover.silent_parcels())
    one_by_one(quiet, _tell)
    one_by_one(
        [(ref, parcel.scans[-1].at) for ref, parcel in waiting.items() if parcel.scans],
        lambda heard: cover.parcel_heard(parcel_ref=heard[0], at=heard[1], actor=SYSTEM),
    )


@on(ParcelDelivered, "marketplace.tracking.hear_again", queue="money")
def hear_again(event: ParcelDelivered) -> None:
    """Tell the cover that a parcel it waited for has come."""
    cover.parcel_heard(parcel_ref=event.parcel_ref, at=event.at, actor=SYSTEM)


@on(LossConfirmed, "marketplace.tracking.give_up", queue="money")
def give_up(event: LossConfirmed) -> None:
    """Give a silent parcel up that its buyer says never came; one that has come stays."""
    service.presume_lost(parcel_ref=event.parcel_ref, actor=SYSTEM)


def _tell(one: Quiet) -> None:
    cover.parcel_silent(
        parcel_ref=one.parcel_ref,
        since=one.at,
        evidence={"last_scan": one.at.isoformat(), "place": one.place, "code": one.raw_code},
        actor=SYSTEM,
    )
