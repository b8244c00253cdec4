"""Pages for whoever lost a second factor, and for whoever did not."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from kernel.people.identity.forms import SignIn
from kernel.people.recovery import queries, service
from kernel.text import N_
from kernel.web import current_actor, flash, pages, public, render, reshow

bp = pages("recovery", __name__, prefix="/sign-in/lost")


@bp.get("")
@public
def ask() -> ResponseReturnValue:
    """Show the ways back in."""
    return render("kernel/people/recovery/ask.html", terms=queries.terms_in_force())


@bp.post("")
@public
@reshow(ask)
def announce() -> ResponseReturnValue:
    """Announce a reset."""
    form = SignIn.parse(request.form)
    due_at = service.ask(
        email=form.email,
        password=form.password,
        address=request.remote_addr or "",
        actor=current_actor(),
    )
    return render("kernel/people/recovery/announced.html", due_at=due_at)


@bp.get("/cancel/<token>")
@public
def show_cancel(token: str) -> ResponseReturnValue:
    """Show what the link in the letter cancels."""
    reset = queries.reset_by_token(token)
    return render("kernel/people/recovery/cancel.html", reset=reset, token=token)


@bp.post("/cancel/<token>")
@public
def cancel(token: str) -> ResponseReturnValue:
    """Cancel the reset."""
    service.cancel(token=token, actor=current_actor())
    flash(N_("Reset cancelled. Someone knows your password, so choose a new one now."))
    return redirect(url_for("identity.sign_in", next=url_for("account.password")), 303)
