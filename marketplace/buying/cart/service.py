"""Commands of carts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from uuid import UUID

from sqlalchemy import delete, func, select, text, update
from sqlalchemy.dialects.postgresql import insert

from kernel import clock, dated
from kernel.actor import Actor
from kernel.db import command, session
from kernel.forgetting import BATCH
from kernel.ids import new_id
from kernel.money import Money
from kernel.statements import read_sql
from marketplace.buying.cart import rules
from marketplace.buying.cart.errors import CartFull, OfferGone
from marketplace.buying.cart.models import Cart, CartLine

_IS_FOR_SALE = text(read_sql(__file__, "for_sale"))
_SET_APART = text(read_sql(__file__, "set_apart"))
# How many lines there are, and the pieces of one of them, None when it is not there yet.
_STANDING = text(
    """
    SELECT count(*) AS lines,
        max(quantity) FILTER (WHERE offer_id = :offer_id AND NOT is_saved) AS pieces
    FROM marketplace.cart_line WHERE cart_id = :cart_id
    """
)
_PUT = text(
    """
    WITH changed AS (
        UPDATE marketplace.cart SET changed_at = :now WHERE id = :cart_id
    )
    INSERT INTO marketplace.cart_line
        (cart_id, offer_id, quantity, seen_minor, seen_currency, added_at)
    VALUES (:cart_id, :offer_id, :quantity, :seen_minor, :seen_currency, :now)
    ON CONFLICT (cart_id, offer_id) DO UPDATE SET quantity = excluded.quantity,
        seen_minor = excluded.seen_minor, seen_currency = excluded.seen_currency, is_saved = false
    """
)
_TAKE_OUT = text(
    """
    WITH held AS MATERIALIZED (
        SELECT l.offer_id, l.quantity - coalesce(b.pieces, 0) AS pieces_left
        FROM marketplace.cart_line l
        LEFT JOIN unnest(CAST(:offers AS bigint[]), CAST(:pieces AS int[])) AS b (offer_id, pieces)
            ON b.offer_id = l.offer_id
        WHERE l.cart_id = :cart_id AND NOT l.is_saved ORDER BY l.offer_id FOR UPDATE OF l
    ), gone AS (
        DELETE FROM marketplace.cart_line l USING held h
        WHERE l.cart_id = :cart_id AND l.offer_id = h.offer_id AND h.pieces_left <= 0
    )
    UPDATE marketplace.cart_line l SET quantity = h.pieces_left FROM held h
    WHERE l.cart_id = :cart_id AND l.offer_id = h.offer_id AND h.pieces_left > 0
        AND h.pieces_left <> l.quantity
    """
)


_FORGET_LEFT = text(
    """
    DELETE FROM marketplace.cart WHERE id IN (
        SELECT id FROM marketplace.cart WHERE person_id IS NULL AND changed_at < :oldest
        ORDER BY changed_at LIMIT :batch FOR UPDATE SKIP LOCKED
    ) RETURNING id
    """
)


@command("marketplace.cart.add_line")
def add_line(
    *, cart_id: UUID | None, offer_id: int, quantity: int, seen: Money, actor: Actor
) -> UUID:
    """Put pieces of an offer into the visitor's cart, made when needed; return its id.

    A person's pieces go into the person's one cart; the one named is joined with it.
    Locks: the cart. Raises: OfferGone, CartFull.
    """
    if session().execute(_IS_FOR_SALE, {"offer_id": offer_id}).one_or_none() is None:
        raise OfferGone
    held = _locked(cart_id, actor)
    standing = session().execute(_STANDING, {"cart_id": held, "offer_id": offer_id}).one()
    if standing.pieces is None and standing.lines >= rules.MOST_LINES:
        raise CartFull(most=rules.MOST_LINES)
    session().execute(
        _PUT,
        {
            "cart_id": held,
            "offer_id": offer_id,
            "now": clock.now(),
            "quantity": rules.quantity_after(now=standing.pieces or 0, added=quantity),
            "seen_minor": seen.minor,
            "seen_currency": seen.currency,
        },
    )
    return held


@command("marketplace.cart.set_apart")
def set_apart(*, offer_id: int, quantity: int, seen: Money, actor: Actor) -> UUID:
    """Put pieces of an offer into a cart of their own, to be bought at once; return its id.

    It is nobody's, like a visitor's, and is forgotten like one; no other cart changes.
    Raises: OfferGone.
    """
    put = session().execute(
        _SET_APART,
        {
            "cart_id": new_id(),
            "offer_id": offer_id,
            "now": clock.now(),
            "quantity": rules.quantity_after(now=0, added=quantity),
            "seen_minor": seen.minor,
            "seen_currency": seen.currency,
        },
    )
    apart: UUID | None = put.scalar_one_or_none()
    if apart is None:
        raise OfferGone
    return apart


@dataclass(frozen=True, slots=True)
class Removed:
    """A line that was taken out, as it was. Units: pieces; seen per piece."""

    offer_id: int
    quantity: int
    seen: Money
    added_at: datetime
    is_saved: bool = False


@command("marketplace.cart.set_quantity")
def set_quantity(*, cart_id: UUID, offer_id: int, quantity: int, actor: Actor) -> Removed | None:
    """Change the pieces of a line; zero takes it out and returns what it was. Locks: the cart."""
    held = _locked(cart_id, actor)
    where = (CartLine.cart_id == held, CartLine.offer_id == offer_id)
    if quantity:
        session().execute(update(CartLine).where(*where).values(quantity=quantity))
        return None
    gone = session().execute(delete(CartLine).where(*where).returning(CartLine)).scalar()
    if gone is None:
        return None
    seen = Money(gone.seen_minor, gone.seen_currency)
    return Removed(offer_id, gone.quantity, seen, gone.added_at, gone.is_saved)


@command("marketplace.cart.save")
def save(*, cart_id: UUID, offer_id: int, is_saved: bool, actor: Actor) -> None:
    """Put a line by for later, or take it into the cart again. Locks: the cart."""
    held = _locked(cart_id, actor)
    where = (CartLine.cart_id == held, CartLine.offer_id == offer_id)
    session().execute(update(CartLine).where(*where).values(is_saved=is_saved))


@command("marketplace.cart.put_back")
def put_back(*, cart_id: UUID | None, line: Removed, actor: Actor) -> UUID:
    """Put a line that was taken out back into its place; one added since stays as it is.

    Locks: the cart. Raises: CartFull.
    """
    held = _locked(cart_id, actor)
    standing = session().execute(_STANDING, {"cart_id": held, "offer_id": line.offer_id}).one()
    if standing.pieces is None and standing.lines >= rules.MOST_LINES:
        raise CartFull(most=rules.MOST_LINES)
    again = insert(CartLine).values(
        cart_id=held,
        offer_id=line.offer_id,
        quantity=line.quantity,
        added_at=line.added_at,
        seen_minor=line.seen.minor,
        seen_currency=line.seen.currency,
        is_saved=line.is_saved,
    )
    session().execute(again.on_conflict_do_nothing(index_elements=["cart_id", "offer_id"]))
    return held


@command("marketplace.cart.adopt")
def adopt(*, cart_id: UUID | None, actor: Actor) -> UUID | None:
    """Join the visitor's cart with the one of the account just signed in to; return its id.

    The cart of somebody else who used the same browser stays theirs.
    Locks: the account's cart, then the visitor's.
    """
    person_id = actor.somebody()
    if cart_id is None:
        return _own(person_id)
    return _joined(cart_id, person_id)


@command("marketplace.cart.take_out")
def take_out(*, cart_id: UUID, pieces: Mapping[int, int], actor: Actor) -> None:
    """Take out what was bought; what was put in since stays.

    Locks: the lines. Shape: pieces maps offer to how many.
    """
    bought = {"offers": list(pieces), "pieces": list(pieces.values())}
    session().execute(_TAKE_OUT, {"cart_id": cart_id} | bought)


@command("marketplace.cart.forget_left")
def forget_left(*, actor: Actor) -> int:
    """Delete a batch of carts that visitors without an account left; return how many.

    Locks: the carts, skipping those in use.
    """
    oldest = clock.now() - timedelta(days=dated.in_force(_keeping(), clock.today()).visitor_days)
    return len(session().execute(_FORGET_LEFT, {"oldest": oldest, "batch": BATCH}).all())


@cache
def _keeping() -> tuple[rules.Keeping, ...]:
    return dated.read(Path(__file__).parent / "data/keeping.json", rules.Keeping)


def _locked(cart_id: UUID | None, actor: Actor) -> UUID:
    """Return the visitor's cart, locked; a new one when the one named is not theirs."""
    if actor.person_id is not None:
        return _joined(cart_id, actor.person_id)
    if cart_id is not None:
        theirs = update(Cart).where(Cart.id == cart_id, Cart.person_id.is_(None))
        changed = theirs.values(changed_at=clock.now()).returning(Cart.id)
        locked_id = session().execute(changed).scalar_one_or_none()
        if locked_id is not None:
            return locked_id
    return _made(None)


def _joined(cart_id: UUID | None, person_id: UUID) -> UUID:
    """Return the person's one cart, locked, with what is in the visitor's cart named."""
    own = _own(person_id)
    while own is None:
        # Two first clicks at once: the one that comes second finds the cart of the first.
        _made(person_id)
        own = _own(person_id)
    if cart_id not in {None, own}:
        _merge(cart_id, own)
    return own


def _own(person_id: UUID) -> UUID | None:
    query = select(Cart.id).where(Cart.person_id == person_id)
    return session().execute(query.with_for_update()).scalar_one_or_none()


def _made(person_id: UUID | None) -> UUID:
    cart_id = new_id()
    made = insert(Cart).values(id=cart_id, person_id=person_id, changed_at=clock.now())
    session().execute(made.on_conflict_do_nothing(index_elements=["person_id"]))
    return cart_id


def _merge(source: UUID, target: UUID) -> None:
    theirs = select(Cart.id).where(Cart.id == source, Cart.person_id.is_(None))
    if session().execute(theirs.with_for_update()).one_or_none() is None:
        return
    lines = session().execute(select(CartLine).where(CartLine.cart_id == source)).scalars()
    for line in list(lines):
        merged = insert(CartLine).values(
            cart_id=target,
            offer_id=line.offer_id,
            quantity=line.quantity,
            seen_minor=line.seen_minor,
            seen_currency=line.seen_currency,
            added_at=line.added_at,
            is_saved=line.is_saved,
        )
        session().execute(
            merged.on_conflict_do_update(
                index_elements=["cart_id", "offer_id"],
                set_={
                    "quantity": func.greatest(CartLine.quantity, line.quantity),
                    "is_saved": CartLine.is_saved & line.is_saved,
                },
            )
        )
    session().execute(delete(Cart).where(Cart.id == source))
