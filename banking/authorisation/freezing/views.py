"""Pages of the guard: freeze, thaw, trusted payees."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from banking.accounts.parties import queries as parties
from banking.authorisation.freezing import queries, service
from banking.authorisation.freezing.forms import FreezeChoice, NewTrust
from banking.permissions import Permission
from kernel.text import N_
from kernel.web import current_actor, flash, pages, render, requires, reshow

bp = pages("guard", __name__, prefix="/bank/safety")


@bp.get("")
@requires(Permission.WALLET_VIEW)
def show() -> ResponseReturnValue:
    """Show what is frozen and who is trusted."""
    after = request.args.get("after", type=datetime.fromisoformat)
    page = queries.guard(current_actor(), account=_account(), after=after)
    return render("banking/authorisation/freezing/show.html", page=page)


@bp.get("/back/<uuid:owner>")
@requires(Permission.WALLET_VIEW)
def back(owner: UUID) -> ResponseReturnValue:
    """Lead from an approval to the page of its owner."""
    party = parties.owner_for(current_actor(), owner)
    return redirect(url_for("guard.show", account=party.argument), 303)


@bp.post("/freeze")
@requires(Permission.WALLET_MOVE, from_away=True)
@reshow(show)
def freeze() -> ResponseReturnValue:
    """Freeze in one press."""
    owner, form = parties.owner_for(current_actor(), _account()), FreezeChoice.parse(request.form)
    service.freeze(owner_id=owner.id, freeze=form.freeze, actor=current_actor())
    flash(N_("Your wallets are frozen."))
    return redirect(url_for("guard.show", account=owner.argument), 303)


@bp.post("/thaw")
@requires(Permission.WALLET_MOVE)
@reshow(show)
def thaw() -> ResponseReturnValue:
    """Ask for the approval that lets money move again."""
    owner = parties.owner_for(current_actor(), _account())
    asked = service.ask_to_thaw(owner_id=owner.id, actor=current_actor())
    return redirect(url_for("approvals.show", approval_id=asked.id), 303)


@bp.post("/payees")
@requires(Permission.WALLET_MOVE)
@reshow(show)
def trust() -> ResponseReturnValue:
    """Ask for the approval that makes a payee trusted."""
    owner, form = parties.owner_for(current_actor(), _account()), NewTrust.parse(request.form)
    asked = service.ask_to_trust(
        owner_id=owner.id, name=form.name, account=form.account.account, actor=current_actor()
    )
    return redirect(url_for("approvals.show", approval_id=asked.id), 303)


@bp.post("/payees/<uuid:payee_id>/remove")
@requires(Permission.WALLET_MOVE)
def end_trust(payee_id: UUID) -> ResponseReturnValue:
    """Trust somebody no longer."""
    owner = parties.owner_for(current_actor(), _account())
    service.end_trust(owner_id=owner.id, payee_id=payee_id, actor=current_actor())
    flash(N_("Payments to this payee now need your approval again."))
    return redirect(url_for("guard.show", account=owner.argument), 303)


def _account() -> UUID | None:
    return request.values.get("account", type=UUID)
