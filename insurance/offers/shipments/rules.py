"""What is asked of a shipment, and the risk that follows from the answers."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path

from insurance.offers.quotes.rules import InsuredItem, Mode, ParcelRisk
from insurance.rating.liability.queries import Interest
from kernel import dated
from kernel.money import Money

_DATA = Path(__file__).parent / "data"

OTHER_CARRIER = "OTHER"
_NUMBER = re.compile(r"[A-Z0-9]{6,35}")


class Kind(StrEnum):
    """What is in a parcel, in the words of somebody who knows no tariff number."""

    CLOTHES = "clothes"
    BOOKS = "books"
    HOME = "home"
    CERAMICS = "ceramics"
    ELECTRONICS = "electronics"
    COMPUTERS = "computers"
    PHONES = "phones"
    JEWELLERY = "jewellery"
    WATCHES = "watches"
    INSTRUMENTS = "instruments"
    DRINKS = "drinks"
    FOOD = "food"
    FRESH = "fresh"
    VALUABLES = "valuables"
    ELSE = "else"


# A heading of the Harmonized System that is rated as the whole kind is.
_HS: Mapping[Kind, str] = {
    Kind.CLOTHES: "6203",
    Kind.BOOKS: "4901",
    Kind.HOME: "9403",
    Kind.CERAMICS: "6911",
    Kind.ELECTRONICS: "8543",
    Kind.COMPUTERS: "847130",
    Kind.PHONES: "8517",
    Kind.JEWELLERY: "7113",
    Kind.WATCHES: "9102",
    Kind.INSTRUMENTS: "9207",
    Kind.DRINKS: "2204",
    Kind.FOOD: "2106",
    Kind.FRESH: "0709",
    Kind.VALUABLES: "4907",
    Kind.ELSE: "9505",
}

# Where a carrier's word means that it has, or had, the parcel: all but these.
_NOT_YET = frozenset({"ordered", "labelled"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How long a price holds, and how long a parcel travels.

    Units: hours, days. Shape: promise_days is, by the way of delivery, the soonest that a carrier
    promises a parcel which it does not have yet; promise_days_most is the latest day ahead.
    """

    valid_from: date
    quote_hours: int
    planned_days: Mapping[str, int]
    promise_days: Mapping[str, int]
    promise_days_most: int
    source: str

    @property
    def lifetime(self) -> timedelta:
        """How long a price holds."""
        return timedelta(hours=self.quote_hours)


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """A parcel from elsewhere, as its owner describes it.

    Units: weight_g grams. Shape: value is of all that is in it, of a gift what replacing it costs;
    delivery and duty are what was paid for its way and at the border, duty None for none; all have
    the currency that the cover is paid in. promised_on is the day that the carrier promised.
    """

    carrier: str
    tracking_number: str
    kind: Kind
    contents: str
    value: Money
    delivery: Money
    origin_country: str
    destination_country: str
    mode: Mode
    weight_g: int
    interest: Interest
    is_gift: bool = False
    duty: Money | None = None
    promised_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnParcel:
    """What orders of the shop know of a number.

    Shape: endpoint, ref and anchor lead to the page of the order, empty where it is none of who
    asks.
    """

    is_known: bool = False
    endpoint: str = ""
    ref: str = ""
    anchor: str = ""


@dataclass(frozen=True, slots=True)
class Scan:
    """One word of a carrier about a parcel. Shape: state as carriers' clients say it."""

    state: str
    at: datetime
    place: str


@cache
def carriers() -> Mapping[str, str]:
    """Return the carriers that are offered by key, with their names; of any other it is empty."""
    rows = json.loads((_DATA / "carriers.json").read_text(encoding="utf-8"))
    return {row["key"]: row["name"] for row in rows}


@cache
def _terms() -> tuple[Terms, ...]:
    return dated.read(_DATA / "terms.json", Terms)


def terms_on(day: date) -> Terms:
    """Return the terms of the bank's quotes in force on a day."""
    return dated.in_force(_terms(), day)


def canonical_number(typed: str) -> str | None:
    """Return a tracking number as carriers write it, None where no carrier would."""
    number = re.sub(r"[\s.\-/]", "", typed).upper()
    is_number = _NUMBER.fullmatch(number) and any(sign.isdigit() for sign in number)
    return number if is_number else None


def parcel_ref(carrier: str, number: str) -> str:
    """Return how policies call a parcel from elsewhere: whoever insures it, it is the same."""
    return f"{carrier}-{number}"


def risk_of(described: Described, *, country: str, is_scanned: bool, on: date) -> ParcelRisk:
    """Return the risk of a parcel from elsewhere. Shape: country is where its owner lives."""
    return ParcelRisk(
        policyholder_country=country,
        origin_country=described.origin_country,
        destination_country=described.destination_country,
        items=(
            InsuredItem(
                description=described.contents,
                hs_code=_HS[described.kind],
                value=described.value,
            ),
        ),
        freight=described.delivery,
        prepaid_duty=described.duty,
        is_gift=described.is_gift,
        promised_on=described.promised_on,
        mode=described.mode,
        interest=described.interest,
        is_business=described.interest is Interest.BUSINESS,
        is_already_scanned=is_scanned,
        planned_days=terms_on(on).planned_days[described.mode.value],
    )


def soonest_promise(mode: Mode, *, on: date) -> date:
    """Return the first day that a carrier promises for a parcel which it does not have yet."""
    return on + timedelta(days=terms_on(on).promise_days[mode.value])


def latest_promise(*, on: date) -> date:
    """Return the last day that is taken for a promise."""
    return on + timedelta(days=terms_on(on).promise_days_most)


def first_scan(scans: Iterable[Scan]) -> Scan | None:
    """Return the first word by which a carrier has a parcel, None while it has none."""
    return min((s for s in scans if s.state not in _NOT_YET), key=lambda s: s.at, default=None)


def word_of(scans: Iterable[Scan], state: str) -> Scan | None:
    """Return the first word of a state, None without one."""
    return min((s for s in scans if s.state == state), key=lambda s: s.at, default=None)
