"""Codes of an app and from paper, and challenges that only we could have issued."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto
from ipaddress import IPv4Address, IPv6Network, ip_address
from urllib.parse import urlsplit

import pyotp

# Clocks of telephones are a little off: one step of half a minute to either side.
STEP_SECONDS, TOLERATED_STEPS = 30, 1
# Wrong codes in a quarter of an hour, from one place and from all places together.
# Source: Delegated Regulation (EU) 2018/389, Article 4(3)(b): at most five in a row.
TRIES_PER_PLACE, TRIES_PER_PERSON = 5, 20
CODES = 10
# No 0/O, 1/I/L, U: copied by hand from paper. Of 24 signs each has 117 random bits.
# Source: NIST SP 800-63B-4, section 3.1.2.2: from 112 bits on a plain hash is enough.
CODE_ALPHABET, CODE_LENGTH = "23456789ABCDEFGHJKMNPQRSTVWXYZ", 24
MOST_PASSKEYS = 10
# How long a challenge of ours is answered, and for how long who confirmed need not again.
ANSWER_WITHIN, FRESH = timedelta(minutes=10), timedelta(minutes=10)


class Method(StrEnum):
    """What a person proved themselves with. Shape: kept as its own name in small letters."""

    PASSKEY = auto()
    APP = auto()
    CODE = auto()
    PASSWORD = auto()


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """Whom a passkey is made for: a name of the network, and where its pages come from."""

    id: str
    origin: str


def relying_party(*, base_url: str, asked_at: str, is_demo: bool) -> RelyingParty:
    """Return the house's name for passkeys.

    Passkeys want a name; a demonstration that is opened by number has them under `localhost`.
    Shape: asked_at is the origin of the page, believed on this machine alone.
    """
    here = urlsplit(asked_at)
    if is_demo and here.hostname in {"localhost", "127.0.0.1"}:
        return RelyingParty("localhost", f"{here.scheme}://localhost:{here.port or 80}")
    ours = urlsplit(base_url)
    return RelyingParty(ours.hostname or "", f"{ours.scheme}://{ours.netloc}")


def works_here(party: RelyingParty, asked_at: str) -> bool:
    """Whether a page with this origin may ask for the party's passkeys."""
    return urlsplit(asked_at).hostname == party.id


def matching_step(secret: str, code: str, *, seconds: int, last_step: int) -> int | None:
    """Return the time step whose code was typed, None when it is wrong or was used before.

    Source: RFC 6238, section 5.2: a code is accepted once.
    """
    now, app = seconds // STEP_SECONDS, pyotp.TOTP(secret)
    matched = None
    for step in range(now - TOLERATED_STEPS, now + TOLERATED_STEPS + 1):
        right = hmac.compare_digest(app.generate_otp(step), code)
        if right and step > last_step:
            matched = step
    return matched


def app_address(secret: str, *, email: str) -> str:
    """Return what the QR code says: an `otpauth:` address that apps know."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name="Entrepôt")


def is_app_code(typed: str) -> bool:
    """Whether what was typed looks like an app's code; anything else is a recovery code."""
    return len(typed) == 6 and typed.isascii() and typed.isdigit()


def spoken(code: str) -> str:
    """Return a typed code without what people put between its signs, and what no code has."""
    return "".join(sign for sign in code.upper() if sign.isascii() and sign.isalnum())


def grouped(code: str) -> str:
    """Return a recovery code in groups of four, for reading and writing down."""
    return "-".join(code[i : i + 4] for i in range(0, len(code), 4))


def digest(code: str) -> str:
    """Return what is stored of a recovery code; its bits need neither salt nor slowness.

    Codes of twelve signs, as they were made before, are still found by theirs.
    """
    return hashlib.sha256(b"entrepot/recovery/v1" + spoken(code).encode()).hexdigest()


def issue(purpose: str, *, nonce: bytes, until: datetime, key: bytes) -> bytes:
    """Return a challenge that carries its own end and our mark, so that none need be kept."""
    body = nonce + int(until.timestamp()).to_bytes(8, "big")
    return body + _mark(purpose, body, key)


def is_ours(challenge: bytes, purpose: str, *, now: datetime, key: bytes) -> bool:
    """Whether we issued a challenge for this purpose and its time is not over."""
    body, mark = challenge[:-16], challenge[-16:]
    if len(body) < 24 or not hmac.compare_digest(mark, _mark(purpose, body, key)):
        return False
    return int.from_bytes(body[-8:], "big") > now.timestamp()


def network(address: str) -> str:
    """Return the place that an address is counted as: with IPv6 one customer has 2^64 of them."""
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if isinstance(ip, IPv4Address):
        return str(ip)
    if ip.ipv4_mapped is not None:
        return str(ip.ipv4_mapped)
    return str(IPv6Network((ip, 64), strict=False))


def _mark(purpose: str, body: bytes, key: bytes) -> bytes:
    return hmac.new(key, purpose.encode() + b"\0" + body, hashlib.sha256).digest()[:16]
