"""Counts, set by set, which goods shoppers put together."""

from __future__ import annotations

from typing import Any

from sqlalchemy import text

from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.statements import read_sql
from marketplace.shop.companions import rules

_DROP = text("DELETE FROM marketplace.product_pair")
_GATHER = text(read_sql(__file__, "gather"))


@command("marketplace.companions.gather")
def gather(*, actor: Actor) -> int:
    """Count anew which goods were seen together of late; return how many pairs are kept.

    Shoppers are counted, not their carts and orders: who buys two things every week is one.
    """
    session().execute(_DROP)
    result: Any = session().execute(
        _GATHER,
        {
            "since": clock.now() - rules.LATELY,
            "fewest": rules.FEWEST,
            "most_taken": rules.MOST_TAKEN,
            "kept": rules.KEPT,
        },
    )
    return int(result.rowcount)
