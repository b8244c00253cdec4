"""The trial balance, and the proof that it stands on its entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import text

from banking.core.ledger import queries as ledger
from banking.core.ledger.queries import Verification
from banking.core.ledger.service import COUNTERS
from kernel.db import reading
from kernel.money import Money, total

_SUMS = text(
    """
    SELECT a.kind, e.currency, sum(e.amount) AS amount
    FROM (
        SELECT account_id, currency, amount FROM banking.entries WHERE phase = 1
        UNION ALL SELECT account_id, currency, posted FROM banking.ledger_carried
    ) e
    JOIN banking.ledger_accounts a ON a.id = e.account_id
    WHERE a.kind <> ALL (:counters)
    GROUP BY a.kind, e.currency ORDER BY e.currency, a.kind
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """The trial balance.

    Shape: kinds maps a currency to the names of its account kinds with their sums, which add up
    to zero.
    """

    verification: Verification
    kinds: Mapping[str, Sequence[tuple[str, Money]]]

    def sum_of(self, currency: str) -> Money:
        """Return what all kinds of a currency add up to."""
        return total([amount for _, amount in self.kinds[currency]], currency)


def books() -> Books:
    """Return every kind's sum per currency, and the ledger verified now."""
    kinds: dict[str, list[tuple[str, Money]]] = {}
    with reading() as current:
        for row in current.execute(_SUMS, {"counters": list(COUNTERS)}):
            if row.amount:
                money = Money(int(row.amount), row.currency)
                kinds.setdefault(row.currency, []).append((ledger.kind_name(row.kind), money))
        return Books(verification=ledger.verify_ledger(), kinds=kinds)
