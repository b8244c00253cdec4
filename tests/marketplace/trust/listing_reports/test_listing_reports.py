"""A report is received, decided with reasons, objected to once, and looked at by somebody else."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from kernel import clock as business_clock
from kernel import mail, memory
from kernel.actor import SYSTEM, Role
from kernel.db import counting_queries, reading, transaction
from kernel.four_eyes import OwnCase, OwnProposal
from kernel.money import Money
from kernel.people.identity import queries as identity_queries
from kernel.people.identity import service as identity
from kernel.web.letters import render_letter
from marketplace.catalogue.offers import service as offers
from marketplace.catalogue.products import service as catalogue
from marketplace.catalogue.products.errors import NoSuchProduct
from marketplace.shop.listing_index import queries as shelves
from marketplace.shop.listing_index import service as shelving
from marketplace.trust.listing_reports import jobs
from marketplace.trust.listing_reports import queries as listings
from marketplace.trust.listing_reports.errors import NoObjection
from marketplace.trust.listing_reports.events import (
    ListingDecided,
    ListingReported,
    ObjectionDecided,
)
from marketplace.trust.listing_reports.rules import KIND, Reason
from marketplace.trust.moderation import queries, service
from marketplace.trust.moderation.errors import (
    DecisionUnknown,
    NothingToReview,
    ReportDecided,
    ReportUnknown,
    TooManyReports,
)
from marketplace.trust.moderation.rules import Outcome, objection_until
from tests.asking import says
from tests.marketplace.makers import make_offer, make_rates, make_vendor

WORDS = "The stamp on the base is not the kiln's."


@pytest.fixture
def made(db):
    make_rates(JPY="160", USD="1.10", GBP="0.85", CNY="7.8")
    made = make_offer(titles={"ja": "急須", "en": "Shino teapot", "fr": "Théière Shino"})
    shelving.refresh(product_ids=[made.product_id], actor=SYSTEM)
    return made


@pytest.fixture
def seller(made, make_person):
    actor = make_person(roles=frozenset({Role.VENDOR}))
    identity.add_member(
        organisation_id=made.vendor.organisation_id, person_id=actor.person_id, actor=SYSTEM
    )
    return identity_queries.actor_of_session(str(actor.session_id))


@pytest.fixture
def officers(make_person):
    return [make_person(roles=frozenset({Role.OPERATOR})) for _ in range(2)]


def report(made, **overrides):
    values = {
        "kind": KIND,
        "subject_ref": made.ref,
        "reason": Reason.COUNTERFEIT,
        "words": WORDS,
        "name": "Ines",
        "email": "ines@example.com",
        "locale": "fr",
        "place": "203.0.113.9",
        "actor": SYSTEM,
    } | overrides
    return service.report(**values)


def decide(ref, officer, outcome=Outcome.REMOVED):
    return service.decide(
        report_ref=ref,
        outcome=outcome,
        ground=Reason.COUNTERFEIT,
        words="The maker confirms it.",
        actor=officer,
    )


def taken_down(made, officer):
    return decide(report(made), officer)


def object_to(ref, seller):
    service.object_to(decision_ref=ref, words="Here is the invoice of the kiln.", actor=seller)


def look_again(ref, **said):
    with reading():
        report_ref = queries.decision(ref).report_ref
    service.review(report_ref=report_ref, decision_ref=ref, **said)


def hear(handler, event):
    with transaction(name="test", actor=SYSTEM):
        handler(event)


def status(made):
    with reading():
        return listings.listing(made.ref).status


def letters(kind):
    with reading():
        return [m for m in mail.mailbox(limit=200) if m.template == f"marketplace/mail/{kind}.txt"]


def written(letter):
    return render_letter(letter.template, letter.locale, letter.data)


def post(browser, address, **form):
    return browser.post(
        f"/en{address}", data={"csrf_token": "test-token"} | form, follow_redirects=True
    )


def test_a_report_is_received_by_letter_in_the_reporters_language(made, outbox):
    ref = report(made)

    (event,) = [e for e in outbox() if isinstance(e, ListingReported)]
    hear(jobs.confirm_receipt, event)

    (receipt,) = letters("report_received")
    assert (receipt.recipient, receipt.locale) == ("ines@example.com", "fr")
    assert receipt.data["ref"] == ref
    assert "Théière Shino" in written(receipt).subject


def test_the_same_person_reports_a_listing_once_while_it_waits(made, outbox):
    first = report(made)

    assert report(made, words="Again.") == first
    assert report(made, email="other@example.com") != first
    assert len([e for e in outbox() if isinstance(e, ListingReported)]) == 2


def test_one_name_and_one_place_report_only_so_much_at_once(made):
    for _ in range(5):
        report(made)

    with pytest.raises(TooManyReports) as refused:
        report(made)

    assert refused.value.retry_after
    for n in range(5):
        report(made, email=f"other-{n}@example.com")
    with pytest.raises(TooManyReports):
        report(made, email="one-more@example.com")
    report(made, email="one-more@example.com", place="198.51.100.4")


def test_what_is_not_there_cannot_be_reported(made):
    with pytest.raises(NoSuchProduct):
        report(made, subject_ref="X-NOSUCH")


def test_taking_goods_down_answers_every_report_of_them_and_clears_the_shelf(
    made, officers, seller, outbox
):
    first, second = report(made), report(made, email="other@example.com", locale="en")

    decision = decide(second, officers[0])

    assert status(made) == "removed"
    shelving.refresh(product_ids=[made.product_id], actor=SYSTEM)
    with reading():
        assert shelves.by_ids([made.product_id], reader=shelves.Reader("en", "EUR")) == ()
        found = queries.decision(decision)
        assert {r.ref for r in queries.reports_of(found.id)} == {first, second}
    (event,) = [e for e in outbox() if isinstance(e, ListingDecided)]
    assert event.outcome == "removed"
    with pytest.raises(ReportDecided):
        decide(first, officers[0])


def test_reporter_and_vendor_read_the_reasons_in_their_languages(made, officers, seller, outbox):
    taken_down(made, officers[0])
    (event,) = [e for e in outbox() if isinstance(e, ListingDecided)]

    hear(jobs.give_reasons, event)

    (told,) = letters("report_decided")
    (statement,) = letters("listing_removed")
    assert (told.recipient, told.locale) == ("ines@example.com", "fr")
    assert statement.recipient == seller.email
    for letter in map(written, (told, statement)):
        assert "The maker confirms it." in letter.text
    assert "ines" not in written(statement).text.lower(), "the seller does not learn who it was"
    assert f"/desk/decisions/{event.decision_ref}" in written(statement).text


def test_nothing_wrong_leaves_the_goods_and_tells_the_reporter_alone(
    made, officers, seller, outbox
):
    decide(report(made), officers[0], Outcome.KEPT)
    (event,) = [e for e in outbox() if isinstance(e, ListingDecided)]

    hear(jobs.give_reasons, event)

    assert status(made) == "listed"
    assert len(letters("report_decided")) == 1
    assert letters("listing_removed") == []


def test_a_vendor_cannot_put_back_what_was_taken_down(made, officers):
    taken_down(made, officers[0])

    catalogue.change_status(
        product_id=made.product_id, vendor_id=made.vendor.id, status="listed", actor=SYSTEM
    )

    assert status(made) == "removed"


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


def test_a_decision_is_told_as_it_was(made, officers):
    taken_down(made, officers[0])

    with (
        pytest.raises(DBAPIError, match=r"permission denied|evidence"),
        transaction(name="test", actor=SYSTEM) as current,
    ):
        current.execute(text("UPDATE marketplace.moderation_decision SET words = 'other'"))


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


def test_an_unknown_report_is_unknown(made, officers):
    with pytest.raises(ReportUnknown):
        decide("LR-NOSUCH", officers[0])
    with reading(), pytest.raises(ReportUnknown):
        queries.case(officers[0], KIND, "LR-NOSUCH")


def test_a_stranger_reports_on_the_products_page(made, client):
    client.get("/en/settings")
    with client.session_transaction() as cookies:
        cookies |= {"csrf": "test-token", "country": "DE", "currency": "EUR"}
    product = BeautifulSoup(client.get(f"/en/p/{made.ref}/shino-teapot").text, "html.parser")
    way = product.find("a", string="Report this listing")["href"]

    refused = post(client, way.removeprefix("/en"), reason="", words="", email="ines@")
    sent = post(
        client,
        way.removeprefix("/en"),
        reason="dangerous",
        words=WORDS,
        name="Ines",
        email="ines@example.com",
    )

    assert refused.status_code == 422
    assert says(refused, "Enter an e-mail address")
    assert says(sent, "A receipt is on its way to you")
    with reading():
        (waiting,) = queries.queue(KIND, after=None, objected_after=None).reports
    assert (waiting.reason, waiting.email, waiting.words) == (
        Reason.DANGEROUS,
        "ines@example.com",
        WORDS,
    )


def test_who_is_signed_in_need_not_say_who_they_are(made, as_, make_person):
    person = make_person()

    page = as_(person).get(f"/en/p/{made.ref}/report")
    post(as_(person), f"/p/{made.ref}/report", reason="other", words=WORDS, email="x@example.com")

    assert 'name="email"' not in page.text
    with reading():
        (waiting,) = queries.queue(KIND, after=None, objected_after=None).reports
    assert waiting.email == person.email


def test_the_desk_leads_from_the_report_to_the_second_look(made, officers, seller, as_):
    ref = report(made)
    first, second, vendor = as_(officers[0]), as_(officers[1]), as_(seller)

    assert "Shino teapot" in first.get("/en/moderation/").text
    post(first, f"/moderation/{ref}/decide", outcome="removed", ground="counterfeit", words="So.")
    with reading():
        decision = queries.decisions_for(seller, KIND, before=None).lines[0].ref
    assert "So." in vendor.get(f"/en/desk/decisions/{decision}").text
    assert says(vendor.get("/en/desk/goods/"), "Taken off the shelves")
    post(vendor, f"/desk/decisions/{decision}/object", words="Look at the invoice.")

    waiting = vendor.get(f"/en/desk/decisions/{decision}").text
    assert says(waiting, "Until then the goods stay off the shelves.")
    own = first.get(f"/en/moderation/{ref}").text
    assert says(own, "You decided first, so another person looks at the objection.")
    assert says(second.get(f"/en/moderation/{ref}"), "The reporter and the seller read this.")
    done = post(
        second,
        f"/moderation/{ref}/review",
        decision=decision,
        answer="reversed",
        words="The invoice is right.",
    )
    assert says(done, "Back on the shelf")
    assert "The invoice is right." in vendor.get(f"/en/desk/decisions/{decision}").text
    assert status(made) == "listed"


def test_a_refused_decision_keeps_what_was_typed(made, officers, as_):
    ref = report(made)

    page = post(
        as_(officers[0]),
        f"/moderation/{ref}/decide",
        outcome="",
        ground="other",
        words="Half a thought.",
    )

    assert page.status_code == 422
    assert "Half a thought." in page.text
    assert status(made) == "listed"


def test_the_queue_turns_its_pages(made, officers, as_, monkeypatch, clock):
    monkeypatch.setattr(queries, "PAGE", 2)
    for minute in range(3):
        clock(f"2026-03-01T09:0{minute}")
        report(made, email=f"r{minute}@example.com")

    with reading():
        first = queries.queue(KIND, after=None, objected_after=None)
        rest = queries.queue(KIND, after=first.after, objected_after=None)

    assert [r.email for r in first.reports] == ["r0@example.com", "r1@example.com"]
    assert [r.email for r in rest.reports] == ["r2@example.com"]
    assert rest.after is None


def test_what_came_at_one_instant_is_listed_whole(made, officers, seller, monkeypatch, clock):
    monkeypatch.setattr(queries, "PAGE", 2)
    clock("2026-03-01T09:00")
    decided = set()
    for n in range(3):
        ref = decide(report(made, email=f"o{n}@example.com"), officers[0])
        object_to(ref, seller)
        decided.add(ref)
    waiting = {report(made, email=f"r{n}@example.com", place=f"198.51.{n}.4") for n in range(3)}

    with reading():
        first = queries.queue(KIND, after=None, objected_after=None)
        more_reports = queries.queue(KIND, after=first.after, objected_after=None)
        more_objections = queries.queue(KIND, after=None, objected_after=first.objected_after)
        own = queries.decisions_for(seller, KIND, before=None)
        more_own = queries.decisions_for(seller, KIND, before=own.before)

    assert {r.ref for r in [*first.reports, *more_reports.reports]} == waiting
    assert {d.ref for d in [*first.objections, *more_objections.objections]} == decided
    assert {d.ref for d in [*own.lines, *more_own.lines]} == decided
    assert (more_reports.objections, more_objections.reports) == ([], [])


def test_pages_stay_within_their_budget_however_much_waits(made, officers, seller, as_):
    for n in range(5):
        report(made, email=f"r{n}@example.com")
    with reading():
        ref = queries.queue(KIND, after=None, objected_after=None).reports[0].ref
    decision = decide(ref, officers[0])
    object_to(decision, seller)
    pages = {
        "/moderation/": officers[1],
        f"/moderation/{ref}": officers[1],
        "/desk/decisions/": seller,
        f"/desk/decisions/{decision}": seller,
        f"/p/{made.ref}/report": seller,
        "/desk/shop": seller,
    }

    for address, actor in pages.items():
        browser = as_(actor)
        memory.forget_everything()
        with counting_queries() as asked:
            assert browser.get(f"/en{address}").status_code == 200
        assert len(asked) <= 15, (address, len(asked))
