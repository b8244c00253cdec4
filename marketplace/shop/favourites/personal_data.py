"""Favourites for the file of what somebody kept."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import text

from kernel.db import session
from kernel.manifest import PersonalData
from kernel.text import N_
from marketplace.shop.favourites import queries, service

_COUNT = text(
    """
    SELECT count(*) FROM marketplace.wish w
    JOIN marketplace.wish_list l ON l.id = w.list_id WHERE l.person_id = :person
    """
)


def favourites_of(person_id: UUID) -> list[dict[str, Any]]:
    """Return what stands on a person's lists as plain values."""
    return list(queries.wishes_of(person_id))


def count_favourites(person_id: UUID) -> int:
    """Return how many of them the file would hold."""
    return int(session().execute(_COUNT, {"person": person_id}).scalar_one())


PERSONAL_DATA = (
    PersonalData(
        key="favourites",
        label=N_("Your favourites"),
        stays=N_("Nothing is kept."),
        export=favourites_of,
        count=count_favourites,
        erase=service.forget,
    ),
)
