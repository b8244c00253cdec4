"""The page of a found parcel: the holder's choice, and the officer's end of it."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from insurance.losses.salvage import forms, queries, service
from insurance.permissions import Permission
from kernel.text import N_
from kernel.web import current_actor, flash, pages, render, requires, reshow
from kernel.web.session_limits import Risk

bp = pages("recoveries", __name__, prefix="/cover/recoveries")


@bp.get("/<ref>")
@requires(Permission.POLICY_VIEW)
def show(ref: str) -> ResponseReturnValue:
    """Show a found parcel to its holder or to an officer."""
    file = queries.recovery_for(current_actor(), ref)
    return render("insurance/losses/salvage/show.html", file=file, recovery=file.recovery)


@bp.post("/<ref>/keep")
@requires(Permission.RECOVERY_KEEP, risk=Risk.BANK)
@reshow(show)
def keep(ref: str) -> ResponseReturnValue:
    """Keep the goods and pay the indemnity back."""
    service.keep(ref=ref, actor=current_actor())
    flash(N_("The items are yours. The payout has been returned."))
    return redirect(url_for("recoveries.show", ref=ref), 303)


@bp.post("/<ref>/surrender")
@requires(Permission.RECOVERY_CHOOSE)
@reshow(show)
def surrender(ref: str) -> ResponseReturnValue:
    """Keep the money and leave the goods to the insurer."""
    service.surrender(ref=ref, actor=current_actor())
    flash(N_("You keep the money. The items now belong to the insurer."))
    return redirect(url_for("recoveries.show", ref=ref), 303)


@bp.post("/<ref>/take-over")
@requires(Permission.RECOVERY_SETTLE)
@reshow(show)
def take_over(ref: str) -> ResponseReturnValue:
    """Take goods whose holder stayed silent for the insurer."""
    service.take_over(ref=ref, actor=current_actor())
    flash(N_("The items now belong to the insurer."))
    return redirect(url_for("recoveries.show", ref=ref), 303)


@bp.post("/<ref>/close")
@requires(Permission.RECOVERY_SETTLE)
@reshow(show)
def close(ref: str) -> ResponseReturnValue:
    """Book what the goods brought and close the case."""
    file = queries.recovery_for(current_actor(), ref)
    form = forms.Salvage.parse(request.form, most=file.recovery.indemnity)
    service.close(ref=ref, salvage=form.amount, reason=form.reason, actor=current_actor())
    flash(N_("Case closed."))
    return redirect(url_for("recoveries.show", ref=ref), 303)
