"""Pages of pots: all of them, one of them, and what may be done with it."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from banking.accounts.wallets.errors import WalletUnknown
from banking.online.pots import queries, service
from banking.online.pots.forms import Amount, NewPot, Wish
from banking.permissions import Permission
from kernel.text import N_
from kernel.web import current_actor, flash, pages, render, requires, reshow
from kernel.web.arguments import row_number

bp = pages("pots", __name__, prefix="/bank/pots")


@bp.get("/")
@requires(Permission.WALLET_VIEW)
def index() -> ResponseReturnValue:
    """Show all pots and the form for another one."""
    page = queries.pots_page(current_actor(), account=_account())
    return render("banking/online/pots/index.html", page=page)


@bp.post("/")
@requires(Permission.WALLET_MOVE)
@reshow(index)
def open_pot() -> ResponseReturnValue:
    """Open a pot."""
    page = queries.pots_page(current_actor(), account=_account())
    form = NewPot.parse(request.form)
    wallet = next((w for w in page.wallets if w.currency == form.currency), None)
    if wallet is None:
        raise WalletUnknown
    opened = service.open_pot(
        key=form.key,
        wallet_id=wallet.id,
        name=form.wish.name,
        target=form.wish.target,
        due_on=form.wish.due_on,
        actor=current_actor(),
    )
    return redirect(url_for("pots.show", pot_id=opened.id), 303)


@bp.get("/<uuid:pot_id>")
@requires(Permission.WALLET_VIEW)
def show(pot_id: UUID) -> ResponseReturnValue:
    """Show a pot."""
    before = request.args.get("before", type=row_number)
    page = queries.pot_page(current_actor(), pot_id, before=before)
    return render("banking/online/pots/show.html", page=page)


@bp.post("/<uuid:pot_id>/in")
@requires(Permission.WALLET_MOVE)
@reshow(show)
def put_in(pot_id: UUID) -> ResponseReturnValue:
    """Set money aside."""
    page = queries.pot_page(current_actor(), pot_id)
    form = Amount.parse(request.form, currency=page.pot.currency)
    service.put_in(key=form.key, pot_id=pot_id, amount=form.amount, actor=current_actor())
    flash(N_("%(amount)s set aside."), amount=form.amount)
    return redirect(url_for("pots.show", pot_id=pot_id), 303)


@bp.post("/<uuid:pot_id>/out")
@requires(Permission.WALLET_MOVE)
@reshow(show)
def take_out(pot_id: UUID) -> ResponseReturnValue:
    """Let money be spent again."""
    page = queries.pot_page(current_actor(), pot_id)
    form = Amount.parse(request.form, currency=page.pot.currency)
    service.take_out(key=form.key, pot_id=pot_id, amount=form.amount, actor=current_actor())
    flash(N_("%(amount)s is available to spend again."), amount=form.amount)
    return redirect(url_for("pots.show", pot_id=pot_id), 303)


@bp.post("/<uuid:pot_id>/change")
@requires(Permission.WALLET_MOVE)
@reshow(show)
def change(pot_id: UUID) -> ResponseReturnValue:
    """Change name, target or day."""
    page = queries.pot_page(current_actor(), pot_id)
    form = Wish.parse(request.form, currency=page.pot.currency)
    service.change(
        pot_id=pot_id,
        name=form.name,
        target=form.target,
        due_on=form.due_on,
        actor=current_actor(),
    )
    flash(N_("Changes saved."))
    return redirect(url_for("pots.show", pot_id=pot_id), 303)


@bp.post("/<uuid:pot_id>/close")
@requires(Permission.WALLET_MOVE)
@reshow(show)
def close(pot_id: UUID) -> ResponseReturnValue:
    """Close a pot; its money may be spent again."""
    page = queries.pot_page(current_actor(), pot_id)
    closed = service.close(pot_id=pot_id, actor=current_actor())
    flash(N_("%(name)s is closed. Its money is available to spend again."), name=closed.name)
    return redirect(url_for("pots.index", account=page.owner.argument), 303)


def _account() -> UUID | None:
    return request.values.get("account", type=UUID)
