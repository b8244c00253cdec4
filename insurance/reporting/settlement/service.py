"""The command that settles a closed month: J6, once."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date

from sqlalchemy import text

from insurance.money.books import periods
from insurance.reporting.bordereaux import queries as bordereaux
from insurance.reporting.settlement import queries
from insurance.reporting.settlement.errors import MonthOpen
from insurance.reporting.settlement.queries import Settled
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.money import Money

_KEEP = text(
    """
    INSERT INTO insurance.settlements (month_id, premium, taxes, person_id, settled_at)
    VALUES (:month_id, :premium, CAST(:taxes AS jsonb), :person_id, :at)
    ON CONFLICT DO NOTHING RETURNING month_id
    """
)


@command("insurance.settlement.settle")
def settle(*, month: date, insurer_key: str, currency: str, actor: Actor) -> Settled:
    """Pay what a closed month says: premium less commission to the insurer, tax to each state.

    Settled before is settled. Locks: the settlement of the month. Raises: MonthUnknown, MonthOpen.
    """
    seen = bordereaux.month_of(month=month, insurer_key=insurer_key, currency=currency)
    if seen.closed is None:
        raise MonthOpen
    taxes: dict[str, int] = defaultdict(int)
    for line in seen.of_kind("tax"):
        taxes[line.cells["territory"]] += line.cells["tax"]
    premium = seen.totals["premium"]["net_due"]
    kept = {
        "month_id": seen.closed.id,
        "premium": premium,
        "taxes": json.dumps(taxes),
        "person_id": actor.person_id,
        "at": clock.now(),
    }
    # Who comes second waits here for the first, and then finds that it is done.
    if session().execute(_KEEP, kept).first() is not None:
        periods.settled(
            key=seen.closed.id,
            premium=Money(premium, currency),
            taxes={country: Money(minor, currency) for country, minor in taxes.items()},
            insurer_key=insurer_key,
            month=f"{month:%Y-%m}",
            actor=actor,
        )
    done = queries.settled(month_id=seen.closed.id, currency=currency)
    assert done is not None, "it was kept just now, or before"
    return done
