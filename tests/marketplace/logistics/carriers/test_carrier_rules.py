"""Rate cards, days, numbers, and the journeys of the stand-ins."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import Money
from marketplace.logistics.carriers.queries import weight_class
from marketplace.logistics.carriers.rules import rate_cards
from marketplace.logistics.carriers.rules.journey import Trip, scans
from marketplace.logistics.carriers.rules.numbers import courier_number, s10, s10_check_digit
from marketplace.logistics.carriers.rules.tracking import ParcelState
from marketplace.logistics.carriers.shipped import network

ON = date(2026, 11, 25)  # a Wednesday
BOOKED = datetime(2026, 11, 25, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("size_mm", "weight_g", "charged"),
    [
        (None, 1, 500),
        (None, 500, 500),
        (None, 501, 1000),
        ((300, 200, 100), 400, 1500),  # 6,000 cm3 / 5,000 = 1.2 kg
        ((301, 200, 100), 400, 1500),  # each side up to the whole centimetre: 6,200 cm3
        ((300, 200, 100), 2400, 2500),
    ],
)
def test_express_charges_the_greater_of_weight_and_volume(
    size_mm: tuple[int, int, int] | None, weight_g: int, charged: int
) -> None:
    assert rate_cards.charged_weight(network().service("express"), weight_g, size_mm) == charged


def test_post_does_not_weigh_volume() -> None:
    assert rate_cards.charged_weight(network().service("post"), 400, (300, 300, 300)) == 500


def test_a_price_is_base_and_steps_with_fuel_on_both() -> None:
    express = network().service("express")

    small = rate_cards.priced(express, zone=4, weight_g=500, size_mm=None, on=ON)
    large = rate_cards.priced(express, zone=4, weight_g=2100, size_mm=None, on=ON)
    remote = rate_cards.priced(
        express, zone=4, weight_g=500, size_mm=None, on=ON, remote=network().remote
    )

    assert small.price == Money.of("29.63", "EUR")  # 24.90 x 1.19 = 29.631
    assert large.price == Money.of("50.58", "EUR")  # (24.90 + 4 x 4.40) x 1.19 = 50.575
    assert remote.price == Money.of("51.65", "EUR")  # (24.90 + 18.50) x 1.19 = 51.646
    assert (small.rows, small.days, remote.days) == (
        ("EXP-2026", "EXP-FUEL-2026-H2"),
        (3, 5),
        (3, 7),
    )


def test_fuel_changes_with_its_dates_and_no_card_means_no_offer() -> None:
    express = network().service("express")

    before = rate_cards.priced(express, zone=0, weight_g=500, size_mm=None, on=date(2026, 6, 30))
    after = rate_cards.priced(express, zone=0, weight_g=500, size_mm=None, on=date(2026, 7, 1))

    assert (str(before.price), str(after.price)) == ("9.28 EUR", "9.40 EUR")
    with pytest.raises(rate_cards.NoRateCard):
        rate_cards.priced(express, zone=0, weight_g=500, size_mm=None, on=date(2025, 12, 31))


def test_what_is_too_heavy_or_too_long_is_not_taken() -> None:
    post = network().service("post")

    assert rate_cards.takes(post, 30_000, None)
    assert not rate_cards.takes(post, 30_001, None)
    assert not rate_cards.takes(post, 100, (1501, 10, 10))
    assert not rate_cards.takes(network().service("freight"), 14_999, None)


def test_zones_are_the_same_both_ways_and_unknown_lands_have_none() -> None:
    net = network()

    assert (net.zone("CN", "CN"), net.zone("DE", "FR"), net.zone("CN", "FR")) == (0, 1, 4)
    assert net.zone("FR", "CN") == net.zone("CN", "FR")
    assert net.zone("CN", "XX") is None
    assert net.zone("XX", "XX") is None


def test_every_vendor_land_reaches_every_destination() -> None:
    from marketplace.borders.duties import queries as duties

    vendors = ["CN", "DK", "FR", "DE", "IT", "JP", "KR", "US", "GB", "BR", "AE", "IN", "MX"]

    for origin in vendors:
        for destination in duties.destinations():
            zone = network().zone(origin, destination)
            assert zone is not None, (origin, destination)
            for service in network().services:
                assert rate_cards.priced(
                    service, zone=zone, weight_g=20_000, size_mm=None, on=ON
                ).price


def test_working_days_skip_the_weekend() -> None:
    net = network()

    assert net.after(date(2026, 11, 27), 1) == date(2026, 11, 30)
    assert net.after(date(2026, 11, 28), 0) == date(2026, 11, 30)
    assert net.after(date(2026, 11, 25), 7) == date(2026, 12, 4)


@pytest.mark.parametrize(
    ("at", "origin", "lead", "handed"),
    [
        ("2026-11-25T06:59", "CN", 0, "2026-11-25"),  # 14:59 in Shanghai
        ("2026-11-25T07:00", "CN", 0, "2026-11-26"),  # 15:00, the cut-off
        ("2026-11-27T07:00", "CN", 0, "2026-11-30"),
        ("2026-11-28T07:00", "CN", 0, "2026-11-30"),  # Saturday: no second shift for the hour
        ("2026-11-25T06:00", "CN", 4, "2026-12-01"),
    ],
)
def test_the_cut_off_counts_in_the_vendors_own_time(
    at: str, origin: str, lead: int, handed: str
) -> None:
    day = rate_cards.handed_over_on(
        network(),
        network().service("express"),
        at=datetime.fromisoformat(at).replace(tzinfo=UTC),
        origin=origin,
        lead_days=lead,
    )

    assert day.isoformat() == handed


@pytest.mark.parametrize(
    ("at", "until"),
    [
        ("2026-11-25T06:59", "2026-11-25T07:00"),
        ("2026-11-25T07:00", "2026-11-26T07:00"),
        ("2026-11-27T07:00", "2026-11-30T07:00"),
        ("2026-11-28T07:00", "2026-11-30T07:00"),
    ],
)
def test_days_hold_until_the_next_cut_off(at: str, until: str) -> None:
    net, express = network(), network().service("express")
    asked = datetime.fromisoformat(at).replace(tzinfo=UTC)

    found = rate_cards.order_by(net, express, at=asked, origin="CN")
    days = [
        rate_cards.handed_over_on(net, express, at=moment, origin="CN", lead_days=2)
        for moment in (asked, found - timedelta(minutes=1), found)
    ]

    assert found == datetime.fromisoformat(until).replace(tzinfo=UTC)
    assert days[0] == days[1] < days[2]


def test_a_border_adds_its_days() -> None:
    net, post = network(), network().service("post")

    inside = rate_cards.window(net, post, days=(3, 6), handed_over_on=ON, crosses_border=False)
    across = rate_cards.window(net, post, days=(3, 6), handed_over_on=ON, crosses_border=True)

    assert inside == (date(2026, 11, 30), date(2026, 12, 3))
    assert across == (date(2026, 12, 1), date(2026, 12, 8))


def adds_up(number: str) -> bool:
    return s10_check_digit(number[2:10]) == int(number[10])


def test_the_check_digit_of_the_postal_standard() -> None:
    assert s10_check_digit("47312482") == 9
    assert s10("CP", 47312482, "CN") == "CP473124829CN"
    assert adds_up("CP473124829CN")
    assert not adds_up("CP473124828CN")


@given(serial=st.integers(0, 99_999_999), place=st.integers(0, 7), by=st.integers(1, 9))
def test_a_wrong_digit_in_a_postal_number_is_seen(serial: int, place: int, by: int) -> None:
    number = s10("RR", serial, "FR")
    wrong = str((int(number[2 + place]) + by) % 10)

    assert adds_up(number)
    # 10 and 0, 11 and 5 share a digit: the standard itself lets these pass.
    changed = number[: 2 + place] + wrong + number[3 + place :]
    assert not adds_up(changed) or s10_check_digit(changed[2:10]) in {0, 5}


def test_a_couriers_number_passes_luhn() -> None:
    number = courier_number("MX", 7992739871)

    assert number == "MX79927398713"


def make_trip(**more: object) -> Trip:
    given: dict[str, object] = {
        "number": "CP473124829CN",
        "origin": "CN",
        "destination": "FR",
        "crosses_border": True,
        "booked_at": BOOKED,
        "zone": 4,
    }
    return Trip(**(given | more))  # type: ignore[arg-type]


def states_of(trip: Trip, days: int) -> list[ParcelState]:
    now = BOOKED + timedelta(days=days)
    return [scan.state for scan in scans(network(), network().service("post"), trip, now)]


def test_a_parcel_waits_at_customs_until_it_is_released() -> None:
    waiting = states_of(make_trip(), 90)
    released = states_of(make_trip(released_at=BOOKED + timedelta(days=60)), 90)
    refused = states_of(make_trip(refused_at=BOOKED + timedelta(days=60)), 90)

    assert waiting[-1] is ParcelState.CUSTOMS_PRESENTED
    assert released[-3:] == [
        ParcelState.CUSTOMS_RELEASED,
        ParcelState.OUT_FOR_DELIVERY,
        ParcelState.DELIVERED,
    ]
    assert refused[-1] is ParcelState.RETURNED


def test_a_trip_inside_a_land_meets_no_customs_and_keeps_its_days() -> None:
    trip = make_trip(destination="CN", crosses_border=False, zone=0)

    assert states_of(trip, 7) == [
        ParcelState.ACCEPTED,
        ParcelState.IN_TRANSIT,
        ParcelState.OUT_FOR_DELIVERY,
        ParcelState.DELIVERED,
    ]


@given(
    number=st.text(alphabet="0123456789", min_size=9, max_size=9),
    hours=st.integers(0, 24 * 40),
    service=st.sampled_from(["post", "express", "freight"]),
)
def test_scans_come_in_order_and_within_the_promised_window(
    number: str, hours: int, service: str
) -> None:
    net, chosen = network(), network().service(service)
    trip = make_trip(number=number, released_at=BOOKED + timedelta(hours=7))

    told = scans(net, chosen, trip, BOOKED + timedelta(hours=hours))
    whole = scans(net, chosen, trip, BOOKED + timedelta(days=80))

    assert [scan.at for scan in whole] == sorted(scan.at for scan in whole)
    assert whole[: len(told)] == told
    card = chosen.rate_cards[0]
    first, last = rate_cards.window(
        net, chosen, days=card.days[4], handed_over_on=BOOKED.date(), crosses_border=True
    )
    assert first <= whole[-1].at.date() <= last
    assert Fraction(len({scan.key for scan in whole}), len(whole)) == 1


def test_a_lost_parcel_is_given_up_after_its_day() -> None:
    told = states_of(make_trip(is_lost=True), 60)

    assert told == [ParcelState.ACCEPTED, ParcelState.IN_TRANSIT, ParcelState.LOST]


@given(weight_g=st.integers(1, 1_100_000))
def test_a_weight_class_is_carried_and_charged_like_the_weight_itself(weight_g):
    alike = weight_class(weight_g)

    for service in network().services:
        assert rate_cards.takes(service, alike, None) == rate_cards.takes(service, weight_g, None)
        assert -(-alike // service.step_g) == -(-weight_g // service.step_g)


def test_grams_that_no_limit_parts_are_of_one_weight_class():
    assert weight_class(320) == weight_class(500) == 500
    assert weight_class(14_700) == 14_700  # freight begins at 15,000
