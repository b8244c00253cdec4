"""A reported review is decided on by a person, and everybody concerned hears why."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from kernel import mail
from kernel.actor import SYSTEM, Role
from kernel.db import counting_queries, reading, transaction
from kernel.web.letters import render_letter
from marketplace.catalogue.ratings import queries as ratings
from marketplace.trust.moderation import queries as reported
from marketplace.trust.moderation import service as moderation
from marketplace.trust.moderation.errors import ReportDecided, TooManyReports
from marketplace.trust.moderation.rules import Outcome
from marketplace.trust.reviews import jobs, queries, service, told
from marketplace.trust.reviews.errors import ReviewClosed, ReviewUnknown
from marketplace.trust.reviews.events import (
    ReviewAnswered,
    ReviewDecided,
    ReviewReported,
    ReviewWritten,
)
from marketplace.trust.reviews.rules import KIND, Reason
from tests.marketplace.trust.reviews.review_objects import WORDS, make_review, said

WHY = "It names the courier and where he lives."


@pytest.fixture
def author(make_person):
    return make_person(locale="ja")


@pytest.fixture
def ref(made, author):
    return make_review(made, author)


@pytest.fixture
def officer(make_person):
    return make_person(roles=frozenset({Role.OPERATOR}))


def report(ref, **overrides):
    values = {
        "kind": KIND,
        "subject_ref": ref,
        "reason": Reason.PRIVATE,
        "words": WHY,
        "name": "Ines",
        "locale": "fr",
        "email": "ines@example.com",
        "place": "203.0.113.9",
        "actor": SYSTEM,
    } | overrides
    return moderation.report(**values)


def decide(report_ref, officer, outcome=Outcome.REMOVED):
    return moderation.decide(
        report_ref=report_ref, outcome=outcome, ground=Reason.PRIVATE, words=WHY, actor=officer
    )


def hear(outbox, handler, kind):
    for event in [e for e in outbox() if isinstance(e, kind)]:
        with transaction(name="test", actor=SYSTEM):
            handler(event)


def letters(kind):
    with reading():
        return [m for m in mail.mailbox(limit=200) if m.template == f"marketplace/mail/{kind}.txt"]


def written(letter):
    return render_letter(letter.template, letter.locale, letter.data)


def stars(made):
    with reading():
        return sum(ratings.counts_of_product(made.product_id))


def test_the_shop_hears_of_a_review_and_its_author_of_the_answer(
    made, ref, author, staff_of, outbox
):
    seller = staff_of(made.vendor)
    service.answer(ref=ref, words="Thank you\n\n-> for it.", locale="en", actor=seller)

    hear(outbox, jobs.tell_seller, ReviewWritten)
    hear(outbox, jobs.tell_author, ReviewAnswered)

    (told_seller,), (told_author,) = letters("review_written"), letters("review_answered")
    assert told_seller.recipient == seller.email
    assert WORDS in written(told_seller).text
    assert f"/desk/reviews/{ref}" in written(told_seller).text
    assert (told_author.recipient, told_author.locale) == (author.email, "ja")
    assert "Thank you -> for it." in written(told_author).text
    assert "急須" in written(told_author).subject


def test_nobody_hears_of_a_review_that_was_taken_back_meanwhile(
    made, ref, author, staff_of, outbox
):
    staff_of(made.vendor)
    service.withdraw(ref=ref, actor=author)

    hear(outbox, jobs.tell_seller, ReviewWritten)

    assert letters("review_written") == []


def test_a_report_is_received_by_letter_and_waits_once(ref, outbox):
    first = report(ref)

    assert report(ref, words="Again.") == first
    assert report(ref, email="other@example.com") != first
    hear(outbox, jobs.confirm_report, ReviewReported)
    assert [m.data["ref"] for m in letters("report_received") if m.locale == "fr"] != []
    assert len(letters("report_received")) == 2


def test_one_name_reports_only_so_much_at_once(ref):
    for _ in range(5):
        report(ref)

    with pytest.raises(TooManyReports) as refused:
        report(ref)

    assert refused.value.retry_after


def test_a_removed_review_leaves_its_page_and_counts_no_more(made, ref, author, officer, outbox):
    first, second = report(ref), report(ref, email="other@example.com")

    decide(second, officer)

    assert stars(made) == 0
    with reading():
        assert queries.top_of(made.product_id, locale="en") == ()
        assert told.review(ref).review.words == WORDS
    with pytest.raises(ReportDecided):
        decide(first, officer)
    with pytest.raises(ReviewClosed):
        service.change(ref=ref, said=said(stars=4), actor=author)
    with pytest.raises(ReviewClosed):
        service.withdraw(ref=ref, actor=author)
    with pytest.raises(ReviewUnknown):
        report(ref, email="late@example.com")


def test_author_and_reporters_read_why_and_no_author_reads_who(ref, author, officer, outbox):
    report(ref)
    decide(report(ref, email="other@example.com"), officer)

    hear(outbox, jobs.tell_decision, ReviewDecided)

    (removed,) = letters("review_removed")
    assert (removed.recipient, removed.locale) == (author.email, "ja")
    assert len(letters("review_report_decided")) == 2
    for letter in (removed, *letters("review_report_decided")):
        assert WHY in written(letter).text
    assert "ines" not in written(removed).text.lower()


def test_nothing_wrong_leaves_the_review_and_tells_the_reporter_alone(made, ref, officer, outbox):
    decide(report(ref), officer, Outcome.KEPT)

    hear(outbox, jobs.tell_decision, ReviewDecided)

    assert stars(made) == 1
    assert len(letters("review_report_decided")) == 1
    assert letters("review_removed") == []


def test_a_review_that_its_author_withdrew_meanwhile_is_not_counted_out_twice(
    made, ref, author, officer, outbox
):
    waiting = report(ref)
    service.withdraw(ref=ref, actor=author)

    decide(waiting, officer)

    assert stars(made) == 0
    hear(outbox, jobs.tell_decision, ReviewDecided)
    assert len(letters("review_report_decided")) == 1
    assert letters("review_removed") == [], "nothing was taken from them that they could defend"


def test_what_was_decided_is_evidence(ref, officer):
    decide(report(ref), officer)

    with (
        pytest.raises(DBAPIError, match="permission denied"),
        transaction(name="test", actor=SYSTEM) as current,
    ):
        current.execute(text("UPDATE marketplace.moderation_decision SET words = 'x'"))


def test_the_queue_asks_once_and_turns_its_pages(made, make_person):
    buyer = make_person()
    for n in range(reported.PAGE + 1):
        report(make_review(made, buyer), email=f"{n}@example.com", place=f"203.0.{n}.9")

    with reading(), counting_queries() as asked:
        first = reported.queue(KIND, after=None, objected_after=None)

    assert len(asked.statements) == 3  # reports, objections, and the reviews they are about
    assert len(first.reports) == reported.PAGE
    with reading():
        rest = reported.queue(KIND, after=first.after, objected_after=None)
    assert len(rest.reports) == 1
    assert rest.after is None


def test_what_came_at_one_instant_is_listed_whole_page_after_page(
    made, author, officer, make_person, clock, monkeypatch, as_
):
    monkeypatch.setattr(reported, "PAGE", 2)
    clock("2026-03-01T09:00")
    for n in range(3):
        ref = make_review(made, author)
        decide(report(ref, email=f"o{n}@example.com", place=f"203.0.{n}.9"), officer)
        service.object_to(review_ref=ref, words="It is true.", actor=author)
    waiting = {report(make_review(made, author), email=f"{n}@example.com") for n in range(3)}
    browser = as_(make_person(roles=frozenset({Role.OPERATOR})))

    listed, address = {"reports": [], "objections": []}, ["/en/moderation/reviews/"]
    while address:
        page = BeautifulSoup(browser.get(address.pop()).text, "html.parser")
        for part, refs in listed.items():
            refs += [a.text for a in page.select(f"section[aria-labelledby={part}] tbody a")]
        address += [a["href"] for a in page.select("a[rel=next]")]

    assert set(listed["reports"]) == waiting
    assert [len(refs) for refs in listed.values()] == [3, 3]
    assert len(set(listed["objections"])) == 3, "whoever objected last has to be found as well"
