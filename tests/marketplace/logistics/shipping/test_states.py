"""The order of scans: whatever comes late, a parcel is where it was seen last."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from marketplace.logistics.carriers.rules.tracking import ParcelState
from marketplace.logistics.carriers.shipped import network
from marketplace.logistics.shipping.rules.states import STATE_NAMES, current, local_time

BOOKED = datetime(2026, 11, 25, 9, tzinfo=UTC)


def at(hour: int) -> datetime:
    return BOOKED + timedelta(hours=hour)


def test_a_late_scan_never_moves_a_parcel_back() -> None:
    ahead = [(at(5), ParcelState.OUT_FOR_DELIVERY), (at(1), ParcelState.ACCEPTED)]
    done = [(at(9), ParcelState.DELIVERED), (at(12), ParcelState.IN_TRANSIT)]

    assert current(ParcelState.OUT_FOR_DELIVERY, ahead) is ParcelState.OUT_FOR_DELIVERY
    assert current(ParcelState.DELIVERED, done) is ParcelState.DELIVERED
    assert current(ParcelState.LOST, ahead) is ParcelState.LOST
    assert current(ParcelState.LOST, done) is ParcelState.DELIVERED
    assert current(ParcelState.LABELLED, []) is ParcelState.LABELLED


@given(
    states=st.lists(
        st.sampled_from(list(network().service("post").codes.values())), min_size=1, max_size=12
    ),
    seed=st.randoms(),
)
def test_the_order_of_arrival_does_not_matter(states: list[ParcelState], seed: Random) -> None:
    told = [(at(hour), state) for hour, state in enumerate(states)]
    shuffled = list(told)
    seed.shuffle(shuffled)

    assert current(ParcelState.LABELLED, told) is current(ParcelState.LABELLED, shuffled)


def test_every_state_has_a_name_and_every_place_its_clock() -> None:
    assert set(STATE_NAMES) == set(ParcelState)
    assert local_time(BOOKED, 480).isoformat() == "2026-11-25T17:00:00+08:00"
