"""Reports about reviews as operators and letters read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, text

from kernel import clock
from kernel.actor import Actor
from kernel.db import session
from kernel.ids import PageKey
from kernel.people.identity import queries as people
from marketplace.trust.moderation import queries as moderation
from marketplace.trust.reviews.errors import ReviewReportUnknown, ReviewUnknown
from marketplace.trust.reviews.rules import Outcome, Reason
from marketplace.trust.reviews.told import Told, review, shown_review

PAGE = 40

_REPORTS = """
    SELECT q.id, q.ref, q.reason, q.words, q.name, q.email, q.locale, q.reported_at, q.decision_id,
        r.ref AS review_ref, r.stars, r.words AS review_words
    FROM marketplace.review_report q JOIN marketplace.review r ON r.id = q.review_id
"""
_WAITING = text(
    _REPORTS + " WHERE q.decision_id IS NULL"
    " AND (q.reported_at, q.id) > (coalesce(CAST(:at AS timestamptz), '-infinity'),"
    " coalesce(CAST(:id AS uuid), '00000000-0000-0000-0000-000000000000'))"
    " ORDER BY q.reported_at, q.id LIMIT :most"
)
_BESIDE = text(
    _REPORTS + " JOIN marketplace.review_report x ON x.review_id = q.review_id AND x.ref = :ref"
    " ORDER BY (q.ref = :ref) DESC, q.reported_at DESC LIMIT :most"
)
_ONE = text(_REPORTS + " WHERE q.ref = :ref")
_OF_DECISION = text(_REPORTS + " WHERE q.decision_id = :id ORDER BY q.reported_at, q.id")
_DECISIONS = """
    SELECT d.id, d.ref, d.outcome, d.ground, d.words, d.decided_at, d.decided_by,
        d.objection_until, r.ref AS review_ref, r.words AS review, o.words AS objection,
        o.objected_at, o.stands, o.review_words,
        (SELECT q.ref FROM marketplace.review_report q WHERE q.decision_id = d.id
         ORDER BY q.reported_at, q.id LIMIT 1) AS report_ref
    FROM marketplace.review_decision d JOIN marketplace.review r ON r.id = d.review_id
    LEFT JOIN marketplace.review_objection o ON o.decision_id = d.id
"""
_OBJECTED = text(
    _DECISIONS + " WHERE o.reviewed_at IS NULL"
    " AND (o.objected_at, o.decision_id) > (coalesce(CAST(:at AS timestamptz), '-infinity'),"
    " coalesce(CAST(:id AS uuid), '00000000-0000-0000-0000-000000000000'))"
    " ORDER BY o.objected_at, o.decision_id LIMIT :most"
)
_DECISION = text(_DECISIONS + " WHERE d.ref = :ref")
_OF_REVIEW = text(_DECISIONS + " WHERE r.ref = :ref ORDER BY d.decided_at DESC LIMIT :most")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """A report. Shape: words are the reporter's, review_words the author's."""

    ref: str
    review_ref: str
    stars: int
    review_words: str
    reason: Reason
    words: str
    name: str
    email: str
    locale: str
    reported_at: datetime
    is_decided: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionView:
    """What was decided on a review, and what its author objected.

    Shape: report_ref is the first report that it answers; review the review's words; objection is
    empty without one, stands None until another person looked again.
    """

    id: UUID
    ref: str
    review_ref: str
    outcome: Outcome
    ground: Reason
    words: str
    review: str
    report_ref: str
    decided_by: UUID
    decided_at: datetime
    objection_until: datetime
    objection: str
    objected_at: datetime | None
    stands: bool | None
    review_words: str

    @property
    def takes_objection(self) -> bool:
        """Whether its author may still object."""
        return self.objected_at is None and moderation.may_object(
            outcome=self.outcome, until=self.objection_until, now=clock.now()
        )

    @property
    def waits(self) -> bool:
        """Whether an objection waits for another person."""
        return self.objected_at is not None and self.stands is None


@dataclass(frozen=True, slots=True)
class ReportForm:
    """What the form of a report shows. Shape: email is empty for a stranger."""

    told: Told
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits, the oldest first: on the first page both, then one or the other.

    Shape: after and objected_after lead to the next page of reports and of objections.
    """

    objections: Sequence[DecisionView]
    reports: Sequence[ReportView]
    after: PageKey | None
    objected_after: PageKey | None


@dataclass(frozen=True, slots=True)
class Case:
    """A report with everything about the same review.

    Shape: decisions newest first; objected is one whose objection waits, may_look_again whether
    this person is another than who decided it; is_own that they wrote the review.
    """

    report: ReportView
    told: Told
    beside: Sequence[ReportView]
    decisions: Sequence[DecisionView]
    objected: DecisionView | None
    may_look_again: bool
    is_own: bool


def form_for(actor: Actor, ref: str) -> ReportForm:
    """Return the form for a review with what is known of its reader. Raises: ReviewUnknown."""
    shown_review(ref)
    person = people.person(actor.person_id) if actor.person_id else None
    return ReportForm(review(ref), person.name if person else "", person.email if person else "")


def queue(*, after: PageKey | None, objected_after: PageKey | None) -> Queue:
    """Return what waits for an operator."""
    reports = [] if objected_after else _rows(_WAITING, after)
    objections = [] if after else _rows(_OBJECTED, objected_after)
    last, objected = [
        rows[PAGE - 1] if len(rows) > PAGE else None for rows in (reports, objections)
    ]
    return Queue(
        [_decided(row) for row in objections[:PAGE]],
        [_report(row) for row in reports[:PAGE]],
        PageKey(last.reported_at, last.id) if last else None,
        PageKey(objected.objected_at, objected.id) if objected else None,
    )


def case(actor: Actor, ref: str) -> Case:
    """Return a report with what else is known of its review. Raises: ReviewReportUnknown."""
    rows = session().execute(_BESIDE, {"ref": ref, "most": PAGE}).all()
    if not rows:
        raise ReviewReportUnknown
    first, *beside = [_report(row) for row in rows]
    decisions = decisions_on(first.review_ref)
    objected = next((one for one in decisions if one.waits), None)
    told = review(first.review_ref)
    return Case(
        first,
        told,
        beside,
        decisions,
        objected,
        may_look_again=objected is not None and objected.decided_by != actor.person_id,
        is_own=told.review.author_id is not None and told.review.author_id == actor.person_id,
    )


def report(ref: str) -> ReportView:
    """Return a report, for handlers. Raises: ReviewReportUnknown."""
    row = session().execute(_ONE, {"ref": ref}).one_or_none()
    if row is None:
        raise ReviewReportUnknown
    return _report(row)


def decision(ref: str) -> DecisionView:
    """Return a decision, for handlers. Raises: ReviewUnknown."""
    row = session().execute(_DECISION, {"ref": ref}).one_or_none()
    if row is None:
        raise ReviewUnknown
    return _decided(row)


def decisions_on(review_ref: str) -> list[DecisionView]:
    """Return what was decided on a review, newest first."""
    rows = session().execute(_OF_REVIEW, {"ref": review_ref, "most": PAGE})
    return [_decided(row) for row in rows]


def reports_of(decision_id: UUID) -> list[ReportView]:
    """Return the reports that a decision answers."""
    return [_report(row) for row in session().execute(_OF_DECISION, {"id": decision_id})]


def _rows(query: TextClause, after: PageKey | None) -> Sequence[Any]:
    """Return a page of rows and one more, where there is one."""
    binds = {"at": after and after.at, "id": after and after.id, "most": PAGE + 1}
    return session().execute(query, binds).all()


def _report(row: Any) -> ReportView:  # noqa: ANN401 - a row of _REPORTS
    return ReportView(
        ref=row.ref,
        review_ref=row.review_ref,
        stars=row.stars,
        review_words=row.review_words,
        reason=Reason(row.reason),
        words=row.words,
        name=row.name,
        email=row.email,
        locale=row.locale,
        reported_at=row.reported_at,
        is_decided=row.decision_id is not None,
    )


def _decided(row: Any) -> DecisionView:  # noqa: ANN401 - a row of _DECISIONS
    return DecisionView(
        id=row.id,
        ref=row.ref,
        review_ref=row.review_ref,
        outcome=Outcome(row.outcome),
        ground=Reason(row.ground),
        words=row.words,
        review=row.review,
        report_ref=row.report_ref or "",
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        objection_until=row.objection_until,
        objection=row.objection or "",
        objected_at=row.objected_at,
        stands=row.stands,
        review_words=row.review_words or "",
    )
