"""Who sends a shop's parcels, as papers say it."""

from __future__ import annotations

from tests.marketplace.makers import make_vendor


def test_a_shop_that_sends_from_its_registered_place_names_its_street(db):
    assert make_vendor(name_latin="Kiln KK").sender == {
        "name": "Kiln KK",
        "lines": ["3-12 Honmachi"],
        "city": "Tajimi",
        "postcode": "507-0033",
        "country": "JP",
    }


def test_a_shop_that_sends_from_elsewhere_names_no_street_that_is_not_there(db):
    sender = make_vendor(name_latin="Kiln KK", dispatch_postcode="460-0008", city="Nagoya").sender
    assert (sender["lines"], sender["postcode"]) == ([], "460-0008")
