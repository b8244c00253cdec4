"""The letters: a new review, its answer, the receipt of a report, and what was decided."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from kernel import mail
from kernel.events import on
from kernel.people.identity import queries as people
from kernel.people.identity.queries import PersonView
from marketplace.trust.reviews import reported, told
from marketplace.trust.reviews.errors import ReviewReportUnknown
from marketplace.trust.reviews.events import (
    ReviewAnswered,
    ReviewDecided,
    ReviewObjectionDecided,
    ReviewReported,
    ReviewWritten,
)
from marketplace.trust.reviews.reported import ReportView
from marketplace.trust.reviews.rules import REASON_WORDS, Outcome, ReviewState
from marketplace.trust.reviews.told import Told


@on(ReviewWritten, "marketplace.reviews.tell_seller", queue="mail")
def tell_seller(event: ReviewWritten) -> None:
    """Tell everybody of the shop what a buyer wrote, unless it was taken back meanwhile."""
    found = told.review(event.review_ref)
    if found.review.state is not ReviewState.SHOWN:
        return
    for person in people.staff_of(found.review.organisation_id):
        said = {"stars": found.review.stars, "words": found.review.words}
        _send(person, found, "review_written", said)


@on(ReviewAnswered, "marketplace.reviews.tell_author", queue="mail")
def tell_author(event: ReviewAnswered) -> None:
    """Tell the author that the shop answered."""
    found = told.review(event.review_ref)
    author, answer = _person(found.review.author_id), found.review.answer
    if author is not None and answer is not None:
        said = {"shop": found.review.shop, "words": answer.words}
        _send(author, found, "review_answered", said)


@on(ReviewReported, "marketplace.reviews.confirm_report", queue="mail")
def confirm_report(event: ReviewReported) -> None:
    """Tell the reporter at once that the report is there, unless they let go of it meanwhile."""
    try:
        report = reported.report(event.report_ref)
    except ReviewReportUnknown:
        return
    _to_reporter(report, "report_received", {"reason": REASON_WORDS[report.reason]})


@on(ReviewDecided, "marketplace.reviews.tell_decision", queue="mail")
def tell_decision(event: ReviewDecided) -> None:
    """Tell everybody who reported, and the author of a removed review, what and why.

    An author who withdrew it before the decision lost nothing, and is told nothing.
    """
    decision = reported.decision(event.decision_ref)
    reasons = {
        "outcome": str(decision.outcome),
        "ground": REASON_WORDS[decision.ground],
        "words": decision.words,
    }
    for report in reported.reports_of(decision.id):
        _to_reporter(report, "review_report_decided", reasons)
    found = told.review(decision.review_ref)
    author = _person(found.review.author_id)
    was_withdrawn = found.review.state is ReviewState.WITHDRAWN
    if author is not None and decision.outcome is Outcome.REMOVED and not was_withdrawn:
        until = decision.objection_until.isoformat()
        _send(author, found, "review_removed", reasons | {"until": until})


@on(ReviewObjectionDecided, "marketplace.reviews.tell_second_look", queue="mail")
def tell_second_look(event: ReviewObjectionDecided) -> None:
    """Tell the author, and who reported, what another person decided."""
    decision = reported.decision(event.decision_ref)
    said = {"stands": event.stands, "words": decision.review_words}
    found = told.review(decision.review_ref)
    author = _person(found.review.author_id)
    if author is not None:
        _send(author, found, "review_objection_decided", said)
    for report in reported.reports_of(decision.id):
        _to_reporter(report, "review_objection_decided", said)


def _person(person_id: UUID | None) -> PersonView | None:
    return people.person(person_id) if person_id else None


def _send(person: PersonView, found: Told, template: str, data: Mapping[str, object]) -> None:
    mail.send(
        to=person.email,
        template=f"marketplace/mail/{template}.txt",
        locale=person.locale,
        data={
            "name": person.name,
            "zone": person.zone,
            "ref": found.review.ref,
            "title": found.goods.title(person.locale),
            **data,
        },
    )


def _to_reporter(report: ReportView, template: str, data: Mapping[str, object]) -> None:
    if not report.email:
        return  # they let go of it
    title = told.review(report.review_ref).goods.title(report.locale)
    mail.send(
        to=report.email,
        template=f"marketplace/mail/{template}.txt",
        locale=report.locale,
        data={"name": report.name, "title": title, "ref": report.ref, **data},
    )
