"""Pages of disputes: the customer's, and the operator's list with its deadlines."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from banking.cards.disputes import queries, service
from banking.cards.disputes.forms import Evidence
from banking.permissions import Permission
from kernel.text import N_
from kernel.web import current_actor, flash, page_start, pages, render, requires, reshow

bp = pages("disputes", __name__, prefix="/bank")


@bp.get("/disputes/<ref>")
@requires(Permission.WALLET_VIEW)
def show(ref: str) -> ResponseReturnValue:
    """Tell the customer what the dispute means."""
    page = queries.own_dispute(current_actor(), ref)
    return render("banking/cards/disputes/show.html", page=page)


@bp.get("/books/disputes")
@requires(Permission.BOOKS_VIEW)
def everything() -> ResponseReturnValue:
    """Show open disputes by deadline, and decided ones."""
    page = queries.dispute_list(before=page_start(request.args))
    return render("banking/cards/disputes/list.html", page=page)


@bp.get("/books/disputes/<ref>")
@requires(Permission.BOOKS_VIEW)
def work(ref: str) -> ResponseReturnValue:
    """Show a dispute to the operator."""
    return render("banking/cards/disputes/work.html", page=queries.any_dispute(ref))


@bp.post("/books/disputes/<ref>")
@requires(Permission.BOOKS_ACT)
@reshow(work)
def answer(ref: str) -> ResponseReturnValue:
    """Send the evidence."""
    dispute = queries.any_dispute(ref).dispute
    form = Evidence.parse(request.form)
    service.give_evidence(dispute_id=dispute.id, words=form.words, actor=current_actor())
    flash(N_("Evidence sent to the card's bank."))
    return redirect(url_for("disputes.work", ref=ref), 303)
