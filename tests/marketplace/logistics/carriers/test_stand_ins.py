"""What carriers offer, and stand-ins that may not answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from kernel.actor import SYSTEM
from marketplace.logistics.carriers import gateway, queries
from marketplace.logistics.carriers.errors import CarrierDown
from marketplace.logistics.carriers.gateway import LabelWish, MischiefKind
from marketplace.logistics.carriers.queries import Load


def test_options_are_priced_and_dated_cheapest_first(db: Any, clock: Any) -> None:
    clock("2026-11-25T03:00")

    found = queries.options(
        origin_country="CN",
        destination_country="FR",
        postcode="69001",
        currency="EUR",
        load=Load(780, size_mm=(240, 170, 160)),
    )

    assert [option.code for option in found] == ["post", "express"]
    post, express = found
    assert str(post.price) == "17.10 EUR"  # 13.90 + one step of 3.20
    assert (express.mode, express.channel, express.tracked) == ("EXP", "courier", True)
    assert post.min_on <= post.max_on
    assert express.max_on < post.max_on
    assert (
        queries.options(
            origin_country="CN", destination_country="XX", load=Load(780), currency="EUR"
        )
        == []
    )


def test_a_carrier_that_times_out_is_asked_again_and_paid_once(db: Any) -> None:
    gateway.misbehave(kind=MischiefKind.TIMEOUT, parcel_ref="P-TEST0001", actor=SYSTEM)
    wish = LabelWish(
        key=UUID(int=9),
        parcel_ref="P-TEST0001",
        service="express",
        origin_country="CN",
        destination_country="GB",
        crosses_border=True,
        weight_g=800,
    )

    with pytest.raises(CarrierDown):
        gateway.carrier().buy_label(wish)
    first, second = gateway.carrier().buy_label(wish), gateway.carrier().buy_label(wish)

    assert first == second
    assert first.startswith("MX")
