"""Rebuilds cards from the rooms below, for a few products or for all, set by set."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import text

from banking import api as bank
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.money import CURRENCIES
from kernel.statements import read_sql
from kernel.web.preferences import COUNTRY_CURRENCY
from marketplace.catalogue.ratings.queries import STANDING
from marketplace.landed.previews import queries as previews
from marketplace.shop.listing_index.events import ProductCardsChanged

BATCH = 5_000
_FEW = 200

_SOME = text(read_sql(__file__, "refresh_some"))
_RANGE = text(read_sql(__file__, "refresh_range"))
_LOCK = text(
    "SELECT product_id FROM marketplace.product_card WHERE product_id = ANY(CAST(:ids AS bigint[]))"
    " ORDER BY product_id FOR UPDATE"
)
_DROP = text("DELETE FROM marketplace.product_card WHERE product_id = ANY(CAST(:ids AS bigint[]))")
_LEAVE = text(
    """
    DELETE FROM marketplace.shelf_place WHERE product_id = ANY(CAST(:ids AS bigint[]))
    RETURNING category_id, away
    """
)
_PLACE = """
INSERT INTO marketplace.shelf_place (category_id, product_id, rank, price_eur_minor, listed_at,
    standing, away)
SELECT c.category_id, p.product_id, p.rank, coalesce(p.price_eur_minor, 4611686018427387904),
    p.listed_at, {standing}, p.away
FROM marketplace.product_card p, unnest(p.category_ids || 0::bigint) AS c (category_id)
WHERE {which}
"""
_PLACE_SOME = text(
    _PLACE.format(which="p.product_id = ANY(CAST(:ids AS bigint[]))", standing=STANDING)
    + "RETURNING category_id, away"
)
_PLACE_ALL = text(_PLACE.format(which="true", standing=STANDING))
_COUNT_SOME = text(
    """
    INSERT INTO marketplace.shelf_count (category_id, goods, away)
    SELECT c, (SELECT count(*) FROM marketplace.shelf_place p WHERE p.category_id = c), (
        SELECT coalesce(jsonb_object_agg(x.country, x.goods), '{}') FROM (
            SELECT a.country, count(*) AS goods FROM marketplace.shelf_place p
            CROSS JOIN unnest(p.away) AS a (country)
            WHERE p.category_id = c AND p.away <> '{}' GROUP BY 1) x)
    FROM unnest(CAST(:ids AS bigint[])) AS u (c) ORDER BY c
    ON CONFLICT (category_id) DO UPDATE SET goods = excluded.goods, away = excluded.away
    """
)
_COUNT_ALL = text(
    """
    INSERT INTO marketplace.shelf_count (category_id, goods, away)
    SELECT s.category_id, s.goods, coalesce(a.away, '{}') FROM (
        SELECT category_id, count(*) AS goods FROM marketplace.shelf_place GROUP BY 1) s
    LEFT JOIN (
        SELECT category_id, jsonb_object_agg(country, goods) AS away FROM (
            SELECT p.category_id, c.country, count(*) AS goods FROM marketplace.shelf_place p
            CROSS JOIN unnest(p.away) AS c (country) WHERE p.away <> '{}' GROUP BY 1, 2) x
        GROUP BY category_id) a USING (category_id)
    """
)
_REPRICE = text(read_sql(__file__, "reprice"))
_COUNT_SOLD = text(read_sql(__file__, "count_sold"))
_DROP_REDUCED = text(
    "DELETE FROM marketplace.price_drop WHERE product_id = ANY(CAST(:ids AS bigint[]))"
)
_WRITE_REDUCED = text(read_sql(__file__, "price_drops"))
_KEEP_DUES = text(
    """
    INSERT INTO marketplace.card_dues AS kept (product_id, version, book, dues, shown, stamp)
    SELECT product_id, version, :basis, dues, shown, nextval('marketplace.card_version')
    FROM unnest(CAST(:ids AS bigint[]), CAST(:versions AS bigint[]), CAST(:dues AS jsonb[]),
        CAST(:shown AS jsonb[])) AS d (product_id, version, dues, shown)
    ORDER BY product_id
    ON CONFLICT (product_id) DO UPDATE
    SET version = excluded.version, book = excluded.book, dues = excluded.dues,
        shown = excluded.shown,
        stamp = CASE WHEN kept.shown = excluded.shown THEN kept.stamp ELSE excluded.stamp END
    RETURNING product_id, stamp
    """
)
_KEEP_AWAY = text(
    """
    UPDATE marketplace.product_card c
    SET away = d.away, version = nextval('marketplace.card_version')
    FROM (SELECT u.product_id, u.version, ARRAY(SELECT jsonb_array_elements_text(u.away)) AS away
          FROM unnest(CAST(:ids AS bigint[]), CAST(:versions AS bigint[]), CAST(:away AS jsonb[]))
              AS u (product_id, version, away)) d
    WHERE c.product_id = d.product_id AND c.version = d.version AND c.away <> d.away
    RETURNING c.product_id, c.version
    """
)
_MOVE_AWAY = text(
    """
    UPDATE marketplace.shelf_place p SET away = c.away FROM marketplace.product_card c
    WHERE c.product_id = p.product_id AND c.product_id = ANY(CAST(:ids AS bigint[]))
    RETURNING p.category_id
    """
)
_DROP_DUES = text(
    """
    DELETE FROM marketplace.card_dues d WHERE NOT EXISTS (
        SELECT FROM marketplace.product_card c WHERE c.product_id = d.product_id)
    """
)
_OF_OFFERS = text(
    """
    SELECT DISTINCT v.product_id FROM marketplace.offer o
    JOIN marketplace.variant v ON v.id = o.variant_id
    WHERE o.id = ANY(CAST(:ids AS bigint[])) ORDER BY 1
    """
)
_OF_VENDOR = text(
    """
    SELECT DISTINCT v.product_id FROM marketplace.offer o
    JOIN marketplace.variant v ON v.id = o.variant_id WHERE o.vendor_id = :vendor_id ORDER BY 1
    """
)


@command("marketplace.listing_index.refresh")
def refresh(*, product_ids: Sequence[int], actor: Actor) -> None:
    """Bring the cards of some products up to date, or take them off the shelves.

    Locks: their cards, in product order. Events: ProductCardsChanged.
    """
    ids = sorted(set(product_ids))
    for start in range(0, len(ids), _FEW):
        _refresh_few(ids[start : start + _FEW])


@command("marketplace.listing_index.refresh_offers")
def refresh_offers(*, offer_ids: Sequence[int], actor: Actor) -> None:
    """Bring the cards of the products behind some offers up to date.

    Events: ProductCardsChanged.
    """
    ids = session().execute(_OF_OFFERS, {"ids": list(offer_ids)}).scalars().all()
    refresh(product_ids=list(ids), actor=actor)


@command("marketplace.listing_index.write_vendor")
def refresh_vendor(*, vendor_id: int, actor: Actor) -> None:
    """Bring all cards of a shop up to date. Events: ProductCardsChanged."""
    ids = session().execute(_OF_VENDOR, {"vendor_id": vendor_id}).scalars().all()
    refresh(product_ids=list(ids), actor=actor)


@command("marketplace.listing_index.rebuild")
def rebuild(*, actor: Actor) -> int:
    """Build every card, place and count anew in one transaction; return how many cards there are.

    The daily turn after new reference rates, and the end of an import. No events: the caller
    rebuilds the search index, too.
    """
    for table in ("shelf_place", "shelf_count", "price_drop"):
        session().execute(text(f"DELETE FROM marketplace.{table}"))  # noqa: S608 - our own names
    last = session().execute(text("SELECT coalesce(max(id), 0) FROM marketplace.product")).scalar()
    count = 0
    for after in range(0, int(last or 0), BATCH):
        rows = (
            session()
            .execute(_RANGE, {**_rates(), "after": after, "until": after + BATCH})
            .scalars()
            .all()
        )
        count += len(rows)
        session().execute(
            text(
                "DELETE FROM marketplace.product_card WHERE product_id > :after"
                " AND product_id <= :until AND NOT product_id = ANY(CAST(:ids AS bigint[]))"
            ),
            {"after": after, "until": after + BATCH, "ids": list(rows)},
        )
        session().execute(_WRITE_REDUCED, {"ids": list(rows)})
    session().execute(_PLACE_ALL)
    session().execute(_COUNT_ALL)
    return count


@command("marketplace.listing_index.write_prices")
def reprice(*, actor: Actor) -> int:
    """Bring the euro prices behind sorting and filters to today's rates; return places changed.

    No events: the caller lets search compare its index with the cards.
    """
    result: Any = session().execute(_REPRICE, _rates())
    return int(result.rowcount)


@command("marketplace.listing_index.write_sold")
def count_sold(*, since: datetime, actor: Actor) -> int:
    """Count on every card what was ordered since an instant and kept; return places changed.

    No events: the caller lets search compare its index with the cards. Locks: cards that became
    other, in product order.
    """
    result: Any = session().execute(_COUNT_SOLD, {"since": since})
    return int(result.rowcount)


@dataclass(frozen=True, slots=True)
class Reach:
    """What was reckoned ahead of one version of a card.

    Shape: dues maps a country to its line, shown to what a card shows there, in minor units of the
    country's currency; away are the countries no offer reaches, sorted.
    """

    product_id: int
    version: int
    dues: Mapping[str, str]
    shown: Mapping[str, int]
    away: Sequence[str]


@command("marketplace.listing_index.keep_reach")
def keep_reach(*, basis: str, reaches: Sequence[Reach], is_told: bool, actor: Actor) -> None:
    """Put beside cards what borders add to their goods, and on them where they do not go.

    Locks: cards and rows of dues, in product order.
    Events: ProductCardsChanged where reach or figures became other, if it is told.
    """
    ids = [reach.product_id for reach in reaches]
    session().execute(_LOCK, {"ids": ids})
    binds = {
        "ids": ids,
        "versions": [reach.version for reach in reaches],
        "away": [json.dumps(list(reach.away)) for reach in reaches],
    }
    # A card that changes has a new version, which its dues then belong to.
    moved = {row[0]: row[1] for row in session().execute(_KEEP_AWAY, binds)}
    before = _next_version()
    stamps = session().execute(
        _KEEP_DUES,
        {
            "basis": basis,
            "ids": ids,
            "versions": [moved.get(reach.product_id, reach.version) for reach in reaches],
            "dues": [json.dumps(reach.dues) for reach in reaches],
            "shown": [json.dumps(reach.shown) for reach in reaches],
        },
    )
    changed = moved | {row[0]: row[1] for row in stamps if row[1] > before}
    if moved:
        shelves = session().execute(_MOVE_AWAY, {"ids": sorted(moved)}).scalars()
        session().execute(_COUNT_SOME, {"ids": sorted(set(shelves))})
    if changed and is_told:
        publish(ProductCardsChanged(product_ids=sorted(changed), version=max(changed.values())))


@command("marketplace.listing_index.drop_dues")
def drop_dues(*, actor: Actor) -> None:
    """Forget the dues of goods that left the shelves."""
    session().execute(_DROP_DUES)


def _refresh_few(ids: list[int]) -> None:
    session().execute(_LOCK, {"ids": ids})
    shown = set(session().execute(_SOME, {**_rates(), "ids": ids}).scalars())
    gone = [key for key in ids if key not in shown]
    if gone:
        session().execute(_DROP, {"ids": gone})
    session().execute(_DROP_REDUCED, {"ids": ids})
    session().execute(_WRITE_REDUCED, {"ids": ids})
    left = {(row[0], *row[1]) for row in session().execute(_LEAVE, {"ids": ids})}
    entered = {(row[0], *row[1]) for row in session().execute(_PLACE_SOME, {"ids": ids})}
    # Goods that only changed their price or rank left and entered the same shelves.
    changed = {place[0] for place in (left ^ entered if len(ids) == 1 else left | entered)}
    if changed:
        session().execute(_COUNT_SOME, {"ids": sorted(changed)})
    publish(ProductCardsChanged(product_ids=ids, version=_next_version()))


def _next_version() -> int:
    return int(session().execute(text("SELECT nextval('marketplace.card_version')")).scalar_one())


def _rates() -> dict[str, Any]:
    """Return the shop's countries, and euro cents per minor unit of usable currencies."""
    rates = bank.rates_on()
    known = [currency for currency in CURRENCIES if rates.knows(currency)]
    cents = []
    for currency in known:
        ratio = rates.rate(currency, "EUR").ratio
        scaled = ratio * 100 / 10 ** CURRENCIES[currency]
        # Thirty digits: far below a cent on any price the house can hold.
        cents.append(f"{scaled.numerator * 10**30 // scaled.denominator}e-30")
    return {
        "currencies": known,
        "cents": cents,
        "countries": sorted(COUNTRY_CURRENCY),
        "union": sorted(previews.union()),
    }
