"""Pages that send money back to the card it came from."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from banking.cards.card_refunds import queries, service
from banking.cards.card_refunds.forms import ToCard
from banking.permissions import Permission
from kernel.web import current_actor, page_start, pages, render, requires, reshow

bp = pages("to_card", __name__, prefix="/bank/to-card")


@bp.get("/")
@requires(Permission.WALLET_MOVE)
def choose() -> ResponseReturnValue:
    """Show the card payments of which something may go back."""
    page = queries.cards_page(
        current_actor(),
        account=request.args.get("account", type=UUID),
        before=page_start(request.args),
    )
    return render("banking/cards/card_refunds/choose.html", page=page)


@bp.get("/<ref>")
@requires(Permission.WALLET_MOVE)
def form(ref: str) -> ResponseReturnValue:
    """Show how much of a card payment may go back."""
    page = queries.refund_form(current_actor(), ref)
    return render("banking/cards/card_refunds/form.html", page=page)


@bp.post("/<ref>")
@requires(Permission.WALLET_MOVE)
@reshow(form)
def send(ref: str) -> ResponseReturnValue:
    """Send money back to the card."""
    top_up = queries.refund_form(current_actor(), ref).top_up
    typed = ToCard.parse(request.form, currency=top_up.amount.currency)
    begun = service.refund_to_card(
        payment_id=top_up.id, amount=typed.amount, key=typed.key, actor=current_actor()
    )
    if begun.asks is not None:
        return redirect(url_for("approvals.show", approval_id=begun.asks), 303)
    return redirect(url_for("to_card.show", ref=begun.ref), 303)


@bp.get("/refunds/<ref>")
@requires(Permission.WALLET_VIEW)
def show(ref: str) -> ResponseReturnValue:
    """Show where the money is."""
    page = queries.refund_page(current_actor(), ref)
    return render("banking/cards/card_refunds/show.html", page=page)
