"""Secrets at rest: locked with keys that follow from the installation's own, which no backup holds.

A sealed value is `{"sealed": text}` among the plain values of a row, as money is its pair.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kernel.config import secret_keys


class KeyMissing(RuntimeError):
    """Something is locked with a key that this installation does not have any more."""


@cache
def keys_for(purpose: str) -> tuple[bytes, ...]:
    """Return keys of 32 bytes that follow from the installation's own, newest first."""
    return tuple(
        HKDF(algorithm=SHA256(), length=32, salt=None, info=f"entrepot/{purpose}".encode()).derive(
            secret
        )
        for secret in secret_keys()
    )


@cache
def vault(purpose: str) -> MultiFernet:
    """Return what secrets of one purpose are locked with: the newest key locks, any opens."""
    return MultiFernet(_locks(purpose))


def key_of(locked: bytes | str, purpose: str) -> int | None:
    """Return which key opens a locked secret, 0 for the newest; None when it is not here."""
    for number, lock in enumerate(_locks(purpose)):
        try:
            lock.decrypt(locked)
        except InvalidToken:
            continue
        return number
    return None


def unlocked(locked: bytes, purpose: str) -> str:
    """Return a secret that lay locked. Raises: KeyMissing."""
    try:
        return vault(purpose).decrypt(locked).decode()
    except InvalidToken:
        raise KeyMissing(
            f"A secret ({purpose}) is locked with a key that is not here: put the old one back"
            " below the others of ENTREPOT_SECRET_KEY or var/secret_key."
        ) from None


def _locks(purpose: str) -> list[Fernet]:
    return [Fernet(urlsafe_b64encode(key)) for key in keys_for(purpose)]


def sealed(secret: str) -> dict[str, str]:
    """Return a secret as a letter's data keep it."""
    return {"sealed": vault("letters").encrypt(secret.encode()).decode("ascii")}


def is_sealed(value: object) -> bool:
    """Whether a value of a letter's data is a sealed secret."""
    return isinstance(value, dict) and value.keys() == {"sealed"}


def opened(value: Mapping[str, str]) -> str:
    """Return a sealed secret. Raises: InvalidToken under another key than it was sealed with."""
    return vault("letters").decrypt(value["sealed"].encode("ascii")).decode()


def keys_of(data: Mapping[str, Any]) -> Iterator[int | None]:
    """Yield which key opens each sealed secret of a letter, 0 for the newest, None for no key."""
    for value in data.values():
        if is_sealed(value):
            yield key_of(value["sealed"], "letters")


def resealed(data: Mapping[str, Any]) -> dict[str, Any]:
    """Return a letter's data with its secrets under the newest key, where we have theirs."""
    return {
        name: {"sealed": vault("letters").rotate(value["sealed"]).decode("ascii")}
        if is_sealed(value) and key_of(value["sealed"], "letters")
        else value
        for name, value in data.items()
    }


def veiled(text: str, data: Mapping[str, Any]) -> str:
    """Return a letter's text with the name of each sealed secret in its place."""
    for name, value in data.items():
        if is_sealed(value):
            text = text.replace(opened(value), _veil(name))
    return text


def unveiled(text: str, data: Mapping[str, Any]) -> str:
    """Return a letter's text as it was sent; a secret of another key stays a name."""
    for name, value in data.items():
        if is_sealed(value):
            try:
                text = text.replace(_veil(name), opened(value))
            except InvalidToken:
                continue
    return text


def _veil(name: str) -> str:
    return f"[{name}]"
