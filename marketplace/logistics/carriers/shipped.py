"""The carriers that ship with the house, their cards and refusals, read once per process."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from kernel import countries
from kernel.registry import Registry
from marketplace.logistics.carriers.rules.loads import Refusal, refusals_from
from marketplace.logistics.carriers.rules.rate_cards import Network, network_from

_DATA = Path(__file__).parent / "data"
CARRIERS = Registry(_DATA / "carriers")


@cache
def network() -> Network:
    """Return carriers, cards, zones and days."""
    return network_of(countries.HOUSE)


def network_of(places: Registry, carriers: Registry = CARRIERS) -> Network:
    """Return the network of carriers over the countries of a registry. Raises: BadPart."""
    shared = json.loads(_DATA.joinpath("network.json").read_text(encoding="utf-8"))
    return network_from(shared, carriers, places)


@cache
def refusals() -> tuple[Refusal, ...]:
    """Return what services do not carry, day by day."""
    return refusals_from(CARRIERS)
