"""The desk of open covers: who asked, what was signed, notices, and how a year is settled."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from insurance.desks.open_covers import forms, pages
from insurance.permissions import Permission
from insurance.trade.open_cover import overview, queries, running, service, words
from kernel import clock
from kernel.text import N_
from kernel.web import current_actor, flash, render, requires, reshow
from kernel.web import pages as blueprint

bp = blueprint("open_cover_desk", __name__, prefix="/cover/open-covers")


@bp.get("/")
@requires(Permission.OPEN_COVER_VIEW)
def index() -> ResponseReturnValue:
    """List open covers with what is declared under them, those that need a decision first."""
    return render(
        "insurance/desks/open_covers/index.html",
        covers=overview.standings(),
        states=words.STATES,
        needs=pages.NEEDS,
    )


@bp.get("/<ref>")
@requires(Permission.OPEN_COVER_VIEW)
def show(ref: str) -> ResponseReturnValue:
    """Show an open cover with what can be decided."""
    return render(
        "insurance/desks/open_covers/show.html",
        page=pages.desk_page(current_actor(), ref),
        states=words.STATES,
        needs=pages.NEEDS,
        advice=pages.ADVICE,
    )


@bp.get("/<ref>/months/<month>")
@requires(Permission.OPEN_COVER_VIEW)
def month(ref: str, month: str) -> ResponseReturnValue:
    """Show a month of an open cover: what was declared, its premium, deposit and limits."""
    return render(
        "insurance/desks/open_covers/month.html",
        page=pages.month_page(current_actor(), ref, month),
        moves=words.MOVES,
        sources=words.SOURCES,
    )


@bp.post("/<ref>/sign")
@requires(Permission.OPEN_COVER_SIGN)
@reshow(show)
def sign(ref: str) -> ResponseReturnValue:
    """Sign terms."""
    cover = queries.cover_for_officer(current_actor(), ref)
    agreed = forms.parse_terms(request.form, cover, on=clock.today())
    service.sign(ref=ref, agreed=agreed, actor=current_actor())
    flash(N_("Signed. The business can accept these terms now."))
    return _back(ref)


@bp.post("/<ref>/decline")
@requires(Permission.OPEN_COVER_SIGN)
@reshow(show)
def decline(ref: str) -> ResponseReturnValue:
    """Offer no terms."""
    reason = forms.parse_reason(request.form)
    service.decline(ref=ref, reason=reason, actor=current_actor())
    flash(N_("Declined. The business gets your reason by email."))
    return _back(ref)


@bp.post("/<ref>/notice")
@requires(Permission.OPEN_COVER_SIGN)
@reshow(show)
def give_notice(ref: str) -> ResponseReturnValue:
    """End a cover, or its war cover, after the days that its terms say."""
    is_war = forms.parse_notice(request.form)
    running.give_notice(ref=ref, is_war=is_war, actor=current_actor())
    flash(N_("Notice was given. The business is told by email."))
    return _back(ref)


@bp.post("/<ref>/adjust")
@requires(Permission.OPEN_COVER_SIGN)
@reshow(show)
def adjust(ref: str) -> ResponseReturnValue:
    """Settle the year by its turnover."""
    cover = queries.cover_for_officer(current_actor(), ref)
    turnover = forms.parse_year(request.form, cover.deposit.currency)
    running.adjust(ref=ref, turnover=turnover, actor=current_actor())
    flash(N_("The year is settled."))
    return _back(ref)


def _back(ref: str) -> ResponseReturnValue:
    return redirect(url_for("open_cover_desk.show", ref=ref), 303)
