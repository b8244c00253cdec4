"""Which carriers take batteries and other dangerous goods: dated rows, each with its source."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from marketplace.catalogue.products.queries import UN_NUMBER, Hazard
from marketplace.logistics.carriers import queries as carriers
from marketplace.logistics.carriers.queries import Load
from marketplace.logistics.carriers.rules.loads import Refusal, carries
from marketplace.logistics.carriers.shipped import CARRIERS, network, refusals
from tests.asking import english

DAY = date(2026, 11, 27)


def rule(**more) -> Refusal:
    known = {
        "id": "R",
        "service": "post",
        "hazard": "ion_alone",
        "is_abroad_only": False,
        "valid_from": date(2013, 1, 1),
        "valid_to": date(2026, 11, 27),
    }
    return Refusal(**(known | more))


@pytest.mark.parametrize(
    ("on", "taken"),
    [
        (date(2012, 12, 31), True),
        (date(2013, 1, 1), False),
        (DAY, False),
        (date(2026, 11, 28), True),
    ],
)
def test_a_refusal_holds_from_its_first_day_to_its_last(on, taken):
    assert carries([rule()], "post", {"ion_alone"}, on=on, is_abroad=False) is taken


def test_a_refusal_is_about_one_service_and_one_kind_of_goods():
    about = {"on": DAY, "is_abroad": True}

    assert carries([rule()], "express", {"ion_alone"}, **about)
    assert carries([rule()], "post", {"ion_contained"}, **about)
    assert carries([rule()], "post", (), **about)
    assert not carries([rule()], "post", {"ion_contained", "ion_alone"}, **about)


def test_what_is_refused_abroad_alone_goes_at_home():
    abroad = [rule(is_abroad_only=True)]

    assert carries(abroad, "post", {"ion_alone"}, on=DAY, is_abroad=False)
    assert not carries(abroad, "post", {"ion_alone"}, on=DAY, is_abroad=True)


def test_every_shipped_row_names_a_service_a_hazard_and_its_source():
    told = [one for services in CARRIERS.part("services").values() for one in services]
    rows = [row for service in told for row in service.get("refusals", ())]

    assert len(rows) == 6
    assert all(row["source"] and row["confidence"] for row in rows)
    assert {row.service for row in refusals()} <= {one.code for one in network().services}
    assert {row.hazard for row in refusals()} <= set(Hazard)
    assert len({row["id"] for row in rows}) == len(rows)


def test_every_lithium_battery_has_its_number():
    assert set(UN_NUMBER) == set(Hazard) - {Hazard.DANGEROUS}
    assert set(UN_NUMBER.values()) == {"UN 3480", "UN 3481", "UN 3090", "UN 3091"}


@pytest.mark.parametrize(
    ("hazard", "to", "weight_g", "codes"),
    [
        (Hazard.ION_CONTAINED, "FR", 800, ["post", "express"]),
        (Hazard.ION_ALONE, "FR", 800, []),
        (Hazard.ION_ALONE, "CN", 800, []),
        (Hazard.ION_ALONE, "FR", 20_000, ["freight"]),
        (Hazard.ION_PACKED, "FR", 800, ["express"]),
        (Hazard.ION_PACKED, "CN", 800, ["post", "express"]),
        (Hazard.METAL_ALONE, "FR", 800, []),
        (Hazard.DANGEROUS, "FR", 800, []),
        (Hazard.DANGEROUS, "FR", 20_000, ["freight"]),
        (Hazard.DANGEROUS, "CN", 800, ["post"]),
    ],
)
def test_who_does_not_take_goods_is_not_offered(db, hazard, to, weight_g, codes):
    found = carriers.options(
        origin_country="CN",
        destination_country=to,
        currency="EUR",
        load=Load(weight_g, frozenset({hazard})),
    )

    assert [option.code for option in found] == codes


def test_mail_to_another_country_is_abroad_without_a_customs_border_too(db):
    codes = {
        to: [
            option.code
            for option in carriers.options(
                origin_country="DE",
                destination_country=to,
                currency="EUR",
                load=Load(800, frozenset({Hazard.ION_PACKED})),
            )
        ]
        for to in ("DE", "FR")
    }

    assert codes == {"DE": ["post", "express"], "FR": ["express"]}


def test_who_carries_goods_of_a_kind_is_told_with_the_weight_that_it_begins_at():
    alone = carriers.carrying(hazards={Hazard.METAL_ALONE})
    packed = carriers.carrying(hazards={Hazard.ION_PACKED})

    assert [(str(way.name), way.from_g) for way in alone.inland] == [
        (english("Freight, to the kerb"), 15_000)
    ]
    assert [way.from_g for way in packed.inland] == [None, None, 15_000]
    assert [way.from_g for way in packed.abroad] == [None, 15_000]


@pytest.mark.parametrize(
    ("hazard", "since"),
    [("metal_alone", date(2015, 1, 1)), ("ion_alone", date(2016, 4, 1))],
)
def test_aircraft_refuse_batteries_alone_since_the_day_of_the_rule(hazard, since):
    def taken(on):
        return carries(refusals(), "express", {hazard}, on=on, is_abroad=True)

    assert taken(since - timedelta(days=1))
    assert not taken(since)
