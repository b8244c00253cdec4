"""Commands of carts."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import delete, func, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert

from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.ids import new_id
from kernel.money import Money
from marketplace.cart import rules
from marketplace.cart.errors import CartFull, OfferGone
from marketplace.cart.models import Cart, CartLine

_IS_FOR_SALE = text(
    """
    SELECT 1 FROM marketplace.offer o JOIN marketplace.variant v ON v.id = o.variant_id
    JOIN marketplace.product p ON p.id = v.product_id
    JOIN marketplace.vendor s ON s.id = o.vendor_id
    WHERE o.id = :offer_id AND o.status = 'listed' AND p.status = 'listed' AND s.status = 'active'
    """
)


@command
def add_line(
    *, cart_id: UUID | None, offer_id: int, quantity: int, seen: Money, actor: Actor
) -> UUID:
    """Put pieces of an offer into a cart, making one when needed; return the cart's id.

    Locks: the cart. Raises: OfferGone, CartFull.
    """
    if session().execute(_IS_FOR_SALE, {"offer_id": offer_id}).one_or_none() is None:
        raise OfferGone
    cart = _locked(cart_id, actor)
    line = session().get(CartLine, (cart.id, offer_id))
    if line is None:
        if _count(cart.id) >= rules.MOST_LINES:
            raise CartFull(most=rules.MOST_LINES)
        line = CartLine(cart_id=cart.id, offer_id=offer_id, quantity=0, added_at=clock.now())
        session().add(line)
    line.quantity = rules.quantity_after(now=line.quantity, added=quantity)
    line.seen_minor, line.seen_currency = seen.minor, seen.currency
    cart.changed_at = clock.now()
    session().flush()
    return cart.id


@command
def set_quantity(*, cart_id: UUID, offer_id: int, quantity: int, actor: Actor) -> None:
    """Change the pieces of a line; zero takes it out. Locks: the cart."""
    cart = _locked(cart_id, actor)
    where = (CartLine.cart_id == cart.id, CartLine.offer_id == offer_id)
    if quantity == 0:
        session().execute(delete(CartLine).where(*where))
    else:
        session().execute(update(CartLine).where(*where).values(quantity=quantity))


@command
def adopt(*, cart_id: UUID | None, actor: Actor) -> UUID | None:
    """Join the visitor's cart with the one of the account just signed in to; return its id.

    The cart of somebody else who used the same browser stays theirs.
    Locks: the account's cart, then the visitor's.
    """
    assert actor.person_id is not None, "an account adopts"
    own = (
        session()
        .execute(
            select(Cart.id)
            .where(Cart.person_id == actor.person_id)
            .order_by(Cart.id)
            .limit(1)
            .with_for_update()
        )
        .scalar_one_or_none()
    )
    if cart_id is None or cart_id == own:
        return own
    if own is None:
        session().execute(
            update(Cart)
            .where(Cart.id == cart_id, Cart.person_id.is_(None))
            .values(person_id=actor.person_id)
        )
        return cart_id
    _merge(cart_id, own, actor.person_id)
    return own


@command
def take_out(*, cart_id: UUID, pieces: Mapping[int, int], actor: Actor) -> None:
    """Take out what was bought; what was put in since stays.

    Locks: the lines. Shape: pieces maps offer to how many.
    """
    query = select(CartLine).where(CartLine.cart_id == cart_id).order_by(CartLine.offer_id)
    for line in list(session().execute(query.with_for_update()).scalars()):
        left = line.quantity - pieces.get(line.offer_id, 0)
        if left > 0:
            line.quantity = left
        else:
            session().delete(line)
    session().flush()


def _locked(cart_id: UUID | None, actor: Actor) -> Cart:
    found = None
    if cart_id is not None:
        found = session().execute(
            select(Cart).where(Cart.id == cart_id).with_for_update()
        ).scalar_one_or_none()  # fmt: skip
    if found is not None and found.person_id in {None, actor.person_id}:
        found.person_id = actor.person_id
        return found
    cart = Cart(id=new_id(), person_id=actor.person_id, changed_at=clock.now())
    session().add(cart)
    session().flush()
    return cart


def _count(cart_id: UUID) -> int:
    query = select(func.count()).select_from(CartLine).where(CartLine.cart_id == cart_id)
    return session().execute(query).scalar_one()


def _merge(source: UUID, target: UUID, person_id: UUID) -> None:
    # Two first clicks at once make two carts of one person; what is in either was wanted.
    is_theirs = or_(Cart.person_id.is_(None), Cart.person_id == person_id)
    theirs = select(Cart.id).where(Cart.id == source, is_theirs)
    if session().execute(theirs.with_for_update()).one_or_none() is None:
        return
    lines = session().execute(select(CartLine).where(CartLine.cart_id == source)).scalars()
    for line in list(lines):
        merged = insert(CartLine).values(
            cart_id=target, offer_id=line.offer_id, quantity=line.quantity,
            seen_minor=line.seen_minor, seen_currency=line.seen_currency, added_at=line.added_at,
        )  # fmt: skip
        session().execute(
            merged.on_conflict_do_update(
                index_elements=["cart_id", "offer_id"],
                set_={"quantity": func.greatest(CartLine.quantity, line.quantity)},
            )
        )
    session().execute(delete(Cart).where(Cart.id == source))
