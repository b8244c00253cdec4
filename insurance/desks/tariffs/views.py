"""Pages of tariffs: what is sold by, what is coming, and drafts."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from insurance.contracts.rerating import service as rerating
from insurance.desks.insurer.forms import chosen
from insurance.desks.tariffs import forms, pages
from insurance.permissions import Permission
from insurance.rating.drafts import queries, service
from kernel.text import N_
from kernel.web import current_actor, flash, render, requires, reshow
from kernel.web import pages as blueprint

bp = blueprint("tariffs", __name__, prefix="/cover/tariffs")


@bp.get("/")
@requires(Permission.TARIFF_VIEW)
def index() -> ResponseReturnValue:
    """Show an insurer's tariffs in force, coming and being written."""
    page = pages.listed(chosen(request.args, current_actor()))
    return render("insurance/desks/tariffs/index.html", page=page)


@bp.post("/")
@requires(Permission.TARIFF_WRITE)
@reshow(index)
def begin() -> ResponseReturnValue:
    """Begin a draft from the insurer's latest tariff."""
    insurer = chosen(request.args, current_actor())
    draft = service.begin_draft(insurer_key=insurer.key, actor=current_actor())
    return redirect(url_for("tariffs.show", ref=draft.ref), 303)


@bp.get("/<ref>")
@requires(Permission.TARIFF_VIEW)
def show(ref: str) -> ResponseReturnValue:
    """Show a draft: its figures, what they change, and what they would have cost."""
    page = pages.draft_page(current_actor(), ref)
    return render("insurance/desks/tariffs/draft.html", page=page)


@bp.post("/<ref>")
@requires(Permission.TARIFF_WRITE)
@reshow(show)
def write(ref: str) -> ResponseReturnValue:
    """Save the figures of a draft."""
    edition, typed = forms.parse_cells(request.form, queries.draft_file(ref))
    service.write_draft(ref=ref, edition=edition, typed=typed, actor=current_actor())
    flash(N_("Saved."))
    return redirect(url_for("tariffs.show", ref=ref), 303)


@bp.post("/<ref>/tax")
@requires(Permission.TARIFF_WRITE)
@reshow(show)
def add_tax(ref: str) -> ResponseReturnValue:
    """Add a row of premium tax to a draft."""
    edition, row = forms.parse_tax_row(request.form)
    service.write_draft(ref=ref, edition=edition, typed={}, tax_row=row, actor=current_actor())
    flash(N_("Saved."))
    return redirect(url_for("tariffs.show", ref=ref), 303)


@bp.post("/<ref>/rate")
@requires(Permission.TARIFF_WRITE)
@reshow(show)
def rate(ref: str) -> ResponseReturnValue:
    """Let the policies of late be rated by a draft."""
    rerating.ask(ref=ref, actor=current_actor())
    return redirect(url_for("tariffs.show", ref=ref, _anchor="shadow"), 303)


@bp.post("/<ref>/propose")
@requires(Permission.TARIFF_WRITE)
@reshow(show)
def propose(ref: str) -> ResponseReturnValue:
    """Propose a draft to a second person."""
    day = forms.parse_day(request.form)
    service.propose(ref=ref, valid_from=day, actor=current_actor())
    flash(N_("Proposed. Another officer can publish it now."))
    return redirect(url_for("tariffs.show", ref=ref), 303)


@bp.post("/<ref>/send-back")
@requires(Permission.TARIFF_PUBLISH)
@reshow(show)
def send_back(ref: str) -> ResponseReturnValue:
    """Send a proposed draft back with a reason."""
    reason = forms.parse_reason(request.form)
    service.send_back(ref=ref, reason=reason, actor=current_actor())
    flash(N_("Sent back. It can be changed again."))
    return redirect(url_for("tariffs.show", ref=ref), 303)


@bp.post("/<ref>/publish")
@requires(Permission.TARIFF_PUBLISH)
@reshow(show)
def publish(ref: str) -> ResponseReturnValue:
    """Publish a proposed draft."""
    accepted = forms.parse_accepted(request.form, queries.draft_file(ref).moved)
    draft = queries.draft_file(ref).draft
    service.publish(ref=ref, accepted=accepted, actor=current_actor())
    flash(N_("Published. Cover is sold by it from its first day on."))
    return redirect(url_for("tariffs.index", insurer=draft.insurer_key), 303)
