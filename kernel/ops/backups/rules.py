"""How backups are called, which of them go, and which parts of the server's journal follow."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import UTC, datetime

_NAME = re.compile(r"\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d\.\d{3}Z")
_SECRETS = "secret_key"
_SEGMENT = re.compile(r"[0-9A-F]{24}")
# The server counts its journal in files of 4 GiB that are cut into segments.
_OF_A_FILE = 1 << 32

# What of `var` is no part of a backup, because the house makes it anew: the servers' own folders
# (the database comes by its own way), index, compiled templates and logs.
MADE_ANEW = frozenset(
    {"postgres", "redis", "search", "templates", "log", "card-network", "test-postgres"}
)


def name_at(instant: datetime) -> str:
    """Return what a backup is called: the instant in UTC, so that names sort as they were made."""
    told = instant.astimezone(UTC)
    return f"{told:%Y-%m-%dT%H-%M-%S}.{told.microsecond // 1000:03}Z"


def is_name(name: str) -> bool:
    """Whether a folder bears the name of a finished backup."""
    return _NAME.fullmatch(name) is not None


def is_copied(name: str) -> bool:
    """Whether a file or folder at the top of `var` goes into a backup as it is."""
    # Locks, and drafts that get another name a moment later.
    is_draft = name.startswith(".") or name.endswith((".lock", ".new"))
    return not (name in MADE_ANEW or is_draft or is_key(name))


def is_of_bucket(name: str) -> bool:
    """Whether a name in a bucket is one that the house gives, which leads to a place below `var`.

    Others may keep things in a bucket, and its store takes any name.
    """
    parts = name.split("/")
    return not {"", ".", ".."} & set(parts) and is_copied(parts[0])


def is_key(name: str) -> bool:
    """Whether a file at the top of `var` is a key, which is kept apart and locked."""
    return name.endswith("_key")


def with_dropped(keys: Mapping[str, str], *, before: Mapping[str, str]) -> dict[str, str]:
    """Return keys with those behind them that went while the database was copied.

    What was locked with them lies in the copy as it was. Shape: the text of each file, by its name;
    the secret keys stand one a line, newest first.
    """
    known, now = before[_SECRETS], keys[_SECRETS].splitlines()
    gone = [line for line in known.splitlines() if line not in now]
    return {**keys, _SECRETS: "\n".join([*now, *gone])} if gone else dict(keys)


def superfluous(names: Iterable[str], *, keep: int) -> list[str]:
    """Return which of some whole backups go, oldest first, so that as many stay.

    Shape: keep is at least one, so the last one never goes.
    """
    assert keep > 0, "the last backup stays"
    return sorted(names)[:-keep]


def segment_at(lsn: str, *, timeline: int, size: int) -> str:
    """Return the name of the segment that holds a place of the journal.

    Units: size in bytes. Shape: lsn as the server writes it, two hexadecimal halves.
    """
    high, low = (int(half, 16) for half in lsn.split("/"))
    return _segment(timeline, ((high << 32) + low) // size, size)


def is_segment(name: str) -> bool:
    """Whether a name is that of a whole segment, and not of a history or a label."""
    return _SEGMENT.fullmatch(name) is not None


def gap(names: Collection[str], *, first: str, size: int) -> str | None:
    """Return the first segment that is missing between `first` and the last one, None when whole.

    Only the timeline of `first` is looked at; the others branch off from it and have a history.
    """
    timeline = first[:8]
    later = {name for name in names if name[:8] == timeline and name >= first}
    if not later:
        return None
    number = _number(first, size)
    for wanted in range(number, _number(max(later), size)):
        if (name := _segment(int(timeline, 16), wanted, size)) not in later:
            return name
    return None


def older(names: Iterable[str], *, than: str) -> Sequence[str]:
    """Return the segments that no recovery needs which begins at a segment, on any timeline."""
    return sorted(name for name in names if is_segment(name) and name[8:] < than[8:])


def _segment(timeline: int, number: int, size: int) -> str:
    each = _OF_A_FILE // size
    return f"{timeline:08X}{number // each:08X}{number % each:08X}"


def _number(segment: str, size: int) -> int:
    return int(segment[8:16], 16) * (_OF_A_FILE // size) + int(segment[16:], 16)
