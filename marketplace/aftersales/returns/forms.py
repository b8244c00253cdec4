"""What buyers, sellers and operators say about a return."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from kernel.errors import NotFound
from kernel.media.photos.forms import Received
from kernel.money import Money
from kernel.text import N_
from kernel.web import Reader
from kernel.web.preferences import COUNTRY_CURRENCY
from marketplace.aftersales.returns.queries import Reason, ReturnView
from marketplace.aftersales.returns.reach import Reach

LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Picked:
    """Which goods go back and why. Shape: pieces maps a line of the order to its pieces."""

    reason: Reason
    pieces: Mapping[int, int]

    @classmethod
    def parse(cls, form: Mapping[str, str], reach: Reach) -> Picked:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        reason = reader.choice("reason", [reason.value for reason in reach.reasons])
        pieces = {
            line: reader.integer(f"n{line}", low=0, high=most)
            for line, most in reach.free.items()
            if reader.raw(f"n{line}")
        }
        if not any(pieces.values()):
            reader.complain(f"n{next(iter(reach.free))}", N_("Choose at least one item."))
        reader.done()
        return cls(Reason(reason), pieces)

    @property
    def written(self) -> str:
        """The pieces as an address holds them: `12x1-15x2`."""
        return "-".join(f"{line}x{n}" for line, n in sorted(self.pieces.items()) if n)


def pieces_in(written: str) -> dict[int, int]:
    """Return the pieces that an address holds. Raises: NotFound for anything else."""
    if not re.fullmatch(r"\d{1,18}x\d{1,6}(-\d{1,18}x\d{1,6})*", written):
        raise NotFound
    return {int(line): int(n) for line, n in (part.split("x") for part in written.split("-"))}


def reason_in(written: str) -> Reason:
    """Return the reason that an address holds. Raises: NotFound for anything else."""
    if written not in set(Reason):
        raise NotFound
    return Reason(written)


@dataclass(frozen=True, slots=True)
class Asked:
    """What was seen before the return was sent, and a word about it."""

    expected: Money
    note: str

    @classmethod
    def parse(
        cls, form: Mapping[str, str], photos: Received, *, currency: str, reason: Reason
    ) -> Asked:
        """Read the form; who changed their mind need not say why. Raises: Invalid."""
        reader = Reader(form)
        expected = reader.integer("expected", low=0, high=10**12 - 1)
        note = reader.text("note", most=LONGEST, optional=not reason.is_fault, is_long=True)
        photos.into(reader)
        reader.done()
        return cls(Money(expected, currency), note)


@dataclass(frozen=True, slots=True)
class Sent:
    """How the goods go back. Shape: both are empty for what was handed in."""

    carrier: str
    tracking_number: str

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Sent:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        how = reader.choice("how", ("carrier", "handed"))
        is_carried = how == "carrier"
        carrier = reader.text("carrier", most=60) if is_carried else ""
        number = reader.text("number", most=60) if is_carried else ""
        reader.done()
        return cls(carrier, number)


@dataclass(frozen=True, slots=True)
class WayBack:
    """Where the goods go and how; who pays the way names the label here."""

    address: str
    country: str
    instructions: str

    @classmethod
    def parse(cls, form: Mapping[str, str], view: ReturnView) -> WayBack:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        address = reader.text("address", most=400, is_long=True)
        country = reader.choice("country", {*COUNTRY_CURRENCY, view.country})
        instructions = reader.text(
            "instructions", most=LONGEST, is_long=True, optional=not view.waits_for_seller
        )
        reader.done()
        return cls(address, country, instructions)


@dataclass(frozen=True, slots=True)
class Words:
    """Why somebody refuses, or does not agree."""

    words: str

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Words:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        words = reader.text("words", most=LONGEST, is_long=True)
        reader.done()
        return cls(words)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the house decides on a disputed return."""

    for_buyer: bool
    words: str
    knows_compensated: bool

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Verdict:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        answer = reader.choice("answer", ("buyer", "seller"))
        words = reader.text("words", most=LONGEST, is_long=True)
        reader.done()
        return cls(answer == "buyer", words, form.get("knows_compensated") == "on")
