"""Pages of purchases by card: where money waits that a card did not take, and the operator's."""

from __future__ import annotations

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from banking.cards.purchases import queries, waiting
from banking.permissions import Permission
from kernel.text import N_
from kernel.web import current_actor, flash, pages, public, render, requires, reshow

bp = pages("purchases", __name__, prefix="/bank")


@bp.get("/card-money/<token>")
@public
def show(token: str) -> ResponseReturnValue:
    """Show what a letter's link is about; nobody need be signed in."""
    credit = queries.credit_by_link(token)
    return render("banking/cards/purchases/show.html", credit=credit, token=token)


@bp.post("/card-money/<token>/card")
@public
@reshow(show)
def try_card(token: str) -> ResponseReturnValue:
    """Send it to the card once more."""
    credit = queries.credit_by_link(token)
    waiting.try_card_again(credit_id=credit.id, actor=current_actor())
    flash(N_("Your money is on its way to your card."))
    return redirect(url_for("purchases.show", token=token), 303)


@bp.post("/card-money/<token>/wallet")
@requires(Permission.WALLET_MOVE)
@reshow(show)
def take(token: str) -> ResponseReturnValue:
    """Bring it into a wallet of who is signed in."""
    credit = queries.credit_by_link(token)
    waiting.take_into_wallet(credit_id=credit.id, actor=current_actor())
    flash(N_("%(amount)s is in your wallet."), amount=credit.amount)
    return redirect(url_for("purchases.show", token=token), 303)


@bp.get("/books/purchases")
@requires(Permission.BOOKS_VIEW)
def desk() -> ResponseReturnValue:
    """Show paid purchases without an order, and money that no card took."""
    return render("banking/cards/purchases/desk.html", page=queries.desk())
