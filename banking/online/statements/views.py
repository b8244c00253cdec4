"""Pages of statements: months, any days as a file, a year's fees."""

from __future__ import annotations

from uuid import UUID

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from banking.online.statements import fees as year_fees
from banking.online.statements import forms, queries, service
from banking.online.statements.forms import Wanted
from banking.online.statements.queries import Paper
from banking.permissions import Permission
from kernel.text import N_
from kernel.web import current_actor, flash, pages, preferences, render, requires, reshow
from kernel.web.arguments import row_number
from kernel.web.files import attached

bp = pages("statements", __name__, prefix="/bank/statements")


@bp.get("/")
@requires(Permission.WALLET_VIEW)
def index() -> ResponseReturnValue:
    """Show the closed months of a wallet and the form for any days."""
    page = queries.statements_page(
        current_actor(),
        account=_account(),
        currency=request.values.get("currency", preferences().currency).upper(),
        before=request.args.get("before", type=row_number),
    )
    return render("banking/online/statements/index.html", page=page)


@bp.get("/<currency:currency>/<month>/<kind>")
@requires(Permission.WALLET_VIEW)
def month(currency: str, month: str, kind: str) -> ResponseReturnValue:
    """Send a closed month as a file, the same one every time."""
    wallet = queries.wallet_for(current_actor(), account=_account(), currency=currency)
    paper = service.month_paper(
        wallet_id=wallet.id,
        month=forms.month(month),
        kind=forms.kind(kind),
        locale=preferences().locale,
        actor=current_actor(),
    )
    return _sent(paper)


@bp.post("/orders")
@requires(Permission.WALLET_VIEW)
@reshow(index)
def order() -> ResponseReturnValue:
    """Ask for any days as a file."""
    form = Wanted.parse(request.form)
    wallet = queries.wallet_for(current_actor(), account=_account(), currency=form.currency)
    made = service.order_file(
        key=form.key,
        wallet_id=wallet.id,
        since=form.since,
        until=form.until,
        kind=form.format,
        locale=preferences().locale,
        actor=current_actor(),
    )
    flash(N_("Your file is ready.") if made.ready_at else N_("We're preparing your file."))
    return redirect(url_for("statements.ordered", ref=made.ref), 303)


@bp.get("/orders/<ref>")
@requires(Permission.WALLET_VIEW)
def ordered(ref: str) -> ResponseReturnValue:
    """Show a file that was asked for: ready, or still being written."""
    owner, wallet, statement_order = queries.order_for(current_actor(), ref)
    return render(
        "banking/online/statements/ordered.html", owner=owner, wallet=wallet, order=statement_order
    )


@bp.get("/orders/<ref>/file")
@requires(Permission.WALLET_VIEW)
def ordered_file(ref: str) -> ResponseReturnValue:
    """Send a file that was asked for."""
    _, _, statement_order = queries.order_for(current_actor(), ref)
    return _sent(queries.order_paper(statement_order))


@bp.get("/fees/<int:year>")
@requires(Permission.WALLET_VIEW)
def fees(year: int) -> ResponseReturnValue:
    """Show what a year cost."""
    page = year_fees.fee_page(current_actor(), account=_account(), year=year)
    return render("banking/online/statements/fees.html", page=page)


@bp.get("/fees/<int:year>/paper")
@requires(Permission.WALLET_VIEW)
def fees_paper(year: int) -> ResponseReturnValue:
    """Send what a year cost as PDF."""
    page = year_fees.fee_page(current_actor(), account=_account(), year=year)
    return _sent(year_fees.paper_of(page, locale=preferences().locale))


def _sent(paper: Paper) -> Response:
    answer = attached(paper.content, name=paper.name, kind=paper.type)
    answer.headers["Repr-Digest"] = paper.digest
    return answer


def _account() -> UUID | None:
    return request.values.get("account", type=UUID)
