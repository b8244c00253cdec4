"""Commands: object to the removal of one's own review, look again, let go of both and of reports.

As with decisions on listings: once, for a while, free of charge, never the same person twice, and
never somebody whom it concerns.
Source: Regulation (EU) 2022/2065, article 20.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert

from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.four_eyes import check_second_person, check_unconcerned
from marketplace.catalogue.ratings import service as ratings
from marketplace.trust.moderation import queries as moderation
from marketplace.trust.reviews.errors import NothingToLookAt, ReviewNoObjection, ReviewUnknown
from marketplace.trust.reviews.events import ReviewObjectionDecided
from marketplace.trust.reviews.holding import held
from marketplace.trust.reviews.models import ReviewDecision, ReviewObjection, ReviewReport
from marketplace.trust.reviews.rules import Outcome, ReviewState

# What waits goes; what was decided on is kept for the law, without words and without anybody.
_FORGET_WAITING = text(
    "DELETE FROM marketplace.review_report WHERE reporter_id = :person AND decision_id IS NULL"
)
_FORGET_REPORTER = text(
    "UPDATE marketplace.review_report SET reporter_id = NULL, name = '', email = '', words = ''"
    " WHERE reporter_id = :person"
)
_FORGET_OPEN_OBJECTION = text(
    "DELETE FROM marketplace.review_objection WHERE objected_by = :person AND reviewed_at IS NULL"
)
_FORGET_OBJECTION = text(
    "UPDATE marketplace.review_objection SET objected_by = NULL, words = ''"
    " WHERE objected_by = :person"
)


@command("marketplace.reviews.object_to")
def object_to(*, review_ref: str, words: str, actor: Actor) -> None:
    """Object to the removal of an own review; one objection for a decision.

    Locks: the review. Raises: ReviewUnknown, ReviewNoObjection.
    """
    person_id = actor.somebody()
    found = held(ref=review_ref, author_id=person_id)
    decision = _last_removal(found.id)
    if found.state != ReviewState.REMOVED or decision is None:
        raise ReviewNoObjection
    until = decision.objection_until
    if not moderation.may_object(outcome=decision.outcome, until=until, now=clock.now()):
        raise ReviewNoObjection
    made = (
        insert(ReviewObjection)
        .values(
            decision_id=decision.id,
            words=words,
            objected_by=person_id,
            objected_at=clock.now(),
            decided_by=decision.decided_by,
        )
        .on_conflict_do_nothing()
        .returning(ReviewObjection.decision_id)
    )
    if session().execute(made).scalar_one_or_none() is None:
        raise ReviewNoObjection


@command("marketplace.reviews.look_again")
def look_again(
    *, report_ref: str, decision_ref: str, stands: bool, words: str, actor: Actor
) -> None:
    """Decide on an objection as somebody else than who removed the review.

    Shape: the report is one of the same review, by which the case was opened.

    Locks: the review, the objection, the counts of goods and shop. Events: ReviewObjectionDecided,
    RatingChanged when the review comes back.
    Raises: ReviewUnknown, NothingToLookAt, OwnProposal, OwnCase for the author.
    """
    decision = _decision_of(report_ref=report_ref, decision_ref=decision_ref)
    review = held(id=decision.review_id)
    found = session().get(
        ReviewObjection, decision.id, with_for_update=True, populate_existing=True
    )
    if found is None or found.reviewed_at is not None:
        raise NothingToLookAt
    check_second_person(maker=decision.decided_by, checker=actor.person_id)
    concerned = (found.objected_by, review.author_id)
    check_unconcerned(checker=actor.person_id, concerned=concerned)
    found.stands, found.review_words = stands, words
    found.reviewed_by, found.reviewed_at = actor.person_id, clock.now()
    session().flush()
    if not stands and review.state == ReviewState.REMOVED:
        review.state = ReviewState.SHOWN
        session().flush()
        ratings.move(
            product_id=review.product_id,
            vendor_id=review.vendor_id,
            before=None,
            after=review.stars,
            actor=actor,
        )
    publish(ReviewObjectionDecided(decision_ref=decision.ref, stands=stands))


@command("marketplace.reviews.forget")
def forget(*, person_id: UUID, actor: Actor) -> None:
    """Let no report and no objection lead to somebody; what was decided on it stays decided."""
    for statement in (_FORGET_WAITING, _FORGET_REPORTER, _FORGET_OPEN_OBJECTION, _FORGET_OBJECTION):
        session().execute(statement, {"person": person_id})


def _decision_of(*, report_ref: str, decision_ref: str) -> ReviewDecision:
    query = (
        select(ReviewDecision)
        .join(ReviewReport, ReviewReport.review_id == ReviewDecision.review_id)
        .where(ReviewDecision.ref == decision_ref, ReviewReport.ref == report_ref)
    )
    found = session().execute(query).scalar_one_or_none()
    if found is None:
        raise ReviewUnknown
    return found


def _last_removal(review_id: int) -> ReviewDecision | None:
    query = select(ReviewDecision).where(
        ReviewDecision.review_id == review_id, ReviewDecision.outcome == Outcome.REMOVED
    )
    return session().scalars(query.order_by(ReviewDecision.decided_at.desc()).limit(1)).first()
