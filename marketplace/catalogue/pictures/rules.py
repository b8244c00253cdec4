"""Which sizes a picture is kept in, and what its files are called."""

from __future__ import annotations

import re
from typing import NamedTuple

# Thumbnails and lines of a cart stand 56 to 120 pixels wide, cards 160 to 300, the leading picture
# of a product page 390 to 620; on screens of two and three dots to a pixel. The widest is what a
# closer look opens.
WIDTHS = (240, 480, 960, 1600)
KINDS = ("avif", "webp")

_NAME = re.compile(r"(?P<digest>[0-9a-f]{32})(?:-(?P<width>[0-9]{2,4}))?\.(?P<kind>avif|webp)")
_PATH = re.compile(r"products/[0-9a-f]{32}")


class Wanted(NamedTuple):
    """What an address asks for. Shape: width is None for the picture as it was kept."""

    digest: str
    width: int | None
    kind: str


def widths_for(width: int) -> tuple[int, ...]:
    """Return the widths of the derivatives, smallest first: never larger than the original.

    A picture between two steps is kept at its own width too, so that no detail is lost.
    """
    own = min(width, WIDTHS[-1])
    return (*(step for step in WIDTHS if step < own), own)


def wanted(name: str) -> Wanted | None:
    """Read the name of a file; None when no file of ours is ever called that."""
    match = _NAME.fullmatch(name)
    if match is None:
        return None
    width = int(match["width"]) if match["width"] else None
    if width is None and match["kind"] != "webp":
        return None
    return Wanted(match["digest"], width, match["kind"])


def is_path(path: str) -> bool:
    """Whether this names a picture, and nothing else below or beside the folder."""
    return _PATH.fullmatch(path) is not None
