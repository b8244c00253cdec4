"""Waiting for goods: the button beside what is sold out, and the list of what one waits for."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from kernel.text import N_
from kernel.web import current_actor, flash, pages, render, requires, reshow
from kernel.web.arguments import row_number
from marketplace.permissions import Permission
from marketplace.trust.alerts import queries, service

bp = pages("alerts", __name__)


@bp.get("/account/alerts/")
@requires(Permission.ALERTS_MANAGE)
def index() -> ResponseReturnValue:
    """List the goods that one waits for."""
    before = request.args.get("before", type=row_number)
    page = queries.alerts_of(current_actor(), before=before)
    return render("marketplace/trust/alerts/index.html", page=page)


@bp.post("/account/alerts/")
@requires(Permission.ALERTS_MANAGE)
@reshow(index)
def wait_for() -> ResponseReturnValue:
    """Wait for goods that are sold out."""
    form = request.form
    service.wait_for(
        product_ref=form.get("product", ""), sku=form.get("sku", ""), actor=current_actor()
    )
    flash(N_("We'll email you once, when it's back in stock."))
    return redirect(url_for("alerts.index"), 303)


@bp.post("/account/alerts/<int:alert_id>/end")
@requires(Permission.ALERTS_MANAGE)
def end(alert_id: int) -> ResponseReturnValue:
    """Wait no longer."""
    service.end(alert_id=alert_id, actor=current_actor())
    return redirect(url_for("alerts.index"), 303)
