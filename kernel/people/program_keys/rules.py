"""What a key looks like, and what is kept of it."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from typing import Final

# Whoever finds one in a file or a log knows by its first letters what it opens.
_MARK: Final = "entrepot_"

# Days that a key may live. Source: house decision; a year at most, as for certificates of servers.
DAYS: Final = (30, 90, 365)
# As many as one account has at once.
MOST_KEYS: Final = 20


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key as it is shown once. Shape: name is its beginning, by which lists call it."""

    name: str
    secret: str


def new_key() -> NewKey:
    """Return a key that nobody guesses: its secret has 256 bits."""
    made = secrets.token_hex(32)
    return NewKey(_MARK + made[:8], _MARK + made)


def digest(secret: str) -> str:
    """Return what is kept of a key.

    A plain hash is enough for a secret that no list of words holds.
    """
    return hashlib.sha256(b"entrepot/program-key/v1" + secret.encode()).hexdigest()
