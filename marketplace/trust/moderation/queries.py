"""What reporters, those concerned and operators see of reports and decisions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, TextClause, text

from kernel import clock
from kernel.actor import Actor
from kernel.db import session
from kernel.ids import PageKey
from kernel.people.identity import queries as people
from marketplace.catalogue.vendors import queries as vendors
from marketplace.trust.moderation.errors import DecisionUnknown, ReportUnknown
from marketplace.trust.moderation.rules import Outcome, may_object
from marketplace.trust.moderation.subjects import Concerned, SubjectView, subjects

PAGE = 40

_REPORTS = """
    SELECT r.*, d.ref AS decision_ref FROM marketplace.moderation_report r
    LEFT JOIN marketplace.moderation_decision d ON d.id = r.decision_id
"""
_WAITING = text(
    _REPORTS + " WHERE r.kind = :kind AND r.decision_id IS NULL"
    " AND (r.reported_at, r.id) > (coalesce(CAST(:at AS timestamptz), '-infinity'),"
    " coalesce(CAST(:id AS uuid), '00000000-0000-0000-0000-000000000000'))"
    " ORDER BY r.reported_at, r.id LIMIT :most"
)
_BESIDE = text(
    _REPORTS + " JOIN marketplace.moderation_report asked"
    " ON (asked.kind, asked.subject_id) = (r.kind, r.subject_id)"
    " WHERE asked.ref = :ref AND asked.kind = :kind"
    " ORDER BY (r.ref = :ref) DESC, r.reported_at DESC LIMIT :most"
)
_OF_DECISION = text(_REPORTS + " WHERE r.decision_id = :id ORDER BY r.reported_at, r.id")
_ONE_REPORT = text(_REPORTS + " WHERE r.ref = :ref")
_DECISIONS = """
    SELECT d.*, o.words AS objection, o.objected_at, o.stands, o.review_words, o.reviewed_at,
        (SELECT r.ref FROM marketplace.moderation_report r WHERE r.decision_id = d.id
         ORDER BY r.reported_at, r.id LIMIT 1) AS report_ref
    FROM marketplace.moderation_decision d
    LEFT JOIN marketplace.moderation_objection o ON o.decision_id = d.id
"""
_OBJECTIONS = text(
    _DECISIONS + " WHERE d.kind = :kind AND o.reviewed_at IS NULL"
    " AND (o.objected_at, o.decision_id) > (coalesce(CAST(:at AS timestamptz), '-infinity'),"
    " coalesce(CAST(:id AS uuid), '00000000-0000-0000-0000-000000000000'))"
    " ORDER BY o.objected_at, o.decision_id LIMIT :most"
)
_OF_SHOP = text(
    _DECISIONS + " JOIN marketplace.moderation_decision_shop s ON s.decision_id = d.id"
    " WHERE s.vendor_id = :vendor_id AND d.kind = :kind AND d.outcome = 'removed'"
    " AND (d.decided_at, d.id) < (coalesce(CAST(:at AS timestamptz), 'infinity'),"
    " coalesce(CAST(:id AS uuid), 'ffffffff-ffff-ffff-ffff-ffffffffffff'))"
    " ORDER BY d.decided_at DESC, d.id DESC LIMIT :most"
)
_ONE = text(_DECISIONS + " WHERE d.ref = :ref")
_SHOPS = text(
    "SELECT vendor_id FROM marketplace.moderation_decision_shop WHERE decision_id = :id ORDER BY 1"
)
_ON_SUBJECT = text(
    _DECISIONS + " WHERE d.kind = :kind AND d.subject_id = :subject_id"
    " ORDER BY d.decided_at DESC LIMIT :most"
)
_KNOWN = text(
    "SELECT ref FROM marketplace.moderation_report WHERE kind = :kind"
    " AND subject_id = :subject_id AND email = :email AND decision_id IS NULL"
)
_STILL_REMOVED = text(
    """
    SELECT EXISTS (
        SELECT FROM marketplace.moderation_decision d
        LEFT JOIN marketplace.moderation_objection o ON o.decision_id = d.id
        WHERE d.kind = :kind AND d.subject_id = :subject_id AND d.outcome = 'removed'
            AND d.id <> :but AND o.stands IS DISTINCT FROM false)
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """A report.

    Shape: reason is one of its kind's; reporter_id is None for a stranger; locale is that of the
    page it was written on; decision_ref is empty while it waits.
    """

    ref: str
    kind: str
    subject_id: int
    subject: SubjectView
    reason: str
    words: str
    reporter_id: UUID | None
    name: str
    email: str
    locale: str
    reported_at: datetime
    decision_ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionView:
    """A decision with the objection to it, if any.

    Shape: report_ref is the first report that it answers; stands is None until it was reviewed.
    """

    id: UUID
    ref: str
    report_ref: str
    kind: str
    subject_id: int
    subject: SubjectView
    outcome: Outcome
    ground: str
    words: str
    decided_by: UUID
    decided_at: datetime
    objection_until: datetime
    objection: str
    objected_at: datetime | None
    stands: bool | None
    review_words: str
    reviewed_at: datetime | None

    @property
    def is_objected(self) -> bool:
        """Whether an objection waits."""
        return self.objected_at is not None and self.reviewed_at is None

    @property
    def takes_objection(self) -> bool:
        """Whether whom it concerns may object now."""
        return self.objected_at is None and may_object(
            outcome=self.outcome, until=self.objection_until, now=clock.now()
        )


@dataclass(frozen=True, slots=True)
class Reporter:
    """What is known of who reports. Shape: both are empty for a stranger."""

    name: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits, the oldest first: on the first page both, then one or the other.

    Shape: after and objected_after lead to the next page of reports and of objections.
    """

    reports: Sequence[ReportView]
    objections: Sequence[DecisionView]
    after: PageKey | None
    objected_after: PageKey | None


@dataclass(frozen=True, slots=True)
class Case:
    """A report with everything about the same subject.

    Shape: beside are other reports; decisions newest first; objected is one whose objection waits,
    may_look_again whether this operator is another than who decided it; is_own that the case
    concerns them.
    """

    report: ReportView
    beside: Sequence[ReportView]
    decisions: Sequence[DecisionView]
    objected: DecisionView | None
    may_look_again: bool
    is_own: bool


@dataclass(frozen=True, slots=True)
class Decisions:
    """Decisions against a shop, newest first. Shape: before is the next page's key."""

    lines: Sequence[DecisionView]
    before: PageKey | None


def reporter(actor: Actor) -> Reporter:
    """Return what is known of who is about to report."""
    person = people.person(actor.person_id) if actor.person_id else None
    return Reporter(person.name, person.email) if person else Reporter()


def waiting_report(*, kind: str, subject_id: int, email: str) -> str:
    """Return the report of somebody that waits already."""
    binds = {"kind": kind, "subject_id": subject_id, "email": email}
    return str(session().execute(_KNOWN, binds).scalar_one())


def is_removed_by_another(decision: DecisionView) -> bool:
    """Whether another decision that stands keeps the same subject away."""
    binds = {"kind": decision.kind, "subject_id": decision.subject_id, "but": decision.id}
    return bool(session().execute(_STILL_REMOVED, binds).scalar_one())


def queue(kind: str, *, after: PageKey | None, objected_after: PageKey | None) -> Queue:
    """Return what waits for an operator of one kind."""
    reports = [] if objected_after else _rows(_WAITING, after, kind=kind)
    objections = [] if after else _rows(_OBJECTIONS, objected_after, kind=kind)
    last, objected = [
        rows[PAGE - 1] if len(rows) > PAGE else None for rows in (reports, objections)
    ]
    views = _views(reports[:PAGE], objections[:PAGE])
    return Queue(
        [_report(row, views) for row in reports[:PAGE]],
        [_decision(row, views) for row in objections[:PAGE]],
        PageKey(last.reported_at, last.id) if last else None,
        PageKey(objected.objected_at, objected.id) if objected else None,
    )


def case(actor: Actor, kind: str, ref: str) -> Case:
    """Return a report with what else is known of its subject. Raises: ReportUnknown."""
    rows = session().execute(_BESIDE, {"kind": kind, "ref": ref, "most": PAGE}).all()
    if not rows:
        raise ReportUnknown
    views = _views(rows)
    report, *beside = [_report(row, views) for row in rows]
    decisions = decisions_on(kind, report.subject_id)
    objected = next((one for one in decisions if one.is_objected), None)
    return Case(
        report,
        beside,
        decisions,
        objected,
        may_look_again=objected is not None and objected.decided_by != actor.person_id,
        is_own=is_concerned(actor, subjects()[kind].concerned(report.subject_id)),
    )


def decisions_on(kind: str, subject_id: int) -> list[DecisionView]:
    """Return what was decided on a subject, newest first."""
    binds = {"kind": kind, "subject_id": subject_id, "most": PAGE}
    return _decisions(session().execute(_ON_SUBJECT, binds).all())


def decisions_for(actor: Actor, kind: str, *, before: PageKey | None) -> Decisions:
    """Return removals of one kind that concern the actor's shop. Raises: NotAVendor."""
    vendor = vendors.vendor_of(actor)
    rows = _rows(_OF_SHOP, before, kind=kind, vendor_id=vendor.id)
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return Decisions(_decisions(rows[:PAGE]), PageKey(last.decided_at, last.id) if last else None)


def decision_for(actor: Actor, kind: str, ref: str) -> DecisionView:
    """Return a removal that concerns the actor or their shop. Raises: DecisionUnknown."""
    made = decision(ref)
    is_removal = made.kind == kind and made.outcome is Outcome.REMOVED
    if not is_removal or not is_concerned(actor, bound_by(made)):
        raise DecisionUnknown
    return made


def shops_of(decision_id: UUID) -> list[int]:
    """Return the shops that a decision bound on its day."""
    return list(session().execute(_SHOPS, {"id": decision_id}).scalars())


def bound_by(decision: DecisionView) -> Concerned:
    """Return whom a decision binds: the shops of its day, and who is the author still."""
    author_id = subjects()[decision.kind].concerned(decision.subject_id).author_id
    return Concerned(shops=frozenset(shops_of(decision.id)), author_id=author_id)


def is_concerned(actor: Actor, concerned: Concerned) -> bool:
    """Whether a decision concerns somebody: as the author, or as one of a shop's people."""
    if actor.person_id is not None and actor.person_id == concerned.author_id:
        return True
    shops = vendors.vendors(concerned.shops).values() if concerned.shops else ()
    return any(shop.organisation_id in actor.organisation_ids for shop in shops)


def decision(ref: str) -> DecisionView:
    """Return a decision, for handlers and commands. Raises: DecisionUnknown."""
    decisions = _decisions(session().execute(_ONE, {"ref": ref}).all())
    if not decisions:
        raise DecisionUnknown
    return decisions[0]


def report(ref: str) -> ReportView:
    """Return a report, for handlers. Raises: ReportUnknown."""
    reports = _reports(session().execute(_ONE_REPORT, {"ref": ref}).all())
    if not reports:
        raise ReportUnknown
    return reports[0]


def reports_of(decision_id: UUID) -> list[ReportView]:
    """Return the reports that a decision answers."""
    return _reports(session().execute(_OF_DECISION, {"id": decision_id}).all())


Views = Mapping[tuple[str, int], SubjectView]


def _rows(query: TextClause, key: PageKey | None, **binds: object) -> Sequence[Row[Any]]:
    """Return a page of rows and one more, where there is one."""
    place = {"at": key and key.at, "id": key and key.id, "most": PAGE + 1}
    return session().execute(query, place | binds).all()


def _views(*rows: Sequence[Row[Any]]) -> Views:
    """Return the subjects that rows are about, asked for once for each kind."""
    wanted = defaultdict(set)
    for row in (row for part in rows for row in part):
        wanted[row.kind].add(row.subject_id)
    return {
        (kind, subject_id): view
        for kind, ids in wanted.items()
        for subject_id, view in subjects()[kind].views(ids).items()
    }


def _reports(rows: Sequence[Row[Any]]) -> list[ReportView]:
    views = _views(rows)
    return [_report(row, views) for row in rows]


def _decisions(rows: Sequence[Row[Any]]) -> list[DecisionView]:
    views = _views(rows)
    return [_decision(row, views) for row in rows]


def _report(row: Row[Any], views: Views) -> ReportView:
    return ReportView(
        ref=row.ref,
        kind=row.kind,
        subject_id=row.subject_id,
        subject=views[row.kind, row.subject_id],
        reason=row.reason,
        words=row.words,
        reporter_id=row.reporter_id,
        name=row.name,
        email=row.email,
        locale=row.locale,
        reported_at=row.reported_at,
        decision_ref=row.decision_ref or "",
    )


def _decision(row: Row[Any], views: Views) -> DecisionView:
    return DecisionView(
        id=row.id,
        ref=row.ref,
        report_ref=row.report_ref or "",
        kind=row.kind,
        subject_id=row.subject_id,
        subject=views[row.kind, row.subject_id],
        outcome=Outcome(row.outcome),
        ground=row.ground,
        words=row.words,
        decided_by=row.decided_by,
        decided_at=row.decided_at,
        objection_until=row.objection_until,
        objection=row.objection or "",
        objected_at=row.objected_at,
        stands=row.stands,
        review_words=row.review_words or "",
        reviewed_at=row.reviewed_at,
    )
