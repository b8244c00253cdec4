"""What is found for a day of arrival does arrive by it, as its card says."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace

import pytest

from kernel import clock, memory
from marketplace.landed.previews.queries import Destination
from marketplace.logistics.carriers import queries as carriers
from marketplace.shop.listing_index.queries import Lane
from marketplace.shop.storefront import arrivals
from tests.marketplace.makers import make_rates

TODAY = date(2026, 12, 1)
LYON = Destination("FR", "EUR")
PLAIN = {country: Lane.of(country, ()) for country in ("IT", "CN", "KE")}


@pytest.fixture
def ways(monkeypatch):
    """Ways that take a week from Italy and three from China, heavy goods two days longer."""
    asked = []

    def options(*, origin_country, destination_country, load, currency, lead_days):
        weight_g = load.weight_g
        asked.append((origin_country, weight_g, lead_days))
        if origin_country == "KE":
            return []
        days = {"IT": 7, "CN": 21}[origin_country] + lead_days + (2 if weight_g > 10_000 else 0)
        quick = SimpleNamespace(max_on=TODAY + timedelta(days=1))
        return [SimpleNamespace(max_on=TODAY + timedelta(days=days)), quick]

    memory.forget_everything()
    monkeypatch.setattr(arrivals.carriers, "options", options)
    yield asked
    memory.forget_everything()


@pytest.mark.parametrize(
    ("days", "ready"),
    [
        (8, {}),
        (9, {"IT": 0}),
        (12, {"IT": 3}),
        (24, {"IT": 14, "CN": 1}),
        (99, {"IT": 14, "CN": 14}),
    ],
)
def test_a_day_leaves_each_country_so_much_time(ways, days, ready):
    by = TODAY + timedelta(days=days)

    assert arrivals.ready_by([PLAIN[key] for key in ("IT", "CN", "KE")], LYON, by) == ready


def test_a_day_is_reckoned_once(ways):
    by = TODAY + timedelta(days=12)
    arrivals.ready_by([PLAIN["IT"]], LYON, by)
    so_far = len(ways)

    arrivals.ready_by([PLAIN["IT"]], LYON, by)

    assert 0 < len(ways) == so_far


@pytest.mark.parametrize("hazards", [(), ("ion_packed",), ("dangerous",)])
@pytest.mark.parametrize("origin", ["CN", "JP", "IT", "BR", "FR"])
def test_with_real_carriers_every_weight_that_is_found_arrives_in_time(db, origin, hazards):
    make_rates(JPY="160", CNY="7.8", BRL="6.1")
    memory.forget_everything()
    lane, found = Lane.of(origin, hazards), 0
    for ahead in range(1, 60, 4):
        by = clock.today() + timedelta(days=ahead)
        lead = arrivals.ready_by([lane], LYON, by).get(lane.name)
        for weight_g in (250, 800, 3_000, 12_000, 20_000) if lead is not None else ():
            ways = carriers.options(
                origin_country=origin,
                destination_country="FR",
                load=carriers.Load(weight_g, lane.hazards),
                currency="EUR",
                lead_days=lead,
            )
            assert not ways or ways[0].max_on <= by
            found += bool(ways)
    assert found > (8 if lane.hazards != {"dangerous"} else 0)


def test_goods_that_only_freight_takes_leave_earlier_for_the_same_day(db):
    make_rates(JPY="160", CNY="7.8", BRL="6.1")
    memory.forget_everything()
    by = clock.today() + timedelta(days=12)
    plain, cells = Lane.of("IT", ()), Lane.of("IT", {"ion_alone"})

    ready = arrivals.ready_by([plain, cells], LYON, by)

    freight = carriers.options(
        origin_country="IT",
        destination_country="FR",
        currency="EUR",
        load=carriers.Load(20_000, cells.hazards),
    )
    assert {way.service for way in freight} == {"freight"}
    assert ready.get(cells.name, -1) < ready[plain.name]
