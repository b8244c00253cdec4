"""Commands: write, change and withdraw a review, answer it, remove it and bring it back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.ids import public_ref
from kernel.media.photos import service as keeping
from kernel.media.photos.rules import Changes
from kernel.people.identity import queries as people
from marketplace.catalogue.ratings import service as ratings
from marketplace.catalogue.vendors import queries as vendors
from marketplace.trust.moderation import queries as moderation_queries
from marketplace.trust.moderation import service as moderation
from marketplace.trust.moderation.rules import Outcome
from marketplace.trust.reviews import queries, rules
from marketplace.trust.reviews.errors import (
    AlreadyReviewed,
    ReviewClosed,
    ReviewNoObjection,
)
from marketplace.trust.reviews.events import ReviewAnswered, ReviewReworded, ReviewWritten
from marketplace.trust.reviews.holding import held
from marketplace.trust.reviews.models import Review, ReviewAnswer
from marketplace.trust.reviews.rules import ALBUM, ReviewState
from marketplace.trust.reviews.told import Words

__all__ = ["Words"]  # what other rooms read of this one's views


@dataclass(frozen=True, slots=True)
class Said:
    """What a buyer says. Units: stars, 1 to 5. Shape: title may be empty; locale is the page's."""

    stars: int
    title: str
    words: str
    locale: str

    def repeats(self, review: Review) -> bool:
        """Whether a review says just this already, in whatever language its page was."""
        return (self.stars, self.title, self.words) == (review.stars, review.title, review.words)


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
    goods and shop. Events: RatingChanged when the stars changed, ReviewReworded when the words did.
    Raises: ReviewUnknown, ReviewClosed, TooManyPhotos.
    """
    review = held(ref=ref, author_id=_own(actor))
    is_over = clock.now() > rules.changeable_until(review.written_at)
    if review.state != ReviewState.SHOWN or is_over:
        raise ReviewClosed
    shown, said_of_them = review.photo_count, photos or Changes()
    review.photo_count = keeping.send(
        album=ALBUM, waiting=ref, subject=ref, changes=photos, actor=actor
    )
    is_same = review.photo_count == shown and not said_of_them.dropped
    if said.repeats(review) and is_same:
        return
    if (said.title, said.words) != (review.title, review.words):
        review.translated = {}
        publish(ReviewReworded(review_ref=ref))
    before = review.stars
    review.stars, review.title, review.words = said.stars, said.title, said.words
    review.changed_at = clock.now()
    session().flush()
    _move(review, before=before, after=said.stars, actor=actor)


@command("marketplace.reviews.withdraw")
def withdraw(*, ref: str, actor: Actor) -> None:
    """Take an own review back, with its words, photographs and answer; a second time is free.

    Locks: the review, the counts of goods and shop. Events: RatingChanged.
    Raises: ReviewUnknown, ReviewClosed when an operator removed it.
    """
    review = held(ref=ref, author_id=_own(actor))
    if review.state == ReviewState.WITHDRAWN:
        return
    if review.state == ReviewState.REMOVED:
        raise ReviewClosed
    review.state, review.title, review.words = ReviewState.WITHDRAWN, "", ""
    review.translated = {}
    keeping.remove(album=ALBUM, subject=ref, actor=actor)
    review.photo_count = 0
    answer = session().get(ReviewAnswer, review.id)
    if answer is not None:
        session().delete(answer)
    session().flush()
    _move(review, before=review.stars, after=None, actor=actor)


@command("marketplace.reviews.let_go")
def let_go(*, person_id: UUID, actor: Actor) -> int:
    """Take an author's name off all their reviews and forget whose they are; return how many.

    What was said stays, in nobody's name; nobody changes it any more. Photographs go, since they
    may tell who took them. Locks: the reviews, by id; then the photographs, as `change` does.
    """
    theirs = Review.author_id == person_id
    held = select(Review.id).where(theirs).order_by(Review.id).with_for_update()
    ids = session().scalars(held).all()
    keeping.forget(person_id=person_id, album=ALBUM, actor=actor)
    gone = {"author_id": None, "author_name": "", "photo_count": 0}
    session().execute(update(Review).where(Review.id.in_(ids)).values(gone))
    return len(ids)


@command("marketplace.reviews.answer")
def answer(*, ref: str, words: str, locale: str, actor: Actor) -> None:
    """Answer a review of what the actor's shop sold, or change the answer.

    Locks: the review. Events: ReviewAnswered, the first time; ReviewReworded when it changed.
    Raises: NotAVendor, ReviewUnknown, ReviewClosed when it is not shown any more.
    """
    review = held(ref=ref, vendor_id=vendors.vendor_of(actor).id)
    if review.state != ReviewState.SHOWN:
        raise ReviewClosed
    known = session().get(ReviewAnswer, review.id)
    if known is None:
        session().add(
            ReviewAnswer(
                review_id=review.id,
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
        known.translated = {}
        publish(ReviewReworded(review_ref=ref))


@command("marketplace.reviews.keep_translations")
def keep_translations(
    *,
    ref: str,
    of: Words,
    said: Mapping[str, Sequence[str]],
    of_answer: str,
    answers: Mapping[str, str],
    actor: Actor,
) -> None:
    """Keep what a translator says of a review and of its answer, nothing said of other words.

    Shape: said maps languages to title and words, answers to the words alone; `of` and `of_answer`
    are the originals that were translated. Locks: the review. Raises: ReviewUnknown.
    """
    review = held(ref=ref)
    if said and (of.title, of.words) == (review.title, review.words):
        review.translated = {locale: list(told) for locale, told in said.items()}
    answer = session().get(ReviewAnswer, review.id)
    if answers and answer is not None and answer.words == of_answer:
        answer.translated = dict(answers)


@command("marketplace.reviews.object_to")
def object_to(*, review_ref: str, words: str, actor: Actor) -> None:
    """Object to the removal of an own review, the newest decision that did it.

    Locks: the review. Raises: ReviewUnknown, ReviewNoObjection.
    """
    review = held(ref=review_ref, author_id=_own(actor))
    decisions = moderation_queries.decisions_on(rules.KIND, review.id)
    removal = next((one for one in decisions if one.outcome is Outcome.REMOVED), None)
    if removal is None:
        raise ReviewNoObjection
    moderation.object_to(decision_ref=removal.ref, words=words, actor=actor)


@command("marketplace.reviews.remove")
def remove(*, subject_id: int, actor: Actor) -> None:
    """Take a shown review off its page by the house's decision; its author cannot bring it back.

    Locks: the review, the counts of goods and shop. Events: RatingChanged.
    """
    _turn(subject_id, ReviewState.SHOWN, ReviewState.REMOVED, actor)


@command("marketplace.reviews.bring_back")
def bring_back(*, subject_id: int, actor: Actor) -> None:
    """Show a removed review again. Locks, Events: as `remove`."""
    _turn(subject_id, ReviewState.REMOVED, ReviewState.SHOWN, actor)


def _turn(review_id: int, was: ReviewState, becomes: ReviewState, actor: Actor) -> None:
    review = held(id=review_id)
    if review.state != was:
        return
    review.state = becomes
    session().flush()
    is_shown = becomes is ReviewState.SHOWN
    before, after = (None, review.stars) if is_shown else (review.stars, None)
    _move(review, before=before, after=after, actor=actor)


def _known(line_id: int, said: Said) -> str:
    review = session().scalars(select(Review).where(Review.line_id == line_id)).one()
    if not said.repeats(review):
        raise AlreadyReviewed
    return review.ref


def _move(review: Review, *, before: int | None, after: int | None, actor: Actor) -> None:
    ratings.move(
        product_id=review.product_id,
        vendor_id=review.vendor_id,
        before=before,
        after=after,
        actor=actor,
    )


def _own(actor: Actor) -> UUID:
    return actor.somebody()
