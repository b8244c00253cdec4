"""Secrets at rest: locked with keys that follow from the installation's own, which no backup holds.

A sealed value is `{"sealed": text}` among the plain values of a row, as money is its pair.
"""

from __future__ import annotations

from base64 import urlsafe_b64encode
from collections.abc import Mapping
from functools import cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from kernel.config import secret_key


@cache
def key_for(purpose: str) -> bytes:
    """Return a key of 32 bytes that follows from the installation's secret."""
    kdf = HKDF(algorithm=SHA256(), length=32, salt=None, info=f"entrepot/{purpose}".encode())
    return kdf.derive(secret_key())


@cache
def vault(purpose: str) -> Fernet:
    """Return what secrets of one purpose are locked with."""
    return Fernet(urlsafe_b64encode(key_for(purpose)))


def sealed(secret: str) -> dict[str, str]:
    """Return a secret as a letter's data keep it."""
    return {"sealed": vault("letters").encrypt(secret.encode()).decode("ascii")}


def is_sealed(value: object) -> bool:
    """Whether a value of a letter's data is a sealed secret."""
    return isinstance(value, dict) and value.keys() == {"sealed"}


def opened(value: Mapping[str, str]) -> str:
    """Return a sealed secret. Raises: InvalidToken under another key than it was sealed with."""
    return vault("letters").decrypt(value["sealed"].encode("ascii")).decode()


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
