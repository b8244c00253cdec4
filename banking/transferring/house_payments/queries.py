"""What accounts of the house hold."""

from __future__ import annotations

from banking.core.ledger import queries as ledger
from banking.core.ledger.service import AccountRef
from kernel.money import Money


def house_balance(*, kind: str, currency: str, key: str = "house") -> Money:
    """Return what stands in an account of the house; nothing in one that was never booked on."""
    account = AccountRef.house(kind, currency, key)
    balance = ledger.balances(accounts=[account]).get(account)
    return balance.posted if balance else Money.zero(currency)
