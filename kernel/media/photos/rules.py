"""What the house takes for a photograph, how many belong to one thing, and what its files are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

# What a telephone writes of a whole scene; five of them stay below the largest body we listen to.
LARGEST_FILE = 12 * 1024 * 1024
LARGEST_PIXELS = 40_000_000
LARGEST_SIDE = 1920
SMALLEST_SIDE = 300
LONGEST_RATIO = 4

FIELD = "photos"
# What a form takes: five photographs are a whole parcel, its label and the damage close up.
MOST = 5
LONGEST_ALT = 160
# All of them at once, and what else the form says.
LARGEST_FORM = MOST * LARGEST_FILE + 1024 * 1024
# Forms with files that somebody sends in one window of tries: more than anybody photographs, fewer
# than keep a worker busy.
TRIES = 40
# A notice may be given thirty days after delivery; what waits for it must wait as long.
WAITS = timedelta(days=45)

SMALL, LARGE = 320, 1280
# File name to media type and width: a thumbnail twice, and what it opens, in a kind that every
# browser knows.
FILES: Mapping[str, tuple[str, int]] = {
    "small.avif": ("image/avif", SMALL),
    "small.webp": ("image/webp", SMALL),
    "large.webp": ("image/webp", LARGE),
}


@dataclass(frozen=True, slots=True)
class Changes:
    """What a form says of photographs it shows: which go, and what the others show."""

    dropped: frozenset[UUID] = frozenset()
    alts: Mapping[UUID, str] = field(default_factory=dict)
