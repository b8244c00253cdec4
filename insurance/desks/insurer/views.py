"""The insurer's desk: months, their bordereaux as pages and tables, and the records behind them."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from insurance.desks.insurer import forms, pages
from insurance.money.books import queries as books
from insurance.money.reinsurance import queries as cessions
from insurance.permissions import Permission
from insurance.reporting.bordereaux import queries, service
from insurance.reporting.bordereaux.queries import Month
from insurance.reporting.settlement import service as settlement
from kernel.text import N_
from kernel.web import current_actor, flash, render, requires, reshow
from kernel.web import pages as blueprint
from kernel.web.files import attached

bp = blueprint("insurer", __name__, prefix="/cover/insurer")


@bp.get("/")
@requires(Permission.INSURER_VIEW)
def index() -> ResponseReturnValue:
    """List the months in which something was booked for an insurer."""
    page = pages.index(forms.chosen(request.args))
    return render("insurance/desks/insurer/index.html", page=page)


@bp.get("/ratios")
@requires(Permission.INSURER_VIEW)
def ratios() -> ResponseReturnValue:
    """Show what claims cost of earned premium, down to each policy."""
    board = pages.board(forms.read_look(request.args))
    return render("insurance/desks/insurer/ratios.html", board=board)


@bp.get("/reinsurance")
@requires(Permission.INSURER_VIEW)
def reinsurance() -> ResponseReturnValue:
    """Show what an insurer ceded to reinsurers, line by line."""
    insurer = forms.chosen(request.args)
    return render(
        "insurance/desks/insurer/ceded.html",
        insurer=insurer,
        bordereaux=cessions.bordereaux(insurer_key=insurer.key),
    )


@bp.get("/<insurer>/<currency>/<month>")
@requires(Permission.INSURER_VIEW)
def month(insurer: str, currency: str, month: str) -> ResponseReturnValue:
    """Show a month's premium, tax and claims, line by line."""
    page = pages.month_page(_month(insurer, currency, month))
    return render("insurance/desks/insurer/month.html", page=page)


@bp.post("/<insurer>/<currency>/<month>/close")
@requires(Permission.INSURER_CLOSE)
@reshow(month)
def close(insurer: str, currency: str, month: str) -> ResponseReturnValue:
    """Close a month that agrees with its journals."""
    service.close(
        month=forms.read_month(month),
        insurer_key=insurer,
        currency=currency,
        actor=current_actor(),
    )
    flash(N_("The month is closed. Whatever comes later goes into the next one."))
    return _back(insurer, currency, month)


@bp.post("/<insurer>/<currency>/<month>/settle")
@requires(Permission.INSURER_CLOSE)
@reshow(month)
def settle(insurer: str, currency: str, month: str) -> ResponseReturnValue:
    """Pay what a closed month says."""
    settlement.settle(
        month=forms.read_month(month),
        insurer_key=insurer,
        currency=currency,
        actor=current_actor(),
    )
    flash(N_("The month is settled."))
    return _back(insurer, currency, month)


@bp.get("/<insurer>/<currency>/<month>/<kind>.csv")
@requires(Permission.INSURER_VIEW)
def table(insurer: str, currency: str, month: str, kind: str) -> ResponseReturnValue:
    """Send a bordereau as a table."""
    content = pages.table_of(_month(insurer, currency, month), kind)
    return attached(content, name=f"{kind}-{insurer}-{currency}-{month}.csv", kind="text/csv")


@bp.get("/records/<subject>")
@requires(Permission.INSURER_VIEW)
def record(subject: str) -> ResponseReturnValue:
    """Show what was booked for a policy or a claim, journal by journal."""
    return render(
        "insurance/desks/insurer/record.html", subject=subject, moves=books.record_of(subject)
    )


def _month(insurer: str, currency: str, month: str) -> Month:
    return queries.month_of(month=forms.read_month(month), insurer_key=insurer, currency=currency)


def _back(insurer: str, currency: str, month: str) -> ResponseReturnValue:
    here = url_for("insurer.month", insurer=insurer, currency=currency, month=month)
    return redirect(here, 303)
