"""How letters to programs are signed, where they may go, and how often they are sent again.

Source: Standard Webhooks 1.0 (standardwebhooks.com), signatures of kind v1.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from ipaddress import IPv6Address, IPv6Network, ip_address
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from kernel import dated

_MARK: Final = "whsec_"
MOST_ENDPOINTS: Final = 10
# Where translators hide an IPv4 address. Source: RFC 6052, 2.1; RFC 8215.
_TRANSLATED: Final = (IPv6Network("64:ff9b::/96"), IPv6Network("64:ff9b:1::/48"))
# A secret that was replaced signs beside the new one so long.
OVERLAP: Final = timedelta(hours=24)
# How long after each try that failed the next one comes; about three days in all.
_WAITS: Final = (
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
# The receiver asks never to be written to again. Source: RFC 9110, 15.5.11.
GONE: Final = 410


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How long letters that are over stay, from a day on. Units: days."""

    valid_from: date
    kept_days: int
    source: str


@cache
def _terms() -> tuple[Terms, ...]:
    return dated.read(Path(__file__).parent / "data/terms.json", Terms)


def terms_on(day: date) -> Terms:
    """Return the terms in force on a day. Raises: ValueError before the first."""
    return dated.in_force(_terms(), day)


def new_secret() -> str:
    """Return a secret that nobody guesses."""
    return _MARK + base64.b64encode(secrets.token_bytes(32)).decode("ascii")


def signature(secret: str, *, message_id: str, at: int, body: bytes) -> str:
    """Return the signature of a letter. Units: at in whole seconds of 1970."""
    key = base64.b64decode(secret.removeprefix(_MARK))
    signed = f"{message_id}.{at}.".encode() + body
    made = hmac.new(key, signed, hashlib.sha256).digest()
    return "v1," + base64.b64encode(made).decode("ascii")


def headers(
    held: Sequence[str], *, message_id: str, at: int, body: bytes, delivery_id: str, attempt: int
) -> dict[str, str]:
    """Return what a letter carries: one signature for each secret that is in force."""
    signed = [signature(secret, message_id=message_id, at=at, body=body) for secret in held]
    return {
        "Content-Type": "application/json",
        "User-Agent": "Entrepot-Webhooks/1",
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(signed),
        "Entrepot-Delivery": delivery_id,
        "Entrepot-Attempt": str(attempt),
    }


def next_wait(attempts: int) -> timedelta | None:
    """Return how long to wait after so many tries, None when the last one was made."""
    return _WAITS[attempts - 1] if attempts <= len(_WAITS) else None


def is_fit(url: str) -> bool:
    """Whether an address may be written to by its looks: https, a host, nothing of ours within."""
    try:
        read = urlsplit(url)
        port = read.port
    except ValueError:
        return False
    is_plain = read.username is None and read.password is None and not read.fragment
    host = read.hostname or ""
    if read.scheme != "https" or not host or not is_plain or port not in {None, 443, 8443}:
        return False
    try:
        return is_public(str(ip_address(host)))
    except ValueError:
        return "." in host.strip(".") and not host.endswith((".local", ".internal", ".localhost"))


def is_public(address: str) -> bool:
    """Whether an IP address is one of the open network, in whichever dress it comes."""
    read = ip_address(address)
    if isinstance(read, IPv6Address):
        inside = read.ipv4_mapped or read.sixtofour or (read.teredo or (None, None))[1]
        if inside is not None or any(read in network for network in _TRANSLATED):
            return False
    return read.is_global and not read.is_multicast
