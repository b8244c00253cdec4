"""The list of all movements, and the same as a table to take along."""

from __future__ import annotations

from uuid import UUID

from flask import request
from flask.typing import ResponseReturnValue

from banking.online.activity import forms, queries
from banking.permissions import Permission
from kernel.web import current_actor, pages, render, requires
from kernel.web.arguments import row_number
from kernel.web.files import attached

bp = pages("movements", __name__, prefix="/bank/movements")


@bp.get("/")
@requires(Permission.WALLET_VIEW)
def index() -> ResponseReturnValue:
    """Show the movements that are looked for, by their time."""
    page = queries.movements(
        current_actor(),
        account=_account(),
        search=forms.search(request.args),
        sort=request.args.get("sort", ""),
        behind=request.args.get("behind", type=row_number),
    )
    return render("banking/online/activity/index.html", page=page)


@bp.get("/table.csv")
@requires(Permission.WALLET_VIEW)
def table() -> ResponseReturnValue:
    """Send the movements that are looked for as CSV, while they are read."""
    lines = queries.table_of(
        current_actor(),
        account=_account(),
        search=forms.search(request.args),
        sort=request.args.get("sort", ""),
    )
    return attached(lines, name="movements.csv", kind="text/csv")


def _account() -> UUID | None:
    return request.args.get("account", type=UUID)
