"""A report is received and decided with reasons that bind the goods and reach both sides."""

from __future__ import annotations

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from kernel.actor import SYSTEM
from kernel.db import reading, transaction
from marketplace.catalogue.products import service as catalogue
from marketplace.catalogue.products.errors import NoSuchProduct
from marketplace.shop.listing_index import queries as shelves
from marketplace.shop.listing_index import service as shelving
from marketplace.trust.listing_reports import jobs
from marketplace.trust.listing_reports.events import ListingDecided, ListingReported
from marketplace.trust.listing_reports.rules import KIND
from marketplace.trust.moderation import queries
from marketplace.trust.moderation.errors import ReportDecided, ReportUnknown, TooManyReports
from marketplace.trust.moderation.rules import Outcome
from tests.marketplace.trust.listing_reports.reporting import (
    decide,
    hear,
    letters,
    report,
    status,
    taken_down,
    written,
)


def test_a_report_is_received_by_letter_in_the_reporters_language(made, outbox):
    ref = report(made)

    (event,) = [e for e in outbox() if isinstance(e, ListingReported)]
    hear(jobs.confirm_receipt, event)

    (receipt,) = letters("report_received")
    assert (receipt.recipient, receipt.locale) == ("ines@example.com", "fr")
    assert receipt.data["ref"] == ref
    assert "Théière Shino" in written(receipt).subject


def test_who_reports_with_an_account_reads_the_receipt_in_the_language_of_all_their_mails(
    made, outbox, make_person
):
    reporter = make_person(locale="de", email="jonas@example.com")
    report(made, email="jonas@example.com", actor=reporter, locale="fr")

    (event,) = [e for e in outbox() if isinstance(e, ListingReported)]
    hear(jobs.confirm_receipt, event)

    (receipt,) = letters("report_received")
    assert receipt.locale == "de"


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


def test_a_decision_is_told_as_it_was(made, officers):
    taken_down(made, officers[0])

    with (
        pytest.raises(DBAPIError, match=r"permission denied|evidence"),
        transaction(name="test", actor=SYSTEM) as current,
    ):
        current.execute(text("UPDATE marketplace.moderation_decision SET words = 'other'"))


def test_an_unknown_report_is_unknown(made, officers):
    with pytest.raises(ReportUnknown):
        decide("LR-NOSUCH", officers[0])
    with reading(), pytest.raises(ReportUnknown):
        queries.case(officers[0], KIND, "LR-NOSUCH")
