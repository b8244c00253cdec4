"""Acting with the rights of whoever migrates; the house itself makes no tables."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, text


@contextmanager
def as_owner(db: Connection) -> Iterator[None]:
    """Let what stands in the block be done by the owner of the tables."""
    db.execute(text("SET LOCAL ROLE NONE"))
    yield
    db.execute(text("SET LOCAL ROLE entrepot_app"))
