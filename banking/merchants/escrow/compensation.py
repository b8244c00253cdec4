"""What the buyer of an order was paid for it by somebody else: floors above know, the bank asks.

A refund on top is somebody's decision, and never one that is taken unknowingly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from kernel.money import Money
from kernel.text import Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Compensation:
    """A payment of somebody else for an order. Shape: words say who paid how much, and when."""

    amount: Money
    paid_at: datetime
    words: Message


class Ask(Protocol):
    """Answers what was paid for an order."""

    def __call__(self, *, order_ref: str) -> Sequence[Compensation]:
        """Return what the buyer has of others, nothing for an order that is not known."""


_asked: dict[str, Ask] = {}


def ask_before_refunds(name: str, ask: Ask) -> None:
    """Ask from here on before money goes back after a payout. Shape: name says who is asked."""
    _asked[name] = ask


def compensations_of(*, order_ref: str) -> list[Compensation]:
    """Return what others paid the buyer of an order already."""
    return [paid for ask in _asked.values() for paid in ask(order_ref=order_ref)]
