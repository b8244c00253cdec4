"""The page on which everybody compares sets of clauses."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from insurance.trade.clauses import queries
from kernel import clock
from kernel.web import pages, public, render

bp = pages("clauses", __name__, prefix="/cover/cargo")


@bp.get("/clauses")
@public
def compare() -> ResponseReturnValue:
    """Show what each set of clauses pays for, by ten losses and by peril."""
    return render("insurance/trade/clauses/compare.html", page=queries.comparison(clock.today()))
