"""Addresses of pictures."""

from __future__ import annotations

from collections.abc import Sequence


def address(path: str, sizes: Sequence[int], *, wanted: int) -> str:
    """Return the address of the smallest file that is at least so wide, or of the widest."""
    width = next((size for size in sizes if size >= wanted), sizes[-1])
    return f"/media/{path}-{width}.webp"


def source_set(path: str, sizes: Sequence[int]) -> str:
    """Return every file with its width, for a browser to choose from."""
    return ", ".join(f"/media/{path}-{size}.webp {size}w" for size in sizes)
