"""Whether the ledger adds up, for whoever watches."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import text

from kernel.db import session
from kernel.telemetry.metrics import Figure, Labels, Measure

DIFFERENCE = Figure(
    "entrepot_ledger_difference",
    "gauge",
    "What all accounts of a currency come to, in minor units; anything but zero is an alarm.",
    ("currency",),
)

_SUMS = text(
    "SELECT currency, sum(posted) AS difference FROM banking.account_balances GROUP BY currency"
)


def _differences() -> Iterator[tuple[Labels, int]]:
    for row in session().execute(_SUMS):
        yield (row.currency,), int(row.difference)


MEASURES = (Measure(DIFFERENCE, _differences),)
