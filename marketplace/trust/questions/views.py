"""Pages of questions: those about goods, reports of one, a shop's queue, and operators' desk."""

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
from kernel.web.arguments import row_number
from kernel.web.old_pages import may_be_old
from marketplace.permissions import Permission
from marketplace.trust.moderation import queries as moderation
from marketplace.trust.moderation import service as deciding
from marketplace.trust.moderation.forms import (
    read_objection,
    read_report,
    read_second_look,
    read_verdict,
)
from marketplace.trust.questions import queries, service
from marketplace.trust.questions.forms import parse_answer, parse_question
from marketplace.trust.questions.rules import KIND, REASON_WORDS

bp = pages("questions", __name__)


@bp.get("/p/<ref>/questions")
@public
@may_be_old
def index(ref: str) -> ResponseReturnValue:
    """Show the answered questions about goods, and the form for another."""
    page = queries.page_for(
        current_actor(),
        ref,
        find=request.args.get("find", ""),
        before=request.args.get("before", type=row_number),
    )
    return render("marketplace/trust/questions/index.html", page=page)


@bp.post("/p/<ref>/questions")
@requires(Permission.QUESTIONS_ASK)
@reshow(index)
def ask(ref: str) -> ResponseReturnValue:
    """Ask about goods."""
    words = parse_question(request.form)
    service.ask(product_ref=ref, words=words, locale=preferences().locale, actor=current_actor())
    flash(
        N_(
            "Your question is with the seller. We'll email you the answer, and both will appear on"
            " the product page."
        )
    )
    return redirect(url_for("questions.index", ref=ref), 303)


@bp.get("/questions/<ref>/report")
@public
def report_form(ref: str) -> ResponseReturnValue:
    """Show the form of a report."""
    return render(
        "marketplace/trust/questions/report.html",
        subject=queries.shown(ref),
        known=moderation.reporter(current_actor()),
        reasons=REASON_WORDS,
    )


@bp.post("/questions/<ref>/report")
@public
@reshow(report_form)
def report(ref: str) -> ResponseReturnValue:
    """Report a question or its answer."""
    about = queries.shown(ref)
    said = read_report(request.form, moderation.reporter(current_actor()), REASON_WORDS)
    deciding.report(
        kind=KIND,
        subject_ref=ref,
        **said,
        locale=preferences().locale,
        place=request.remote_addr or "",
        actor=current_actor(),
    )
    flash(N_("Thank you. We're emailing you a receipt, and a person will look at this."))
    assert about.goods is not None, "a question is about goods"
    return redirect(url_for("questions.index", ref=about.goods.ref), 303)


@bp.get("/account/questions/decisions/<ref>")
@requires(Permission.QUESTIONS_ASK)
def decision(ref: str) -> ResponseReturnValue:
    """Show who asked, or the shop, why a question was taken away, and the way to object."""
    page = moderation.decision_for(current_actor(), KIND, ref)
    return render("marketplace/trust/questions/decision.html", page=page, reasons=REASON_WORDS)


@bp.post("/account/questions/decisions/<ref>/object")
@requires(Permission.QUESTIONS_ASK)
@reshow(decision)
def object_to(ref: str) -> ResponseReturnValue:
    """Object to the removal of a question that one asked, or answered."""
    words = read_objection(request.form)
    deciding.object_to(decision_ref=ref, words=words, actor=current_actor())
    flash(N_("Another person will look at it and email you the answer."))
    return redirect(url_for("questions.decision", ref=ref), 303)


@bp.get("/desk/questions/")
@requires(Permission.DESK_VIEW)
def queue() -> ResponseReturnValue:
    """Show what waits for the shop's answer, which it has seen then, or what it answered."""
    page = queries.shop_questions_for(
        current_actor(),
        view=request.args.get("view", "waiting"),
        after=request.args.get("after", type=row_number),
    )
    if page.unseen:
        service.mark_seen(question_refs=page.unseen, actor=current_actor())
    return render("marketplace/trust/questions/queue.html", page=page)


@bp.post("/desk/questions/<ref>/answer")
@requires(Permission.DESK_ACT)
@reshow(lambda **_: queue())
def answer(ref: str) -> ResponseReturnValue:
    """Answer a question."""
    words = parse_answer(request.form)
    service.answer(
        question_ref=ref, words=words, locale=preferences().locale, actor=current_actor()
    )
    flash(N_("Your answer is public."))
    return redirect(url_for("questions.queue"), 303)


@bp.post("/desk/questions/<ref>/change")
@requires(Permission.DESK_ACT)
@reshow(lambda **_: queue())
def change(ref: str) -> ResponseReturnValue:
    """Change an answer."""
    words = parse_answer(request.form)
    service.change_answer(
        question_ref=ref, words=words, locale=preferences().locale, actor=current_actor()
    )
    flash(N_("Your answer is public."))
    return redirect(url_for("questions.queue", view="answered"), 303)


@bp.get("/desk/questions/decisions/")
@requires(Permission.DESK_VIEW)
def decisions() -> ResponseReturnValue:
    """List the questions about the shop's goods that were taken away."""
    page = moderation.decisions_for(current_actor(), KIND, before=page_key(request.args, "before"))
    return render("marketplace/trust/questions/decisions.html", page=page, reasons=REASON_WORDS)


@bp.get("/moderation/questions/")
@requires(Permission.REPORTS_DECIDE)
def desk_queue() -> ResponseReturnValue:
    """Show what waits: objections and reports, the oldest first."""
    page = moderation.queue(
        KIND,
        after=page_key(request.args, "before"),
        objected_after=page_key(request.args, "objected"),
    )
    return render("marketplace/trust/questions/reported.html", page=page, reasons=REASON_WORDS)


@bp.get("/moderation/questions/<ref>")
@requires(Permission.REPORTS_DECIDE)
def desk_case(ref: str) -> ResponseReturnValue:
    """Show a report with the question and what else is known of it."""
    page = moderation.case(current_actor(), KIND, ref)
    return render("marketplace/trust/questions/case.html", page=page, reasons=REASON_WORDS)


@bp.post("/moderation/questions/<ref>")
@requires(Permission.REPORTS_DECIDE)
@reshow(desk_case)
def desk_decide(ref: str) -> ResponseReturnValue:
    """Decide on the reports of a question."""
    verdict = read_verdict(request.form, REASON_WORDS)
    deciding.decide(report_ref=ref, **verdict, actor=current_actor())
    flash(N_("The decision is in force."))
    return redirect(url_for("questions.desk_queue"), 303)


@bp.post("/moderation/questions/<ref>/look-again")
@requires(Permission.REPORTS_DECIDE)
@reshow(desk_case)
def desk_look_again(ref: str) -> ResponseReturnValue:
    """Decide on an objection."""
    look = read_second_look(request.form)
    deciding.review(report_ref=ref, **look, actor=current_actor())
    flash(N_("The decision is in force."))
    return redirect(url_for("questions.desk_case", ref=ref), 303)
