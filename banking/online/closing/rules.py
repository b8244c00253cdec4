"""What may stand in the way of closing, and until when the past stays readable."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kernel.money import Money
from kernel.text import Message


class Kind(StrEnum):
    """What the page has words for, in its order; OTHER brings its own."""

    BALANCE = "balance"
    WAITING = "waiting"
    POTS = "pots"
    HOLDS = "holds"
    ORDERS = "orders"
    SALES = "sales"
    TRANSFERS = "transfers"
    BATCHES = "batches"
    STANDING_ORDERS = "standing_orders"
    REQUESTS = "requests"
    TOP_UPS = "top_ups"
    CARD_REFUNDS = "card_refunds"
    DISPUTES = "disputes"
    DEBTS = "debts"
    OWED = "owed"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Obstacle:
    """One thing in the way.

    Shape: currency is the wallet's, empty where it concerns all of them; number counts them; amount
    is what is in the wallet, or owed by a vendor; words and endpoint belong to OTHER.
    """

    kind: Kind
    currency: str = ""
    number: int = 1
    amount: Money | None = None
    words: Message | None = None
    endpoint: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How long what happened in a closed wallet stays readable."""

    valid_from: date
    keeps_years: int
    source: str


def kept_until(closed_on: date, terms: Terms) -> date:
    """Return the day until which statements of a closed wallet stay readable: a year's last."""
    return date(closed_on.year + terms.keeps_years, 12, 31)
