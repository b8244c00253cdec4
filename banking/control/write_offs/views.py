"""The desk of losses: what waits, what is owed, and one dispute with its debt."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from banking.control.write_offs import queries, service
from banking.control.write_offs.forms import Proposal, Reason
from banking.permissions import Permission
from kernel.text import N_
from kernel.web import current_actor, flash, page_start, pages, render, requires, reshow

bp = pages("losses", __name__, prefix="/bank/books/losses")


@bp.get("/")
@requires(Permission.BOOKS_VIEW)
def desk() -> ResponseReturnValue:
    """Show what waits for a second person, what is owed, and what was decided."""
    return render(
        "banking/control/write_offs/desk.html", page=queries.desk(before=page_start(request.args))
    )


@bp.get("/<ref>")
@requires(Permission.BOOKS_VIEW)
def show(ref: str) -> ResponseReturnValue:
    """Show a dispute's debt with everything that was proposed and booked."""
    return render(
        "banking/control/write_offs/show.html", page=queries.loss_page(ref), actor=current_actor()
    )


@bp.post("/<ref>/propose")
@requires(Permission.BOOKS_ACT)
@reshow(show)
def propose(ref: str) -> ResponseReturnValue:
    """Propose that the house bears it."""
    about = queries.loss_page(ref).about
    form = Proposal.parse(request.form)
    service.propose(
        dispute_id=about.dispute.id, kind=form.kind, note=form.note, actor=current_actor()
    )
    flash(N_("Your proposal is waiting for a second person."))
    return redirect(url_for("losses.show", ref=ref), 303)


@bp.post("/<ref>/confirm")
@requires(Permission.BOOKS_ACT)
@reshow(show)
def confirm(ref: str) -> ResponseReturnValue:
    """Let the house bear it, as somebody else proposed."""
    loss_ref = queries.named_on(queries.loss_page(ref), request.form.get("loss", ""))
    service.confirm(loss_ref=loss_ref, actor=current_actor())
    flash(N_("Confirmed: Entrepôt bears the loss."))
    return redirect(url_for("losses.show", ref=ref), 303)


@bp.post("/<ref>/send-back")
@requires(Permission.BOOKS_ACT)
@reshow(show)
def send_back(ref: str) -> ResponseReturnValue:
    """End a proposal without a loss."""
    loss_ref = queries.named_on(queries.loss_page(ref), request.form.get("loss", ""))
    service.send_back(loss_ref=loss_ref, actor=current_actor())
    flash(N_("Proposal sent back."))
    return redirect(url_for("losses.show", ref=ref), 303)


@bp.get("/vendors/<uuid:vendor_id>/<currency:currency>")
@requires(Permission.BOOKS_VIEW)
def vendor(vendor_id: UUID, currency: str) -> ResponseReturnValue:
    """Show what a vendor owes with everything that was proposed and booked."""
    page = queries.vendor_debt_page(vendor_id, currency)
    return render("banking/control/write_offs/vendor.html", page=page, actor=current_actor())


@bp.post("/vendors/<uuid:vendor_id>/<currency:currency>/propose")
@requires(Permission.BOOKS_ACT)
@reshow(vendor)
def propose_vendor(vendor_id: UUID, currency: str) -> ResponseReturnValue:
    """Propose that the house bears it."""
    note = Reason.parse(request.form).note
    service.propose_for_vendor(
        vendor_id=vendor_id, currency=currency, note=note, actor=current_actor()
    )
    flash(N_("Your proposal is waiting for a second person."))
    return redirect(url_for("losses.vendor", vendor_id=vendor_id, currency=currency), 303)


@bp.post("/vendors/<uuid:vendor_id>/<currency:currency>/confirm")
@requires(Permission.BOOKS_ACT)
@reshow(vendor)
def confirm_vendor(vendor_id: UUID, currency: str) -> ResponseReturnValue:
    """Let the house bear it, as somebody else proposed."""
    page = queries.vendor_debt_page(vendor_id, currency)
    loss_ref = queries.named_on(page, request.form.get("loss", ""))
    service.confirm(loss_ref=loss_ref, actor=current_actor())
    flash(N_("Confirmed: Entrepôt bears the loss."))
    return redirect(url_for("losses.vendor", vendor_id=vendor_id, currency=currency), 303)


@bp.post("/vendors/<uuid:vendor_id>/<currency:currency>/send-back")
@requires(Permission.BOOKS_ACT)
@reshow(vendor)
def send_vendor_back(vendor_id: UUID, currency: str) -> ResponseReturnValue:
    """End a proposal without a loss."""
    page = queries.vendor_debt_page(vendor_id, currency)
    loss_ref = queries.named_on(page, request.form.get("loss", ""))
    service.send_back(loss_ref=loss_ref, actor=current_actor())
    flash(N_("Proposal sent back."))
    return redirect(url_for("losses.vendor", vendor_id=vendor_id, currency=currency), 303)
