"""The way out: one POST to an address of the open network, looked up anew and never led on."""

from __future__ import annotations

import http.client
import socket
import ssl
from collections.abc import Mapping
from typing import Final
from urllib.parse import urlsplit

from kernel.people.endpoints import rules

_PATIENCE: Final = 15.0
_READ: Final = 4096


# What a line that carries no answer ends with.
NoAnswer = (OSError, http.client.HTTPException)


class NotPublic(OSError):
    """A name leads into a network that is nobody's but its owner's."""


def addresses_of(host: str, port: int) -> list[str]:
    """Return where a name leads. Raises: NotPublic if any of it is no open network, OSError."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    addresses = [str(one[4][0]) for one in found]
    if not addresses or not all(rules.is_public(address) for address in addresses):
        raise NotPublic(host)
    return addresses


class _Pinned(http.client.HTTPSConnection):
    """Speaks to the address that was looked at, so that no second answer of a name changes it."""

    def __init__(self, host: str, port: int, address: str) -> None:
        self._tls = ssl.create_default_context()
        super().__init__(host, port, timeout=_PATIENCE, context=self._tls)
        self._address = address

    def connect(self) -> None:
        """Open the line and prove the name of who is there."""
        line = socket.create_connection((self._address, self.port), timeout=_PATIENCE)
        self.sock = self._tls.wrap_socket(line, server_hostname=self.host)


def opened(host: str, port: int) -> http.client.HTTPConnection:
    """Return a line to a host. Raises: NotPublic, OSError."""
    return _Pinned(host, port, addresses_of(host, port)[0])


def send(url: str, *, body: bytes, headers: Mapping[str, str]) -> int:
    """Send a letter and return the status of the answer. Raises: OSError, HTTPException."""
    read = urlsplit(url)
    line = opened(read.hostname or "", read.port or 443)
    try:
        path = (read.path or "/") + (f"?{read.query}" if read.query else "")
        line.request("POST", path, body=body, headers=dict(headers))
        answer = line.getresponse()
        answer.read(_READ)
        return answer.status
    finally:
        line.close()
