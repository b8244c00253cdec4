"""Pages on which a customer of the bank insures a parcel from anywhere."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from insurance.contracts.insuring import service as insuring
from insurance.desks.shipping_desk import forms, pages
from insurance.offers.referrals import parcels as referrals
from insurance.offers.shipments import queries as described
from insurance.offers.shipments import service as shipments
from insurance.permissions import Permission
from kernel.text import N_
from kernel.web import current_actor, flash, render, requires, reshow
from kernel.web import pages as blueprint
from kernel.web.i18n import current_locale

bp = blueprint("shipments", __name__, prefix="/bank/cover")


@bp.get("/new")
@requires(Permission.COVER_BUY)
def form() -> ResponseReturnValue:
    """Ask what parcel it is."""
    page = pages.form_page(current_actor())
    return render("insurance/desks/shipping_desk/new.html", page=page, countries=forms.COUNTRIES)


@bp.post("/new")
@requires(Permission.COVER_BUY)
@reshow(form)
def ask() -> ResponseReturnValue:
    """Ask the carrier, price the parcel and lead to the offer, or to the order that it is of."""
    actor = current_actor()
    own = pages.own_parcel(actor, forms.parse_number(request.form))
    if own.endpoint:
        flash(N_("This parcel is from your own order. Its page shows its cover."))
        return redirect(url_for(own.endpoint, ref=own.ref, _anchor=own.anchor), 303)
    described = forms.parse_parcel(request.form, currencies=pages.currencies_of(actor))
    shipment = shipments.ask(described=described, country=pages.home_of(actor), actor=actor)
    return redirect(url_for("shipments.show", ref=shipment.ref), 303)


@bp.get("/<ref>")
@requires(Permission.COVER_BUY)
def show(ref: str) -> ResponseReturnValue:
    """Show the levels with their prices, why there are none, or lead to the policy."""
    page = pages.offer_page(current_actor(), ref, current_locale())
    if page.number is not None:
        return redirect(url_for("cover.policy", number=page.number), 303)
    return render("insurance/desks/shipping_desk/offer.html", page=page, need=pages.NEED)


@bp.post("/<ref>/product-information")
@requires(Permission.COVER_BUY)
@reshow(show)
def read(ref: str) -> ResponseReturnValue:
    """Note that the product information of an insurer was opened, and open it."""
    actor = current_actor()
    shipment = described.shipment_for(actor, ref)
    paper = forms.parse_paper(request.form, pages.papers(shipment, current_locale()))
    shipments.note_informed(ref=ref, paper=paper.key, actor=actor)
    address = url_for(
        "cover.product_information",
        insurer=paper.insurer_key,
        country=shipment.parcel.policyholder_country,
    )
    return redirect(address, 303)


@bp.post("/<ref>/underwriter")
@requires(Permission.COVER_BUY)
@reshow(show)
def refer(ref: str) -> ResponseReturnValue:
    """Ask an underwriter about a parcel that the gate referred."""
    words = forms.parse_words(request.form)
    referrals.ask(ref=ref, words=words, actor=current_actor())
    flash(N_("An underwriter will look at your parcel. We'll email you their answer."))
    return redirect(url_for("shipments.show", ref=ref), 303)


@bp.post("/<ref>")
@requires(Permission.COVER_BUY)
@reshow(show)
def buy(ref: str) -> ResponseReturnValue:
    """Buy the level that was chosen, or lead to the approval that it needs first."""
    actor = current_actor()
    chosen = forms.parse_choice(request.form)
    wish = insuring.Wish(
        cover=chosen.cover,
        with_delay=chosen.with_delay,
        needs=(pages.NEED,),
        locale=current_locale(),
    )
    done = insuring.buy(ref=ref, wish=wish, actor=actor)
    if done.policy_id is None:
        return redirect(url_for("approvals.show", approval_id=done.approval_id), 303)
    flash(N_("Your parcel is covered. Your policy and certificate are ready."))
    return redirect(url_for("shipments.show", ref=ref), 303)
