"""The vendor's statement as page, paper and table."""

from __future__ import annotations

from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from banking.merchants.sales_statements import files, queries
from banking.merchants.sales_statements.forms import Days
from banking.merchants.sales_statements.queries import PAGE, Statement
from banking.permissions import Permission
from kernel.web import current_actor, pages, preferences, render, requires
from kernel.web.arguments import row_number
from kernel.web.files import attached

bp = pages("earnings", __name__, prefix="/bank/payouts/statement")


@bp.get("/")
@requires(Permission.WALLET_VIEW)
def statement() -> ResponseReturnValue:
    """Show what was sold, kept, given back and paid out in some days."""
    page = _asked()
    lines = page.page(request.args.get("after", 0, type=row_number))
    return render(
        "banking/merchants/sales_statements/statement.html",
        page=page,
        lines=lines[:PAGE],
        after=lines[PAGE - 1].entry_id if len(lines) > PAGE else 0,
        words=queries.LINE,
        sums=files.sums_of(page),
    )


@bp.get("/paper.pdf")
@requires(Permission.WALLET_VIEW)
def paper() -> ResponseReturnValue:
    """Hand out the statement as PDF, in the visitor's language."""
    page = _asked()
    content = files.statement_pdf(page, locale=preferences().locale)
    return _sent(content, page, "pdf", "application/pdf")


@bp.get("/table.csv")
@requires(Permission.WALLET_VIEW)
def table() -> ResponseReturnValue:
    """Hand out the statement as CSV."""
    page = _asked()
    return _sent(files.statement_csv(page), page, "csv", "text/csv")


def _asked() -> Statement:
    days = Days.parse(request.args)
    return queries.statement_for(
        current_actor(),
        account=request.args.get("account", type=UUID),
        currency=request.args.get("currency", "").upper(),
        since=days.since,
        until=days.until,
    )


def _sent(content: bytes, found: Statement, ending: str, kind: str) -> ResponseReturnValue:
    name = f"earnings-{found.currency}-{found.since}-{found.until}.{ending}"
    return attached(content, name=name, kind=kind)
