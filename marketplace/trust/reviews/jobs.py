"""Letters on reviews, their answers and reports; and what is written, said in other languages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from uuid import UUID

from kernel import mail
from kernel.actor import SYSTEM
from kernel.events import Note, on
from kernel.people.identity import queries as people
from kernel.people.identity.queries import PersonView
from marketplace.trust.moderation import letters
from marketplace.trust.reviews import service, told, translations
from marketplace.trust.reviews.events import (
    ReviewAnswered,
    ReviewDecided,
    ReviewObjectionDecided,
    ReviewReported,
    ReviewReworded,
    ReviewWritten,
)
from marketplace.trust.reviews.rules import ReviewState
from marketplace.trust.reviews.told import Told


@on(ReviewWritten, "marketplace.reviews.tell_seller", queue="mail")
def tell_seller(event: ReviewWritten) -> None:
    """Tell everybody of the shop what a buyer wrote, unless it was taken back meanwhile."""
    review = told.review(event.review_ref)
    if review.review.state is not ReviewState.SHOWN:
        return
    for person in people.staff_of(review.review.organisation_id):
        facts = {"stars": review.review.stars, "words": review.review.words}
        _send(person, review, "review_written", facts)


@on(ReviewAnswered, "marketplace.reviews.tell_author", queue="mail")
def tell_author(event: ReviewAnswered) -> None:
    """Tell the author that the shop answered."""
    review = told.review(event.review_ref)
    author, answer = _person(review.review.author_id), review.review.answer
    if author is not None and answer is not None:
        facts = {"shop": review.review.shop, "words": answer.words}
        _send(author, review, "review_answered", facts)


@on(ReviewReported, "marketplace.reviews.confirm_report", queue="mail")
def confirm_report(event: ReviewReported) -> None:
    """Tell the reporter at once that the report is there."""
    letters.confirm_receipt(event.report_ref)


@on(ReviewDecided, "marketplace.reviews.tell_decision", queue="mail")
def tell_decision(event: ReviewDecided) -> None:
    """Tell everybody who reported, and the author of a removed review, what and why."""
    letters.give_reasons(event.decision_ref)


@on(ReviewObjectionDecided, "marketplace.reviews.tell_second_look", queue="mail")
def tell_second_look(event: ReviewObjectionDecided) -> None:
    """Tell the author, and who reported, what another person decided."""
    letters.tell_second_look(event.decision_ref, stands=event.stands)


@on(ReviewWritten, "marketplace.reviews.translate_written", queue="slow", outside=True)
def translate_written(event: ReviewWritten) -> Note:
    """Say a new review in the other languages."""
    return _translated(event.review_ref)


@on(ReviewAnswered, "marketplace.reviews.translate_answered", queue="slow", outside=True)
def translate_answered(event: ReviewAnswered) -> Note:
    """Say the answer in the other languages."""
    return _translated(event.review_ref)


@on(ReviewReworded, "marketplace.reviews.translate_reworded", queue="slow", outside=True)
def translate_reworded(event: ReviewReworded) -> Note:
    """Say anew what was changed."""
    return _translated(event.review_ref)


def _translated(ref: str) -> Note:
    """Ask for a review and its answer; what is said is kept in the commit that ends the delivery.

    Asking again says the same again. Raises: TranslatorDown.
    """
    saying = translations.asked(ref)
    return partial(service.keep_translations, **saying.kept(), actor=SYSTEM)


def _person(person_id: UUID | None) -> PersonView | None:
    return people.person(person_id) if person_id else None


def _send(person: PersonView, about: Told, template: str, data: Mapping[str, object]) -> None:
    mail.send(
        to=person,
        template=f"marketplace/mail/{template}.txt",
        locale=person.locale,
        data={
            "name": person.name,
            "zone": person.zone,
            "ref": about.review.ref,
            "title": about.goods.title(person.locale),
            **data,
        },
    )
