"""The letter that asks for claims money, and which of what came in answers it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from kernel.money import Money


class Answer(StrEnum):
    """How an insurer answered a call."""

    OPEN = "open"
    LATE = "late"
    PAID = "paid"
    PAID_LATE = "paid_late"


class Says(StrEnum):
    """What an insurer answers in words: it pays on a day, or objects."""

    PAYS = "pays"
    OBJECTS = "objects"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a letter says.

    Units: days. Shape: lasts is for how many days the balance lasts, None where nothing was paid
    lately; below and up_to are the agreement's days; reason is why an officer asks for an amount of
    their own, empty where the agreement's days say so.
    """

    ref: str
    insurer: str
    seat: str
    balance: Money
    paid: Money
    looks_back: int
    lasts: int | None
    below: int
    up_to: int
    amount: Money
    day: date
    pay_by: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Called:
    """A call that may be answered. Units: amount is never below zero."""

    amount: Money
    sent_at: datetime
    pay_by: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """What came in on a call. Shape: on is the day on which it was paid whole, None before."""

    received: Money
    on: date | None


def letter(asked: Asked) -> str:
    """Return the words of a letter, paragraph by paragraph, in English as insurers are written."""
    currency = asked.amount.currency
    stands = f"Your claims money in {currency} that we hold for you stands at {asked.balance}."
    if asked.reason:
        why = f"{stands} We ask for more now, because:\n{asked.reason}"
    elif asked.lasts is None:
        why = f"{stands} It has to cover what was paid in your name."
    else:
        why = (
            f"{stands} We paid {asked.paid} to claimants in your name in the last"
            f" {asked.looks_back} days. At this rate it lasts {asked.lasts} days. Under our agency"
            f" agreement we ask for more once it lasts fewer than {asked.below} days, and then for"
            f" what brings it up to {asked.up_to} days."
        )
    until_then = (
        "Claims are paid in your name for as long as this money lasts. Those that it does not"
        " cover wait until you have paid."
    )
    paragraphs = (
        f"To {asked.insurer}, {asked.seat}",
        f"{asked.day.isoformat()}\nOur reference: {asked.ref}\nClaims money in {currency}",
        "Dear colleagues,",
        why,
        f"Please pay in {asked.amount} by {asked.pay_by.isoformat()}, and quote {asked.ref}.",
        until_then,
        "Entrepôt, insurance",
    )
    return "\n\n".join(paragraphs)


def answered(calls: Sequence[Called], received: Sequence[tuple[datetime, Money]]) -> list[Answered]:
    """Return what came in on each call: what is paid in goes to the oldest that is not whole.

    What came before a letter was sent does not answer it. Shape: both in order of time, in one
    currency.
    """
    lacking = [call.amount for call in calls]
    paid_on: list[date | None] = [None] * len(calls)
    for at, amount in received:
        left = amount
        for place, call in enumerate(calls):
            part = min(left, lacking[place])
            if call.sent_at > at or not part:
                continue
            lacking[place] -= part
            left -= part
            if not lacking[place]:
                paid_on[place] = at.date()
    return [
        Answered(received=call.amount - rest, on=on)
        for call, rest, on in zip(calls, lacking, paid_on, strict=True)
    ]


def answer_of(call: Called, found: Answered, today: date) -> Answer:
    """Return how a call was answered by a day."""
    if found.on is not None:
        return Answer.PAID if found.on <= call.pay_by else Answer.PAID_LATE
    return Answer.OPEN if today <= call.pay_by else Answer.LATE
