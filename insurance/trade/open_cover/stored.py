"""Complaints about a line as plain values, and back."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from kernel.money import Money
from kernel.text import Message, Quoted


def stored_message(message: Message) -> dict[str, Any]:
    """Return a sentence with its values as values to store."""
    return {
        "msgid": str(message.msgid),
        "data": {name: _stored(value) for name, value in message.data.items()},
    }


def message_from(raw: Mapping[str, Any]) -> Message:
    """Return a sentence from its stored values."""
    return Message(raw["msgid"], {name: _read(value) for name, value in raw["data"].items()})


def _stored(value: object) -> object:
    match value:
        case Money():
            return {"minor": value.minor, "currency": value.currency}
        case Message():
            return stored_message(value)
        case date():
            return {"day": value.isoformat()}
        case Decimal():
            return {"number": str(value)}
        case Quoted():
            return {"quoted": str(value)}
    return value


def _read(value: object) -> object:
    if not isinstance(value, dict):
        return value
    if "minor" in value:
        return Money(value["minor"], value["currency"])
    if "msgid" in value:
        return message_from(value)
    if "day" in value:
        return date.fromisoformat(value["day"])
    return Decimal(value["number"]) if "number" in value else Quoted(value["quoted"])
