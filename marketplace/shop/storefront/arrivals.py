"""Which goods arrive by a day: how soon sellers of each country must hand them over.

Cards show the days of the cheapest way, which depends on the weight and on who takes batteries or
dangerous goods; a lane's answer holds for light goods and for heavy ones, so that what is found
does arrive in time.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from kernel.memory import Memory
from marketplace.landed.previews.queries import Destination
from marketplace.logistics.carriers import queries as carriers
from marketplace.shop.listing_index.queries import Lane

LONGEST = 14  # days that a seller may take at most
SOON = 10  # days ahead of what is offered first
_WEIGHTS_G = (100, 1_000, 5_000, 20_000)

# Carriers' closing times fall within the day.
_known: Memory[tuple[Lane, Destination, date], int] = Memory(seconds=60, most=5_000)


def ready_by(lanes: Collection[Lane], to: Destination, by: date) -> dict[str, int]:
    """Return the latest lead time that still arrives by a day; lanes too long are left out.

    Units: days. Shape: by the names of lanes.
    """
    slots = {lane.name: (lane, to, by) for lane in lanes}
    known = _known.of(slots.values())
    fresh = {slot: _latest(*slot) for slot in slots.values() if slot not in known}
    _known.keep(fresh)
    known |= fresh
    return {name: known[slot] for name, slot in slots.items() if known[slot] >= 0}


def _latest(lane: Lane, to: Destination, by: date) -> int:
    """Return the longest lead time in time, -1 for none; a longer one never arrives sooner."""
    low, high = -1, LONGEST
    while low < high:
        middle = (low + high + 1) // 2
        if _is_in_time(lane, to, by, middle):
            low = middle
        else:
            high = middle - 1
    return low


def _is_in_time(lane: Lane, to: Destination, by: date, lead_days: int) -> bool:
    ways = [
        carriers.options(
            origin_country=lane.country,
            destination_country=to.country,
            load=carriers.Load(weight_g, lane.hazards),
            currency=to.currency,
            lead_days=lead_days,
        )
        for weight_g in _WEIGHTS_G
    ]
    cheapest = [offers[0] for offers in ways if offers]
    return bool(cheapest) and all(way.max_on <= by for way in cheapest)
