"""Accounts in the states between two steps: a wallet frozen, an app begun, somebody half in."""

from __future__ import annotations

from banking import api as bank
from banking.authorisation.freezing import service as guard
from banking.core.ledger.service import Freeze
from kernel.actor import Actor
from kernel.ids import new_id
from kernel.people.endpoints import service as endpoints
from kernel.people.program_keys import queries
from kernel.people.program_keys import service as program_keys
from kernel.people.program_keys.forms import Wanted
from tests.browser.customer_stories import shown
from tests.browser.people import browser, post
from tests.market import PASSWORD, give_money
from tests.sweeps.house import House
from tests.sweeps.news import heard
from tests.sweeps.people import (
    FORGETFUL,
    NOBODY,
    OPERATOR,
    OTHER_BUYER,
    SHOPPER,
)
from tests.sweeps.sending import filled, posted


def make_people(house: House) -> None:
    """Bring some people between two steps."""
    forgetful, shopper = house.actors[FORGETFUL], house.actors[SHOPPER]
    give_money(forgetful, "20 EUR")
    guard.freeze(owner_id=forgetful.somebody(), freeze=Freeze.DEBIT, actor=forgetful)
    _shown(house)
    _programs(house.actors[OTHER_BUYER])
    bank.open_wallet(
        owner_id=shopper.somebody(), owner_kind="person", currency="EUR", actor=shopper
    )
    posted(house, SHOPPER, "/en/account/security/app")
    posted(house, NOBODY, "/en/sign-in", email=OPERATOR, password=PASSWORD)
    filled(house, OTHER_BUYER, "/en/cart/", "cart.change_line", quantity="0")


def _programs(owner: Actor) -> None:
    """Let somebody's program have a key and an address, and a letter on its way there."""
    program_keys.make(wanted=Wanted("Order desk", tuple(queries.scopes()), days=90), actor=owner)
    endpoints.add(url="https://hooks.example.com/", actor=owner)
    endpoints.tell(
        person_id=owner.somebody(),
        event_id=new_id(),
        kind="policy.bound",
        data={"id": "26-0000104"},
        actor=owner,
    )


def _shown(house: House) -> None:
    """Say who one is and show a document that is not sent yet."""
    mine, address = browser(house.app, house.actors[FORGETFUL]), "/en/bank/verify"
    post(
        mine,
        f"{address}/identity",
        name="Noor Aziz",
        born_on="1991-04-02",
        nationality="FR",
        street="4 quai Perrache",
        postcode="69002",
        city="Lyon",
        country="FR",
    )
    heard()
    shown(mine, address, "passport")
