"""Notices and proposals, read strictly."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from insurance.contracts.policies.queries import PolicyView
from insurance.losses.claims.loss_notices import Draft, Elsewhere, Missing, Noticed, Place, Stolen
from insurance.losses.claims.queries import NOTIFIED, Cause, Paid, PaidBy
from kernel.media.photos.forms import Received
from kernel.money import CURRENCIES, Money
from kernel.text import N_
from kernel.web.forms import Reader, without_turns

# The most pieces of one thing that anybody says were in a parcel.
_MOST_PIECES = 9999
# What a draft keeps of the fields that only some causes have.
_MORE = re.compile(r"(pieces|of)-\d{1,3}|place|police_ref|police_on|other|other_name|other_amount")


@dataclass(frozen=True, slots=True)
class Notice:
    """What a holder saw after delivery. Shape: loss is None for what missing pieces are worth."""

    cause: Cause
    loss: Money | None
    description: str
    noticed: Noticed

    @classmethod
    def parse(
        cls,
        form: Mapping[str, str],
        photos: Received,
        *,
        policy: PolicyView,
        currencies: Collection[str],
    ) -> Notice:
        """Read a notice; a loss is at most what is still insured. Raises: Invalid.

        Shape: currencies are those that a loss can be stated in; none typed is the policy's own.
        """
        reader, most = Reader(form), policy.still_insured
        cause = reader.choice("cause", [cause.value for cause in NOTIFIED])
        currency = reader.choice("currency", currencies, default=most.currency)
        own = most if currency == most.currency or currency not in currencies else None
        missing = _missing(reader, policy) if cause == Cause.MISSING else ()
        spoken = own.currency if own else currency
        elsewhere = _elsewhere(reader, spoken)
        stolen = _stolen(reader) if cause == Cause.THEFT else None
        loss = None
        if cause != Cause.MISSING or reader.raw("loss"):
            loss = reader.money("loss", spoken, most=own)
        description = reader.text("description", most=2000, is_long=True)
        noticed = Noticed(missing=missing, stolen=stolen, elsewhere=elsewhere)
        photos.into(reader)
        reader.done()
        return cls(Cause(cause), loss, description, noticed)


def _missing(reader: Reader, policy: PolicyView) -> tuple[Missing, ...]:
    """Read which pieces are missing; of what nobody counted, how many there were is asked, too."""
    found = []
    for place, item in enumerate(policy.items):
        name = f"pieces-{place}"
        if reader.raw(name) in {"", "0"}:
            continue
        of = item.pieces or reader.integer(f"of-{place}", low=1, high=_MOST_PIECES)
        found.append(Missing(item=place, pieces=reader.integer(name, low=1, high=of), of=of))
    if not found:
        reader.complain("pieces-0", N_("Choose what's missing."))
    return tuple(found)


def _stolen(reader: Reader) -> Stolen | None:
    """Read how something was stolen; a report of the police has its number and its day."""
    place = reader.choice("place", list(Place))
    ref = reader.text("police_ref", most=60, optional=True)
    typed, day = reader.raw("police_on"), None
    if typed or ref:
        try:
            day = date.fromisoformat(typed)
        except ValueError:
            reader.complain("police_on", N_("Enter a day, like 2026-12-31."))
        if not ref:
            reader.complain("police_ref", N_("Please fill this in."))
    return (
        Stolen(place=Place(place), police_ref=ref, police_on=day) if place in set(Place) else None
    )


def _elsewhere(reader: Reader, currency: str) -> Elsewhere | None:
    """Read what another insurance paid for the same loss, or will pay; that may not be known."""
    said = reader.choice("other", ["none", "paid", "will_pay"], default="none")
    if said not in {"paid", "will_pay"}:
        return None
    is_paid = said == "paid"
    insurer = reader.text("other_name", most=120)
    amount = None
    if is_paid or reader.raw("other_amount"):
        amount = reader.money("other_amount", currency)
    return Elsewhere(insurer=insurer, amount=amount, is_paid=is_paid)


def parse_draft(form: Mapping[str, str]) -> Draft:
    """Read what was typed of a notice so far; nothing is asked back before it is sent."""
    cause = form.get("cause", "")
    return Draft(
        cause=cause if cause in set(NOTIFIED) else "",
        loss=form.get("loss", "").strip()[:40],
        currency=currency if (currency := form.get("currency", "")) in CURRENCIES else "",
        description=without_turns(form.get("description", "")).strip()[:2000],
        more={
            name: without_turns(typed).strip()[:200]
            for name, typed in form.items()
            if _MORE.fullmatch(name) and typed.strip()
        },
    )


@dataclass(frozen=True, slots=True)
class Proposed:
    """How an officer wants a claim to end."""

    is_approval: bool
    amount: Money
    reason: str

    @classmethod
    def parse(cls, form: Mapping[str, str], *, most: Money) -> Proposed:
        """Read a proposal; a refusal has no amount. Raises: Invalid."""
        reader = Reader(form)
        is_approval = reader.choice("decision", ["approve", "refuse"]) == "approve"
        zero = Money.zero(most.currency)
        amount = reader.money("amount", most.currency, most=most) if is_approval else zero
        reason = reader.text("reason", most=1000, is_long=True)
        reader.done()
        return cls(is_approval, amount, reason)


@dataclass(frozen=True, slots=True)
class SetOff:
    """What somebody else paid for a loss, and the paper that shows it."""

    paid: Paid
    words: str

    @classmethod
    def parse(cls, form: Mapping[str, str], *, currency: str, items: int) -> SetOff:
        """Read a payment; an item is asked where there are several. Raises: Invalid."""
        reader = Reader(form)
        by = reader.choice("paid_by", [one.value for one in PaidBy])
        amount = reader.money("paid", currency)
        chosen = reader.choice("item", ["", *map(str, range(items))]) if items > 1 else ""
        words = reader.text("paper", most=200)
        reader.done()
        return cls(Paid(by=PaidBy(by), amount=amount, item=int(chosen) if chosen else None), words)


def parse_words(form: Mapping[str, str], photos: Received | None = None) -> str:
    """Read what somebody says about a claim, with its photographs. Raises: Invalid."""
    reader = Reader(form)
    words = reader.text("words", most=2000, is_long=True)
    if photos is not None:
        photos.into(reader)
    reader.done()
    return words


def parse_question(form: Mapping[str, str]) -> str:
    """Read what an officer asks the holder. Raises: Invalid."""
    reader = Reader(form)
    words = reader.text("question", most=1000, is_long=True)
    reader.done()
    return words


def parse_offset(form: Mapping[str, str]) -> int:
    """Read which payment by others is meant; what is no number is none. Raises: Invalid."""
    reader = Reader(form)
    number = reader.text("offset", most=18)
    reader.done()
    return int(number) if number.isascii() and number.isdigit() else 0
