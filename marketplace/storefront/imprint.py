"""Who stands behind the house: one file of data, shown in the footer and on the page of help."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from insurance import api as cover
from kernel import clock
from kernel.actor import Actor

_FILE = Path(__file__).parent / "data" / "imprint.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    """Who runs the marketplace. Shape: address is one line; country its code."""

    name: str
    address: str
    country: str
    register: str
    mail: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Bank:
    """Who issues the money in wallets. Shape: country is its code."""

    name: str
    country: str


@dataclass(frozen=True, slots=True)
class Imprint:
    """Those whom the law wants named, with the insurer on risk today: its name and its seat."""

    house: House
    bank: Bank
    insurer: str
    insurer_seat: str


def imprint(_actor: Actor | None = None) -> Imprint:
    """Return who runs the house, who issues its money and who bears its risks."""
    house, bank = _kept()
    insurer = cover.insurer_on(clock.today())
    return Imprint(house, bank, insurer.name, insurer.seat)


@cache
def _kept() -> tuple[House, Bank]:
    kept = json.loads(_FILE.read_text(encoding="utf-8"))
    return House(**kept["house"]), Bank(**kept["bank"])
