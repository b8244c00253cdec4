"""Who stands behind the house: one file of data, shown in the footer and on the page of help."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from insurance import api as cover
from kernel import clock
from kernel.actor import Actor
from kernel.web import preferences

_FILE = Path(__file__).parent / "data" / "imprint.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Who runs the marketplace.

    Shape: address is one line; country its code; watched_by is the authority for online platforms
    there, access_watched_by that for accessibility; sources say where what the page of help
    states of complaints is written.
    """

    name: str
    address: str
    country: str
    register: str
    mail: str
    watched_by: str
    access_watched_by: str
    sources: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """Who issues the money in wallets.

    Shape: country is its code; mail takes complaints; watched_by settles what is left of them;
    sources as for the house.
    """

    name: str
    country: str
    mail: str
    watched_by: str
    sources: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cover:
    """Where complaints about cover go, and who settles what is left of them.

    Shape: sources as for the house.
    """

    mail: str
    ombudsman: str
    sources: list[str]


@dataclass(frozen=True, slots=True)
class Imprint:
    """Those whom the law wants named, with the insurer on risk today: its name and its seat.

    Where the levels of a country go by several, insurer names the others before the last of them.
    Shape: checked_on is when the statement on accessibility was last compared with the pages.
    """

    house: House
    bank: Bank
    cover: Cover
    checked_on: date
    insurer: str
    insurer_seat: str


def imprint(country: str) -> Imprint:
    """Return who runs the house, who issues its money and who bears its risks in a country."""
    house, bank, cover_desk, checked_on = _kept()
    *others, last = cover.insurers_in(country=country, day=clock.today())
    names = "; ".join([*(f"{one.name}, {one.seat}" for one in others), last.name])
    return Imprint(house, bank, cover_desk, checked_on, names, last.seat)


def legal(_actor: Actor) -> Imprint:
    """Return what stands below every page, for the country that its reader chose."""
    return imprint(preferences().country)


@cache
def _kept() -> tuple[House, Bank, Cover, date]:
    data = json.loads(_FILE.read_text(encoding="utf-8"))
    return (
        House(**data["house"]),
        Bank(**data["bank"]),
        Cover(**data["cover"]),
        date.fromisoformat(data["access_checked_on"]),
    )
