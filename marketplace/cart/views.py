"""Pages of the cart."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from kernel.web import current_actor, pages, preferences, public, render, reshow
from marketplace.cart import queries, service
from marketplace.cart.forms import AddLine, parse_quantity

bp = pages("cart", __name__, prefix="/cart")


@bp.get("/")
@public
def show() -> ResponseReturnValue:
    """Show what is in the cart."""
    chosen = preferences()
    cart = queries.cart_for(
        current_actor(), cart_in_cookie(), locale=chosen.locale, currency=chosen.currency
    )
    session["cart_count"] = cart.count
    return render("marketplace/cart/show.html", cart=cart)


@bp.post("/lines")
@public
@reshow(show)
def add_line() -> ResponseReturnValue:
    """Put goods into the cart."""
    form = AddLine.parse(request.form)
    cart_id = service.add_line(
        cart_id=cart_in_cookie(), offer_id=form.offer_id, quantity=form.quantity, seen=form.seen,
        actor=current_actor(),
    )  # fmt: skip
    session["cart"] = str(cart_id)
    return redirect(url_for("cart.show"), 303)


@bp.post("/lines/<int:offer_id>")
@public
@reshow(lambda offer_id: show())  # noqa: ARG005 - the cart page needs no argument of the line's
def change_line(offer_id: int) -> ResponseReturnValue:
    """Change the pieces of a line, or take it out."""
    actor = current_actor()
    cart_id = queries.cart_id_for(actor, cart_in_cookie())
    if cart_id is not None:
        service.set_quantity(
            cart_id=cart_id, offer_id=offer_id, quantity=parse_quantity(request.form), actor=actor
        )
    return redirect(url_for("cart.show"), 303)


def cart_in_cookie() -> UUID | None:
    """Return the id that the signed cookie carries."""
    kept = session.get("cart")
    return UUID(kept) if kept else None
