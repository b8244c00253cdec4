"""Whether the story of the demonstration ended as it has to: the proof of the tour."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any


def unproved(account: Mapping[str, Any]) -> list[str]:
    """Return what did not end as the story has to, one sentence each; nothing when all is proved.

    Shape: account is what `figures.write` writes down.
    """
    return [
        *_orders(account),
        *_claim(account),
        *_damage(account),
        *_vendors(account),
        *_ledger(account["ledger"]),
        *_reviews(account),
    ]


def _orders(account: Mapping[str, Any]) -> Iterator[str]:
    if not account["orders"]:
        yield "nobody ordered anything"
    for order in account["orders"]:
        # An account of an older tour does not say it.
        expected = order.get("expected", "completed")
        if order["state"] != expected:
            yield f"order {order['reference']} is {order['state']} and not {expected}"


def _claim(account: Mapping[str, Any]) -> Iterator[str]:
    paid = {
        claim["order"]
        for claim in account["claims"]
        if claim["state"] == "paid" and Decimal(claim["paid"]) > 0
    }
    lost = {o["reference"] for o in account["orders"] if o.get("expected") == "indemnified"}
    if not lost & paid:
        yield "no claim was paid for the parcel that was lost"


def _damage(account: Mapping[str, Any]) -> Iterator[str]:
    # An account of an older tour does not say it.
    if "damage_claim" not in account:
        return
    claim = account["damage_claim"]
    if claim is None or claim["state"] != "paid" or Decimal(claim["paid"]) <= 0:
        yield "no damage claim was paid"


def _vendors(account: Mapping[str, Any]) -> Iterator[str]:
    released = {row["order"] for row in account["payouts"] if Decimal(row["paid"]) > 0}
    for order in account["orders"]:
        if order["reference"] not in released:
            yield f"the vendor of order {order['reference']} was not paid"
    if not account["arrivals"]:
        yield "no money arrived at a vendor's bank"


def _ledger(ledger: Mapping[str, Any]) -> Iterator[str]:
    if not ledger["balanced"]:
        yield "the ledger is not balanced: entrepot verify-ledger names the first row"
    for currency, total in ledger["totals"].items():
        if Decimal(total):
            yield f"the ledger's {currency} sum to {total} and not to zero"
    if not ledger["entries"]:
        yield "the ledger has no entries"


def _reviews(account: Mapping[str, Any]) -> Iterator[str]:
    # An account of an older tour does not say it.
    if not account.get("reviews", 1):
        yield "nobody reviewed what arrived"
