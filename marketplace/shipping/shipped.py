"""The rate cards that ship with the house, read once per process."""

from __future__ import annotations

import json
from functools import cache
from importlib import resources

from marketplace.shipping.rules.cards import Network, network_from


@cache
def network() -> Network:
    """Return carriers, cards, zones and days."""
    text = resources.files("marketplace.shipping").joinpath("data", "cards.json").read_text("utf-8")
    return network_from(json.loads(text))
