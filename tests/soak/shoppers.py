"""People of a day: they look around, search, fill carts, sign in and buy; shops pack what was paid.

All over HTTP as a browser does; a shop's desk alone is a command.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPConnection, HTTPException
from itertools import cycle

from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from benchmarks.pages import paced, reckon_dues
from benchmarks.visitors import BUYERS_COUNTRY, COUNTRIES, Buyer, Market, Visitor, open_buyers
from kernel import db
from kernel.actor import SYSTEM
from kernel.errors import HouseError
from marketplace.buying.orders import service as orders
from marketplace.catalogue.inventory import service as inventory
from tests.soak.customers import busy

# So many look around at once; so many have an account and come again and again. They are many,
# since who buys ten things on one day, or for a thousand euro, is asked for a code.
BROWSERS, BUYERS = 3, 120
# Seconds between two pages of one who looks around, two purchases, and two looks of a shop.
REST, BETWEEN_ORDERS, AT_THE_DESK = 1.2, 4.0, 2.0
# The share of those who sign in and go away in the middle: what is kept for them has to go back.
LEAVING = 0.2
PLENTY = 10_000
# The pictures of the demonstration come in six sizes, which keeps both cores busy for minutes.
_NO_SIZES = text("DELETE FROM kernel.delivery WHERE handler LIKE '%make_sizes'")
PACE = "a fixed piece of work"

_TO_PACK = text("SELECT ref FROM marketplace.vendor_order WHERE state = 'paid' ORDER BY ref")
_ON_SHELVES = text("SELECT offer_id FROM marketplace.product_card WHERE in_stock ORDER BY offer_id")


@dataclass
class Shoppers:
    """Who comes. Shape: seen are instants, kinds and seconds; lost are pages that failed."""

    port: int
    market: Market
    buyers: list[Buyer]
    seen: list[tuple[float, str, float]] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    bought: int = 0
    stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Let everybody come and go for the length of the block."""
        browsing = [partial(self.look_around, seed) for seed in range(BROWSERS)]
        with busy(self.stop, *browsing, self.buy, self.pack, self.work):
            yield

    def look_around(self, seed: int) -> None:
        """Open pages until told to stop, each as somebody new."""
        chance = random.Random(seed)
        door = HTTPConnection("127.0.0.1", self.port)
        while not self.stop.wait(chance.expovariate(1 / REST)):
            kind = chance.choices(("listing", "product", "search", "cart"), (4, 4, 2, 1))[0]
            country = BUYERS_COUNTRY if kind == "cart" else chance.choice(COUNTRIES)
            self.timed(kind, partial(self.open, kind, Visitor(door, "en", country)))

    def open(self, kind: str, visitor: Visitor) -> None:
        """Open one page, or fill a cart."""
        if kind == "cart":
            visitor.fill_cart(self.market.buyable())
        else:
            paths = {"listing": self.market.listing, "product": self.market.product}
            visitor.get(paths.get(kind, self.market.search)())

    def buy(self) -> None:
        """Let one after the other sign in and buy one thing; some leave it and return for it."""
        chance, left = random.Random(9), set[str]()
        for buyer in cycle(self.buyers):
            if self.stop.wait(chance.uniform(0.5, 1.5) * BETWEEN_ORDERS):
                return
            buyer.cookies.clear()
            if not self.timed("sign-in", buyer.sign_in):
                continue
            if buyer.email in left:
                left.discard(buyer.email)
                self.bought += self.timed("checkout", buyer.return_to_cart)
            elif chance.random() < LEAVING:
                left.add(buyer.email)
                self.timed("left", lambda who=buyer: who.begin(self.market.buyable()))
            else:
                self.bought += self.timed(
                    "checkout", lambda who=buyer: who.check_out(self.market.buyable())
                )

    def pack(self) -> None:
        """Hand to carriers what was paid."""
        while not self.stop.wait(AT_THE_DESK):
            with db.reading() as current:
                paid = current.execute(_TO_PACK).scalars().all()
            for ref in paid:
                self.timed("packing", partial(orders.dispatch, order_ref=ref, actor=SYSTEM))

    def work(self) -> None:
        """Do a fixed piece of work: it takes longer while others use the machine."""
        while not self.stop.wait(1):
            self.timed(PACE, paced)

    def timed(self, kind: str, act: Callable[[], object]) -> bool:
        """Do it and note how long it took; whether it was answered."""
        begun = time.monotonic()
        try:
            act()
        except (AssertionError, OSError, HTTPException, HouseError, SQLAlchemyError) as failure:
            self.lost.append(f"{kind}: {failure}")
            return False
        self.seen.append((begun, kind, time.monotonic() - begun))
        return True

    def took(self, since: float, until: float) -> dict[str, list[float]]:
        """Return how long answers took between two instants, by kind."""
        found: dict[str, list[float]] = {}
        for at, kind, seconds in self.seen:
            if since <= at < until:
                found.setdefault(kind, []).append(seconds)
        return found


def fill_market(*, offers: int, vendors: int, **environment: str) -> None:
    """Bring in the demonstration's market, and so many offers and vendors more.

    Shape: environment is that of the commands, where it is another than one's own.
    """
    more = ("scale", "--offers", str(offers), "--vendors", str(vendors))
    for what in (("demo",), more):
        words = [sys.executable, "-m", "kernel", "seed", *what]
        subprocess.run(words, check=True, env={**os.environ, **environment})
    with db.engine().begin() as connection:
        connection.execute(_NO_SIZES)
    reckon_dues()


def shoppers(port: int) -> Shoppers:
    """Fill the shelves, and return people who have not come yet."""
    with db.reading() as current:
        offers = current.execute(_ON_SHELVES).scalars().all()
    for offer in offers:
        inventory.count(offer_id=offer, on_hand=PLENTY, actor=SYSTEM)
    return Shoppers(port, Market(port, random.Random(7)), open_buyers(port, BUYERS))
