"""The page of the books, and what every customer may check of them."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from banking.auditing import queries
from banking.permissions import Permission
from kernel.web import current_actor, pages, render, requires

bp = pages("books", __name__, prefix="/bank")


@bp.get("/books/")
@requires(Permission.BOOKS_VIEW)
def show() -> ResponseReturnValue:
    """Show the trial balance with its proof."""
    return render("banking/auditing/books.html", page=queries.books())


@bp.get("/safeguarding")
@requires(Permission.WALLET_VIEW)
def safeguarding() -> ResponseReturnValue:
    """Show what is owed to all customers, and that it is there."""
    money = queries.customers_money(current_actor())
    return render("banking/auditing/safeguarding.html", money=money)
