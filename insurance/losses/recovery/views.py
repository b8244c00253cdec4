"""The carriers' desk: what is asked of carriers, by date, and one case with its letters."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from insurance.losses.recovery import cargo_cases, forms, queries, sending, service
from insurance.permissions import Permission
from kernel.text import N_
from kernel.web import current_actor, flash, pages, render, requires, reshow

bp = pages("carrier_claims", __name__, prefix="/cover/carriers")


@bp.get("/")
@requires(Permission.DESK_VIEW)
def board() -> ResponseReturnValue:
    """Show the open cases, those first whose next day comes first."""
    return render(
        "insurance/losses/recovery/board.html",
        cases=queries.board(),
        recovered=queries.recovered_lately(),
    )


@bp.get("/<ref>")
@requires(Permission.DESK_VIEW)
def show(ref: str) -> ResponseReturnValue:
    """Show a case with its days, its letters and what can be done."""
    file = queries.carrier_claim(current_actor(), ref)
    return render("insurance/losses/recovery/show.html", file=file, case=file.case)


@bp.post("/<ref>/send")
@requires(Permission.CARRIER_CLAIM_HANDLE)
@reshow(show)
def send(ref: str) -> ResponseReturnValue:
    """Send what the carrier has to be written, now."""
    if sending.send_now(ref=ref, actor=current_actor()):
        flash(N_("The letter is with the carrier."))
    return _back(ref)


@bp.post("/<ref>/answer")
@requires(Permission.CARRIER_CLAIM_HANDLE)
@reshow(show)
def answer(ref: str) -> ResponseReturnValue:
    """Write down what the carrier said."""
    file = queries.carrier_claim(current_actor(), ref)
    form = forms.Answered.parse(request.form, most=file.case.asked)
    service.record_answer(
        ref=ref, said=form.said, amount=form.amount, reason=form.reason, actor=current_actor()
    )
    flash(N_("The carrier's answer is recorded."))
    return _back(ref)


@bp.post("/<ref>/money")
@requires(Permission.CARRIER_CLAIM_HANDLE)
@reshow(show)
def money(ref: str) -> ResponseReturnValue:
    """Book what the carrier paid."""
    file = queries.carrier_claim(current_actor(), ref)
    form = forms.Receipt.parse(request.form, currency=file.case.asked.currency)
    service.receive(ref=ref, amount=form.amount, before=form.before, actor=current_actor())
    flash(N_("The money is booked."))
    return _back(ref)


@bp.post("/<ref>/stop")
@requires(Permission.CARRIER_CLAIM_HANDLE)
@reshow(show)
def stop(ref: str) -> ResponseReturnValue:
    """Propose not to pursue a case any more."""
    reason = forms.parse_reason(request.form)
    service.propose_waiver(ref=ref, reason=reason, actor=current_actor())
    flash(N_("Your proposal is waiting for a second officer."))
    return _back(ref)


@bp.post("/<ref>/nothing-owed")
@requires(Permission.CARRIER_CLAIM_HANDLE)
@reshow(show)
def nothing_owed(ref: str) -> ResponseReturnValue:
    """Propose to close a case because the carrier owes nothing."""
    letter, reason = forms.parse_nothing_owed(request.form)
    service.propose_nothing_owed(ref=ref, letter=letter, reason=reason, actor=current_actor())
    flash(N_("Your proposal is waiting for a second officer."))
    return _back(ref)


@bp.get("/<ref>/carriage")
@requires(Permission.POLICY_VIEW)
def carriage(ref: str) -> ResponseReturnValue:
    """Ask who carried cargo, and what of it was lost or damaged."""
    case = queries.carriage_told(current_actor(), ref)
    return render("insurance/losses/recovery/carriage.html", case=case)


@bp.post("/<ref>/carriage")
@requires(Permission.CLAIM_NOTIFY)
@reshow(carriage)
def tell_carriage(ref: str) -> ResponseReturnValue:
    """Write down who carried cargo, and what of it was lost or damaged."""
    case = queries.carriage_told(current_actor(), ref)
    told = forms.CarriedTold.parse(request.form)
    cargo_cases.tell_carriage(ref=ref, carried=told.carried, actor=current_actor())
    flash(N_("Saved. The carrier will hear from the insurer."))
    return redirect(url_for("cargo_claims.show", ref=case.claim_ref), 303)


@bp.post("/<ref>/stop/confirm")
@requires(Permission.CARRIER_CLAIM_HANDLE)
@reshow(show)
def confirm_stop(ref: str) -> ResponseReturnValue:
    """Put a colleague's proposal to stop into force."""
    service.confirm_waiver(ref=ref, actor=current_actor())
    return _back(ref)


@bp.post("/<ref>/stop/refuse")
@requires(Permission.CARRIER_CLAIM_HANDLE)
@reshow(show)
def go_on(ref: str) -> ResponseReturnValue:
    """Refuse a colleague's proposal to stop."""
    service.keep_on(ref=ref, actor=current_actor())
    return _back(ref)


def _back(ref: str) -> ResponseReturnValue:
    return redirect(url_for("carrier_claims.show", ref=ref), 303)
