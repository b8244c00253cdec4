"""The page of one's saved cards."""

from __future__ import annotations

from uuid import UUID

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from banking.cards.saved_cards import queries, service
from banking.permissions import Permission
from kernel.text import N_
from kernel.web import current_actor, flash, pages, render, requires, reshow

bp = pages("saved_cards", __name__, prefix="/bank/cards")


@bp.get("/")
@requires(Permission.WALLET_VIEW)
def index() -> ResponseReturnValue:
    """List one's saved cards."""
    cards = queries.saved_cards_of(owner_id=current_actor().somebody())
    return render("banking/cards/saved_cards/index.html", cards=cards)


@bp.post("/<uuid:card_id>/remove")
@requires(Permission.WALLET_VIEW)
@reshow(index)
def remove(card_id: UUID) -> ResponseReturnValue:
    """Remove one."""
    actor = current_actor()
    service.remove_card(card_id=card_id, owner_id=actor.somebody(), actor=actor)
    flash(N_("Card removed."))
    return redirect(url_for("saved_cards.index"), 303)
