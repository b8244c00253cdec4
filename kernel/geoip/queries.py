"""Reads of places."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.geoip import rules
from kernel.geoip.gateway import gateway
from kernel.geoip.rules import Network


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where something was done from.

    Shape: network is as people read it; country is a code, empty when nobody knows it; is_here for
    a network of the house's own.
    """

    network: str
    country: str
    is_here: bool

    def plain(self) -> dict[str, str | bool]:
        """Return it as a letter carries it."""
        return {"network": self.network, "country": self.country, "is_here": self.is_here}


def place_of(network: Network | None) -> Place | None:
    """Return where a network is; None when none was kept. Never a guess."""
    if network is None:
        return None
    is_here = rules.is_own(network)
    country = "" if is_here else gateway().country(network)
    return Place(network=rules.shown(network), country=country, is_here=is_here)
