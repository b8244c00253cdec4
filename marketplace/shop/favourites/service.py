"""Commands: put goods on lists and take them off, begin, name and delete lists."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from marketplace.shop.favourites import letters, rules
from marketplace.shop.favourites.errors import (
    ListNameTaken,
    NoSuchList,
    NothingToKeep,
    TooManyFavourites,
    TooManyLists,
)
from marketplace.shop.favourites.kept import Kept
from marketplace.shop.favourites.models import Wish, WishList

_LISTED = text("SELECT id FROM marketplace.product WHERE ref = :ref AND status = 'listed'")
# Whoever fills a person's lists waits for the one before, so that limits hold; and counts after
# that: a statement that had to wait still counts what stood there when it began.
_LOCKED = text(
    "SELECT id FROM marketplace.wish_list WHERE person_id = :person ORDER BY id FOR UPDATE"
)
_HELD = text(
    """
    SELECT l.id, (SELECT count(*) FROM marketplace.wish w WHERE w.list_id = l.id) AS wishes
    FROM marketplace.wish_list l WHERE l.person_id = :person ORDER BY l.id
    """
)
_ON_A_LIST = text(
    """
    SELECT 1 FROM marketplace.wish w JOIN marketplace.wish_list l ON l.id = w.list_id
    WHERE l.person_id = :person AND w.product_id = :product_id
    """
)
_DROP = text(
    """
    DELETE FROM marketplace.wish w USING marketplace.wish_list l, marketplace.product p
    WHERE l.id = w.list_id AND l.person_id = :person AND p.id = w.product_id AND p.ref = :ref
    """
)
_TAKE_OFF = text(
    """
    DELETE FROM marketplace.wish w USING marketplace.wish_list l
    WHERE l.id = w.list_id AND l.person_id = :person AND w.id = :id RETURNING l.id
    """
)
# What stands on the other list already stays there with what it cost then.
_MOVE = text(
    """
    WITH gone AS (
        DELETE FROM marketplace.wish w USING marketplace.wish_list l
        WHERE l.id = w.list_id AND l.person_id = :person AND w.id = :id RETURNING w.*
    )
    INSERT INTO marketplace.wish (list_id, product_id, added_at, seen_minor, seen_currency,
        seen_country, told_at, out_since)
    SELECT :list_id, product_id, added_at, seen_minor, seen_currency, seen_country, told_at,
        out_since FROM gone
    WHERE list_id <> :list_id ON CONFLICT (list_id, product_id) DO NOTHING
    """
)
_PLACE = text(
    """
    SELECT w.list_id FROM marketplace.wish w JOIN marketplace.wish_list l ON l.id = w.list_id
    WHERE l.person_id = :person AND w.id = :id
    """
)
_TAKEN = text(
    "SELECT 1 FROM marketplace.wish_list WHERE person_id = :person AND lower(name) = lower(:name)"
    " AND id IS DISTINCT FROM CAST(:but AS bigint)"
)
_NAME = text(
    "UPDATE marketplace.wish_list SET name = :name WHERE id = :id AND person_id = :person"
    " RETURNING id"
)
# Who shares a list that is shared keeps its link; only withdrawing lets the link go.
_SHARE = text(
    """
    UPDATE marketplace.wish_list SET share_token = coalesce(share_token, :token),
        shown_name = :shown_name
    WHERE id = :id AND person_id = :person RETURNING id
    """
)
_WITHDRAW = text(
    "UPDATE marketplace.wish_list SET share_token = NULL, shown_name = ''"
    " WHERE id = :id AND person_id = :person"
)
_END = text("DELETE FROM marketplace.wish_list WHERE id = :id AND person_id = :person")
_FORGET = text("DELETE FROM marketplace.wish_list WHERE person_id = :person")
# The latest come along first where not all of them fit; their order stays.
_TAKE_ALONG = text(
    """
    INSERT INTO marketplace.wish
        (list_id, product_id, added_at, seen_minor, seen_currency, seen_country)
    SELECT :list_id, id, :now, minor, currency, country FROM (
        SELECT p.id, k.* FROM unnest(CAST(:refs AS text[]), CAST(:minors AS bigint[]),
            CAST(:currencies AS text[]), CAST(:countries AS text[]))
            WITH ORDINALITY AS k (ref, minor, currency, country, n)
        JOIN marketplace.product p ON p.ref = k.ref AND p.status = 'listed'
        WHERE NOT EXISTS (
            SELECT FROM marketplace.wish w JOIN marketplace.wish_list l ON l.id = w.list_id
            WHERE l.person_id = :person AND w.product_id = p.id)
        ORDER BY k.n DESC LIMIT :most
    ) x ORDER BY n RETURNING product_id
    """
)


@command("marketplace.favourites.keep")
def keep(*, kept: Kept, actor: Actor, list_id: int | None = None) -> None:
    """Put goods on a list of the person; what is on any of them stays there.

    Without a number it is the first one, made when needed.
    Locks: the person's lists. Raises: NothingToKeep, NoSuchList, TooManyFavourites.
    """
    person_id = actor.somebody()
    product_id = session().execute(_LISTED, {"ref": kept.ref}).scalar_one_or_none()
    if product_id is None:
        raise NothingToKeep
    lists = _lists(person_id)
    if list_id is not None and list_id not in lists:
        raise NoSuchList
    where = {"person": person_id, "product_id": product_id}
    if session().execute(_ON_A_LIST, where).first() is not None:
        return
    if sum(lists.values()) >= rules.MOST_WISHES:
        raise TooManyFavourites(most=rules.MOST_WISHES)
    now = clock.now()
    made = insert(Wish).values(
        list_id=list_id or next(iter(lists)),
        product_id=product_id,
        added_at=now,
        seen_minor=kept.minor,
        seen_currency=kept.currency,
        seen_country=kept.country,
    )
    session().execute(made)
    letters.note_sold_out([product_id], at=now)


@command("marketplace.favourites.drop")
def drop(*, ref: str, actor: Actor) -> None:
    """Take goods off every list of the person; what is on none stays off."""
    session().execute(_DROP, {"person": actor.somebody(), "ref": ref})


@command("marketplace.favourites.take_along")
def take_along(*, brought: Sequence[Kept], actor: Actor) -> None:
    """Put what a browser kept before somebody signed in on their first list, as far as it fits.

    Locks: the person's lists.
    """
    person_id = actor.somebody()
    lists, now = _lists(person_id), clock.now()
    rows = {
        "refs": [one.ref for one in brought],
        "minors": [one.minor for one in brought],
        "currencies": [one.currency for one in brought],
        "countries": [one.country for one in brought],
    }
    kept = session().execute(
        _TAKE_ALONG,
        rows
        | {
            "list_id": next(iter(lists)),
            "person": person_id,
            "now": now,
            "most": rules.taken_along(brought=len(brought), held=sum(lists.values())),
        },
    )
    letters.note_sold_out(list(kept.scalars()), at=now)


@command("marketplace.favourites.take_off")
def take_off(*, wish_id: int, actor: Actor) -> int | None:
    """Take goods off one list and return which; None when they were off already."""
    gone = session().execute(_TAKE_OFF, {"person": actor.somebody(), "id": wish_id})
    return gone.scalar_one_or_none()


@command("marketplace.favourites.move")
def move(*, wish_id: int, list_id: int, actor: Actor) -> int:
    """Move goods to another list of the person; return the one they left.

    Locks: the person's lists. Raises: NoSuchList.
    """
    person_id = actor.somebody()
    lists = _lists(person_id)
    place = {"person": person_id, "id": wish_id}
    left = session().execute(_PLACE, place).scalar_one_or_none()
    if left is None or list_id not in lists:
        raise NoSuchList
    if left != list_id:
        session().execute(_MOVE, place | {"list_id": list_id})
    return int(left)


@command("marketplace.favourites.begin")
def begin(*, name: str, actor: Actor) -> int:
    """Begin a list; return its id.

    Locks: the person's lists. Raises: ListNameTaken, TooManyLists.
    """
    person_id = actor.somebody()
    if len(_lists(person_id)) >= rules.MOST_LISTS:
        raise TooManyLists(most=rules.MOST_LISTS)
    _refuse_taken(person_id, name, but=None)
    made = insert(WishList).values(person_id=person_id, name=name, made_at=clock.now())
    # Sent twice at once it is one list, and the second sending is told that there is one.
    made = made.on_conflict_do_nothing()
    list_id = session().execute(made.returning(WishList.id)).scalar_one_or_none()
    if list_id is None:
        raise ListNameTaken
    return list_id


@command("marketplace.favourites.name")
def name_list(*, list_id: int, name: str, actor: Actor) -> None:
    """Call a list something else. Locks: the list. Raises: NoSuchList, ListNameTaken."""
    person_id = actor.somebody()
    _refuse_taken(person_id, name, but=list_id)
    named = {"id": list_id, "person": person_id, "name": name}
    if session().execute(_NAME, named).first() is None:
        raise NoSuchList


@command("marketplace.favourites.share")
def share(*, list_id: int, shown_name: str, actor: Actor) -> None:
    """Let whoever has its link read a list, and of its owner this name, which may be empty.

    Locks: the list. Raises: NoSuchList.
    """
    shared = {
        "id": list_id,
        "person": actor.somebody(),
        "token": secrets.token_urlsafe(16),
        "shown_name": shown_name,
    }
    if session().execute(_SHARE, shared).first() is None:
        raise NoSuchList


@command("marketplace.favourites.withdraw")
def withdraw(*, list_id: int, actor: Actor) -> None:
    """Let nobody else read a list any more; shared again it has another link."""
    session().execute(_WITHDRAW, {"id": list_id, "person": actor.somebody()})


@command("marketplace.favourites.end")
def end(*, list_id: int, actor: Actor) -> None:
    """Delete a list with what is on it; one that is gone stays gone."""
    session().execute(_END, {"id": list_id, "person": actor.somebody()})


@command("marketplace.favourites.forget")
def forget(*, person_id: UUID, actor: Actor) -> None:
    """Forget what somebody would have liked to have."""
    session().execute(_FORGET, {"person": person_id})


def _refuse_taken(person_id: UUID, name: str, *, but: int | None) -> None:
    asked = {"person": person_id, "name": name, "but": but}
    if session().execute(_TAKEN, asked).first() is not None:
        raise ListNameTaken


def _lists(person_id: UUID) -> dict[int, int]:
    """Return how much each of the person's lists holds, locked, the first one made when needed.

    Shape: maps list to goods on it, the first list first.
    """
    if not session().execute(_LOCKED, {"person": person_id}).all():
        made = insert(WishList).values(person_id=person_id, name="", made_at=clock.now())
        # Two first hearts at once: the one that comes second finds the list of the first.
        session().execute(made.on_conflict_do_nothing())
        session().execute(_LOCKED, {"person": person_id})
    rows = session().execute(_HELD, {"person": person_id})
    return {row.id: row.wishes for row in rows}
