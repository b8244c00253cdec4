"""The page of the books."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from banking.control.explorer import queries
from banking.permissions import Permission
from kernel.web import pages, render, requires

bp = pages("books", __name__, prefix="/bank")


@bp.get("/books/")
@requires(Permission.BOOKS_VIEW)
def show() -> ResponseReturnValue:
    """Show the trial balance with its proof."""
    return render("banking/control/explorer/books.html", page=queries.books())
