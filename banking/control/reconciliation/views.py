"""The desk of differences between books."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from banking.control.reconciliation import queries, service
from banking.control.reconciliation.forms import Note
from banking.permissions import Permission
from kernel.text import N_
from kernel.web import current_actor, flash, page_start, pages, render, requires, reshow

bp = pages("reconciliation", __name__, prefix="/bank/books/reconciliation")


@bp.get("/")
@requires(Permission.BOOKS_VIEW)
def desk() -> ResponseReturnValue:
    """Show what does not agree."""
    page = queries.desk(before=page_start(request.args))
    return render("banking/control/reconciliation/desk.html", page=page)


@bp.get("/<ref>")
@requires(Permission.BOOKS_VIEW)
def show(ref: str) -> ResponseReturnValue:
    """Show one difference with what can be done."""
    return render(
        "banking/control/reconciliation/show.html",
        page=queries.difference(ref),
        actor=current_actor(),
    )


@bp.post("/<ref>/explain")
@requires(Permission.BOOKS_ACT)
@reshow(show)
def explain(ref: str) -> ResponseReturnValue:
    """End it with a reason."""
    difference = queries.difference(ref).difference
    note = Note.parse(request.form).words
    service.explain(difference_id=difference.id, note=note, actor=current_actor())
    flash(N_("Difference explained."))
    return redirect(url_for("reconciliation.desk"), 303)


@bp.post("/<ref>/propose")
@requires(Permission.BOOKS_ACT)
@reshow(show)
def propose(ref: str) -> ResponseReturnValue:
    """Propose to book it to suspense."""
    difference = queries.difference(ref).difference
    note = Note.parse(request.form).words
    service.propose(difference_id=difference.id, note=note, actor=current_actor())
    flash(N_("Your proposal is waiting for a second person."))
    return redirect(url_for("reconciliation.show", ref=ref), 303)


@bp.post("/<ref>/confirm")
@requires(Permission.BOOKS_ACT)
@reshow(show)
def confirm(ref: str) -> ResponseReturnValue:
    """Book it to suspense, as somebody else proposed."""
    difference = queries.difference(ref).difference
    service.confirm(difference_id=difference.id, actor=current_actor())
    flash(N_("Difference booked to suspense."))
    return redirect(url_for("reconciliation.desk"), 303)


@bp.post("/<ref>/send-back")
@requires(Permission.BOOKS_ACT)
@reshow(show)
def send_back(ref: str) -> ResponseReturnValue:
    """Let a proposal wait again."""
    difference = queries.difference(ref).difference
    service.send_back(difference_id=difference.id, actor=current_actor())
    flash(N_("Proposal sent back."))
    return redirect(url_for("reconciliation.show", ref=ref), 303)
