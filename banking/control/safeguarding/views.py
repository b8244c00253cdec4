"""What every customer may check, and the cockpit of those who look after it."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from banking.control.safeguarding import queries, service
from banking.control.safeguarding.forms import PackWish, day_before
from banking.core.ledger.queries import kind_name
from banking.permissions import Permission
from kernel.ids import new_id
from kernel.text import N_
from kernel.web import current_actor, flash, pages, render, requires, reshow
from kernel.web.files import attached

bp = pages("safeguarding", __name__, prefix="/bank")


@bp.get("/safeguarding")
@requires(Permission.WALLET_VIEW)
def owed() -> ResponseReturnValue:
    """Show what is owed to all customers, and that it is there."""
    money = queries.customers_money(current_actor())
    return render("banking/control/safeguarding/owed.html", money=money)


@bp.get("/books/safeguarding/")
@requires(Permission.BOOKS_VIEW)
def cockpit() -> ResponseReturnValue:
    """Show requirement against resource, now and day by day."""
    page = queries.cockpit(before=day_before(request.args))
    return render(
        "banking/control/safeguarding/cockpit.html", page=page, key=new_id(), kind_name=kind_name
    )


@bp.get("/books/safeguarding/top-ups/<ref>")
@requires(Permission.BOOKS_VIEW)
def top_up(ref: str) -> ResponseReturnValue:
    """Show a top-up to sign."""
    page = queries.top_up_page(ref)
    return render("banking/control/safeguarding/top_up.html", page=page, actor=current_actor())


@bp.post("/books/safeguarding/top-ups/<ref>/sign")
@requires(Permission.BOOKS_ACT)
@reshow(top_up)
def sign(ref: str) -> ResponseReturnValue:
    """Sign as the first person."""
    proposal = queries.top_up_page(ref).top_up
    service.sign(top_up_id=proposal.id, actor=current_actor())
    flash(N_("Signed. A second person has to book it."))
    return redirect(url_for("safeguarding.top_up", ref=ref), 303)


@bp.post("/books/safeguarding/top-ups/<ref>/book")
@requires(Permission.BOOKS_ACT)
@reshow(top_up)
def book(ref: str) -> ResponseReturnValue:
    """Book it as the second person."""
    signed = queries.top_up_page(ref).top_up
    service.book(top_up_id=signed.id, actor=current_actor())
    flash(N_("Top-up booked."))
    return redirect(url_for("safeguarding.cockpit"), 303)


@bp.post("/books/safeguarding/packs")
@requires(Permission.BOOKS_ACT)
@reshow(cockpit)
def ask_pack() -> ResponseReturnValue:
    """Ask for a resolution pack."""
    wish = PackWish.parse(request.form)
    service.ask_pack(key=wish.key, actor=current_actor())
    flash(N_("We're preparing the pack. Check back in a minute."))
    return redirect(url_for("safeguarding.cockpit", _anchor="packs"), 303)


@bp.get("/books/safeguarding/packs/<ref>.zip")
@requires(Permission.BOOKS_ACT)
def pack(ref: str) -> ResponseReturnValue:
    """Hand out a pack."""
    pack_view, content = queries.pack_file(ref)
    return attached(content, name=f"{ref}.zip", kind="application/zip", etag=pack_view.sha256)
