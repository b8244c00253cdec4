"""Pages of a checkout: address, delivery and cover, review, pay."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from kernel.money import Money
from kernel.text import N_
from kernel.web import current_actor, flash, pages, preferences, render, requires, reshow
from kernel.web.session_limits import Risk
from marketplace.buying.cart import queries as carts
from marketplace.buying.checkout import queries, service
from marketplace.buying.checkout.forms import (
    Choices,
    is_bought_at_once,
    parse_address_id,
    parse_total,
)
from marketplace.buying.checkout.queries import address_page, parcels_page, review_page
from marketplace.permissions import Permission

bp = pages("checkout", __name__, prefix="/checkout")


@bp.get("/start")
@requires(Permission.CHECKOUT_USE)
def begin() -> ResponseReturnValue:
    """Go back to the cart: a checkout starts with its button, not with an address typed.

    Who had to sign in first and buys at once has no cart to go back to, and finds the button here.
    """
    if session.get("apart"):
        return render("marketplace/buying/checkout/begin.html")
    return redirect(url_for("cart.show"), 303)


@bp.post("/start")
@requires(Permission.CHECKOUT_USE)
@reshow(begin)
def start() -> ResponseReturnValue:
    """Keep the goods of the cart, or those set apart from it, and ask where they go."""
    chosen = preferences()
    is_alone = is_bought_at_once(request.form)
    cart_id = session.pop("apart", None) if is_alone else session.get("cart")
    if is_alone and cart_id is None:
        return begin()  # pressed again: the cart is not bought in its place
    ref = service.start(
        cart_id=UUID(cart_id) if cart_id else None,
        is_alone=is_alone,
        locale=chosen.locale,
        country=chosen.country,
        currency=chosen.currency,
        actor=current_actor(),
    )
    return redirect(url_for("checkout.address", ref=ref), 303)


@bp.get("/<ref>/address")
@requires(Permission.CHECKOUT_USE)
def address(ref: str) -> ResponseReturnValue:
    """Ask where the goods go."""
    page = address_page(current_actor(), ref)
    if not page.addresses:
        here = url_for("checkout.address", ref=ref)
        return redirect(url_for("addresses.index", next=here, country=page.checkout.country), 303)
    return render("marketplace/buying/checkout/address.html", page=page)


@bp.post("/<ref>/address")
@requires(Permission.CHECKOUT_USE)
@reshow(address)
def send_to(ref: str) -> ResponseReturnValue:
    """Price the parcels for the chosen address."""
    service.send_to(
        ref=ref,
        address_id=parse_address_id(request.form),
        wishes=session.get("covers", {}),
        actor=current_actor(),
    )
    return redirect(url_for("checkout.parcels", ref=ref), 303)


@bp.get("/<ref>/parcels")
@requires(Permission.CHECKOUT_USE)
def parcels(ref: str) -> ResponseReturnValue:
    """Offer the ways and the covers of each parcel."""
    page = parcels_page(current_actor(), ref)
    return render("marketplace/buying/checkout/parcels.html", page=page)


@bp.post("/<ref>/parcels")
@requires(Permission.CHECKOUT_USE)
@reshow(parcels)
def choose(ref: str) -> ResponseReturnValue:
    """Keep the choices and show the review, or this page with its sums as chosen."""
    outline = queries.outline_of(current_actor(), ref)
    form = Choices.parse(request.form, outline.vendor_ids)
    service.choose(ref=ref, options=form.options, covers=form.covers, actor=current_actor())
    session["covers"] = {str(vendor): chosen.cover for vendor, chosen in form.covers.items()}
    onward = "checkout.review" if form.is_final else "checkout.parcels"
    return redirect(url_for(onward, ref=ref), 303)


@bp.get("/<ref>/review")
@requires(Permission.CHECKOUT_USE, risk=Risk.BANK)
def review(ref: str) -> ResponseReturnValue:
    """Show everything once more, with the one button that pays."""
    page = review_page(current_actor(), ref)
    if page.checkout.group_ref is not None:
        if session.pop("paying", None) == ref:
            _thank(page.checkout.total)
        session["cart_count"] = carts.count(current_actor())
        return redirect(url_for("orders.detail", ref=page.checkout.group_ref), 303)
    if page.checkout.has_unread_cover:
        return redirect(url_for("checkout.parcels", ref=ref), 303)
    return render("marketplace/buying/checkout/review.html", page=page)


@bp.post("/<ref>/pay")
@requires(Permission.CHECKOUT_USE, risk=Risk.BANK)
@reshow(review)
def pay(ref: str) -> ResponseReturnValue:
    """Pay once, however often the button is pressed."""
    outline = queries.outline_of(current_actor(), ref)
    expected = parse_total(request.form, outline.currency)
    paid = service.pay(ref=ref, expected=expected, actor=current_actor())
    if paid.approval_id is not None:
        session["paying"] = ref  # the buyer comes back by the review, once it is approved
        return redirect(url_for("approvals.show", approval_id=paid.approval_id), 303)
    _thank(expected)
    # What was put in since the review stays in the cart, and in the header's count.
    session["cart_count"] = carts.count(current_actor())
    return redirect(url_for("orders.detail", ref=paid.group_ref), 303)


def _thank(total: Money) -> None:
    thanks = N_(
        "Thank you. You paid %(total)s from your wallet. Entrepôt Bank holds the money of each"
        " parcel until it has reached you."
    )
    flash(thanks, total=total)
