"""Reads of what was quoted: plain values of rows back into lines, steps and ways."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kernel.money import Money
from kernel.text import Message
from marketplace.landed.quoting.rules import (
    Parts,
    QuotedLine,
    Step,
    line_data,
    line_from,
    message_data,
    message_from,
    parts,
    steps_data,
    steps_from,
)
from marketplace.logistics.carriers.queries import ShippingOption

__all__ = [
    "OptionView",
    "Parts",
    "QuotedLine",
    "Step",
    "line_data",
    "line_from",
    "message_data",
    "message_from",
    "option_data",
    "option_from",
    "parts",
    "steps_data",
    "steps_from",
]


@dataclass(frozen=True, slots=True)
class OptionView:
    """A way to the door as a page shows it and an order keeps it."""

    code: str
    carrier: str
    name: Message
    price: Money
    hand_over_on: date
    min_on: date
    max_on: date
    tracked: bool
    mode: str
    channel: str


def option_data(option: ShippingOption | OptionView) -> dict[str, Any]:
    """Return a way as the plain values that rows keep."""
    return {
        "code": option.code,
        "carrier": option.carrier,
        "name": option.name.msgid,
        "price": option.price.plain(),
        "hand_over_on": option.hand_over_on.isoformat(),
        "min_on": option.min_on.isoformat(),
        "max_on": option.max_on.isoformat(),
        "tracked": option.tracked,
        "mode": option.mode,
        "channel": option.channel,
    }


def option_from(data: Mapping[str, Any]) -> OptionView:
    """Return a way from plain values."""
    return OptionView(
        data["code"],
        data["carrier"],
        Message(data["name"]),
        Money(data["price"]["minor"], data["price"]["currency"]),
        date.fromisoformat(data["hand_over_on"]),
        date.fromisoformat(data["min_on"]),
        date.fromisoformat(data["max_on"]),
        data["tracked"],
        data["mode"],
        data["channel"],
    )
