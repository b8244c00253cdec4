"""Pages for money that came after the closing: by a link in a letter, or signed in."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from banking.authorisation.late_credits import queries, service
from banking.authorisation.late_credits.forms import Account
from banking.permissions import Permission
from kernel.text import N_
from kernel.web import current_actor, flash, pages, public, render, requires, reshow

bp = pages("late_credits", __name__, prefix="/bank/waiting")


@bp.get("/")
@requires(Permission.WALLET_VIEW)
def index() -> ResponseReturnValue:
    """List what came after a closing."""
    late = queries.credits_for(current_actor())
    return render("banking/authorisation/late_credits/index.html", credits=late)


@bp.get("/<ref>")
@requires(Permission.WALLET_VIEW)
def show(ref: str) -> ResponseReturnValue:
    """Show one, and ask for an account while it waits."""
    credit = queries.credit_for(current_actor(), ref)
    to = url_for("late_credits.name", ref=ref)
    return render(
        "banking/authorisation/late_credits/show.html",
        credit=credit,
        to=to,
        out=queries.shown_in_euro(credit.amount),
        examples=queries.examples(credit.amount.currency),
    )


@bp.post("/<ref>")
@requires(Permission.WALLET_MOVE)
@reshow(show)
def name(ref: str) -> ResponseReturnValue:
    """Send it to an account of its owner."""
    credit = queries.credit_for(current_actor(), ref)
    account = Account.parse(request.form).account
    service.name_account(found=credit, account=account, actor=current_actor())
    flash(N_("Your money is on its way."))
    return redirect(url_for("late_credits.show", ref=ref), 303)


@bp.get("/link/<token>")
@public
def show_link(token: str) -> ResponseReturnValue:
    """Show what a letter's link is about; nobody need be signed in."""
    credit = queries.credit_by_link(token)
    to = url_for("late_credits.name_by_link", token=token)
    return render(
        "banking/authorisation/late_credits/show.html",
        credit=credit,
        to=to,
        out=queries.shown_in_euro(credit.amount),
        examples=queries.examples(credit.amount.currency),
    )


@bp.post("/link/<token>")
@public
@reshow(show_link)
def name_by_link(token: str) -> ResponseReturnValue:
    """Send it to an account of its owner, by the link."""
    credit = queries.credit_by_link(token)
    account = Account.parse(request.form).account
    service.name_account(found=credit, account=account, actor=current_actor())
    flash(N_("Your money is on its way."))
    return redirect(url_for("late_credits.show_link", token=token), 303)
