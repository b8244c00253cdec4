"""Pages of questions: those about goods, a shop's queue, what was reported, one's own file."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from kernel.text import N_
from kernel.web import current_actor, flash, pages, preferences, public, render, requires, reshow
from kernel.web.arguments import row_number
from marketplace.permissions import Permission
from marketplace.trust.questions import queries, service
from marketplace.trust.questions.forms import parse_answer, parse_decision, parse_question

bp = pages("questions", __name__)


@bp.get("/p/<ref>/questions")
@public
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
    flash(N_("Your question is with the seller. It is shown with the answer, and we write to you."))
    return redirect(url_for("questions.index", ref=ref), 303)


@bp.post("/p/<ref>/questions/<question>/report")
@requires(Permission.QUESTIONS_ASK)
@reshow(lambda ref, **_: index(ref))
def report(ref: str, question: str) -> ResponseReturnValue:
    """Report a question or its answer."""
    service.report(question_ref=question, actor=current_actor())
    flash(N_("Thank you. A person will look at this."))
    return redirect(url_for("questions.index", ref=ref), 303)


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


@bp.get("/moderation/questions/")
@requires(Permission.REPORTS_DECIDE)
def reported() -> ResponseReturnValue:
    """Show questions that somebody reported."""
    return render("marketplace/trust/questions/reported.html", questions=queries.reported())


@bp.post("/moderation/questions/<ref>")
@requires(Permission.REPORTS_DECIDE)
@reshow(lambda **_: reported())
def decide(ref: str) -> ResponseReturnValue:
    """Keep a question, or take it away with its answer."""
    why = parse_decision(request.form)
    service.decide(question_ref=ref, removed_why=why, actor=current_actor())
    flash(N_("The decision is in force."))
    return redirect(url_for("questions.reported"), 303)
