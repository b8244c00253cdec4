"""Pages that give money back after the payout, for vendors and for operators."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from banking.merchants.escrow import late_refunds as queries
from banking.merchants.escrow import service as escrow
from banking.merchants.escrow.forms import HowMuch, Press, Which
from banking.permissions import Permission
from kernel.money import Money
from kernel.text import N_
from kernel.web import current_actor, flash, pages, render, requires, reshow

bp = pages("late_refunds", __name__, prefix="/bank/refunds")


@bp.get("/")
@requires(Permission.WALLET_MOVE)
def find() -> ResponseReturnValue:
    """Ask which order is meant."""
    return render("banking/merchants/escrow/find.html")


@bp.post("/")
@requires(Permission.WALLET_MOVE)
@reshow(find)
def found() -> ResponseReturnValue:
    """Go on to the order."""
    ref = queries.named(current_actor(), Which.parse(request.form).order_ref)
    return redirect(url_for("late_refunds.order", ref=ref), 303)


@bp.get("/<ref>")
@requires(Permission.WALLET_MOVE)
def order(ref: str) -> ResponseReturnValue:
    """Ask how much of an order goes back."""
    return render(
        "banking/merchants/escrow/order.html", page=queries.order_for(current_actor(), ref)
    )


@bp.post("/<ref>")
@requires(Permission.WALLET_MOVE)
@reshow(order)
def how_much(ref: str) -> ResponseReturnValue:
    """Go on to who bears it."""
    page = queries.order_for(current_actor(), ref)
    amount = HowMuch.parse(request.form, left=page.left).amount
    return redirect(url_for("late_refunds.preview", ref=ref, minor=amount.minor), 303)


@bp.get("/<ref>/<int:minor>")
@requires(Permission.WALLET_MOVE)
def preview(ref: str, minor: int) -> ResponseReturnValue:
    """Show who bears it and what is left, before anything moves."""
    page = queries.preview_for(current_actor(), ref, minor)
    return render("banking/merchants/escrow/preview.html", page=page)


@bp.post("/<ref>/<int:minor>")
@requires(Permission.WALLET_MOVE)
@reshow(preview)
def press(ref: str, minor: int) -> ResponseReturnValue:
    """Give the money back, exactly as it was shown."""
    page = queries.order_for(current_actor(), ref)
    form = Press.parse(request.form)
    amount = Money(minor, page.left.currency)
    escrow.refund_after_release(
        key=form.key,
        order_ref=ref,
        amount=amount,
        to_wallet_id=None,
        actor=current_actor(),
        seen=form.seal,
        may_lose=page.may_lose,
        knows_compensated=form.knows_compensated,
    )
    flash(N_("The buyer has been refunded %(amount)s."), amount=amount)
    return redirect(url_for("late_refunds.order", ref=ref), 303)
