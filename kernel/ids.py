"""Identifiers: time-ordered keys, derived keys for replays, places in lists, spoken references."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

# No 0/O, 1/I/L, U: read over a telephone and typed from paper.
_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_SIGNS = 8


@dataclass(frozen=True, slots=True)
class PageKey:
    """The last row of a page in a list by time, where rows may share an instant.

    Shape: in an address `2026-03-01T09:00:00+00:00~<id>`.
    """

    at: datetime
    id: UUID

    def __str__(self) -> str:
        """Return it as it stands in an address."""
        return f"{self.at.isoformat()}~{self.id}"

    @classmethod
    def read(cls, typed: str) -> PageKey | None:
        """Return what an address says, None for what no page of ours wrote."""
        at, _, key = typed.partition("~")
        try:
            page_key = cls(datetime.fromisoformat(at), UUID(key))
        except ValueError:
            return None
        return page_key if page_key.at.tzinfo is not None else None


def new_id() -> UUID:
    """Return a UUID of version 7: sorted by creation time, so that index pages stay warm."""
    milliseconds, chance = time.time_ns() // 1_000_000, secrets.randbits(74)
    value = (milliseconds & (2**48 - 1)) << 80
    value |= 0x7 << 76
    value |= (chance >> 62) << 64
    value |= 0b10 << 62
    value |= chance & (2**62 - 1)
    return UUID(int=value)


def id_of_instant(at: datetime) -> UUID:
    """Return what every `new_id` of before an instant is smaller than, and none of later is."""
    return UUID(int=int(at.timestamp() * 1000) << 80)


def derived_id(parent: UUID, role: str) -> UUID:
    """Return the key that `parent` always leads to for `role`: a replay finds its own work."""
    return uuid5(parent, role)


def public_ref(prefix: str) -> str:
    """Return a reference such as `G-7K2M9QXA`: 8 signs of 30, unique by constraint."""
    assert prefix.isascii(), "references are read on every keyboard"
    rest, signs = secrets.randbelow(len(_ALPHABET) ** _SIGNS), []
    for _ in range(_SIGNS):  # the system is asked for chance once, not for each sign
        rest, sign = divmod(rest, len(_ALPHABET))
        signs.append(_ALPHABET[sign])
    return f"{prefix}-{''.join(signs)}"
