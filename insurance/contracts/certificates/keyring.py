"""The key that seals certificates, and the public halves of those that sealed before it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from kernel.config import settings
from kernel.locking import alone, made_once, write_whole

_PUBLIC = "public "


@dataclass(frozen=True, slots=True)
class Ring:
    """Shape: known are the keys whose seals count, newest first; the first is that of `signs`."""

    signs: Ed25519PrivateKey
    known: tuple[Ed25519PublicKey, ...]


@cache
def ring() -> Ring:
    """Return this installation's keys, the first made once; whoever holds the file can issue."""
    made = made_once(_file(), lambda: _hex(Ed25519PrivateKey.generate()))
    newest, *older = made.split("\n")
    signs = Ed25519PrivateKey.from_private_bytes(bytes.fromhex(newest))
    known = [
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(line.removeprefix(_PUBLIC)))
        for line in older
        if line
    ]
    return Ring(signs, (signs.public_key(), *known))


def rotate() -> None:
    """Let a new key seal from the next start on; of the old one its public half alone is kept.

    What it sealed stays genuine, and nobody can seal with it any more.
    """
    path = _file()
    with alone(path.with_suffix(".lock")):
        ring.cache_clear()
        known = [f"{_PUBLIC}{key.public_bytes_raw().hex()}" for key in ring().known]
        lines = [_hex(Ed25519PrivateKey.generate()), *known]
        write_whole(path, "\n".join(lines).encode("ascii"), mode=0o600)
        ring.cache_clear()


def _file() -> Path:
    return settings().var / "certificate_key"


def _hex(key: Ed25519PrivateKey) -> str:
    return key.private_bytes_raw().hex()
