"""The trial balance, and the proof that it stands on its entries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import text

from banking.ledger import queries as ledger
from banking.ledger.queries import Verification
from banking.ledger.service import COUNTERS
from banking.wallets import queries as wallets
from kernel.actor import Actor
from kernel.db import reading
from kernel.money import Money, total

_SUMS = text(
    """
    SELECT a.kind, e.currency, sum(e.amount) AS amount FROM banking.entries e
    JOIN banking.ledger_accounts a ON a.id = e.account_id
    WHERE e.phase = 1 AND a.kind <> ALL (:counters)
    GROUP BY a.kind, e.currency ORDER BY e.currency, a.kind
    """
)
# What customers own stands on wallets, beside full ones, and, while an order is under way, on its
# escrow.
_OWED = text(
    """
    SELECT currency,
        coalesce(sum(posted) FILTER (WHERE kind IN ('wallet', 'wallet_suspense')), 0) AS wallets,
        coalesce(sum(posted) FILTER (WHERE kind = 'escrow'), 0) AS orders,
        coalesce(sum(posted) FILTER (
            WHERE kind NOT IN ('wallet', 'wallet_suspense', 'escrow')), 0) AS house
    FROM banking.account_balances GROUP BY currency ORDER BY currency
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomersMoney:
    """What the bank owes its customers in a currency, and what its other accounts hold against it.

    Shape: mine is the part of it in the wallets of whoever looks.
    """

    wallets: Money
    orders: Money
    house: Money
    mine: Money

    @property
    def owed(self) -> Money:
        """All of the customers' money."""
        return self.wallets + self.orders

    @property
    def adds_up(self) -> bool:
        """Whether what is owed and what stands against it add up to zero."""
        return not self.owed + self.house


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


def customers_money(actor: Actor) -> list[CustomersMoney]:
    """Return what is owed to all customers by currency, computed now from every account."""
    assert actor.person_id is not None, "the permission lets people in only"
    mine = {w.currency: w.posted for w in wallets.wallets_of(owner_id=actor.person_id)}
    with reading() as current:
        return [
            CustomersMoney(
                wallets=Money(int(row.wallets), row.currency),
                orders=Money(int(row.orders), row.currency),
                house=Money(int(row.house), row.currency),
                mine=mine.get(row.currency, Money.zero(row.currency)),
            )
            for row in current.execute(_OWED)
        ]
