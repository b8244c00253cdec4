"""What is pressed at once in two windows of one person keeps to the limits of their lists."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import text

from kernel.actor import Actor, Role
from kernel.db import reading
from kernel.ids import new_id
from marketplace.shop.favourites import rules, service
from marketplace.shop.favourites.errors import TooManyFavourites
from marketplace.shop.favourites.kept import Kept
from tests.marketplace.makers import make_offer

AT_ONCE = 6


def test_hearts_pressed_at_once_never_exceed_what_one_person_may_keep(own_database, monkeypatch):
    monkeypatch.setattr(rules, "MOST_WISHES", 2)
    first, *others = [make_offer().ref for _ in range(AT_ONCE + 1)]
    buyer = Actor(person_id=new_id(), roles=frozenset({Role.BUYER}))
    service.keep(kept=Kept(first), actor=buyer)
    gate = Barrier(AT_ONCE, timeout=30)

    def press(ref: str) -> bool:
        gate.wait()
        try:
            service.keep(kept=Kept(ref), actor=buyer)
        except TooManyFavourites:
            return False
        return True

    with ThreadPoolExecutor(AT_ONCE) as windows:
        kept = list(windows.map(press, others))

    with reading() as current:
        count = current.execute(text("SELECT count(*) FROM marketplace.wish")).scalar_one()
    assert (sum(kept), count) == (1, 2)
