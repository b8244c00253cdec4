"""What the buyer of an order gets for it from somebody else: floors above know, the bank asks.

A refund on top is somebody's decision, and never one that is taken unknowingly.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from kernel.money import Money
from kernel.text import Message


class Stage(StrEnum):
    """How far somebody else's payment is: asked for, promised, or with the buyer."""

    ASKED = "asked"
    PROMISED = "promised"
    PAID = "paid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Compensation:
    """A payment of somebody else for an order.

    Shape: at is when it came to its stage; words say who pays how much, and when.
    """

    amount: Money
    stage: Stage
    at: datetime
    words: Message

    @property
    def stands_in_way(self) -> bool:
        """Whether who refunds has to know of it; what is only asked for they are told."""
        return self.stage is not Stage.ASKED


class Ask(Protocol):
    """Answers what others pay for an order."""

    def __call__(self, *, order_ref: str) -> Sequence[Compensation]:
        """Return what the buyer gets of others, nothing for an order that is not known."""


_asked: dict[str, Ask] = {}


def ask_before_refunds(name: str, ask: Ask) -> None:
    """Ask from here on before money goes back after a payout. Shape: name says who is asked."""
    _asked[name] = ask


def compensations_of(*, order_ref: str) -> list[Compensation]:
    """Return what others paid the buyer of an order, will pay, or were asked for."""
    return [paid for ask in _asked.values() for paid in ask(order_ref=order_ref)]
