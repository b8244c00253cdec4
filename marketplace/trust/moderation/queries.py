"""What reporters, vendors and operators see of reports and decisions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
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
from marketplace.catalogue.products.errors import NoSuchProduct
from marketplace.catalogue.products.queries import in_language, slug
from marketplace.catalogue.vendors import queries as vendors
from marketplace.trust.moderation.errors import DecisionUnknown, ReportUnknown
from marketplace.trust.moderation.rules import (
    REASON_WORDS,
    Outcome,
    Reason,
    may_object,
    objection_until,
)

__all__ = [
    "REASON_WORDS",
    "Outcome",
    "Reason",
    "may_object",
    "objection_until",
]  # what templates and other rooms read

PAGE = 40

_PRODUCT = """
    p.id AS product_id, p.ref AS product_ref, p.status, p.vendor_id, p.source_locale,
    (SELECT jsonb_object_agg(t.locale, t.title) FROM marketplace.product_text t
     WHERE t.product_id = p.id) AS titles
"""
_LISTING = text(f"SELECT {_PRODUCT} FROM marketplace.product p WHERE p.ref = :ref")  # noqa: S608 - our own text
_REPORTS = f"""
    SELECT r.*, d.ref AS decision_ref, {_PRODUCT}
    FROM marketplace.listing_report r JOIN marketplace.product p ON p.id = r.product_id
    LEFT JOIN marketplace.listing_decision d ON d.id = r.decision_id
"""  # noqa: S608 - our own text
_WAITING = text(
    _REPORTS + " WHERE r.decision_id IS NULL"
    " AND (r.reported_at, r.id) > (coalesce(CAST(:at AS timestamptz), '-infinity'),"
    " coalesce(CAST(:id AS uuid), '00000000-0000-0000-0000-000000000000'))"
    " ORDER BY r.reported_at, r.id LIMIT :most"
)
_BESIDE = text(
    f"{_REPORTS} WHERE r.product_id = (SELECT x.product_id FROM marketplace.listing_report x"  # noqa: S608
    " WHERE x.ref = :ref) ORDER BY (r.ref = :ref) DESC, r.reported_at DESC LIMIT :most"
)
_OF_DECISION = text(_REPORTS + " WHERE r.decision_id = :id ORDER BY r.reported_at, r.id")
_ONE_REPORT = text(_REPORTS + " WHERE r.ref = :ref")
_DECISIONS = f"""
    SELECT d.*, o.words AS objection, o.objected_at, o.stands, o.review_words, o.reviewed_at,
        (SELECT r.ref FROM marketplace.listing_report r WHERE r.decision_id = d.id
         ORDER BY r.reported_at, r.id LIMIT 1) AS report_ref, {_PRODUCT}
    FROM marketplace.listing_decision d JOIN marketplace.product p ON p.id = d.product_id
    LEFT JOIN marketplace.listing_objection o ON o.decision_id = d.id
"""  # noqa: S608 - our own text
_OBJECTIONS = text(
    _DECISIONS + " WHERE o.reviewed_at IS NULL"
    " AND (o.objected_at, o.decision_id) > (coalesce(CAST(:at AS timestamptz), '-infinity'),"
    " coalesce(CAST(:id AS uuid), '00000000-0000-0000-0000-000000000000'))"
    " ORDER BY o.objected_at, o.decision_id LIMIT :most"
)
_OF_VENDOR = text(
    _DECISIONS + " JOIN marketplace.listing_decision_seller s ON s.decision_id = d.id"
    " WHERE s.vendor_id = :vendor_id AND d.outcome = 'removed'"
    " AND (d.decided_at, d.id) < (coalesce(CAST(:at AS timestamptz), 'infinity'),"
    " coalesce(CAST(:id AS uuid), 'ffffffff-ffff-ffff-ffff-ffffffffffff'))"
    " ORDER BY d.decided_at DESC, d.id DESC LIMIT :most"
)
_ONE = text(_DECISIONS + " WHERE d.ref = :ref")
_SELLERS = text(
    "SELECT vendor_id FROM marketplace.listing_decision_seller WHERE decision_id = :id ORDER BY 1"
)
_OF_PRODUCT = text(_DECISIONS + " WHERE d.product_id = :id ORDER BY d.decided_at DESC LIMIT :most")
_KNOWN = text(
    "SELECT ref FROM marketplace.listing_report"
    " WHERE product_id = :product_id AND email = :email AND decision_id IS NULL"
)
_STILL_DOWN = text(
    """
    SELECT EXISTS (
        SELECT FROM marketplace.listing_decision d
        LEFT JOIN marketplace.listing_objection o ON o.decision_id = d.id
        WHERE d.product_id = :product_id AND d.outcome = 'removed' AND d.id <> :but
            AND o.stands IS DISTINCT FROM false)
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A product as reports name it. Shape: titles by locale; source the one it was written in."""

    id: int
    ref: str
    vendor_id: int
    status: str
    titles: Mapping[str, str]
    source: str

    def title(self, locale: str) -> str:
        """Return what it is called in a language."""
        return in_language(self.titles, locale, self.source)

    @property
    def slug(self) -> str:
        """The last part of its page's address."""
        return slug(self.titles.get("en") or self.titles.get(self.source, ""))


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportView:
    """A report. Shape: decision_ref is empty while it waits."""

    ref: str
    listing: Listing
    reason: Reason
    words: str
    name: str
    email: str
    locale: str
    reported_at: datetime
    decision_ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionView:
    """A decision with the objection to it, if any. Shape: stands is None until it was reviewed."""

    id: UUID
    ref: str
    report_ref: str
    listing: Listing
    outcome: Outcome
    ground: Reason
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
        """Whether its vendor may object now."""
        return self.objected_at is None and may_object(
            outcome=self.outcome, until=self.objection_until, now=clock.now()
        )


@dataclass(frozen=True, slots=True)
class ReportForm:
    """What the form of a report shows. Shape: email is empty for a stranger."""

    listing: Listing
    name: str
    email: str


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
    """A report with everything about the same listing.

    Shape: decisions newest first; beside are other reports; is_own when this operator decided the
    newest one.
    """

    report: ReportView
    beside: Sequence[ReportView]
    decisions: Sequence[DecisionView]
    shop: str
    is_own: bool


@dataclass(frozen=True, slots=True)
class Decisions:
    """Decisions against a shop's goods, newest first. Shape: before is the next page's key."""

    lines: Sequence[DecisionView]
    before: PageKey | None


def listing(ref: str) -> Listing:
    """Return a product that may be reported. Raises: NoSuchProduct."""
    row = session().execute(_LISTING, {"ref": ref}).one_or_none()
    if row is None:
        raise NoSuchProduct
    return _listing(row)


def form_for(actor: Actor, ref: str) -> ReportForm:
    """Return the form for a listing with what is known of its reader. Raises: NoSuchProduct."""
    person = people.person(actor.person_id) if actor.person_id else None
    return ReportForm(listing(ref), person.name if person else "", person.email if person else "")


def waiting_report(*, product_id: int, email: str) -> str:
    """Return the report of somebody that waits already."""
    binds = {"product_id": product_id, "email": email}
    return str(session().execute(_KNOWN, binds).scalar_one())


def is_down_for_another(product_id: int, *, but: UUID) -> bool:
    """Whether another decision that stands keeps a product off the shelves."""
    binds = {"product_id": product_id, "but": but}
    return bool(session().execute(_STILL_DOWN, binds).scalar_one())


def queue(*, after: PageKey | None, objected_after: PageKey | None) -> Queue:
    """Return what waits for an operator."""
    reports = [] if objected_after else _rows(_WAITING, after)
    objections = [] if after else _rows(_OBJECTIONS, objected_after)
    last, objected = [
        rows[PAGE - 1] if len(rows) > PAGE else None for rows in (reports, objections)
    ]
    return Queue(
        [_report(row) for row in reports[:PAGE]],
        [_decision(row) for row in objections[:PAGE]],
        PageKey(last.reported_at, last.id) if last else None,
        PageKey(objected.objected_at, objected.id) if objected else None,
    )


def case(actor: Actor, ref: str) -> Case:
    """Return a report with what else is known of its listing. Raises: ReportUnknown."""
    rows = session().execute(_BESIDE, {"ref": ref, "most": PAGE}).all()
    if not rows:
        raise ReportUnknown
    report, *beside = [_report(row) for row in rows]
    made = session().execute(_OF_PRODUCT, {"id": report.listing.id, "most": PAGE})
    decisions = [_decision(row) for row in made]
    shop = vendors.vendor(report.listing.vendor_id).name
    is_own = bool(decisions) and decisions[0].decided_by == actor.person_id
    return Case(report, beside, decisions, shop, is_own)


def decisions_for(actor: Actor, *, before: PageKey | None) -> Decisions:
    """Return decisions against goods that the actor's shop sells. Raises: NotAVendor."""
    vendor = vendors.vendor_of(actor)
    rows = _rows(_OF_VENDOR, before, vendor_id=vendor.id)
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    return Decisions(
        [_decision(row) for row in rows[:PAGE]], PageKey(last.decided_at, last.id) if last else None
    )


def decision_for(actor: Actor, ref: str) -> DecisionView:
    """Return a decision against goods of the actor's shop. Raises: NotAVendor, DecisionUnknown."""
    vendor, found = vendors.vendor_of(actor), decision(ref)
    if vendor.id not in sellers_of(found.id) or found.outcome is not Outcome.REMOVED:
        raise DecisionUnknown
    return found


def sellers_of(decision_id: UUID) -> list[int]:
    """Return the shops that sold the goods when it was decided."""
    return list(session().execute(_SELLERS, {"id": decision_id}).scalars())


def decision(ref: str) -> DecisionView:
    """Return a decision, for handlers. Raises: DecisionUnknown."""
    row = session().execute(_ONE, {"ref": ref}).one_or_none()
    if row is None:
        raise DecisionUnknown
    return _decision(row)


def report(ref: str) -> ReportView:
    """Return a report, for handlers. Raises: ReportUnknown."""
    row = session().execute(_ONE_REPORT, {"ref": ref}).one_or_none()
    if row is None:
        raise ReportUnknown
    return _report(row)


def reports_of(decision_id: UUID) -> list[ReportView]:
    """Return the reports that a decision answers."""
    return [_report(row) for row in session().execute(_OF_DECISION, {"id": decision_id})]


def _rows(query: TextClause, key: PageKey | None, **binds: int) -> Sequence[Any]:
    """Return a page of rows and one more, where there is one."""
    place = {"at": key and key.at, "id": key and key.id, "most": PAGE + 1}
    return session().execute(query, place | binds).all()


def _listing(row: Any) -> Listing:  # noqa: ANN401 - a row with _PRODUCT
    return Listing(
        id=row.product_id,
        ref=row.product_ref,
        vendor_id=row.vendor_id,
        status=row.status,
        titles=row.titles or {},
        source=row.source_locale,
    )


def _report(row: Any) -> ReportView:  # noqa: ANN401 - a row of _REPORTS
    return ReportView(
        ref=row.ref,
        listing=_listing(row),
        reason=Reason(row.reason),
        words=row.words,
        name=row.name,
        email=row.email,
        locale=row.locale,
        reported_at=row.reported_at,
        decision_ref=row.decision_ref or "",
    )


def _decision(row: Any) -> DecisionView:  # noqa: ANN401 - a row of _DECISIONS
    return DecisionView(
        id=row.id,
        ref=row.ref,
        report_ref=row.report_ref,
        listing=_listing(row),
        outcome=Outcome(row.outcome),
        ground=Reason(row.ground),
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


def told_of(
    reports: Iterable[Row[Any]], objections: Iterable[Row[Any]], *, about: str
) -> list[dict[str, Any]]:
    """Return somebody's own reports, then objections, as plain values of a file.

    Shape: about is the file's word for what they are about; instants as ISO 8601 in UTC; the answer
    to an objection is told as read.
    """
    said = [
        {
            "report": row.ref,
            about: row.about,
            "reason": row.reason,
            "words": row.words,
            "name": row.name,
            "email": row.email,
            "language": row.locale,
            "reported_at": row.reported_at.isoformat(),
        }
        for row in reports
    ]
    return said + [
        {
            "decision": row.ref,
            about: row.about,
            "words": row.words,
            "objected_at": row.objected_at.isoformat(),
            "answer": row.review_words or "",
        }
        for row in objections
    ]
