"""What the links in mails about a new address lead to; nobody need be signed in."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from kernel.people.emails import queries, service
from kernel.text import N_
from kernel.web import current_actor, flash, pages, public, render, reshow

bp = pages("emails", __name__, prefix="/account/email")


@bp.get("/confirm/<token>")
@public
def show_confirm(token: str) -> ResponseReturnValue:
    """Show what the link in the new address's mail confirms."""
    change = queries.to_confirm(token)
    return render("kernel/people/emails/confirm.html", change=change, token=token)


@bp.post("/confirm/<token>")
@public
@reshow(show_confirm)
def confirm(token: str) -> ResponseReturnValue:
    """Let the new address count."""
    service.confirm(token=token, actor=current_actor())
    flash(N_("Your new email address is now in use."))
    return redirect(url_for("identity.sign_in", next=url_for("account.security")), 303)


@bp.get("/back/<token>")
@public
def show_back(token: str) -> ResponseReturnValue:
    """Show what the link in the old address's mail takes back."""
    change = queries.to_take_back(token)
    return render("kernel/people/emails/back.html", change=change, token=token)


@bp.post("/back/<token>")
@public
@reshow(show_back)
def take_back(token: str) -> ResponseReturnValue:
    """Keep the old address, or take it again."""
    service.take_back(token=token, actor=current_actor())
    flash(
        N_(
            "Your old address stays. Someone else may have been in your account, so "
            "choose a new password."
        )
    )
    return redirect(url_for("identity.sign_in", next=url_for("account.password")), 303)
