"""Which country a network is in: a file of the operator's, or a small table."""

from __future__ import annotations

from functools import cache
from ipaddress import IPv4Network, IPv6Network
from typing import Protocol

import maxminddb

from kernel.config import settings
from kernel.geoip.rules import Network


class Places(Protocol):
    """Knows countries of networks."""

    def country(self, network: Network) -> str:
        """Return the code of the country that a whole network is in, empty when not known."""


class PlacesFile:
    """A file in the MMDB format, as several publishers of such data give out."""

    def __init__(self, path: str) -> None:
        """Open the file. Raises: OSError, maxminddb.InvalidDatabaseError."""
        self._reader = maxminddb.open_database(path)

    def country(self, network: Network) -> str:
        """Return what the file says of all of a network; one that it divides is not known."""
        if network.version > self._reader.metadata().ip_version:
            return ""
        record, bits = self._reader.get_with_prefix_len(network.network_address)
        return _code(record) if bits <= network.prefixlen else ""


def _code(record: object) -> str:
    """Return the code in a record: `{"country": {"iso_code": "FR"}}`, or `{"country": "FR"}`."""
    country = record.get("country") if isinstance(record, dict) else None
    code = country.get("iso_code") if isinstance(country, dict) else country
    return code if isinstance(code, str) and len(code) == 2 else ""


class WrittenPlaces:
    """The local stand-in: networks that stand in books and on no wire.

    Source: RFC 5737, RFC 3849. Which country each is in is made up.
    """

    _COUNTRIES: tuple[tuple[Network, str], ...] = (
        (IPv4Network("192.0.2.0/24"), "FR"),
        (IPv4Network("198.51.100.0/24"), "JP"),
        (IPv4Network("203.0.113.0/24"), "AE"),
        (IPv6Network("2001:db8::/32"), "DE"),
    )

    def country(self, network: Network) -> str:
        """Return the country that the table names."""
        for known, code in self._COUNTRIES:
            if network.version == known.version and known.overlaps(network):
                return code
        return ""


@cache
def gateway() -> Places:
    """Return the client that this installation uses."""
    return PlacesFile(settings().places) if settings().places else WrittenPlaces()
