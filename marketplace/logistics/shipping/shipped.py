"""The rate cards and refusals that ship with the house, read once per process."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

from kernel import countries
from kernel.registry import Registry
from marketplace.logistics.shipping.rules.cards import Network, network_from
from marketplace.logistics.shipping.rules.loads import Refusal, refusals_from


@cache
def network() -> Network:
    """Return carriers, cards, zones and days."""
    return network_of(countries.HOUSE)


def network_of(registry: Registry) -> Network:
    """Return the network over the countries of a registry. Raises: BadPart."""
    return network_from(json.loads(_data("cards.json")), registry)


@cache
def refusals() -> tuple[Refusal, ...]:
    """Return what services do not carry, day by day."""
    return refusals_from(json.loads(_data("refusals.json")))


def _data(name: str) -> str:
    return (
        resources.files("marketplace.logistics.shipping").joinpath("data", name).read_text("utf-8")
    )
