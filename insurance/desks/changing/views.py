"""Pages on which a holder asks for a change, sees its price and says yes or no."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from insurance.contracts.changes import service
from insurance.contracts.changes.queries import Progress
from insurance.contracts.policies import queries as policies
from insurance.desks.changing import forms, pages
from insurance.permissions import Permission
from kernel.text import N_
from kernel.web import current_actor, flash, render, requires, reshow
from kernel.web import pages as blueprint

bp = blueprint("changes", __name__, prefix="/cover")


@bp.get("/policies/<number>/change")
@requires(Permission.POLICY_CHANGE)
def form(number: str) -> ResponseReturnValue:
    """Show what of a policy may be changed."""
    page = pages.form_page(current_actor(), number)
    return render("insurance/desks/changing/form.html", page=page)


@bp.post("/policies/<number>/change")
@requires(Permission.POLICY_CHANGE)
@reshow(form)
def ask(number: str) -> ResponseReturnValue:
    """Price other terms and lead to what they cost."""
    held = policies.own_policy(current_actor(), number)
    asked = forms.parse_terms(request.form, held, destinations=pages.destinations(held))
    change = service.show_endorsement(policy_id=held.id, asked=asked, actor=current_actor())
    return redirect(url_for("changes.show", ref=change.ref), 303)


@bp.post("/policies/<number>/hand-over")
@requires(Permission.POLICY_CHANGE)
@reshow(form)
def hand_over(number: str) -> ResponseReturnValue:
    """Prepare to hand a policy over and lead to what that means."""
    held = policies.own_policy(current_actor(), number)
    email = forms.parse_taker(request.form)
    change = service.show_assignment(policy_id=held.id, email=email, actor=current_actor())
    return redirect(url_for("changes.show", ref=change.ref), 303)


@bp.get("/policies/<number>/withdraw")
@requires(Permission.POLICY_WITHDRAW)
def withdrawal(number: str) -> ResponseReturnValue:
    """Show the button that prices the end of a cover, or why there is none."""
    page = pages.end_page(current_actor(), number)
    return render("insurance/desks/changing/withdraw.html", page=page)


@bp.post("/policies/<number>/withdraw")
@requires(Permission.POLICY_WITHDRAW)
@reshow(withdrawal)
def withdraw(number: str) -> ResponseReturnValue:
    """Price the end of a cover and lead to exactly what comes back."""
    held = policies.own_policy(current_actor(), number)
    change = service.show_end(policy_id=held.id, actor=current_actor())
    return redirect(url_for("changes.show", ref=change.ref), 303)


@bp.get("/changes/<ref>")
@requires(Permission.POLICY_CHANGE)
def show(ref: str) -> ResponseReturnValue:
    """Show a change with its price, or what happened to it."""
    page = pages.change_page(current_actor(), ref)
    return render("insurance/desks/changing/change.html", page=page)


@bp.post("/changes/<ref>")
@requires(Permission.POLICY_CHANGE)
@reshow(show)
def confirm(ref: str) -> ResponseReturnValue:
    """Do what was shown, or lead to the approval that it needs first."""
    done = service.confirm(ref=ref, actor=current_actor())
    if done.progress is Progress.APPROVING:
        return redirect(url_for("approvals.show", approval_id=done.approval_id), 303)
    page = pages.change_page(current_actor(), ref)
    flash(pages.done_words(page))
    return redirect(url_for("cover.policy", number=done.policy.number), 303)


@bp.post("/changes/<ref>/accept")
@requires(Permission.POLICY_CHANGE)
@reshow(show)
def accept(ref: str) -> ResponseReturnValue:
    """Take a policy over."""
    done = service.accept(ref=ref, actor=current_actor())
    flash(N_("The cover is yours now. Anything it pays goes to your wallet."))
    return redirect(url_for("cover.policy", number=done.policy.number), 303)


@bp.post("/changes/<ref>/decline")
@requires(Permission.POLICY_CHANGE)
@reshow(show)
def decline(ref: str) -> ResponseReturnValue:
    """Leave a policy with its holder."""
    service.decline(ref=ref, actor=current_actor())
    flash(N_("Declined. The cover stays with its holder."))
    return redirect(url_for("cover.mine"), 303)
