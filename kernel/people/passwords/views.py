"""Pages for whoever forgot the password; nobody need be signed in."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from kernel.people.identity.forms import Address, NewPassword
from kernel.people.passwords import queries, service
from kernel.text import N_
from kernel.web import current_actor, flash, pages, public, render, reshow

bp = pages("passwords", __name__, prefix="/sign-in/forgotten")


@bp.get("")
@public
def ask() -> ResponseReturnValue:
    """Ask for the address."""
    return render("kernel/people/passwords/ask.html", terms=queries.terms_in_force())


@bp.post("")
@public
@reshow(ask)
def send() -> ResponseReturnValue:
    """Have a link sent."""
    form = Address.parse(request.form)
    service.ask(email=form.email, address=request.remote_addr or "", actor=current_actor())
    return redirect(url_for("passwords.sent"), 303)


@bp.get("/sent")
@public
def sent() -> ResponseReturnValue:
    """Say where to look, and nothing of whether there is an account."""
    return render("kernel/people/passwords/sent.html", terms=queries.terms_in_force())


@bp.get("/new/<token>")
@public
def new(token: str) -> ResponseReturnValue:
    """Show the form that the link in the letter leads to."""
    link = queries.link_by_token(token)
    return render(
        "kernel/people/passwords/new.html", link=link, token=token, terms=queries.terms_in_force()
    )


@bp.post("/new/<token>")
@public
@reshow(new)
def renew(token: str) -> ResponseReturnValue:
    """Take the new password."""
    form = NewPassword.parse(request.form)
    service.renew(
        token=token,
        password=form.password,
        address=request.remote_addr or "",
        actor=current_actor(),
    )
    flash(N_("Your new password is set. Sign in with it."))
    return redirect(url_for("identity.sign_in"), 303)
