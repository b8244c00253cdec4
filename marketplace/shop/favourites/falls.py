"""Finds what costs less at people's doors than when they liked it: everybody's, some at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from kernel.db import session
from kernel.statements import read_sql
from kernel.web import Preferences
from kernel.web.i18n import use_locale
from marketplace.shop.favourites import rules
from marketplace.shop.favourites.letters import Fall, Reader
from marketplace.shop.listing_index import queries as shelves
from marketplace.shop.storefront import product_cards

_PEOPLE = 200  # at a time
NOBODY = UUID(int=0)

_WATCHED = text(read_sql(__file__, "watched"))


def next_falls(after: UUID) -> tuple[list[Fall], UUID | None]:
    """Return what fell for the people after one, and the last of them, None when there are none.

    One statement, and one for each language, country and currency among them.
    """
    rows = session().execute(_WATCHED, {"after": after, "most": _PEOPLE}).all()
    readers: dict[Preferences, list[Row[Any]]] = defaultdict(list)
    for row in rows:
        if row.id is not None:
            to = Preferences(row.locale, row.seen_country, row.seen_currency)
            readers[to].append(row)
    falls = [fall for to, watched in readers.items() for fall in _falls(watched, to)]
    return falls, rows[-1].person_id if rows else None


def _falls(watched: Sequence[Row[Any]], to: Preferences) -> list[Fall]:
    ids = sorted({row.product_id for row in watched})
    found = shelves.by_ids(ids, reader=product_cards.reader(to))
    with use_locale(to.locale):
        shown = product_cards.of_rows(found, to)
    cards = {row.product_id: card for row, card in zip(found, shown, strict=True)}
    return [
        Fall(
            row.id,
            Reader.of(row),
            card.ref,
            card.title,
            row.seen_minor,
            card.price.minor,
            to.currency,
        )
        for row in watched
        if (card := cards.get(row.product_id))
        and card.is_at_door
        and card.in_stock
        and card.price
        and rules.has_fallen(seen=row.seen_minor, now=card.price.minor)
    ]
