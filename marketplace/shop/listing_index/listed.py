"""What search engines are told of: every card and every shop, by pages of a list of all goods."""

from __future__ import annotations

from sqlalchemy import text

from kernel.db import session
from kernel.memory import Memory

# Where a list of all goods that is cut into pages begins a new one.
_STARTS = text(
    "SELECT product_id FROM (SELECT product_id, row_number() OVER (ORDER BY product_id) AS n"
    " FROM marketplace.product_card) c WHERE n % :size = 1 ORDER BY product_id"
)
_NAMED = text(
    "SELECT ref, coalesce(titles->>'en', titles->>source_locale) FROM marketplace.product_card"
    " WHERE product_id >= :start ORDER BY product_id LIMIT :size"
)
_SHOPS = text("SELECT DISTINCT vendor_slug FROM marketplace.product_card ORDER BY vendor_slug")

_starts: Memory[int, tuple[int, ...]] = Memory(seconds=3600, most=4)


def starts(*, size: int) -> tuple[int, ...]:
    """Return the first product of every page of a list of all goods, at most an hour old."""
    known = _starts.get(size)
    if known is None:
        known = tuple(row[0] for row in session().execute(_STARTS, {"size": size}))
        _starts.keep({size: known})
    return known


def named(*, start: int, size: int) -> list[tuple[str, str]]:
    """Return reference and plain title of goods from one product on, by id."""
    rows = session().execute(_NAMED, {"start": start, "size": size})
    return [(row[0], row[1]) for row in rows]


def shops() -> list[str]:
    """Return the short names of all shops with goods on the shelves."""
    return [row[0] for row in session().execute(_SHOPS)]


def forget() -> None:
    """Drop what this process remembers."""
    _starts.forget()
