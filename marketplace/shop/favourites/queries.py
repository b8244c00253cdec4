"""Reads of favourites: lists of a person, and what stands on them at today's prices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from kernel.actor import Actor
from kernel.db import session
from kernel.money import Money
from kernel.web import Preferences
from marketplace.catalogue.products.queries import in_language, slug
from marketplace.landed.pricing import queries as pricing
from marketplace.shop.favourites.errors import NoSuchList, NothingToKeep, SharedListUnknown
from marketplace.shop.favourites.kept import Kept
from marketplace.shop.listing_index import queries as shelves
from marketplace.shop.listing_index.queries import ProductCardRow
from marketplace.shop.storefront import product_cards
from marketplace.shop.storefront.product_cards import ProductCard

PAGE = 24
_EXPORT = 500  # of the file, at a time
_LAST = 2**63 - 1

_REFS = text(
    """
    SELECT DISTINCT p.ref FROM marketplace.wish_list l
    JOIN marketplace.wish w ON w.list_id = l.id JOIN marketplace.product p ON p.id = w.product_id
    WHERE l.person_id = :person
    """
)
_LISTS = text(
    """
    SELECT l.id, l.name, l.share_token, l.shown_name,
        (SELECT count(*) FROM marketplace.wish w WHERE w.list_id = l.id) AS goods
    FROM marketplace.wish_list l WHERE l.person_id = :person ORDER BY l.id
    """
)
_SHARED = text("SELECT id, name, shown_name FROM marketplace.wish_list WHERE share_token = :token")
# What is called for is read by ids from the shelves; what left them keeps its name here.
_GOODS = """
    SELECT p.id AS product_id, p.ref, p.source_locale, p.status = 'listed' AS is_listed, (
        SELECT jsonb_object_agg(t.locale, t.title) FROM marketplace.product_text t
        WHERE t.product_id = p.id) AS titles
"""
_WISHES = text(
    f"""{_GOODS}, w.id, w.added_at, w.seen_minor, w.seen_currency, w.seen_country
    FROM marketplace.wish w JOIN marketplace.product p ON p.id = w.product_id
    WHERE w.list_id = :list_id AND w.id < :before ORDER BY w.id DESC LIMIT :most
    """
)
_BY_REFS = text(f"{_GOODS} FROM marketplace.product p WHERE p.ref = ANY(:refs)")
_EXPORTED = text(
    """
    SELECT w.id, l.name, p.ref, w.added_at, w.seen_minor, w.seen_currency
    FROM marketplace.wish w JOIN marketplace.wish_list l ON l.id = w.list_id
    JOIN marketplace.product p ON p.id = w.product_id
    WHERE l.person_id = :person AND w.id > :after ORDER BY w.id LIMIT :most
    """
)


@dataclass(frozen=True, slots=True)
class ListView:
    """A list of a person's.

    Units: goods on it. Shape: name is empty for the first one's own; token is empty while nobody
    else reads it.
    """

    id: int
    name: str
    goods: int
    token: str
    shown_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WishView:
    """Goods on a list.

    Shape: id is None in a browser's own list; card is None when the goods left the shelves, then
    title names them in the reader's language; offer_id and goods are what the cart asks for, goods
    the price of a piece; less is what the price at the door fell by since it was kept, None when it
    did not, or was kept for another country or currency.
    """

    id: int | None
    ref: str
    slug: str
    title: str
    card: ProductCard | None
    offer_id: int | None
    goods: Money | None
    less: Money | None

    @property
    def is_buyable(self) -> bool:
        """Whether one press may put it into the cart: there, and in one version."""
        card = self.card
        return bool(card and card.is_at_door and card.in_stock and card.variants == 1)


@dataclass(frozen=True, slots=True)
class FavouritesPage:
    """A person's lists, or a browser's own.

    Shape: chosen is the list that is shown, None for a browser's own and before the first heart;
    before is the key of the next page, None on the last one.
    """

    lists: Sequence[ListView]
    chosen: ListView | None
    wishes: Sequence[WishView]
    before: int | None = None


@dataclass(frozen=True, slots=True)
class SharedPage:
    """A list as whoever has its link reads it.

    Shape: owner is the name its owner chose to show, empty for none; before as in one's own.
    """

    name: str
    owner: str
    wishes: Sequence[WishView]
    before: int | None


def refs_of(actor: Actor) -> frozenset[str]:
    """Return which goods the actor's hearts are filled for."""
    return frozenset(session().execute(_REFS, {"person": actor.somebody()}).scalars())


def page_of(
    actor: Actor, *, list_id: int | None, before: int | None, prefs: Preferences
) -> FavouritesPage:
    """Return a page of one of the actor's lists, the first one without a number.

    Raises: NoSuchList.
    """
    rows = session().execute(_LISTS, {"person": actor.somebody()})
    lists = [
        ListView(row.id, row.name, row.goods, row.share_token or "", row.shown_name) for row in rows
    ]
    chosen = next((one for one in lists if list_id in {None, one.id}), None)
    if chosen is None and list_id is not None:
        raise NoSuchList
    wishes, following = _page(chosen.id, before, prefs) if chosen else ([], None)
    return FavouritesPage(lists, chosen, wishes, following)


def shared(token: str, *, before: int | None, prefs: Preferences) -> SharedPage:
    """Return a page of the list that a link leads to, at the reader's prices.

    Raises: SharedListUnknown. What its owner saw is theirs: no line says what it cost before.
    """
    found = session().execute(_SHARED, {"token": token}).one_or_none()
    if found is None:
        raise SharedListUnknown
    wishes, following = _page(found.id, before, prefs)
    shown = [replace(wish, less=None) for wish in wishes]
    return SharedPage(found.name, found.shown_name, shown, following)


def _page(
    list_id: int, before: int | None, prefs: Preferences
) -> tuple[list[WishView], int | None]:
    asked = {"list_id": list_id, "before": before or _LAST, "most": PAGE + 1}
    rows = session().execute(_WISHES, asked).all()
    kept = [Kept(r.ref, r.seen_minor, r.seen_currency, r.seen_country) for r in rows]
    wishes = _views(rows[:PAGE], kept, prefs)
    return wishes, rows[PAGE - 1].id if len(rows) > PAGE else None


def of_browser(kept: Sequence[Kept], prefs: Preferences) -> FavouritesPage:
    """Return what a browser keeps by itself, the newest first."""
    rows = session().execute(_BY_REFS, {"refs": [one.ref for one in kept]}) if kept else ()
    found = {row.ref: row for row in rows}
    there = [one for one in reversed(kept) if one.ref in found]
    return FavouritesPage((), None, _views([found[one.ref] for one in there], there, prefs))


def priced(ref: str, prefs: Preferences) -> Kept:
    """Return goods with what they cost at the reader's door now, if they can go there.

    Raises: NothingToKeep.
    """
    rows = session().execute(_BY_REFS, {"refs": [ref]})
    ids = [row.product_id for row in rows if row.is_listed]
    if not ids:
        raise NothingToKeep
    cards = product_cards.of_rows(shelves.by_ids(ids, reader=product_cards.reader(prefs)), prefs)
    at_door = next((card.price for card in cards if card.is_at_door), None)
    if at_door is None:
        return Kept(ref)
    return Kept(ref, at_door.minor, at_door.currency, prefs.country)


def wishes_of(person_id: UUID) -> Iterator[dict[str, Any]]:
    """Yield everything on a person's lists as plain values, for their own file."""
    after, rows = 0, session().execute(_EXPORTED, _from(person_id, 0)).all()
    while rows:
        for row in rows:
            seen = row.seen_minor is not None
            yield {
                "list": row.name,
                "product": row.ref,
                "added_at": row.added_at.isoformat(),
                "price": str(Money(row.seen_minor, row.seen_currency)) if seen else None,
            }
        after = rows[-1].id
        rows = session().execute(_EXPORTED, _from(person_id, after)).all()


def _from(person_id: UUID, after: int) -> dict[str, Any]:
    return {"person": person_id, "after": after, "most": _EXPORT}


def _views(rows: Sequence[Row[Any]], kept: Sequence[Kept], prefs: Preferences) -> list[WishView]:
    """Return goods in their order, at today's prices for one reader: one statement more."""
    ids = [row.product_id for row in rows]
    found = shelves.by_ids(ids, reader=product_cards.reader(prefs))
    shown = dict(zip((row.ref for row in found), product_cards.of_rows(found, prefs), strict=True))
    by_ref = {row.ref: row for row in found}
    return [
        _view(row, one, by_ref.get(row.ref), shown.get(row.ref), prefs)
        for row, one in zip(rows, kept, strict=False)
    ]


def _view(
    row: Row[Any],
    kept: Kept,
    found: ProductCardRow | None,
    card: ProductCard | None,
    prefs: Preferences,
) -> WishView:
    titles: Mapping[str, str] = row.titles or {}
    return WishView(
        id=getattr(row, "id", None),
        ref=row.ref,
        slug=slug(titles.get("en") or titles.get(row.source_locale, "")),
        title=in_language(titles, prefs.locale, row.source_locale),
        card=card,
        offer_id=found.offer_id if found else None,
        goods=_goods(found, prefs.currency) if found else None,
        less=_less(kept, card, prefs),
    )


def _goods(row: ProductCardRow, currency: str) -> Money | None:
    own = {currency: row.own_minor} if row.own_minor is not None else {}
    price = pricing.price_in(home=row.home_price, own=own, currency=currency)
    return price.money if price else None


def _less(kept: Kept, card: ProductCard | None, prefs: Preferences) -> Money | None:
    now, seen = card.price if card and card.is_at_door else None, kept.seen
    if now is None or seen is None or seen.currency != now.currency:
        return None
    return seen - now if kept.country == prefs.country and now < seen else None
