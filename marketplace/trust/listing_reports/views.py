"""Pages of reports: the form, the operators' desk, and decisions as the vendor reads them."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from kernel.text import N_
from kernel.web import (
    current_actor,
    flash,
    page_key,
    pages,
    preferences,
    public,
    render,
    requires,
    reshow,
)
from marketplace.permissions import Permission
from marketplace.trust.listing_reports.queries import listing
from marketplace.trust.listing_reports.rules import KIND, REASON_WORDS
from marketplace.trust.moderation import queries, service
from marketplace.trust.moderation.forms import (
    read_objection,
    read_report,
    read_second_look,
    read_verdict,
)

bp = pages("moderation", __name__)


@bp.get("/p/<ref>/report")
@public
def ask(ref: str) -> ResponseReturnValue:
    """Show the form of a report."""
    return render(
        "marketplace/trust/listing_reports/report.html",
        subject=listing(ref),
        known=queries.reporter(current_actor()),
        reasons=REASON_WORDS,
    )


@bp.post("/p/<ref>/report")
@public
@reshow(ask)
def report(ref: str) -> ResponseReturnValue:
    """Report a listing."""
    goods = listing(ref)
    said = read_report(request.form, queries.reporter(current_actor()), REASON_WORDS)
    service.report(
        kind=KIND,
        subject_ref=ref,
        **said,
        locale=preferences().locale,
        place=request.remote_addr or "",
        actor=current_actor(),
    )
    flash(N_("Thank you. We're emailing you a receipt, and a person will look at this."))
    return redirect(url_for("storefront.product", ref=ref, slug=goods.slug), 303)


@bp.get("/moderation/")
@requires(Permission.REPORTS_DECIDE)
def queue() -> ResponseReturnValue:
    """Show what waits: objections and reports, the oldest first."""
    page = queries.queue(
        KIND,
        after=page_key(request.args, "before"),
        objected_after=page_key(request.args, "objected"),
    )
    return render("marketplace/trust/listing_reports/queue.html", page=page, reasons=REASON_WORDS)


@bp.get("/moderation/<ref>")
@requires(Permission.REPORTS_DECIDE)
def case(ref: str) -> ResponseReturnValue:
    """Show a report with everything that is known of its listing."""
    page = queries.case(current_actor(), KIND, ref)
    return render("marketplace/trust/listing_reports/case.html", page=page, reasons=REASON_WORDS)


@bp.post("/moderation/<ref>/decide")
@requires(Permission.REPORTS_DECIDE)
@reshow(case)
def decide(ref: str) -> ResponseReturnValue:
    """Decide on the reports of a listing."""
    verdict = read_verdict(request.form, REASON_WORDS)
    service.decide(report_ref=ref, **verdict, actor=current_actor())
    flash(N_("The decision is in force."))
    return redirect(url_for("moderation.queue"), 303)


@bp.post("/moderation/<ref>/review")
@requires(Permission.REPORTS_DECIDE)
@reshow(case)
def review(ref: str) -> ResponseReturnValue:
    """Look again at a decision that somebody objected to."""
    look = read_second_look(request.form)
    service.review(report_ref=ref, **look, actor=current_actor())
    flash(N_("The decision is in force."))
    return redirect(url_for("moderation.case", ref=ref), 303)


@bp.get("/desk/decisions/")
@requires(Permission.DESK_VIEW)
def decisions() -> ResponseReturnValue:
    """List decisions against the shop's goods."""
    page = queries.decisions_for(current_actor(), KIND, before=page_key(request.args, "before"))
    return render(
        "marketplace/trust/listing_reports/decisions.html", page=page, reasons=REASON_WORDS
    )


@bp.get("/desk/decisions/<ref>")
@requires(Permission.DESK_VIEW)
def decision(ref: str) -> ResponseReturnValue:
    """Show a decision with its reasons, and the way to object."""
    page = queries.decision_for(current_actor(), KIND, ref)
    return render(
        "marketplace/trust/listing_reports/decision.html", page=page, reasons=REASON_WORDS
    )


@bp.post("/desk/decisions/<ref>/object")
@requires(Permission.DESK_ACT)
@reshow(decision)
def object_to(ref: str) -> ResponseReturnValue:
    """Object to a decision."""
    words = read_objection(request.form)
    service.object_to(decision_ref=ref, words=words, actor=current_actor())
    flash(N_("Another person will look at it and email you the answer."))
    return redirect(url_for("moderation.decision", ref=ref), 303)
