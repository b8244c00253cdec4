"""Pages on which underwriters judge what the gate refers."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from insurance.desks.referral_desk import forms, pages
from insurance.offers.referrals import service
from insurance.permissions import Permission
from kernel.text import N_
from kernel.web import current_actor, flash, render, requires, reshow
from kernel.web import pages as blueprint

bp = blueprint("referrals", __name__, prefix="/cover/referrals")


@bp.get("/")
@requires(Permission.DESK_VIEW)
def index() -> ResponseReturnValue:
    """Show what waits for an underwriter, the nearest promise first."""
    page = pages.listed(current_actor())
    return render("insurance/desks/referral_desk/index.html", page=page)


@bp.get("/<ref>")
@requires(Permission.DESK_VIEW)
def show(ref: str) -> ResponseReturnValue:
    """Show a risk with its reasons, what it would cost, and what can be answered."""
    page = pages.referral_page(current_actor(), ref, request.args)
    return render("insurance/desks/referral_desk/show.html", page=page)


@bp.post("/<ref>/offer")
@requires(Permission.REFERRAL_JUDGE)
@reshow(show)
def offer(ref: str) -> ResponseReturnValue:
    """Offer the price that was shown, or propose it to a second underwriter."""
    actor = current_actor()
    terms = pages.offer_from(actor, ref, request.form)
    done = service.offer(ref=ref, offer=terms, actor=actor)
    if done.is_open:
        flash(N_("Proposed. Another underwriter has to confirm it."))
    else:
        flash(N_("The price is offered. The customer gets an email."))
    return redirect(url_for("referrals.show", ref=ref), 303)


@bp.post("/<ref>/confirm")
@requires(Permission.REFERRAL_JUDGE)
@reshow(show)
def confirm(ref: str) -> ResponseReturnValue:
    """Make the offer that another underwriter proposed."""
    service.confirm(ref=ref, actor=current_actor())
    flash(N_("The price is offered. The customer gets an email."))
    return redirect(url_for("referrals.show", ref=ref), 303)


@bp.post("/<ref>/send-back")
@requires(Permission.REFERRAL_JUDGE)
@reshow(show)
def send_back(ref: str) -> ResponseReturnValue:
    """Take a proposal off the referral."""
    service.send_back(ref=ref, actor=current_actor())
    flash(N_("Sent back. Other terms can be offered."))
    return redirect(url_for("referrals.show", ref=ref), 303)


@bp.post("/<ref>/decline")
@requires(Permission.REFERRAL_JUDGE)
@reshow(show)
def decline(ref: str) -> ResponseReturnValue:
    """Decline a risk with a reason that the customer reads."""
    refusal, words = forms.parse_refusal(request.form)
    service.decline(ref=ref, refusal=refusal, words=words, actor=current_actor())
    flash(N_("Declined. The customer gets an email with your reason."))
    return redirect(url_for("referrals.show", ref=ref), 303)
