"""Which keys there are, and what lies under each."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass

from kernel import mail
from kernel.config import secret_keys, settings
from kernel.people.mfa import queries as factors
from kernel.sealing import keys_for


@dataclass(frozen=True, slots=True)
class KeyView:
    """A secret key by its name, which tells nothing of it, and how many secrets lie under it."""

    name: str
    secrets: int


def keys() -> list[KeyView]:
    """Return the keys, the one that signs first."""
    lying = _lying()
    names = [hashlib.sha256(key).hexdigest()[:8] for key in keys_for("names")]
    return [KeyView(name, lying[number]) for number, name in enumerate(names)]


def without_key() -> int:
    """Return how many secrets lie under a key that is not here."""
    return _lying()[None]


def are_given() -> bool:
    """Whether the keys come from the environment, and not from a file of the house's own."""
    return bool(settings().secret_key)


def number_of_keys() -> int:
    """Return how many keys there are."""
    return len(secret_keys())


def _lying() -> Counter[int | None]:
    return factors.keys_of_apps() + mail.keys_of_letters()
