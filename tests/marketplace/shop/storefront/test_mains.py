"""Goods with a plug say what their buyer needs where they go, and say nothing where all fits."""

from __future__ import annotations

import json
from importlib import resources

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text

from kernel.actor import SYSTEM
from kernel.money import Money
from kernel.web.formats import ZONES
from marketplace.catalogue.products import queries as catalogue_queries
from marketplace.catalogue.products import service as catalogue
from marketplace.catalogue.products.service import NewAttribute, NewChoice
from marketplace.shop.storefront.electricity import Misfit, mains, misfit
from tests.asking import english
from tests.marketplace.makers import make_offer, make_rates, make_vendor

ROUND, FLAT, BRITISH = "type-c", "type-a", "type-g"
EUROPE, AMERICA, ANYWHERE = "v-220-240", "v-100-127", "v-100-240"


@pytest.mark.parametrize(
    ("plugs", "voltages", "country", "found"),
    [
        ([ROUND], [EUROPE], "DE", None),
        ([ROUND], [EUROPE], "DK", None),
        ([ROUND], [ANYWHERE], "JP", Misfit(is_plug=True, volts=(), is_partly=True)),
        ([ROUND], [EUROPE], "JP", Misfit(is_plug=True, volts=(100,), is_partly=False)),
        ([BRITISH], [EUROPE], "FR", Misfit(is_plug=True, volts=(), is_partly=True)),
        ([FLAT], [AMERICA], "DE", Misfit(is_plug=True, volts=(230,), is_partly=False)),
        ([FLAT], [AMERICA], "JP", None),
        ([ROUND], [EUROPE], "BR", Misfit(is_plug=False, volts=(127,), is_partly=True)),
        ([ROUND, FLAT, BRITISH], [ANYWHERE], "US", None),
        (["wired"], [EUROPE], "US", Misfit(is_plug=False, volts=(120,), is_partly=False)),
        (["usb-c"], ["v-5-20"], "US", None),
        (["usb-c", ROUND], [], "US", None),
        ([], [], "US", None),
        ([ROUND], [EUROPE], "AQ", None),
        (["type-z"], [], "US", None),
    ],
)
def test_what_does_not_fit_is_found_and_nothing_else(plugs, voltages, country, found):
    assert misfit(plugs=plugs, voltages=voltages, country=country) == found


def test_every_country_that_goods_go_to_has_sockets_and_volts():
    assert set(mains().sockets) == set(mains().volts) == set(ZONES)


def test_every_plug_and_voltage_of_the_demonstration_can_be_compared_or_needs_no_socket():
    shipped = resources.files("marketplace.demo.seed").joinpath("data", "attributes.json")
    keys = {
        one["key"]: {value["key"] for value in one["values"]}
        for one in json.loads(shipped.read_text(encoding="utf-8"))
    }
    assert keys["plug"] - mains().plugs.keys() == {"usb-c", "wired"}
    assert keys["voltage"] - mains().voltages.keys() == {"v-5-20"}


@pytest.fixture
def lamp(db):
    """A lamp for continental Europe that a Danish shop sends everywhere."""
    make_rates(DKK="7.46", JPY="160", USD="1.10", BRL="6", GBP="0.85")
    choices = [NewChoice(key=ROUND, names={"en": "Type C and F"})]
    volts = [NewChoice(key=EUROPE, names={"en": "220–240 V"})]
    catalogue.put_attributes(
        attributes=[
            NewAttribute(key="plug", kind="choice", names={"en": "Plug"}, choices=choices),
            NewAttribute(key="voltage", kind="choice", names={"en": "Voltage"}, choices=volts),
        ],
        actor=SYSTEM,
    )
    catalogue_queries.forget()
    made = make_offer(
        vendor=make_vendor(country="DK", currency="DKK", language="da"),
        titles={"en": "Lamp"},
        price=Money(50_00, "DKK"),
        hs_code="940521",
    )
    said = json.dumps({"plug": [ROUND], "voltage": [EUROPE]})
    db.execute(
        text("UPDATE marketplace.product SET attributes = CAST(:said AS jsonb) WHERE id = :id"),
        {"said": said, "id": made.product_id},
    )
    yield made
    catalogue_queries.forget()


def told(client, made, country):
    client.get("/en/settings")
    with client.session_transaction() as cookies:
        cookies["country"], cookies["currency"] = country, "EUR"
    page = client.get(f"/en/p/{made.ref}/", follow_redirects=True)
    found = BeautifulSoup(page.text, "html.parser").select_one(".fact.warn")
    return found.get_text(" ", strip=True) if found else None


def test_the_page_of_goods_says_what_they_need_in_the_readers_country(client, lamp):
    assert told(client, lamp, "DE") is None
    assert told(client, lamp, "GB") == (
        english(
            "The plug doesn't fit sockets in %(country)s, so you'll need an adapter.",
            country="the United Kingdom",
        )
    )
    assert told(client, lamp, "JP") == (
        "The plug doesn't fit sockets in Japan, so you'll need an adapter. It runs on 220–240 V,"
        " but the mains in Japan are 100\u00a0V, so you'll need a transformer."
    )
    assert told(client, lamp, "BR") == (
        english(
            "the mains in parts of %(country)s are %(mains)s",
            voltage="220–240 V",
            country="Brazil",
            mains="127\u00a0V",
        )
    )


def test_a_version_that_says_its_own_plug_is_asked_alone(client, lamp, db):
    own = json.dumps({"plug": "type-g"})
    db.execute(
        text("UPDATE marketplace.variant SET options = CAST(:own AS jsonb) WHERE product_id = :id"),
        {"own": own, "id": lamp.product_id},
    )

    assert told(client, lamp, "GB") is None
    assert told(client, lamp, "DE") == (
        english(
            "The plug doesn't fit sockets in %(country)s, so you'll need an adapter.",
            country="Germany",
        )
    )
