"""Commands: report a listing, decide, object once, look again as somebody else, forget who."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert

from kernel import clock
from kernel import throttling as tries
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.four_eyes import OwnCase, check_second_person, check_unconcerned
from kernel.ids import new_id, public_ref
from kernel.people.mfa.rules import network
from marketplace.catalogue.products import service as catalog
from marketplace.catalogue.vendors import queries as vendors
from marketplace.trust.moderation import queries, rules
from marketplace.trust.moderation.errors import (
    DecisionUnknown,
    NoObjection,
    NothingToReview,
    ReportDecided,
    ReportUnknown,
    TooManyReports,
)
from marketplace.trust.moderation.events import ListingDecided, ListingReported, ObjectionDecided
from marketplace.trust.moderation.models import (
    DecisionSeller,
    ListingDecision,
    ListingObjection,
    ListingReport,
)
from marketplace.trust.moderation.rules import Outcome, Reason

# What waits goes; what was decided on is kept for the law, without words and without anybody.
_FORGET_WAITING = text(
    "DELETE FROM marketplace.listing_report WHERE reporter_id = :person AND decision_id IS NULL"
)
_FORGET_REPORTER = text(
    "UPDATE marketplace.listing_report SET reporter_id = NULL, name = '', email = '', words = ''"
    " WHERE reporter_id = :person"
)
# What a shop objected was said by the shop.
_FORGET_OBJECTOR = text(
    "UPDATE marketplace.listing_objection SET objected_by = NULL WHERE objected_by = :person"
)
# Who wrote the listing, and every shop with an offer of it.
_SELLERS = text(
    """
    INSERT INTO marketplace.listing_decision_seller (decision_id, vendor_id)
    SELECT :decision_id, s.vendor_id FROM (
        SELECT p.vendor_id FROM marketplace.product p WHERE p.id = :product_id
        UNION
        SELECT o.vendor_id FROM marketplace.offer o
        JOIN marketplace.variant v ON v.id = o.variant_id WHERE v.product_id = :product_id
    ) s ORDER BY s.vendor_id
    """
)


def report(
    *,
    product_ref: str,
    reason: Reason,
    words: str,
    name: str,
    email: str,
    locale: str,
    place: str,
    actor: Actor,
) -> str:
    """Report a listing; return the report's reference, the known one while it waits.

    Shape: name and email are those of whoever reports; place is the network address it came from.
    Events: ListingReported. Raises: NoSuchProduct, TooManyReports.
    """
    _count(email=email, place=place, actor=actor)
    return _report(
        product_ref=product_ref,
        reason=reason,
        words=words,
        name=name,
        email=email,
        locale=locale,
        actor=actor,
    )


@command("marketplace.moderation.decide")
def decide(*, report_ref: str, outcome: Outcome, ground: Reason, words: str, actor: Actor) -> str:
    """Decide on every waiting report of a listing; return the decision's reference.

    Locks: the listing, its reports. Events: ListingDecided, ProductChanged when it is taken down.
    Raises: ReportUnknown, ReportDecided, OwnCase for people of a shop that sells them.
    """
    person_id = actor.somebody()
    found = _report_of(report_ref)
    product_id, vendor_id = found.product_id, catalog.lock(product_id=found.product_id)
    session().refresh(found, with_for_update=True)
    if found.decision_id is not None:
        raise ReportDecided
    now = clock.now()
    decision = ListingDecision(
        id=new_id(),
        ref=public_ref("LD"),
        product_id=product_id,
        vendor_id=vendor_id,
        outcome=outcome,
        ground=ground,
        words=words,
        decided_by=person_id,
        decided_at=now,
        objection_until=rules.objection_until(now),
    )
    session().add(decision)
    session().flush()
    session().execute(_SELLERS, {"decision_id": decision.id, "product_id": product_id})
    _check_no_seller(decision, actor)
    session().execute(
        update(ListingReport)
        .where(ListingReport.product_id == product_id, ListingReport.decision_id.is_(None))
        .values(decision_id=decision.id)
    )
    if outcome is Outcome.REMOVED:
        catalog.take_down(product_id=product_id, actor=actor)
    publish(ListingDecided(decision_ref=decision.ref, outcome=str(outcome)))
    return decision.ref


@command("marketplace.moderation.object_to")
def object_to(*, decision_ref: str, words: str, actor: Actor) -> None:
    """Object to a decision about goods that the own shop sells; one objection for a decision.

    Raises: NotAVendor, DecisionUnknown, NoObjection.
    """
    person_id = actor.somebody()
    vendor = vendors.vendor_of(actor)
    decision = _decision(decision_ref)
    if session().get(DecisionSeller, (vendor.id, decision.id)) is None:
        raise DecisionUnknown
    until = decision.objection_until
    if not rules.may_object(outcome=decision.outcome, until=until, now=clock.now()):
        raise NoObjection
    made = (
        insert(ListingObjection)
        .values(
            decision_id=decision.id,
            words=words,
            objected_by=person_id,
            objected_at=clock.now(),
            decided_by=decision.decided_by,
        )
        .on_conflict_do_nothing()
        .returning(ListingObjection.decision_id)
    )
    if session().execute(made).scalar_one_or_none() is None:
        raise NoObjection


@command("marketplace.moderation.review")
def review(*, report_ref: str, decision_ref: str, stands: bool, words: str, actor: Actor) -> None:
    """Decide on an objection as somebody else than who decided first. Locks: the objection.

    Shape: the report is one of the same listing, by which the case was opened.
    Events: ObjectionDecided, ProductChanged when the goods come back.
    Raises: ReportUnknown, DecisionUnknown, NothingToReview, OwnProposal, OwnCase for people of a
    seller.
    """
    decision = _decision(decision_ref)
    if _report_of(report_ref).product_id != decision.product_id:
        raise DecisionUnknown
    found = session().get(
        ListingObjection, decision.id, with_for_update=True, populate_existing=True
    )
    if found is None or found.reviewed_at is not None:
        raise NothingToReview
    check_second_person(maker=decision.decided_by, checker=actor.person_id)
    check_unconcerned(checker=actor.person_id, concerned=(found.objected_by,))
    _check_no_seller(decision, actor)
    found.stands, found.review_words = stands, words
    found.reviewed_by, found.reviewed_at = actor.person_id, clock.now()
    session().flush()
    if not stands and not queries.is_down_for_another(decision.product_id, but=decision.id):
        catalog.put_back(product_id=decision.product_id, actor=actor)
    publish(ObjectionDecided(decision_ref=decision.ref, stands=stands))


@command("marketplace.moderation.forget")
def forget(*, person_id: UUID, actor: Actor) -> None:
    """Let no report and no objection lead to somebody; what was decided on it stays decided."""
    for statement in (_FORGET_WAITING, _FORGET_REPORTER, _FORGET_OBJECTOR):
        session().execute(statement, {"person": person_id})


@command("marketplace.moderation.count")
def _count(*, email: str, place: str, actor: Actor) -> None:
    """Count a report at its place and its e-mail address. Raises: TooManyReports."""
    here, name = f"report:{network(place)}", f"report:{email}"
    allowed = {here: rules.REPORTS_PER_PLACE, name: rules.REPORTS_PER_EMAIL}
    wait = tries.wait(tries.so_far(here, name), allowed)
    if wait:
        raise TooManyReports(retry_after=wait)
    tries.count(buckets=[here, name], actor=actor)


@command("marketplace.moderation.report")
def _report(*, product_ref: str, email: str, actor: Actor, **said: Any) -> str:  # noqa: ANN401
    product = queries.listing(product_ref)
    ref = public_ref("LR")
    made = (
        insert(ListingReport)
        .values(
            id=new_id(),
            ref=ref,
            product_id=product.id,
            email=email,
            reporter_id=actor.person_id,
            reported_at=clock.now(),
            **said,
        )
        .on_conflict_do_nothing()
        .returning(ListingReport.ref)
    )
    if session().execute(made).scalar_one_or_none() is None:
        return queries.waiting_report(product_id=product.id, email=email)
    publish(ListingReported(report_ref=ref))
    return ref


def _check_no_seller(decision: ListingDecision, actor: Actor) -> None:
    """Refuse people of a shop that sold the goods when it was decided. Raises: OwnCase."""
    sellers = vendors.vendors(queries.sellers_of(decision.id)).values()
    if any(seller.organisation_id in actor.organisation_ids for seller in sellers):
        raise OwnCase


def _report_of(ref: str) -> ListingReport:
    found = session().execute(select(ListingReport).where(ListingReport.ref == ref))
    row = found.scalar_one_or_none()
    if row is None:
        raise ReportUnknown
    return row


def _decision(ref: str) -> ListingDecision:
    query = select(ListingDecision).where(ListingDecision.ref == ref)
    row = session().execute(query).scalar_one_or_none()
    if row is None:
        raise DecisionUnknown
    return row
