"""Pages on which holders report losses of cargo, and the desk that decides on them."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from insurance.permissions import Permission
from insurance.trade.cargo import queries as cargo
from insurance.trade.cargo_claims import forms, pages, queries, service
from kernel import clock
from kernel.text import N_
from kernel.web import current_actor, flash, render, requires, reshow
from kernel.web import pages as blueprint

bp = blueprint("cargo_claims", __name__, prefix="/cover/cargo-claims")


@bp.get("/")
@requires(Permission.DESK_VIEW)
def desk() -> ResponseReturnValue:
    """Show the claims for cargo that wait for an officer."""
    return render("insurance/trade/cargo_claims/desk.html", claims=pages.queue())


@bp.get("/policies/<number>")
@requires(Permission.CARGO_BUY)
def under(number: str) -> ResponseReturnValue:
    """Show the claims under a policy, and the form that reports another."""
    page = pages.under_page(current_actor(), number)
    return render("insurance/trade/cargo_claims/under.html", page=page)


@bp.post("/policies/<number>")
@requires(Permission.CARGO_BUY)
@reshow(under)
def notify(number: str) -> ResponseReturnValue:
    """Open a claim for what its holder reports."""
    held = cargo.own_policy(current_actor(), number)
    form = forms.Notice.parse(request.form, currency=held.cargo.currency, on=clock.today())
    opened = service.notify(
        policy_id=held.id,
        kind=form.kind,
        peril=form.peril,
        claimed=form.claimed,
        loss_on=form.loss_on,
        description=form.description,
        actor=current_actor(),
    )
    flash(N_("We have your report. Keep the packing, and let the survey agent see the cargo."))
    return redirect(url_for("cargo_claims.show", ref=opened.ref), 303)


@bp.get("/<ref>")
@requires(Permission.POLICY_VIEW)
def show(ref: str) -> ResponseReturnValue:
    """Show a claim with its sums, and what can be done by who looks at it."""
    page = pages.claim_page(current_actor(), ref)
    return render("insurance/trade/cargo_claims/show.html", page=page)


@bp.post("/<ref>/withdraw")
@requires(Permission.CLAIM_NOTIFY)
@reshow(show)
def withdraw(ref: str) -> ResponseReturnValue:
    """Take a claim back."""
    claim = queries.claim_for(current_actor(), ref)
    service.withdraw(claim_id=claim.id, actor=current_actor())
    return _back(ref)


@bp.post("/<ref>/appeal")
@requires(Permission.CLAIM_NOTIFY)
@reshow(show)
def appeal(ref: str) -> ResponseReturnValue:
    """Bring a refused claim before another officer."""
    claim = queries.claim_for(current_actor(), ref)
    words = forms.parse_words(request.form)
    service.appeal(claim_id=claim.id, words=words, actor=current_actor())
    flash(N_("We've received your appeal. Another officer will review the claim."))
    return _back(ref)


@bp.post("/<ref>/guarantee")
@requires(Permission.CLAIM_DECIDE)
@reshow(show)
def guarantee(ref: str) -> ResponseReturnValue:
    """Guarantee a share in general average to the carrier."""
    claim = queries.claim_for(current_actor(), ref)
    service.guarantee(claim_id=claim.id, actor=current_actor())
    return _back(ref)


@bp.post("/<ref>/survey")
@requires(Permission.CLAIM_DECIDE)
@reshow(show)
def survey(ref: str) -> ResponseReturnValue:
    """Write down what a surveyor or an adjuster found."""
    claim = queries.claim_for(current_actor(), ref)
    found = forms.parse_survey(
        request.form, kind=claim.kind, currency=claim.claimed.currency, on=clock.today()
    )
    service.record_survey(claim_id=claim.id, survey=found, actor=current_actor())
    return _back(ref)


@bp.post("/<ref>/recommend")
@requires(Permission.CLAIM_DECIDE)
@reshow(show)
def recommend(ref: str) -> ResponseReturnValue:
    """Propose to pay what the survey comes to, or to refuse."""
    claim = queries.claim_for(current_actor(), ref)
    is_approval, reason = forms.parse_decision(request.form)
    service.recommend(
        claim_id=claim.id, is_approval=is_approval, reason=reason, actor=current_actor()
    )
    flash(N_("Your proposal is waiting for a second officer."))
    return _back(ref)


@bp.post("/<ref>/confirm")
@requires(Permission.CLAIM_DECIDE)
@reshow(show)
def confirm(ref: str) -> ResponseReturnValue:
    """Put a colleague's proposal into force."""
    claim = queries.claim_for(current_actor(), ref)
    service.confirm(claim_id=claim.id, actor=current_actor())
    flash(N_("The decision is in force."))
    return _back(ref)


@bp.post("/<ref>/send-back")
@requires(Permission.CLAIM_DECIDE)
@reshow(show)
def send_back(ref: str) -> ResponseReturnValue:
    """Return a proposal to its maker."""
    claim = queries.claim_for(current_actor(), ref)
    service.send_back(claim_id=claim.id, actor=current_actor())
    flash(N_("Proposal sent back."))
    return _back(ref)


def _back(ref: str) -> ResponseReturnValue:
    return redirect(url_for("cargo_claims.show", ref=ref), 303)
