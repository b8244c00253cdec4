"""Pages that close a wallet or the account."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from banking.online.closing import queries, service
from banking.permissions import Permission
from kernel.web import current_actor, pages, render, requires, reshow

bp = pages("closing", __name__, prefix="/bank/close")


@bp.get("/")
@requires(Permission.WALLET_MOVE)
def account() -> ResponseReturnValue:
    """Show what stands in the way of closing the account."""
    page = queries.closing_page(current_actor(), account=_account(), currency="")
    return render("banking/online/closing/show.html", page=page)


@bp.post("/")
@requires(Permission.WALLET_MOVE)
@reshow(account)
def close_account() -> ResponseReturnValue:
    """Ask for the approval that closes the account."""
    page = queries.closing_page(current_actor(), account=_account(), currency="")
    asked = service.ask(owner_id=page.owner.id, wallet_id=None, actor=current_actor())
    return redirect(url_for("approvals.show", approval_id=asked.id), 303)


@bp.get("/<currency:currency>")
@requires(Permission.WALLET_MOVE)
def wallet(currency: str) -> ResponseReturnValue:
    """Show what stands in the way of closing a wallet."""
    page = queries.closing_page(current_actor(), account=_account(), currency=currency)
    return render("banking/online/closing/show.html", page=page)


@bp.post("/<currency:currency>")
@requires(Permission.WALLET_MOVE)
@reshow(wallet)
def close_wallet(currency: str) -> ResponseReturnValue:
    """Ask for the approval that closes the wallet."""
    page = queries.closing_page(current_actor(), account=_account(), currency=currency)
    assert page.wallet is not None, "a page of a currency is a wallet's"
    asked = service.ask(owner_id=page.owner.id, wallet_id=page.wallet.id, actor=current_actor())
    return redirect(url_for("approvals.show", approval_id=asked.id), 303)


@bp.get("/done/<ref>")
@requires(Permission.WALLET_VIEW)
def done(ref: str) -> ResponseReturnValue:
    """Show what was closed, and where its statements are."""
    page = queries.closed_page(current_actor(), ref)
    return render("banking/online/closing/done.html", page=page)


def _account() -> UUID | None:
    return request.values.get("account", type=UUID)
