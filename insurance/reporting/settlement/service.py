"""The command that settles a closed month: J6, once."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import date

from sqlalchemy import text

from insurance.money.books import periods
from insurance.reporting.bordereaux import queries as bordereaux
from insurance.reporting.bordereaux.queries import Line, TaxPayer, tax_payer, tax_payer_rows
from insurance.reporting.settlement import queries
from insurance.reporting.settlement.errors import MonthOpen
from insurance.reporting.settlement.queries import Settled
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.money import Money

_KEEP = text(
    """
    INSERT INTO insurance.settlements (month_id, premium, taxes, payers, person_id, settled_at)
    VALUES (
        :month_id, :premium, CAST(:taxes AS jsonb), CAST(:payers AS jsonb), :person_id, :at
    )
    ON CONFLICT DO NOTHING RETURNING month_id
    """
)


@command("insurance.settlement.settle")
def settle(*, month: date, insurer_key: str, currency: str, actor: Actor) -> Settled:
    """Pay what a closed month says: premium less commission to the insurer, tax as its lines say.

    Each line of the tax bordereau names who settles with the state: the insurer, to whom the tax
    is paid then, or the agent, who pays it to the state. What policyholders settle is not paid.
    Settled before is settled. Locks: the settlement of the month. Raises: MonthUnknown, MonthOpen.
    """
    seen = bordereaux.month_of(month=month, insurer_key=insurer_key, currency=currency, actor=actor)
    if seen.closed is None:
        raise MonthOpen
    taxes: dict[str, int] = defaultdict(int)
    payers: dict[str, TaxPayer] = {}
    for line in seen.of_kind("tax"):
        country = line.cells["territory"]
        payers[country] = _payer(line, month)
        if payers[country] is not TaxPayer.POLICYHOLDER:
            taxes[country] += line.cells["tax"]
    premium = seen.totals["premium"]["net_due"]
    kept = {
        "month_id": seen.closed.id,
        "premium": premium,
        "taxes": json.dumps(taxes),
        "payers": json.dumps(payers),
        "person_id": actor.person_id,
        "at": clock.now(),
    }
    # Who comes second waits here for the first, and then finds that it is done.
    if session().execute(_KEEP, kept).first() is not None:
        periods.settled(
            key=seen.closed.id,
            premium=Money(premium, currency),
            taxes={country: Money(minor, currency) for country, minor in taxes.items()},
            through_insurer={one for one, payer in payers.items() if payer is TaxPayer.INSURER},
            insurer_key=insurer_key,
            month=f"{month:%Y-%m}",
            actor=actor,
        )
    done = queries.settled(month=seen, actor=actor)
    assert done is not None, "it was kept just now, or before"
    return done


def _payer(line: Line, month: date) -> TaxPayer:
    """Return who settles a line's tax; of months closed before lines said it, by the rows."""
    said = line.cells.get("settled_by")
    if said is not None:
        return TaxPayer(said)
    return tax_payer(line.cells["territory"], month=month, rows=tax_payer_rows())
