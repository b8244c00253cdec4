"""Pages of reviews: for shoppers, their authors, the seller, and operators."""

from __future__ import annotations

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from kernel.media.photos import queries as photos
from kernel.media.photos.forms import receive_photos
from kernel.media.photos.rules import LARGEST_FORM
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
    takes,
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
from marketplace.trust.reviews import queries, service, told
from marketplace.trust.reviews.forms import ListWanted, read_answer, read_review
from marketplace.trust.reviews.rules import ALBUM, KIND, REASON_WORDS, SORT_WORDS

bp = pages("reviews", __name__)


@bp.get("/p/<ref>/reviews")
@public
@may_be_old
def of_goods(ref: str) -> ResponseReturnValue:
    """Show all reviews of goods."""
    asked = ListWanted.parse(request.args)
    page = queries.reviews_page(
        ref=ref,
        sort=asked.sort,
        stars=asked.stars,
        after=asked.after,
        is_pictured=asked.is_pictured,
    )
    return render("marketplace/trust/reviews/all.html", page=page, sorts=SORT_WORDS)


@bp.get("/reviews/<ref>/report")
@public
def ask(ref: str) -> ResponseReturnValue:
    """Show the form of a report."""
    return render(
        "marketplace/trust/reviews/report.html",
        subject=told.shown(ref),
        known=moderation.reporter(current_actor()),
        reasons=REASON_WORDS,
    )


@bp.post("/reviews/<ref>/report")
@public
@reshow(ask)
def report(ref: str) -> ResponseReturnValue:
    """Report a review."""
    about = told.shown(ref)
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
    return redirect(url_for("reviews.of_goods", ref=about.goods.ref), 303)


@bp.get("/account/reviews/lines/<int:line_id>")
@requires(Permission.REVIEWS_WRITE)
def new(line_id: int) -> ResponseReturnValue:
    """Show the form for a review; a line that has one leads to it."""
    bought = queries.reviewable(current_actor(), line_id)
    if bought.review_ref:
        return redirect(url_for("reviews.edit", ref=bought.review_ref), 302)
    photographs = photos.on_form(current_actor(), album=ALBUM, subject=str(line_id))
    return render("marketplace/trust/reviews/write.html", bought=bought, kept=photographs)


@bp.post("/account/reviews/lines/<int:line_id>")
@takes(LARGEST_FORM)
@requires(Permission.REVIEWS_WRITE)
@reshow(new)
def write(line_id: int) -> ResponseReturnValue:
    """Review a bought line, or keep photographs for the review and go on with it."""
    bought = queries.reviewable(current_actor(), line_id)
    sent = receive_photos(album=ALBUM, subject=bought.review_ref or str(line_id))
    if sent.is_adding:
        return new(line_id)
    review = read_review(request.form, sent, locale=preferences().locale)
    service.write(line_id=line_id, said=review, photos=sent.changes, actor=current_actor())
    flash(N_("Thank you. Your review is on the product page."))
    return redirect(url_for("reviews.own"), 303)


@bp.get("/account/reviews/")
@requires(Permission.REVIEWS_WRITE)
def own() -> ResponseReturnValue:
    """List what one wrote."""
    page = queries.own_reviews(current_actor(), before=request.args.get("before", type=row_number))
    return render("marketplace/trust/reviews/own.html", page=page)


@bp.get("/account/reviews/<ref>")
@requires(Permission.REVIEWS_WRITE)
def edit(ref: str) -> ResponseReturnValue:
    """Show one's own review, to change it or take it back."""
    page = queries.own_review(current_actor(), ref)
    return render(
        "marketplace/trust/reviews/edit.html",
        page=page,
        decisions=moderation.decisions_on(KIND, page.review.id),
        reasons=REASON_WORDS,
        kept=photos.on_form(current_actor(), album=ALBUM, subject=ref),
    )


@bp.post("/account/reviews/<ref>")
@takes(LARGEST_FORM)
@requires(Permission.REVIEWS_WRITE)
@reshow(edit)
def change(ref: str) -> ResponseReturnValue:
    """Change one's own review, or keep photographs for it and go on."""
    queries.own_review(current_actor(), ref)
    sent = receive_photos(album=ALBUM, subject=ref)
    if sent.is_adding:
        return edit(ref)
    review = read_review(request.form, sent, locale=preferences().locale)
    service.change(ref=ref, said=review, photos=sent.changes, actor=current_actor())
    flash(N_("Your review is updated."))
    return redirect(url_for("reviews.own"), 303)


@bp.post("/account/reviews/<ref>/withdraw")
@requires(Permission.REVIEWS_WRITE)
@reshow(edit)
def withdraw(ref: str) -> ResponseReturnValue:
    """Take one's own review back."""
    service.withdraw(ref=ref, actor=current_actor())
    flash(N_("Your review is deleted."))
    return redirect(url_for("reviews.own"), 303)


@bp.post("/account/reviews/<ref>/object")
@requires(Permission.REVIEWS_WRITE)
@reshow(edit)
def object_to(ref: str) -> ResponseReturnValue:
    """Object to the removal of one's own review."""
    words = read_objection(request.form, "objection")
    service.object_to(review_ref=ref, words=words, actor=current_actor())
    flash(N_("Another person will look at it and email you the answer."))
    return redirect(url_for("reviews.edit", ref=ref), 303)


@bp.get("/desk/reviews/")
@requires(Permission.DESK_VIEW)
def of_shop() -> ResponseReturnValue:
    """List what buyers say of the shop's goods."""
    before = request.args.get("before", type=row_number)
    page = queries.reviews_for_vendor(current_actor(), before=before)
    return render("marketplace/trust/reviews/shop.html", page=page)


@bp.get("/desk/reviews/<ref>")
@requires(Permission.DESK_VIEW)
def for_answer(ref: str) -> ResponseReturnValue:
    """Show a review with the form for an answer."""
    page = queries.review_for_vendor(current_actor(), ref)
    return render("marketplace/trust/reviews/answer.html", page=page)


@bp.post("/desk/reviews/<ref>")
@requires(Permission.DESK_ACT)
@reshow(for_answer)
def answer(ref: str) -> ResponseReturnValue:
    """Answer a review, or change the answer."""
    words = read_answer(request.form)
    service.answer(ref=ref, words=words, locale=preferences().locale, actor=current_actor())
    flash(N_("Your reply is below the review."))
    return redirect(url_for("reviews.of_shop"), 303)


@bp.get("/moderation/reviews/")
@requires(Permission.REPORTS_DECIDE)
def desk_queue() -> ResponseReturnValue:
    """Show which reports wait, the oldest first."""
    page = moderation.queue(
        KIND,
        after=page_key(request.args, "before"),
        objected_after=page_key(request.args, "objected"),
    )
    return render("marketplace/trust/reviews/queue.html", page=page, reasons=REASON_WORDS)


@bp.get("/moderation/reviews/<ref>")
@requires(Permission.REPORTS_DECIDE)
def desk_case(ref: str) -> ResponseReturnValue:
    """Show a report with the review and what else is known of it."""
    page = moderation.case(current_actor(), KIND, ref)
    return render("marketplace/trust/reviews/case.html", page=page, reasons=REASON_WORDS)


@bp.post("/moderation/reviews/<ref>")
@requires(Permission.REPORTS_DECIDE)
@reshow(desk_case)
def desk_decide(ref: str) -> ResponseReturnValue:
    """Decide on the reports of a review."""
    verdict = read_verdict(request.form, REASON_WORDS)
    deciding.decide(report_ref=ref, **verdict, actor=current_actor())
    flash(N_("The decision is in force."))
    return redirect(url_for("reviews.desk_queue"), 303)


@bp.post("/moderation/reviews/<ref>/look-again")
@requires(Permission.REPORTS_DECIDE)
@reshow(desk_case)
def desk_look_again(ref: str) -> ResponseReturnValue:
    """Decide on an objection."""
    look = read_second_look(request.form)
    deciding.review(report_ref=ref, **look, actor=current_actor())
    flash(N_("The decision is in force."))
    return redirect(url_for("reviews.desk_case", ref=ref), 303)
