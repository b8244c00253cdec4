"""EPC codes as text, and the life of a request; plain values in and out.

Source: European Payments Council, EPC069-12, version 3.1: at most 331 bytes, error correction M.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum

from banking.transferring.requests.errors import CodeUnreadable
from kernel.money import Money

MOST_BYTES = 331
_LARGEST = Money.of("999999999.99", "EUR")
_ENCODINGS = {
    "1": "utf-8",
    "2": "iso-8859-1",
    "3": "iso-8859-2",
    "4": "iso-8859-4",
    "5": "iso-8859-5",
    "6": "iso-8859-7",
    "7": "iso-8859-10",
    "8": "iso-8859-15",
}


class State(StrEnum):
    """How far a request is."""

    OPEN = "open"
    UNDER_WAY = "under_way"
    PAID = "paid"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a code asks for. Shape: what is empty is the payer's to fill in."""

    name: str
    iban: str
    amount: Money | None = None
    reference: str = ""


def state_of(
    *, payment: str, withdrawn_at: datetime | None, expires_at: datetime, now: datetime
) -> State:
    """Return how far a request is; what was paid stays paid after its time.

    Shape: payment is the state of the transfer that pays it, empty while there is none.
    """
    if payment:
        return State.PAID if payment == "settled" else State.UNDER_WAY
    if withdrawn_at is not None:
        return State.WITHDRAWN
    return State.EXPIRED if now >= expires_at else State.OPEN


def fits_a_code(amount: Money) -> bool:
    """Whether a code can carry an amount: codes know euro alone."""
    return amount.currency == "EUR" and Money(1, "EUR") <= amount <= _LARGEST


def read_code(payload: str) -> Wanted:
    """Return what the text of an EPC code asks for.

    Raises: CodeUnreadable for anything else.
    """
    lines = [line.strip() for line in payload.strip().splitlines()]
    lines += [""] * (12 - len(lines))
    service, version, encoding, kind = lines[:4]
    known = (service, kind) == ("BCD", "SCT") and version in {"001", "002"}
    is_short = len(payload.strip().encode(errors="replace")) <= MOST_BYTES
    if not known or not is_short or encoding not in _ENCODINGS or not lines[5] or not lines[6]:
        raise CodeUnreadable
    # Structured or free, never both: the free one is what people read.
    return Wanted(
        name=lines[5][:70],
        iban=lines[6].replace(" ", ""),
        amount=_amount(lines[7]),
        reference=(lines[10] or lines[9])[:140],
    )


def _amount(typed: str) -> Money | None:
    if not typed:
        return None
    try:
        number = Decimal(typed.removeprefix("EUR"))
        amount = Money.of(number, "EUR")
    except (InvalidOperation, ValueError) as wrong:
        raise CodeUnreadable from wrong
    if not typed.startswith("EUR") or not fits_a_code(amount):
        raise CodeUnreadable
    return amount
