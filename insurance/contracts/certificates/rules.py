"""The seal of a certificate: what it states, hashed and signed, short enough for a QR code.

Source: RFC 8032, Ed25519; RFC 4648, base64url.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Protocol

import segno
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from insurance.contracts.certificates.errors import SealUnreadable


class Certified(Protocol):
    """What a certificate can be issued of. Shape: fingerprint is the SHA-256 of what it states."""

    @property
    def number(self) -> str:
        """The number that the certificate is known by."""
        ...

    @property
    def revision(self) -> int:
        """Which revision is in force, from 1 on."""
        ...

    @property
    def fingerprint(self) -> str:
        """The hash in hex."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimTerms:
    """How claims are handled, and who settles what is refused. Units: days."""

    notice_days: Mapping[str, int]
    appeal_days: int
    ombudsman: str
    ombudsman_site: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Seal:
    """A signature over one revision of a certificate.

    Shape: fingerprint is the SHA-256 of what the certificate states, in hex.
    """

    number: str
    revision: int
    fingerprint: str
    key_id: str
    signature: bytes

    @property
    def payload(self) -> str:
        """The seal as text: number, revision, fingerprint, key and signature."""
        written = base64.urlsafe_b64encode(self.signature).decode().rstrip("=")
        return f"{_stated(self.number, self.revision, self.fingerprint, self.key_id)}~{written}"


def _stated(number: str, revision: int, fingerprint: str, key_id: str) -> str:
    return f"{number}~{revision}~{fingerprint}~{key_id}"


def key_id(key: Ed25519PublicKey) -> str:
    """Return the short name of a public key."""
    return "HC-" + hashlib.sha256(key.public_bytes_raw()).hexdigest()[:8]


def sealed(*, number: str, revision: int, fingerprint: str, key: Ed25519PrivateKey) -> Seal:
    """Return the seal of a certificate."""
    name = key_id(key.public_key())
    signature = key.sign(_stated(number, revision, fingerprint, name).encode())
    return Seal(
        number=number, revision=revision, fingerprint=fingerprint, key_id=name, signature=signature
    )


def read(payload: str) -> Seal:
    """Return the seal that a text holds; it may still be false. Raises: SealUnreadable."""
    parts = payload.strip().split("~")
    try:
        number, revision, fingerprint, name, written = parts
        signature = base64.b64decode(written + "=" * (-len(written) % 4), b"-_", validate=True)
        return Seal(
            number=number,
            revision=int(revision),
            fingerprint=fingerprint,
            key_id=name,
            signature=signature,
        )
    except (ValueError, binascii.Error) as error:
        raise SealUnreadable from error


def is_genuine(seal: Seal, key: Ed25519PublicKey) -> bool:
    """Whether the holder of the key signed exactly this; needs no network."""
    stated = _stated(seal.number, seal.revision, seal.fingerprint, seal.key_id)
    try:
        key.verify(seal.signature, stated.encode())
    except InvalidSignature:
        return False
    return seal.key_id == key_id(key)


@dataclass(frozen=True, slots=True)
class Code:
    """A QR code as one path in a square of `size` modules with its quiet zone."""

    size: int
    path: str

    @property
    def svg(self) -> str:
        """The code as a picture of its own, for documents."""
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.size} {self.size}">'
            f'<path d="{self.path}"/></svg>'
        )


def code(text: str, *, border: int = 2) -> Code:
    """Return the QR code of a text. Source: ISO/IEC 18004, error correction M."""
    # Seals are as random as masks want texts to be: weighing all eight masks took four fifths of a
    # certificate's time and read no better.
    rows = list(segno.make_qr(text, error="m", mask=3).matrix_iter(border=border))
    path = "".join(_runs(y, row) for y, row in enumerate(rows))
    return Code(len(rows), path)


def _runs(y: int, row: Iterable[int]) -> str:
    """Return the dark runs of a row; runs instead of modules halve the path."""
    path, x = "", 0
    for dark, modules in groupby(row):
        width = len(list(modules))
        if dark:
            path += f"M{x} {y}h{width}v1h-{width}z"
        x += width
    return path
