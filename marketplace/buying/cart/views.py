"""Pages of the cart."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from flask import redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from banking import api as bank
from kernel.actor import Actor
from kernel.money import Money
from kernel.web import current_actor, pages, preferences, public, render, reshow
from kernel.web.preferences import COUNTRY_CURRENCY
from kernel.web.seating import when_seated
from marketplace.buying.cart import queries, service
from marketplace.buying.cart.forms import AddLine, parse_cover, parse_quantity, parse_saved
from marketplace.buying.cart.service import Removed

_MOST_CURRENCIES = 4

bp = pages("cart", __name__, prefix="/cart")


@bp.get("/")
@public
def show() -> ResponseReturnValue:
    """Show what is in the cart, in the currency it will be paid in."""
    chosen = preferences()
    paying = replace(chosen, currency=bank.wallet_currency(chosen.currency))
    cart = queries.cart_for(
        current_actor(), cart_in_cookie(), locale=paying.locale, currency=paying.currency
    )
    session["cart_count"] = cart.count
    session.pop("apart", None)
    page = queries.cart_page(
        cart, paying, session.get("covers", {}), is_for_business="business" in session
    )
    page = replace(page, elsewhere=queries.also_in(page, _payable(chosen.country)))
    return render("marketplace/buying/cart/show.html", page=page, removed=session.get("removed"))


@bp.post("/lines")
@public
@reshow(show)
def add_line() -> ResponseReturnValue:
    """Put goods into the cart."""
    form = AddLine.parse(request.form)
    cart_id = service.add_line(
        cart_id=cart_in_cookie(),
        offer_id=form.offer_id,
        quantity=form.quantity,
        seen=form.seen,
        actor=current_actor(),
    )
    session["cart"] = str(cart_id)
    if form.vendor_id:
        _wish(form.vendor_id, form.cover)
    session.pop("removed", None)
    return redirect(url_for("cart.show"), 303)


@bp.post("/apart")
@public
@reshow(show)
def buy_now() -> ResponseReturnValue:
    """Set goods apart from the cart and go straight to the checkout with them."""
    form = AddLine.parse(request.form)
    apart = service.set_apart(
        offer_id=form.offer_id, quantity=form.quantity, seen=form.seen, actor=current_actor()
    )
    session["apart"] = str(apart)
    if form.vendor_id:
        _wish(form.vendor_id, form.cover)
    # The button is pressed on there: a checkout starts with it, not with an address.
    return redirect(url_for("checkout.start"), 307)


@bp.post("/lines/<int:offer_id>")
@public
@reshow(lambda offer_id: show())  # noqa: ARG005 - the cart page needs no argument of the line's
def change_line(offer_id: int) -> ResponseReturnValue:
    """Change the pieces of a line, or take it out."""
    actor = current_actor()
    quantity = parse_quantity(request.form)
    cart_id = queries.cart_id_for(actor, cart_in_cookie())
    if cart_id is not None:
        gone = service.set_quantity(
            cart_id=cart_id, offer_id=offer_id, quantity=quantity, actor=actor
        )
        session["removed"] = _kept(gone) if gone else None
    return redirect(url_for("cart.show", _anchor=f"l{offer_id}" if quantity else "gone"), 303)


@bp.post("/lines/<int:offer_id>/saved")
@public
@reshow(lambda offer_id: show())  # noqa: ARG005 - the cart page needs no argument of the line's
def save_line(offer_id: int) -> ResponseReturnValue:
    """Put a line by for later, or take it into the cart again."""
    actor = current_actor()
    is_saved = parse_saved(request.form)
    cart_id = queries.cart_id_for(actor, cart_in_cookie())
    if cart_id is not None:
        service.save(cart_id=cart_id, offer_id=offer_id, is_saved=is_saved, actor=actor)
    return redirect(url_for("cart.show", _anchor=f"l{offer_id}"), 303)


@bp.post("/removed")
@public
@reshow(show)
def put_back() -> ResponseReturnValue:
    """Put the line that was taken out last back into its place."""
    removed = session.pop("removed", None)
    if removed:
        line = _line(*removed)
        cart_id = service.put_back(cart_id=cart_in_cookie(), line=line, actor=current_actor())
        session["cart"] = str(cart_id)
    return redirect(url_for("cart.show", _anchor=f"l{removed[0]}" if removed else None), 303)


@bp.post("/covers/<int:vendor_id>")
@public
@reshow(lambda vendor_id: show())  # noqa: ARG005 - the cart page needs no argument of the parcel's
def wish_cover(vendor_id: int) -> ResponseReturnValue:
    """Keep which cover is wished for a parcel; it is chosen at checkout."""
    _wish(vendor_id, parse_cover(request.form))
    return redirect(url_for("cart.show", _anchor=f"v{vendor_id}"), 303)


def _payable(country: str) -> list[str]:
    """Return the currencies that the visitor has wallets in, and their country's own."""
    person_id = current_actor().person_id
    wallets = bank.wallets_of(owner_id=person_id) if person_id else []
    own = bank.wallet_currency(COUNTRY_CURRENCY[country])
    return [own, *(wallet.currency for wallet in wallets)][:_MOST_CURRENCIES]


def cart_in_cookie() -> UUID | None:
    """Return the id that the signed cookie carries."""
    cart_id = session.get("cart")
    return UUID(cart_id) if cart_id else None


def _wish(vendor_id: int, level: str) -> None:
    others = {k: v for k, v in session.get("covers", {}).items() if k != str(vendor_id)}
    session["covers"] = others | ({str(vendor_id): level} if level else {})


def _kept(gone: Removed) -> list[object]:
    seen = gone.seen
    at = gone.added_at.isoformat()
    return [gone.offer_id, gone.quantity, seen.minor, seen.currency, at, gone.is_saved]


def _line(
    offer_id: int, quantity: int, minor: int, currency: str, at: str, *saved: bool
) -> Removed:
    # A cookie of yesterday's release says nothing of lines put by.
    seen = Money(minor, currency)
    return Removed(offer_id, quantity, seen, datetime.fromisoformat(at), any(saved))


def _count(actor: Actor) -> None:
    """Let the header of this browser say what its person put into the cart at another one."""
    if actor.is_signed_in:
        session["cart_count"] = queries.count(actor, cart_in_cookie())


when_seated(_count)
