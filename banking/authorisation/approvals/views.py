"""The page on which a customer says yes: what, how much, to whom, and with which factor."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from banking.authorisation.approvals import queries, service
from banking.authorisation.approvals.queries import Approval
from banking.permissions import Permission
from kernel.people.mfa.forms import given_of
from kernel.text import N_
from kernel.web import current_actor, flash, pages, presence, render, requires, reshow

bp = pages("approvals", __name__, prefix="/bank/approvals")


@bp.get("/<uuid:approval_id>")
@requires(Permission.WALLET_MOVE, from_away=True)
def show(approval_id: UUID) -> ResponseReturnValue:
    """Show what is to be approved."""
    page = queries.approval_page(current_actor(), approval_id, host_url=request.host_url)
    return render(
        "banking/authorisation/approvals/show.html",
        page=page,
        result=_result(page.approval),
        back=_back(page.approval),
        here=request.path,
    )


@bp.post("/<uuid:approval_id>")
@requires(Permission.WALLET_MOVE, from_away=True)
@reshow(show)
def approve(approval_id: UUID) -> ResponseReturnValue:
    """Check the factor, do what was approved and lead to it."""
    given = given_of(request.form, host_url=request.host_url, address=request.remote_addr or "")
    done = service.approve(approval_id=approval_id, given=given, actor=current_actor())
    presence.prove()  # whoever was away has just shown that it is them
    return redirect(_result(done) or url_for("approvals.show", approval_id=approval_id), 303)


@bp.post("/<uuid:approval_id>/withdraw")
@requires(Permission.WALLET_MOVE, from_away=True)
@reshow(show)
def withdraw(approval_id: UUID) -> ResponseReturnValue:
    """Say no."""
    asked = service.withdraw(approval_id=approval_id, actor=current_actor())
    flash(N_("Not approved. Nothing was done."))
    return redirect(_back(asked) or url_for("bank.overview"), 303)


def _back(approval: Approval) -> str:
    """Return the address of the page that asked, empty when it shows only what was approved."""
    page = service.page_of(approval.act)
    return _result(approval) if page is not None and page.is_way_back else ""


def _result(approval: Approval) -> str:
    """Return the address of the page that shows what became of the act, empty when unknown."""
    page = service.page_of(approval.act)
    if page is None:
        return ""
    values: dict[str, Any] = {page.argument: approval.subject} if page.argument else {}
    return url_for(page.endpoint, **values)
