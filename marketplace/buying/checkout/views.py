"""Pages of a checkout: where it goes, and one page with all else and the button that pays."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from flask import redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from banking import api as bank
from kernel.people.identity.service import Seen
from kernel.web import (
    current_actor,
    flash,
    keep_typed,
    pages,
    preferences,
    presence,
    public,
    render,
    requires,
    reshow,
)
from kernel.web.i18n import current_locale
from kernel.web.seating import seat
from kernel.web.session_limits import Risk
from marketplace.buying.buyers.forms import address_fields
from marketplace.buying.cart import queries as carts
from marketplace.buying.checkout import attempts, queries, service
from marketplace.buying.checkout.attempts import PaymentUnderWay
from marketplace.buying.checkout.choosing import Choices
from marketplace.buying.checkout.errors import CheckoutOver
from marketplace.buying.checkout.forms import (
    Order,
    Where,
    is_bought_at_once,
    parse_choices,
    parse_insurer,
)
from marketplace.buying.checkout.page import address_page, basket_page, checkout_page
from marketplace.buying.checkout.service import Basket, Kind, Paying, Place
from marketplace.permissions import Permission

bp = pages("checkout", __name__, prefix="/checkout")


@bp.get("/")
@public
def begin() -> ResponseReturnValue:
    """Ask where a basket goes, beside about what it costs; nothing is kept yet."""
    basket, chosen = _basket(), preferences()
    page = basket_page(
        current_actor(),
        basket.cart_id,
        replace(chosen, currency=basket.currency),
        session.get("covers", {}),
        is_alone=basket.is_alone,
        is_for_business=basket.business_name is not None,
    )
    if page is None or (basket.is_alone and basket.cart_id is None):
        return redirect(url_for("cart.show"), 303)
    return render(
        "marketplace/buying/checkout/begin.html",
        page=page,
        is_alone=basket.is_alone,
        **address_fields(request.values, chosen.country),
    )


@bp.post("/")
@public
@reshow(begin)
def open_() -> ResponseReturnValue:
    """Keep the goods, priced for the address; or show the fields of another country."""
    if request.form.get("another"):
        keep_typed()
        return begin()
    actor, basket = current_actor(), _basket()
    where = Where.parse(request.form, asks_email=not actor.is_signed_in)
    opened = service.open_(
        basket=basket,
        place=Place(where.address_id, where.address, where.email),
        wishes=session.get("covers", {}),
        seen=Seen(request.user_agent.string, request.remote_addr or ""),
        actor=actor,
    )
    if opened.actor.session_id != actor.session_id:
        seat(opened.actor)
    return _to_page(basket, opened.ref)


@bp.get("/start")
@public
def again() -> ResponseReturnValue:
    """Lead on who had to show who they are after pressing the button: the page has it."""
    return redirect(url_for("checkout.begin", apart=1 if session.get("apart") else None), 303)


@bp.post("/start")
@public
@reshow(begin)
def start() -> ResponseReturnValue:
    """Go straight to the page that pays where an address is known, else ask for one."""
    basket = _basket()
    address_id = queries.address_to(current_actor(), basket.country)
    if address_id is None or (basket.is_alone and basket.cart_id is None):
        return redirect(url_for("checkout.begin", apart=1 if basket.is_alone else None), 303)
    ref = service.begin(
        basket=basket,
        address_id=address_id,
        wishes=session.get("covers", {}),
        actor=current_actor(),
    )
    return _to_page(basket, ref)


def _to_page(basket: Basket, ref: str) -> ResponseReturnValue:
    if basket.is_alone:
        session.pop("apart", None)
    return redirect(url_for("checkout.show", ref=ref), 303)


def _basket() -> Basket:
    """Return what is bought: the cart, or the goods set apart from it."""
    chosen, is_alone = preferences(), is_bought_at_once(request.values)
    cart_id = session.get("apart" if is_alone else "cart")
    return Basket(
        cart_id=UUID(cart_id) if cart_id else None,
        is_alone=is_alone,
        locale=chosen.locale,
        country=chosen.country,
        currency=bank.wallet_currency(chosen.currency),
        business_name=session.get("business"),
    )


@bp.get("/<ref>")
@requires(Permission.CHECKOUT_USE, risk=Risk.BANK, from_away=True)
def show(ref: str) -> ResponseReturnValue:
    """Show everything, with the one button that pays."""
    checkout = queries.checkout_for(current_actor(), ref)
    if checkout.state != "open":
        return _on_from(checkout)
    if not checkout.parcels:
        return redirect(url_for("checkout.address", ref=ref), 303)
    page = checkout_page(
        current_actor(),
        checkout,
        wished=session.get("pay_with", ""),
        is_locked=presence.refusal(Risk.BANK) is not None,
        language=current_locale(),
    )
    if page.way is PaymentUnderWay.APPROVED:
        return redirect(url_for("checkout.card", ref=ref), 303)
    return render("marketplace/buying/checkout/show.html", page=page)


@bp.post("/<ref>")
@requires(Permission.CHECKOUT_USE)
@reshow(show)
def choose(ref: str) -> ResponseReturnValue:
    """Keep the choices and show the page with its sums as chosen."""
    outline = queries.outline_of(current_actor(), ref)
    choices = parse_choices(request.form, outline.vendor_ids, is_final=False)
    session["pay_with"] = request.form.get("pay_with", "")[:_LONGEST]
    if choices is not None:
        session["covers"] = {str(v): chosen.cover for v, chosen in choices.covers.items()}
        _remember_buyer(choices)
        service.choose(
            ref=ref,
            options=choices.options,
            covers=choices.covers,
            business_name=choices.business_name,
            actor=current_actor(),
        )
    return redirect(url_for("checkout.show", ref=ref), 303)


@bp.post("/<ref>/product-information")
@requires(Permission.CHECKOUT_USE)
@reshow(show)
def read(ref: str) -> ResponseReturnValue:
    """Note that the product information of an insurer was opened, and open it."""
    insurer_key = parse_insurer(request.form)
    country = service.note_opened(
        ref=ref, insurer_key=insurer_key, language=current_locale(), actor=current_actor()
    )
    address = url_for("cover.product_information", insurer=insurer_key, country=country)
    return redirect(address, 303)


def _remember_buyer(choices: Choices) -> None:
    """Let the pages before the checkout show a business its prices too, until it has paid."""
    if choices.business_name is None:
        session.pop("business", None)
    else:
        session["business"] = choices.business_name


# A way to pay and a saved card's id. Units: characters.
_LONGEST = 60


@bp.get("/<ref>/address")
@requires(Permission.CHECKOUT_USE)
def address(ref: str) -> ResponseReturnValue:
    """Ask where the goods go instead."""
    checkout, addresses, email = address_page(current_actor(), ref)
    if checkout.state != "open":
        return _on_from(checkout)
    return render(
        "marketplace/buying/checkout/address.html",
        checkout=checkout,
        addresses=addresses,
        email=email,
        **address_fields(request.values, checkout.country),
    )


@bp.post("/<ref>/address")
@requires(Permission.CHECKOUT_USE)
@reshow(address)
def send_to(ref: str) -> ResponseReturnValue:
    """Price the parcels for another address; or show the fields of another country."""
    if request.form.get("another"):
        keep_typed()
        return address(ref)
    where = Where.parse(request.form, asks_email=current_actor().is_guest)
    service.send_to(
        ref=ref,
        address_id=where.address_id,
        address=where.address,
        wishes=session.get("covers", {}),
        email=where.email,
        actor=current_actor(),
    )
    return redirect(url_for("checkout.show", ref=ref), 303)


@bp.post("/<ref>/currency")
@requires(Permission.CHECKOUT_USE)
@reshow(show)
def pay_in(ref: str) -> ResponseReturnValue:
    """Price everything anew in the currency that the reader has chosen for all pages."""
    service.pay_in(ref=ref, currency=preferences().currency, actor=current_actor())
    return redirect(url_for("checkout.show", ref=ref), 303)


@bp.post("/<ref>/pay")
@requires(Permission.CHECKOUT_USE, risk=Risk.BANK, from_away=True)
@reshow(show)
def pay(ref: str) -> ResponseReturnValue:
    """Pay once, however often the button is pressed."""
    outline = queries.outline_of(current_actor(), ref)
    order = Order.parse(request.form, outline.vendor_ids, outline.currency)
    session["pay_with"] = request.form["pay_with"]
    if order.means.kind in {Kind.WALLET, Kind.BOTH}:
        presence.require(Risk.BANK)
    paid = service.pay(
        ref=ref,
        expected=order.expected,
        means=order.means,
        choices=order.choices,
        language=current_locale(),
        actor=current_actor(),
    )
    return _onward(ref, paid)


def _onward(ref: str, paid: Paying) -> ResponseReturnValue:
    if paid.approval_id is not None:
        return redirect(url_for("approvals.show", approval_id=paid.approval_id), 303)
    if paid.payment_id is not None:
        return _to_card(ref, paid.payment_id)
    return _to_order(paid.group_ref)


@bp.get("/<ref>/card")
@requires(Permission.CHECKOUT_USE)
def card(ref: str) -> ResponseReturnValue:
    """Go on by card, once the wallet's share is approved."""
    return _to_card(ref, attempts.payment_to_go_on(current_actor(), ref))


def _to_card(ref: str, payment_id: UUID) -> ResponseReturnValue:
    """Lead to the card network's own page, or back at once where a saved card needs none."""
    back_to = url_for("checkout.paid", ref=ref, _external=True)
    address = service.card_page(payment_id=payment_id, back_to=back_to, actor=current_actor())
    return redirect(address, 303)


@bp.get("/<ref>/paid")
@requires(Permission.CHECKOUT_USE)
def paid(ref: str) -> ResponseReturnValue:
    """Find out what became of the payment: the order, or the page again, which says what to do."""
    group_ref = service.complete_all(ref=ref, actor=current_actor())
    if group_ref:
        return _to_order(group_ref)
    return redirect(url_for("checkout.show", ref=ref), 303)


def _on_from(checkout: queries.CheckoutView) -> ResponseReturnValue:
    """Lead from a checkout that is over to its order, or to the cart where it was left."""
    if checkout.group_ref is not None:
        return _to_order(checkout.group_ref)
    flash(CheckoutOver.message)
    return redirect(url_for("cart.show"), 303)


def _to_order(group_ref: str) -> ResponseReturnValue:
    # What was put in since stays in the cart, and in the header's count.
    session["cart_count"] = carts.count(current_actor())
    # The next order is for its buyer again until they say otherwise.
    session.pop("business", None)
    return redirect(url_for("orders.detail", ref=group_ref), 303)
