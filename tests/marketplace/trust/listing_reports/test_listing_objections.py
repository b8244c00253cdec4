"""An objection is made once and in time, by who sold the goods, and looked at by somebody else."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from kernel import clock as business_clock
from kernel.actor import SYSTEM, Role
from kernel.db import reading, transaction
from kernel.four_eyes import OwnCase, OwnProposal
from kernel.money import Money
from kernel.people.identity import queries as identity_queries
from kernel.people.identity import service as identity
from kernel.web.letters import render_letter
from marketplace.catalogue.offers import service as offers
from marketplace.trust.listing_reports import jobs
from marketplace.trust.listing_reports.errors import NoObjection
from marketplace.trust.listing_reports.events import ListingDecided, ObjectionDecided
from marketplace.trust.listing_reports.rules import KIND
from marketplace.trust.moderation import queries, service
from marketplace.trust.moderation.errors import DecisionUnknown, NothingToReview
from marketplace.trust.moderation.rules import Outcome, objection_until
from tests.asking import says
from tests.marketplace.makers import make_offer, make_vendor
from tests.marketplace.trust.listing_reports.reporting import (
    decide,
    hear,
    letters,
    look_again,
    object_to,
    report,
    status,
    taken_down,
)


def test_a_vendor_objects_once(made, officers, seller):
    ref = taken_down(made, officers[0])

    object_to(ref, seller)

    with pytest.raises(NoObjection):
        object_to(ref, seller)


def test_six_months_later_nobody_objects_any_more(made, officers, seller, clock):
    clock("2026-03-01T09:00")
    ref = taken_down(made, officers[0])

    clock("2026-09-02T09:00")

    with pytest.raises(NoObjection):
        object_to(ref, seller)


def test_the_time_to_object_is_at_least_six_months():
    at = business_clock.now()

    assert (objection_until(at) - at).days >= 184


def test_nothing_wrong_takes_no_objection(made, officers, seller):
    ref = decide(report(made), officers[0], Outcome.KEPT)

    with pytest.raises(NoObjection):
        object_to(ref, seller)


def test_somebody_elses_decision_does_not_exist_for_a_vendor(made, officers, seller):
    other = make_offer()
    ref = taken_down(other, officers[0])

    with pytest.raises(DecisionUnknown):
        object_to(ref, seller)
    with reading(), pytest.raises(DecisionUnknown):
        queries.decision_for(seller, KIND, ref)


def test_every_shop_that_sells_the_goods_reads_the_reasons_and_may_object(
    made, officers, seller, outbox, make_person
):
    rival = make_vendor()
    actor = make_person(roles=frozenset({Role.VENDOR}))
    identity.add_member(
        organisation_id=rival.organisation_id, person_id=actor.person_id, actor=SYSTEM
    )
    actor = identity_queries.actor_of_session(str(actor.session_id))
    offers.offer_variant(
        vendor_id=rival.id,
        variant_id=made.variant_id,
        price=Money(9900, "JPY"),
        lead_time_days=2,
        actor=SYSTEM,
    )
    ref = taken_down(made, officers[0])
    (event,) = [e for e in outbox() if isinstance(e, ListingDecided)]

    hear(jobs.give_reasons, event)

    assert {m.recipient for m in letters("listing_removed")} == {seller.email, actor.email}
    with reading():
        assert queries.decision_for(actor, KIND, ref).ref == ref
        assert [d.ref for d in queries.decisions_for(actor, KIND, before=None).lines] == [ref]
    object_to(ref, actor)
    with pytest.raises(NoObjection):
        object_to(ref, seller)


def test_who_decided_does_not_look_again(made, officers, seller):
    ref = taken_down(made, officers[0])
    object_to(ref, seller)

    with pytest.raises(OwnProposal):
        look_again(ref, stands=True, words="Still so.", actor=officers[0])

    with reading():
        assert queries.decision(ref).is_objected


def test_a_page_that_was_left_open_decides_nothing_about_other_goods(made, officers, seller):
    ref = taken_down(made, officers[0])
    object_to(ref, seller)
    elsewhere = report(make_offer())

    with pytest.raises(DecisionUnknown):
        service.review(
            report_ref=elsewhere, decision_ref=ref, stands=False, words="So.", actor=officers[1]
        )
    assert status(made) == "removed"


def test_people_of_a_shop_decide_nothing_about_its_goods(made, officers, make_person):
    both = make_person(roles=frozenset({Role.OPERATOR, Role.VENDOR}))
    identity.add_member(
        organisation_id=made.vendor.organisation_id, person_id=both.person_id, actor=SYSTEM
    )
    both = identity_queries.actor_of_session(str(both.session_id))
    report_ref = report(made)

    with pytest.raises(OwnCase):
        decide(report_ref, both, Outcome.KEPT)
    ref = decide(report_ref, officers[0])
    object_to(ref, both)

    with pytest.raises(OwnCase):
        look_again(ref, stands=False, words="It is fine.", actor=both)
    assert status(made) == "removed"


def test_the_table_refuses_one_person_twice_whatever_the_code_says(made, officers, seller):
    ref = taken_down(made, officers[0])
    object_to(ref, seller)

    for whom, refused in (("decided_by", "by_another"), ("objected_by", "by_an_outsider")):
        with (
            pytest.raises(DBAPIError, match=refused),
            transaction(name="test", actor=SYSTEM) as current,
        ):
            current.execute(
                text(
                    "UPDATE marketplace.moderation_objection SET stands = true, review_words = 'x',"
                    f" reviewed_by = {whom}, reviewed_at = now()"
                )
            )


@pytest.mark.parametrize(("stands", "left"), [(True, "removed"), (False, "listed")])
def test_another_person_confirms_or_reverses(made, officers, seller, outbox, stands, left):
    ref = taken_down(made, officers[0])
    object_to(ref, seller)

    look_again(ref, stands=stands, words="We asked again.", actor=officers[1])

    assert status(made) == left
    with pytest.raises(NothingToReview):
        look_again(ref, stands=stands, words="Again.", actor=officers[1])
    (event,) = [e for e in outbox() if isinstance(e, ObjectionDecided)]
    hear(jobs.tell_second_look, event)
    sent = letters("objection_decided")
    assert {m.recipient for m in sent} == {seller.email, "ines@example.com"}
    for one in sent:
        body = render_letter(one.template, "en", one.data).text
        assert says(body, "No machine decided this."), "and what stays open, as article 20(5) asks"


def test_goods_come_back_only_when_no_other_decision_keeps_them_down(made, officers, seller):
    first = taken_down(made, officers[0])
    second = decide(report(made, email="other@example.com"), officers[0])
    for ref in (first, second):
        object_to(ref, seller)

    look_again(first, stands=False, words="Wrong.", actor=officers[1])
    assert status(made) == "removed"
    look_again(second, stands=False, words="Wrong.", actor=officers[1])

    assert status(made) == "listed"
