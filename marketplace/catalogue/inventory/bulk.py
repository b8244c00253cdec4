"""Pieces of many offers counted at once, with their movements and no event for each."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import text

from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.statements import read_sql

_COUNT = text(read_sql(__file__, "count_many"))


@command("marketplace.inventory.count_many")
def count_many(*, counted: Mapping[int, int], subject: str, actor: Actor) -> frozenset[int]:
    """Set the pieces of offers as counted; return the offers whose pieces changed.

    What carts and orders claim is never counted away. Units: pieces. Shape: counted by offer.
    """
    given = {
        "offer_ids": list(counted),
        "counted": list(counted.values()),
        "subject": subject,
        "now": clock.now(),
    }
    return frozenset(int(key) for key in session().execute(_COUNT, given).scalars())
