"""Commands: report a subject, decide, object once, look again as somebody else, forget who."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert

from kernel import clock
from kernel import throttling as tries
from kernel.actor import Actor
from kernel.db import command, session
from kernel.errors import Invalid
from kernel.events import publish
from kernel.four_eyes import OwnCase, check_second_person, check_unconcerned
from kernel.ids import new_id, public_ref
from kernel.people.mfa.rules import network
from kernel.text import N_, Message
from marketplace.trust.moderation import queries, rules
from marketplace.trust.moderation.errors import (
    DecisionUnknown,
    NothingToReview,
    ReportDecided,
    ReportUnknown,
    TooManyReports,
)
from marketplace.trust.moderation.models import Decision, DecisionShop, Objection, Report
from marketplace.trust.moderation.rules import Outcome
from marketplace.trust.moderation.subjects import Subject, subjects

# What waits goes; what was decided on is kept for the law, without words and without anybody.
_FORGET_WAITING = text(
    "DELETE FROM marketplace.moderation_report"
    " WHERE kind = :kind AND reporter_id = :person AND decision_id IS NULL"
)
_FORGET_REPORTER = text(
    "UPDATE marketplace.moderation_report SET reporter_id = NULL, name = '', email = '', words = ''"
    " WHERE kind = :kind AND reporter_id = :person"
)
# What a shop objected was said by the shop.
_FORGET_OPEN_OBJECTION = text(
    """
    DELETE FROM marketplace.moderation_objection o USING marketplace.moderation_decision d
    WHERE d.id = o.decision_id AND d.kind = :kind AND o.objected_by = :person
        AND NOT o.is_of_shop AND o.reviewed_at IS NULL
    """
)
_FORGET_OBJECTOR = text(
    """
    UPDATE marketplace.moderation_objection o
    SET objected_by = NULL, words = CASE WHEN o.is_of_shop THEN o.words ELSE '' END
    FROM marketplace.moderation_decision d
    WHERE d.id = o.decision_id AND d.kind = :kind AND o.objected_by = :person
    """
)


def report(
    *,
    kind: str,
    subject_ref: str,
    reason: str,
    words: str,
    name: str,
    email: str,
    locale: str,
    place: str,
    actor: Actor,
) -> str:
    """Report a subject; return the report's reference, the known one while it waits.

    Shape: name and email are those of whoever reports; place is the network address it came from.
    Events: the kind's `reported`. Raises: TooManyReports, and what the kind raises where there is
    nothing to report.
    """
    _count(kind=kind, email=email, place=place, actor=actor)
    who = {"name": name, "email": email, "locale": locale}
    return _report(
        kind=kind, subject_ref=subject_ref, reason=reason, words=words, who=who, actor=actor
    )


@command("marketplace.moderation.decide")
def decide(*, report_ref: str, outcome: Outcome, ground: str, words: str, actor: Actor) -> str:
    """Decide on every waiting report of a subject; return the decision's reference.

    Locks: the subject, its report. Events: the kind's `decided`, and what its removal tells.
    Raises: ReportUnknown, ReportDecided, OwnCase for whom it concerns, Invalid for the ground of
    another kind.
    """
    person_id = actor.somebody()
    report = _report_of(report_ref)
    kind, subject_id = subjects()[report.kind], report.subject_id
    kind.hold(subject_id)
    session().refresh(report, with_for_update=True)
    if report.decision_id is not None:
        raise ReportDecided
    _check_ground(kind, ground)
    concerned = kind.concerned(subject_id)
    if queries.is_concerned(actor, concerned):
        raise OwnCase
    now = clock.now()
    decision = Decision(
        id=new_id(),
        ref=public_ref(kind.decision_prefix),
        kind=kind.kind,
        subject_id=subject_id,
        outcome=outcome,
        ground=ground,
        words=words,
        decided_by=person_id,
        decided_at=now,
        objection_until=rules.objection_until(now),
    )
    session().add(decision)
    session().flush()
    session().add_all(
        DecisionShop(vendor_id=shop, decision_id=decision.id) for shop in sorted(concerned.shops)
    )
    session().execute(
        update(Report)
        .where(Report.kind == kind.kind, Report.subject_id == subject_id)
        .where(Report.decision_id.is_(None))
        .values(decision_id=decision.id)
    )
    if outcome is Outcome.REMOVED:
        kind.take_down(subject_id=subject_id, actor=actor)
    publish(kind.news.decided(decision.ref, str(outcome)))
    return decision.ref


@command("marketplace.moderation.object_to")
def object_to(*, decision_ref: str, words: str, actor: Actor) -> None:
    """Object to a removal that concerns the actor; one objection for a decision.

    Locks: the subject. Raises: DecisionUnknown, and the kind's `no_objection`.
    """
    person_id = actor.somebody()
    decision = queries.decision(decision_ref)
    kind = subjects()[decision.kind]
    kind.hold(decision.subject_id)
    concerned = queries.bound_by(decision)
    if not queries.is_concerned(actor, concerned):
        raise DecisionUnknown
    is_withdrawn = kind.views([decision.subject_id])[decision.subject_id].is_withdrawn
    if is_withdrawn or not rules.may_object(
        outcome=decision.outcome, until=decision.objection_until, now=clock.now()
    ):
        raise kind.no_objection
    made = (
        insert(Objection)
        .values(
            decision_id=decision.id,
            words=words,
            is_of_shop=person_id != concerned.author_id,
            objected_by=person_id,
            objected_at=clock.now(),
            decided_by=decision.decided_by,
        )
        .on_conflict_do_nothing()
        .returning(Objection.decision_id)
    )
    if session().execute(made).scalar_one_or_none() is None:
        raise kind.no_objection


@command("marketplace.moderation.review")
def review(*, report_ref: str, decision_ref: str, stands: bool, words: str, actor: Actor) -> None:
    """Decide on an objection as somebody else than who decided first.

    The subject comes back unless another decision that stands keeps it away.
    Shape: the report is one of the same subject, by which the case was opened.
    Locks: the subject, the objection. Events: the kind's `looked_again`, and what its return tells.
    Raises: ReportUnknown, DecisionUnknown, NothingToReview, OwnProposal, OwnCase for whom it
    concerns.
    """
    decision, report = queries.decision(decision_ref), _report_of(report_ref)
    if (report.kind, report.subject_id) != (decision.kind, decision.subject_id):
        raise DecisionUnknown
    kind = subjects()[decision.kind]
    kind.hold(decision.subject_id)
    objection = session().get(Objection, decision.id, with_for_update=True, populate_existing=True)
    if objection is None or objection.reviewed_at is not None:
        raise NothingToReview
    check_second_person(maker=decision.decided_by, checker=actor.person_id)
    check_unconcerned(checker=actor.person_id, concerned=(objection.objected_by,))
    if queries.is_concerned(actor, queries.bound_by(decision)):
        raise OwnCase
    objection.stands, objection.review_words = stands, words
    objection.reviewed_by, objection.reviewed_at = actor.person_id, clock.now()
    session().flush()
    if not stands and not queries.is_removed_by_another(decision):
        kind.put_back(subject_id=decision.subject_id, actor=actor)
    publish(kind.news.looked_again(decision.ref, stands))


@command("marketplace.moderation.forget")
def forget(*, kind: str, person_id: UUID, actor: Actor) -> None:
    """Let no report and no objection lead to somebody; what was decided on it stays decided."""
    who = {"kind": kind, "person": person_id}
    for statement in (_FORGET_WAITING, _FORGET_REPORTER, _FORGET_OPEN_OBJECTION, _FORGET_OBJECTOR):
        session().execute(statement, who)


@command("marketplace.moderation.count")
def _count(*, kind: str, email: str, place: str, actor: Actor) -> None:
    """Count a report at its place and its e-mail address. Raises: TooManyReports."""
    here, name = f"report:{kind}:{network(place)}", f"report:{kind}:{email}"
    allowed = {here: rules.REPORTS_PER_PLACE, name: rules.REPORTS_PER_EMAIL}
    wait = tries.take(allowed=allowed, actor=actor)
    if wait:
        raise TooManyReports(retry_after=wait)


@command("marketplace.moderation.report")
def _report(
    *,
    kind: str,
    subject_ref: str,
    reason: str,
    words: str,
    who: Mapping[str, str],
    actor: Actor,
) -> str:
    subject = subjects()[kind]
    _check_ground(subject, reason)
    subject_id, ref = subject.find(subject_ref), public_ref(subject.report_prefix)
    made = (
        insert(Report)
        .values(
            id=new_id(),
            ref=ref,
            kind=kind,
            subject_id=subject_id,
            reason=reason,
            words=words,
            reporter_id=actor.person_id,
            reported_at=clock.now(),
            **who,
        )
        .on_conflict_do_nothing()
        .returning(Report.ref)
    )
    if session().execute(made).scalar_one_or_none() is None:
        return queries.waiting_report(kind=kind, subject_id=subject_id, email=who["email"])
    publish(subject.news.reported(ref))
    return ref


def _check_ground(kind: Subject, ground: str) -> None:
    if ground not in kind.reasons:
        raise Invalid({"ground": Message(N_("Choose one of the options."))})


def _report_of(ref: str) -> Report:
    row = session().scalars(select(Report).where(Report.ref == ref)).one_or_none()
    if row is None:
        raise ReportUnknown
    return row
