"""Commands: write, change and withdraw a review, answer it, report it, decide."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from kernel import clock
from kernel import throttling as tries
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.four_eyes import check_unconcerned
from kernel.ids import new_id, public_ref
from kernel.media.photos import service as keeping
from kernel.media.photos.rules import Changes
from kernel.people.identity import queries as people
from kernel.people.mfa.rules import network
from marketplace.catalogue.ratings import service as ratings
from marketplace.catalogue.vendors import queries as vendors
from marketplace.trust.moderation import queries as moderation
from marketplace.trust.reviews import queries, rules, told
from marketplace.trust.reviews.errors import (
    AlreadyReviewed,
    ReviewClosed,
    ReviewReportDecided,
    ReviewReportUnknown,
    TooManyReviewReports,
)
from marketplace.trust.reviews.events import (
    ReviewAnswered,
    ReviewDecided,
    ReviewReported,
    ReviewWritten,
)
from marketplace.trust.reviews.holding import held
from marketplace.trust.reviews.models import Review, ReviewAnswer, ReviewDecision, ReviewReport
from marketplace.trust.reviews.rules import ALBUM, Outcome, Reason, ReviewState


@dataclass(frozen=True, slots=True)
class Said:
    """What a buyer says. Units: stars, 1 to 5. Shape: title may be empty; locale is the page's."""

    stars: int
    title: str
    words: str
    locale: str

    def repeats(self, found: Review) -> bool:
        """Whether a review says just this already, in whatever language its page was."""
        return (self.stars, self.title, self.words) == (found.stars, found.title, found.words)


@command("marketplace.reviews.write")
def write(*, line_id: int, said: Said, actor: Actor, photos: Changes | None = None) -> str:
    """Review a bought line with the photographs that wait under it; return the reference.

    The same words again change nothing. Locks: the counts of goods and shop, the photographs.
    Events: ReviewWritten, RatingChanged.
    Raises: NotBought, NotDelivered, OwnGoods, AlreadyReviewed, TooManyPhotos.
    """
    bought = queries.reviewable(actor, line_id)
    person = people.person(_own(actor))
    assert person is not None, "who is signed in is somebody"
    ref = public_ref("RV")
    made = (
        insert(Review)
        .values(
            ref=ref,
            line_id=line_id,
            product_id=bought.product_id,
            vendor_id=bought.vendor_id,
            author_id=person.id,
            author_name=rules.shown_name(person.name),
            country=bought.country,
            locale=said.locale,
            stars=said.stars,
            title=said.title,
            words=said.words,
            state=ReviewState.SHOWN,
            written_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=[Review.line_id])
        .returning(Review.id)
    )
    review_id = session().execute(made).scalar_one_or_none()
    if review_id is None:
        return _known(line_id, said)
    count = keeping.send(
        album=ALBUM, waiting=str(line_id), subject=ref, changes=photos, actor=actor
    )
    if count:
        session().execute(update(Review).filter_by(id=review_id).values(photo_count=count))
    ratings.move(
        product_id=bought.product_id,
        vendor_id=bought.vendor_id,
        before=None,
        after=said.stars,
        actor=actor,
    )
    publish(ReviewWritten(review_ref=ref))
    return ref


@command("marketplace.reviews.change")
def change(*, ref: str, said: Said, actor: Actor, photos: Changes | None = None) -> None:
    """Change an own review while it is young; it stays in the language it was written in.

    What waits of photographs is shown with it. Locks: the review, its photographs, the counts of
    goods and shop. Events: RatingChanged when the stars changed.
    Raises: ReviewUnknown, ReviewClosed, TooManyPhotos.
    """
    found = held(ref=ref, author_id=_own(actor))
    is_over = clock.now() > rules.changeable_until(found.written_at)
    if found.state != ReviewState.SHOWN or is_over:
        raise ReviewClosed
    shown, said_of_them = found.photo_count, photos or Changes()
    found.photo_count = keeping.send(
        album=ALBUM, waiting=ref, subject=ref, changes=photos, actor=actor
    )
    is_same = found.photo_count == shown and not said_of_them.dropped
    if said.repeats(found) and is_same:
        return
    before = found.stars
    found.stars, found.title, found.words = said.stars, said.title, said.words
    found.changed_at = clock.now()
    session().flush()
    _move(found, before=before, after=said.stars, actor=actor)


@command("marketplace.reviews.withdraw")
def withdraw(*, ref: str, actor: Actor) -> None:
    """Take an own review back, with its words, photographs and answer; a second time is free.

    Locks: the review, the counts of goods and shop. Events: RatingChanged.
    Raises: ReviewUnknown, ReviewClosed when an operator removed it.
    """
    found = held(ref=ref, author_id=_own(actor))
    if found.state == ReviewState.WITHDRAWN:
        return
    if found.state == ReviewState.REMOVED:
        raise ReviewClosed
    found.state, found.title, found.words = ReviewState.WITHDRAWN, "", ""
    keeping.remove(album=ALBUM, subject=ref, actor=actor)
    found.photo_count = 0
    answer = session().get(ReviewAnswer, found.id)
    if answer is not None:
        session().delete(answer)
    session().flush()
    _move(found, before=found.stars, after=None, actor=actor)


@command("marketplace.reviews.let_go")
def let_go(*, person_id: UUID, actor: Actor) -> int:
    """Take an author's name off all their reviews and forget whose they are; return how many.

    What was said stays, in nobody's name; nobody changes it any more. Photographs go, since they
    may tell who took them. Locks: the reviews, by id; then the photographs, as `change` does.
    """
    theirs = Review.author_id == person_id
    held = select(Review.id).where(theirs).order_by(Review.id).with_for_update()
    found = session().scalars(held).all()
    keeping.forget(person_id=person_id, album=ALBUM, actor=actor)
    gone = {"author_id": None, "author_name": "", "photo_count": 0}
    session().execute(update(Review).where(Review.id.in_(found)).values(gone))
    return len(found)


@command("marketplace.reviews.answer")
def answer(*, ref: str, words: str, locale: str, actor: Actor) -> None:
    """Answer a review of what the actor's shop sold, or change the answer.

    Locks: the review. Events: ReviewAnswered, the first time.
    Raises: NotAVendor, ReviewUnknown, ReviewClosed when it is not shown any more.
    """
    found = held(ref=ref, vendor_id=vendors.vendor_of(actor).id)
    if found.state != ReviewState.SHOWN:
        raise ReviewClosed
    known = session().get(ReviewAnswer, found.id)
    if known is None:
        session().add(
            ReviewAnswer(
                review_id=found.id,
                words=words,
                locale=locale,
                answered_by=_own(actor),
                answered_at=clock.now(),
            )
        )
        publish(ReviewAnswered(review_ref=ref))
    elif known.words != words:
        known.words, known.locale, known.changed_at = words, locale, clock.now()
        known.answered_by = _own(actor)


def report(
    *,
    ref: str,
    reason: Reason,
    words: str,
    name: str,
    email: str,
    locale: str,
    place: str,
    actor: Actor,
) -> str:
    """Report a review; return the report's reference, the known one while it waits.

    Shape: name and email are those of whoever reports; place is the network address it came from.
    Events: ReviewReported. Raises: ReviewUnknown, TooManyReviewReports.
    """
    _count(email=email, place=place, actor=actor)
    return _report(
        ref=ref, reason=reason, words=words, name=name, email=email, locale=locale, actor=actor
    )


@command("marketplace.reviews.decide")
def decide(*, report_ref: str, outcome: Outcome, ground: Reason, words: str, actor: Actor) -> str:
    """Decide on every waiting report of a review; return the decision's reference.

    Locks: the review, its report, the counts of goods and shop. Events: ReviewDecided,
    RatingChanged when it is removed.
    Raises: ReviewReportUnknown, ReviewReportDecided, OwnCase for the author.
    """
    found = session().scalars(select(ReviewReport).where(ReviewReport.ref == report_ref)).first()
    if found is None:
        raise ReviewReportUnknown
    review = session().get_one(Review, found.review_id, with_for_update=True)
    check_unconcerned(checker=actor.person_id, concerned=(review.author_id,))
    session().refresh(found, with_for_update=True)
    if found.decision_id is not None:
        raise ReviewReportDecided
    now = clock.now()
    decision = ReviewDecision(
        id=new_id(),
        ref=public_ref("RD"),
        review_id=review.id,
        outcome=outcome,
        ground=ground,
        words=words,
        decided_by=_own(actor),
        decided_at=now,
        objection_until=moderation.objection_until(now),
    )
    session().add(decision)
    session().flush()
    session().execute(
        update(ReviewReport)
        .where(ReviewReport.review_id == review.id, ReviewReport.decision_id.is_(None))
        .values(decision_id=decision.id)
    )
    if outcome is Outcome.REMOVED and review.state == ReviewState.SHOWN:
        review.state = ReviewState.REMOVED
        session().flush()
        _move(review, before=review.stars, after=None, actor=actor)
    publish(ReviewDecided(decision_ref=decision.ref, outcome=str(outcome)))
    return decision.ref


@command("marketplace.reviews.count")
def _count(*, email: str, place: str, actor: Actor) -> None:
    """Count a report at its place and its e-mail address. Raises: TooManyReviewReports."""
    here, name = f"review-report:{network(place)}", f"review-report:{email}"
    allowed = {here: rules.REPORTS_PER_PLACE, name: rules.REPORTS_PER_EMAIL}
    wait = tries.wait(tries.so_far(here, name), allowed)
    if wait:
        raise TooManyReviewReports(retry_after=wait)
    tries.count(buckets=[here, name], actor=actor)


@command("marketplace.reviews.report")
def _report(*, ref: str, email: str, actor: Actor, **said: Any) -> str:  # noqa: ANN401
    review_id = told.shown_review(ref).id
    report_ref = public_ref("RR")
    made = (
        insert(ReviewReport)
        .values(
            id=new_id(),
            ref=report_ref,
            review_id=review_id,
            email=email,
            reporter_id=actor.person_id,
            reported_at=clock.now(),
            **said,
        )
        .on_conflict_do_nothing()
        .returning(ReviewReport.ref)
    )
    if session().execute(made).scalar_one_or_none() is None:
        waiting = select(ReviewReport.ref).where(
            ReviewReport.review_id == review_id,
            ReviewReport.email == email,
            ReviewReport.decision_id.is_(None),
        )
        return session().execute(waiting).scalar_one()
    publish(ReviewReported(report_ref=report_ref))
    return report_ref


def _known(line_id: int, said: Said) -> str:
    found = session().scalars(select(Review).where(Review.line_id == line_id)).one()
    if not said.repeats(found):
        raise AlreadyReviewed
    return found.ref


def _move(found: Review, *, before: int, after: int | None, actor: Actor) -> None:
    ratings.move(
        product_id=found.product_id,
        vendor_id=found.vendor_id,
        before=before,
        after=after,
        actor=actor,
    )


def _own(actor: Actor) -> UUID:
    return actor.somebody()
