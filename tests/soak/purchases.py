"""People who buy in the shop while a drill goes on, page by page, and do not give up.

Who gets no answer looks at their orders, as anybody would, and goes on from what stands there. At
the end every order that somebody saw must be there, nobody may have more than they asked for, and
each must be paid once.
"""

from __future__ import annotations

import random
import re
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from http.client import HTTPException

from sqlalchemy import text

from benchmarks.visitors import AskedForCode, Buyer, Market
from kernel import db
from tests.soak.customers import busy

# So many buy at once; whoever has paid often enough without a code makes room for somebody else.
BUYERS, PEOPLE = 3, 300
# Seconds between two purchases, between two looks at a page that fails, and for an answer.
REST, AGAIN, PATIENCE = 1.0, 1.0, 20.0
_REF = re.compile(r"/orders/(G-[0-9A-Z]{8})")
_ORDERS = text(
    """
    SELECT p.email, g.ref, g.total_minor, (
        SELECT count(*) FROM banking.journals j WHERE j.kind = 'escrow_funded' AND j.subject = g.ref
    ) AS paid
    FROM marketplace.order_group g JOIN kernel.person p ON p.id = g.person_id
    WHERE p.email = ANY (:buyers)
    """
)
_PAID = text("SELECT count(*) FROM banking.journals WHERE kind = 'escrow_funded'")
NO_ANSWER = (AssertionError, OSError, HTTPException)


@dataclass
class Purchases:
    """What people bought. Shape: seen maps a mail address to references of orders that they saw."""

    market: Market
    buyers: list[Buyer]
    seen: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    tried: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    unanswered: int = 0
    stop: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def going_on(self) -> Iterator[None]:
        """Let everybody buy for the length of the block."""
        for buyer in self.buyers:
            buyer.connection.timeout = PATIENCE
        with busy(self.stop, *(partial(self.buy, place) for place in range(BUYERS))):
            yield

    def buy(self, place: int) -> None:
        """Let one after the other buy until told to stop, each as long as nothing more is asked."""
        chance = random.Random(place)
        for buyer in self.buyers[place::BUYERS]:
            while not self.stop.wait(chance.uniform(0.5, 1.5) * REST):
                if not self.has_tried(buyer):
                    break
        assert self.stop.is_set(), "there are too few people for so many blows"

    def has_tried(self, buyer: Buyer) -> bool:
        """Buy one thing, or look what became of it; whether the buyer may go on."""
        self.tried[buyer.email] += 1
        try:
            self.seen[buyer.email].add(ref_on(buyer.check_out(self.market.buyable())))
        except AskedForCode:
            return False
        except NO_ANSWER:
            self.unanswered += 1
            buyer.connection.close()
            self.look(buyer)
        return True

    def look(self, buyer: Buyer) -> None:
        """Look at one's orders, as often as it takes."""
        while not self.stop.wait(AGAIN):
            try:
                self.seen[buyer.email] |= set(_REF.findall(buyer.get("/en/orders/")))
            except NO_ANSWER:
                buyer.connection.close()
            else:
                return

    @property
    def bought(self) -> int:
        """How many orders somebody saw."""
        return sum(len(refs) for refs in self.seen.values())

    def check(self) -> None:
        """Compare the orders, and what was paid for them, with what people saw and asked for."""
        people = [buyer.email for buyer in self.buyers]
        with db.reading() as current:
            rows = current.execute(_ORDERS, {"buyers": people}).all()
            paid = current.execute(_PAID).scalar_one()
        stands = defaultdict(set)
        for row in rows:
            stands[row.email].add(row.ref)
        for email in people:
            assert self.seen[email] <= stands[email], "an order was shown and forgotten"
            assert len(stands[email]) <= self.tried[email], "somebody has more than they asked for"
        assert [row.ref for row in rows if row.paid != 1] == []
        assert paid >= len(rows)
        assert self.bought, "nobody bought anything"


def ref_on(page: str) -> str:
    """Return the reference of the order that a page is about."""
    found = _REF.search(page)
    assert found, "the page of the paid order names it"
    return found[1]
