"""Where a parcel is: the words of its states, and their order after all that was scanned."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone

from kernel.text import N_
from marketplace.logistics.carriers.rules.tracking import ParcelState

# i18n: where a parcel is, one line of its journey
STATE_NAMES: Mapping[ParcelState, str] = {
    ParcelState.ORDERED: N_("We're buying the label"),
    ParcelState.LABELLED: N_("The label is ready; the carrier hasn't got the parcel yet"),
    ParcelState.ACCEPTED: N_("The carrier took the parcel"),
    ParcelState.IN_TRANSIT: N_("On its way"),
    ParcelState.EXPORTED: N_("Left the country of dispatch"),
    ParcelState.ARRIVED: N_("Arrived in the country of delivery"),
    ParcelState.CUSTOMS_PRESENTED: N_("Presented to customs"),
    ParcelState.CUSTOMS_HELD: N_("Held by customs"),
    ParcelState.CUSTOMS_RELEASED: N_("Released by customs"),
    ParcelState.OUT_FOR_DELIVERY: N_("Out for delivery"),
    ParcelState.DELIVERY_FAILED: N_(
        "No one was there to take the parcel; the carrier will try again"
    ),
    ParcelState.DELIVERED: N_("Delivered"),
    ParcelState.LOST: N_("Declared lost"),
    ParcelState.RETURNED: N_("On its way back to the sender"),
}

_SETTLED = frozenset({ParcelState.DELIVERED, ParcelState.LOST, ParcelState.RETURNED})
_BEFORE_SCAN = frozenset({ParcelState.ORDERED, ParcelState.LABELLED})


def is_settled(state: ParcelState) -> bool:
    """Whether nothing more is expected."""
    return state in _SETTLED


def is_scanned(state: ParcelState) -> bool:
    """Whether the state shows that the carrier has the parcel."""
    return state not in _BEFORE_SCAN


def current(state: ParcelState, scans: Iterable[tuple[datetime, ParcelState]]) -> ParcelState:
    """Return where a parcel is after all scans, given where it was thought to be.

    The latest scan by its own time counts; delivered is never left again, and a parcel that was
    given up is only found by being delivered.
    """
    seen = sorted(scans)
    if state is ParcelState.DELIVERED or any(s is ParcelState.DELIVERED for _, s in seen):
        return ParcelState.DELIVERED
    if state in {ParcelState.LOST, ParcelState.RETURNED}:
        return state
    return seen[-1][1] if seen else state


def local_time(at: datetime, offset_minutes: int) -> datetime:
    """Return an instant in the wall clock of the place it happened at."""
    return at.astimezone(timezone(timedelta(minutes=offset_minutes)))
