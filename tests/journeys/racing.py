"""Many buyers press "check out" for the same last pieces in the same moment."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import dataclass

from sqlalchemy import text

from kernel.actor import Actor, Role
from kernel.db import reading
from kernel.errors import HouseError
from kernel.ids import new_id
from kernel.money import Money
from marketplace.cart import service as cart
from marketplace.checkout import service as checkout
from tests.marketplace.makers import make_offer

_STOCK = text(
    "SELECT on_hand, reserved, allocated FROM marketplace.stock_level WHERE offer_id = :id"
)
_CHECKOUTS = text(
    "SELECT count(*) FROM marketplace.checkout c JOIN marketplace.cart_line l USING (cart_id)"
    " WHERE l.offer_id = :id AND c.state = 'open'"
)


@dataclass(frozen=True)
class Outcome:
    """How a race ended.

    Shape: refusals counts buyers by the code they were refused with; failures are anything else.
    """

    checkouts: int
    stored: int
    refusals: Counter[str]
    failures: list[BaseException]
    on_hand: int
    reserved: int
    allocated: int


def race(*, buyers: int = 16, pieces: int = 5) -> Outcome:
    """Let buyers with one piece each in their carts check out at once; real commits."""
    made = make_offer(stock=pieces)
    people = [
        Actor(person_id=new_id(), roles=frozenset({Role.BUYER}), label=f"buyer {n}")
        for n in range(buyers)
    ]
    carts = [
        cart.add_line(cart_id=None, offer_id=made.offer_id, quantity=1, seen=Money(1, "JPY"),
                      actor=person)
        for person in people
    ]  # fmt: skip
    gate, started, refused, failed = threading.Barrier(buyers), [], [], []

    def buy(number: int) -> None:
        gate.wait()
        try:
            started.append(
                checkout.start(cart_id=carts[number], locale="en", country="JP", currency="JPY",
                               actor=people[number])
            )  # fmt: skip
        except HouseError as refusal:
            refused.append(refusal.code)
        except BaseException as failure:  # noqa: BLE001 - the race reports whatever happened
            failed.append(failure)

    threads = [threading.Thread(target=buy, args=(n,)) for n in range(buyers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with reading() as current:
        stock = current.execute(_STOCK, {"id": made.offer_id}).one()
        stored = current.execute(_CHECKOUTS, {"id": made.offer_id}).scalar_one()
    return Outcome(len(set(started)), stored, Counter(refused), failed, *stock)
