"""Pages of somebody who has too much of everything: long names, billions, thirty lines, many orders."""

from __future__ import annotations

from collections import defaultdict
from itertools import zip_longest
from typing import Any

import pytest
from sqlalchemy import text

from kernel import db, memory
from kernel.actor import SYSTEM, Actor
from kernel.db import reading
from kernel.money import Money
from kernel.people.identity import service as identity
from marketplace.buying.buyers import queries as buyers
from marketplace.buying.buyers import service as book
from marketplace.buying.buyers.service import NewAddress
from marketplace.buying.cart import service as cart
from marketplace.buying.checkout import service as checkout
from tests.browser.rounds import layout, make_round
from tests.browser.visiting import DESK, PHONE, assert_none
from tests.market import PASSWORD, give_money, sign_in

pytestmark = pytest.mark.browser

CROWDED = "marie-antoinette.von-und-zu-hohenstein-schwarzenberg.donaudampfschiff@example.com"
NAME = "Marie-Antoinette Freifrau von und zu Hohenstein-Schwarzenberg-Donaudampfschiff"
WALLETS = (
    "1234567890.12 EUR",
    "2345678901.34 USD",
    "123456789012 JPY",
    "98765432.125 KWD",
    "4567890123.45 CNY",
    "9999999.99 DKK",
    "987654321098 KRW",
    "0.05 SGD",
)
SMALL = {"width": 320, "height": 568}
PAGES = [
    "/",
    "/account",
    "/account/addresses/",
    "/cart/",
    "/checkout/{crowded}/address",
    "/checkout/{crowded}",
    "/orders/",
    "/bank/",
    "/bank/wallets/eur",
    "/bank/wallets/kwd",
    "/bank/exchange",
]

# One offer of every product, vendor after vendor: whatever may go by post.
_OFFERS = text(
    """
    SELECT o.vendor_id, min(o.id) AS id FROM marketplace.offer o
    JOIN marketplace.variant v ON v.id = o.variant_id
    JOIN marketplace.vendor s ON s.id = o.vendor_id
    WHERE s.slug <> 'nakheel' GROUP BY o.vendor_id, v.product_id ORDER BY 1, 2
    """
)
_STOCK = text("UPDATE marketplace.stock_level SET on_hand = 9000")


@pytest.fixture
def crowded(house: Any) -> Any:
    """The shop, with somebody who has too much of everything."""
    if CROWDED not in house.actors:
        house.actors[CROWDED] = actor = _person()
        _addresses(actor)
        for amount in WALLETS:
            give_money(actor, amount)
        house.names = house.names | {"crowded": _checkout(_cart(actor), actor)}
        _cart(actor)
    return house


def _person() -> Actor:
    identity.register(
        email=CROWDED, password=PASSWORD, name=NAME, locale="de", country="FR", actor=SYSTEM
    )
    return sign_in(CROWDED)


def _addresses(actor: Actor) -> None:
    for number in range(20):
        address = NewAddress(
            name=NAME,
            country="FR",
            postcode="51290",
            lines=(
                "Donaudampfschifffahrtsgesellschaftskapitänsallee 12345",
                "c/o Rindfleischetikettierungsüberwachungsaufgabenübertragung",
            ),
            city="Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch",
            label="Haus der Großmutter mütterlicherseits" if number % 2 else "",
        )
        book.add_address(address=address, actor=actor)


def _cart(actor: Actor) -> Any:
    with db.engine().begin() as market:
        market.execute(_STOCK)
        rows = market.execute(_OFFERS).all()
    shelves = defaultdict(list)
    for row in rows:
        shelves[row.vendor_id].append(row.id)
    turns = [offer for turn in zip_longest(*shelves.values()) for offer in turn if offer]
    cart_id = None
    for number, offer in enumerate(turns[:30]):
        cart_id = cart.add_line(
            cart_id=cart_id,
            offer_id=offer,
            quantity=1 + number % 9,
            seen=Money(1, "EUR"),
            actor=actor,
        )
    return cart_id


def _checkout(cart_id: Any, actor: Actor) -> str:
    ref = checkout.start(cart_id=cart_id, locale="de", country="FR", currency="EUR", actor=actor)
    with reading():
        address = buyers.addresses_of(actor)[0]
    checkout.send_to(ref=ref, address_id=address.id, actor=actor)
    checkout.choose(ref=ref, options={}, covers={}, actor=actor)
    memory.forget_everything()
    return ref


@pytest.mark.parametrize("lang", ["de", "ar"])
def test_long_names_many_lines_and_billions_stay_inside_their_frames(crowded, chromium, lang):
    pages = [(CROWDED, address) for address in PAGES]
    looks = {"layout": layout(SMALL, PHONE, DESK)}
    assert_none(make_round(crowded, chromium, lang, inspectors=looks, pages=pages).found["layout"])
