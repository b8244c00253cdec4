"""Reviews as moderation knows them: their author is bound by what is decided."""

from __future__ import annotations

from kernel.text import N_
from marketplace.trust.moderation.subjects import Concerned, Letters, News, Subject, Told
from marketplace.trust.reviews import service, told
from marketplace.trust.reviews.errors import ReviewNoObjection
from marketplace.trust.reviews.events import (
    ReviewDecided,
    ReviewObjectionDecided,
    ReviewReported,
)
from marketplace.trust.reviews.holding import held
from marketplace.trust.reviews.rules import KIND, REASON_WORDS


def _concerned(review_id: int) -> Concerned:
    return Concerned(author_id=told.by_id([review_id])[review_id].review.author_id)


REPORTABLE = (
    Subject(
        kind=KIND,
        report_prefix="RR",
        decision_prefix="RD",
        reasons=REASON_WORDS,
        find=lambda ref: told.shown(ref).review.id,
        views=told.by_id,
        hold=lambda review_id: held(id=review_id),
        concerned=_concerned,
        take_down=service.remove,
        put_back=service.bring_back,
        no_objection=ReviewNoObjection,
        letters=Letters(
            decided="review_report_decided",
            removed="review_removed",
            looked_again="review_objection_decided",
            address_ref=lambda decision: decision.subject.ref,
        ),
        news=News(
            reported=lambda ref: ReviewReported(report_ref=ref),
            decided=lambda ref, outcome: ReviewDecided(decision_ref=ref, outcome=outcome),
            looked_again=lambda ref, stands: ReviewObjectionDecided(
                decision_ref=ref, stands=stands
            ),
        ),
        told=Told(
            key="review_reports",
            about="review",
            label=N_("Reports about reviews, and appeals"),
            stays=N_(
                "For decided ones, we keep a date and a reason without your words or name. Open"
                " ones are deleted."
            ),
        ),
    ),
)
