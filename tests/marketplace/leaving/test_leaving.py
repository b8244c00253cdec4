"""Whoever wrote anything gets one file of it and may let all of it go, from every room at once."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from sqlalchemy import text

from kernel import mail
from kernel.actor import SYSTEM, Role
from kernel.commands import forget_words
from kernel.db import counting_queries, reading, transaction
from kernel.ids import new_id
from kernel.manifest import manifests
from kernel.people.identity import queries as identity_queries
from kernel.people.identity import service as identity
from kernel.people.privacy import queries
from marketplace.trust.listing_reports import jobs as listing_jobs
from marketplace.trust.listing_reports.events import ListingReported
from marketplace.trust.messages import service as messages
from marketplace.trust.messages.service import Written
from marketplace.trust.messages.subjects import subject_for
from marketplace.trust.moderation import queries as moderating
from marketplace.trust.moderation import service as moderation
from marketplace.trust.moderation.rules import Outcome
from marketplace.trust.questions import service as questions
from marketplace.trust.reviews import jobs as review_jobs
from marketplace.trust.reviews import queries as reading_reviews
from marketplace.trust.reviews import service as reviews
from marketplace.trust.reviews.events import ReviewReported
from tests.asking import english, says
from tests.marketplace.makers import make_offer, make_rates
from tests.marketplace.trust.reviews.review_objects import WORDS, make_review


@pytest.fixture
def made(db):
    make_rates(JPY="160", USD="1.10", GBP="0.85", CNY="7.8")
    return make_offer()


@pytest.fixture
def author(make_person, made):
    """Return somebody who asked, wrote and reviewed."""
    person = make_person(email="author@example.com")
    questions.ask(product_ref=made.ref, words="Is it safe in the oven?", locale="en", actor=person)
    with reading():
        about = subject_for(person, shop=made.vendor.slug)
    written = Written(new_id(), "When do you open?", "en")
    messages.begin(about=about, written=written, actor=person)
    make_review(made, person)
    return person


def kept(person):
    with reading():
        return {key: len(rows) for key, rows in queries.export_of(person).items()}


def test_every_part_that_a_room_keeps_is_found_by_its_name():
    found = [data.key for manifest in manifests() for data in manifest.personal_data()]
    assert sorted(found) == [
        "favourites",
        "listing_reports",
        "messages",
        "question_reports",
        "questions",
        "review_reports",
        "reviews",
        "stock_alerts",
    ]


def test_one_file_holds_what_one_wrote_and_nobody_elses(as_, author, made, make_person):
    make_review(made, make_person(), words="Somebody else is content with it, too.")

    answer = as_(author).get("/en/account/words/words.json")

    assert answer.headers["Cache-Control"] == "no-store"
    file = answer.json
    assert [one["words"] for one in file["questions"]] == ["Is it safe in the oven?"]
    assert [one["words"] for one in file["messages"]] == ["When do you open?"]
    assert [one["text"] for one in file["reviews"]] == [WORDS]
    assert file["stock_alerts"] == []


def test_letting_go_empties_every_room_at_once_and_twice_is_once(as_, author):
    browser = as_(author)
    assert kept(author) == {
        "questions": 1,
        "messages": 1,
        "stock_alerts": 0,
        "favourites": 0,
        "reviews": 1,
        "review_reports": 0,
        "listing_reports": 0,
        "question_reports": 0,
    }

    for _ in range(2):
        told = browser.post("/en/account/words/let-go", data={"csrf_token": "test-token"})
        assert told.status_code == 303

    assert set(kept(author).values()) == {0}


def test_the_page_counts_what_each_room_keeps_and_says_what_stays(as_, author):
    page = BeautifulSoup(as_(author).get("/en/account/words/").text, "html.parser")

    rows = {row.th.text: row.td.text for row in page.select("tbody tr")}
    assert rows[english("Product reviews")] == "1"
    assert rows[english("Back-in-stock alerts")] == "0"
    assert says(page.select_one("tbody"), "just your country")


def test_the_page_counts_without_reading_what_it_counts(author, monkeypatch):
    with reading():
        expected = [len(rows) for rows in queries.export_of(author).values()]
    monkeypatch.setattr(queries, "export_of", None)

    with reading(), counting_queries() as asked:
        parts = queries.parts_of(author)

    assert [part.count for part in parts] == expected
    assert len(asked.statements) == len(parts)
    assert all("count(*)" in statement for statement in asked.statements)


def test_the_command_does_the_same_and_says_when_nobody_is_meant(author):
    nobody = CliRunner().invoke(forget_words, ["nobody@example.com"])
    assert (nobody.exit_code, "nobody@example.com" in nobody.output) == (1, True)
    assert kept(author)["reviews"] == 1

    assert CliRunner().invoke(forget_words, ["Author@example.com"]).exit_code == 0
    assert set(kept(author).values()) == {0}


WHY = "It names the courier and where he lives."


@pytest.fixture
def officer(make_person):
    return make_person(roles=frozenset({Role.OPERATOR}))


@pytest.fixture
def another(make_person):
    return make_person(roles=frozenset({Role.OPERATOR}))


def report_review(ref, person):
    return moderation.report(
        kind="review",
        subject_ref=ref,
        reason="private",
        words=WHY,
        name="Ines",
        email="author@example.com",
        locale="en",
        place="203.0.113.9",
        actor=person,
    )


def report_listing(made, person):
    return moderation.report(
        kind="listing",
        subject_ref=made.ref,
        reason="other",
        words=WHY,
        name="Ines",
        email="author@example.com",
        locale="en",
        place="203.0.113.9",
        actor=person,
    )


def remove_review(ref, officer):
    return moderation.decide(
        report_ref=ref,
        outcome=Outcome.REMOVED,
        ground="private",
        words="So.",
        actor=officer,
    )


@pytest.fixture
def entangled(author, made, officer, another, make_person):
    """Return somebody who sells and buys, reported and objected: decided on, and still waiting."""
    other = make_person()
    identity.add_member(
        organisation_id=made.vendor.organisation_id, person_id=author.person_id, actor=SYSTEM
    )
    seller = identity_queries.actor_of_session(str(author.session_id))

    report_review(make_review(made, other), author)
    remove_review(report_review(make_review(made, other), author), officer)
    for is_looked_at in (True, False):
        own = make_review(made, make_person())
        decision = remove_review(report_review(own, other), officer)
        lend(own, author)
        reviews.object_to(review_ref=own, words="It is true.", actor=author)
        if is_looked_at:
            with reading():
                opened = moderating.decision(decision).report_ref
            moderation.review(
                report_ref=opened, decision_ref=decision, stands=True, words="So.", actor=another
            )
    listing = moderation.decide(
        report_ref=report_listing(made, author),
        outcome=Outcome.REMOVED,
        ground="other",
        words="So.",
        actor=officer,
    )
    report_listing(made, author)
    moderation.object_to(decision_ref=listing, words="Here is the invoice.", actor=seller)
    return author


def lend(ref, person):
    """Let a review be this person's, who works for the shop meanwhile and could not write it."""
    with transaction(name="test", actor=SYSTEM) as current:
        current.execute(
            text("UPDATE marketplace.review SET author_id = :who WHERE ref = :ref"),
            {"who": person.person_id, "ref": ref},
        )


PEOPLE = {
    "review": "author_id",
    "moderation_report": "reporter_id",
    "moderation_objection": "objected_by",
    "product_question": "asker_id",
    "message_thread": "buyer_id",
    "thread_message": "author_id",
    "stock_alert": "person_id",
}


def rows_of(person):
    """Return how many rows of the rooms of words lead to a person, by table."""
    with transaction(name="test", actor=SYSTEM) as current:
        return {
            table: current.execute(
                text(f"SELECT count(*) FROM marketplace.{table} WHERE {column} = :who"),
                {"who": person.person_id},
            ).scalar_one()
            for table, column in PEOPLE.items()
        }


def test_reports_and_objections_are_in_the_file_and_let_go_of_with_the_rest(as_, entangled):
    browser = as_(entangled)
    file = browser.get("/en/account/words/words.json").json
    assert [one["words"] for one in file["review_reports"]] == [WHY, WHY, *["It is true."] * 2]
    assert [one["words"] for one in file["listing_reports"]] == [WHY, WHY, "Here is the invoice."]
    assert {"moderation_report": 4, "moderation_objection": 3}.items() <= rows_of(entangled).items()

    browser.post("/en/account/words/let-go", data={"csrf_token": "test-token"})

    assert set(rows_of(entangled).values()) == {0}
    assert set(kept(entangled).values()) == {0}
    with reading():
        listed = moderating.queue("listing", after=None, objected_after=None)
        waiting = moderating.queue("review", after=None, objected_after=None)
    assert (listed.reports, waiting.reports, waiting.objections) == ([], [], [])
    assert [one.objection for one in listed.objections] == ["Here is the invoice."]


def test_what_was_decided_stays_without_whoever_reported_it(entangled, as_, officer):
    CliRunner().invoke(forget_words, ["author@example.com"])

    with transaction(name="test", actor=SYSTEM) as current:
        for kind in ("review", "listing"):
            left = current.execute(
                text(
                    "SELECT words, name, email, reason, ref FROM marketplace.moderation_report"
                    " WHERE kind = :kind AND email <> 'author@example.com' AND reporter_id IS NULL"
                ),
                {"kind": kind},
            ).all()
            assert [row[:3] for row in left] == [("", "", "")]
            assert left[0].reason
            desk = "" if kind == "listing" else "reviews/"
            assert as_(officer).get(f"/en/moderation/{desk}{left[0].ref}").status_code == 200
        decided = "SELECT words FROM marketplace.moderation_objection WHERE reviewed_at IS NOT NULL"
        assert current.execute(text(decided)).scalars().all() == [""]


def test_letters_about_what_was_let_go_of_go_to_nobody(entangled, outbox):
    CliRunner().invoke(forget_words, ["author@example.com"])

    heard = []
    for event in outbox():
        hears = {
            ReviewReported: review_jobs.confirm_report,
            ListingReported: listing_jobs.confirm_receipt,
        }.get(type(event))
        if hears is not None:
            heard.append(event)
            with transaction(name="test", actor=SYSTEM):
                hears(event)

    assert {type(event) for event in heard} == {ReviewReported, ListingReported}
    with transaction(name="test", actor=SYSTEM) as current:
        others = (
            current.execute(
                text("SELECT ref FROM marketplace.moderation_report WHERE email <> '' ORDER BY ref")
            )
            .scalars()
            .all()
        )
        told = [
            letter.data["ref"]
            for letter in mail.mailbox(limit=200)
            if letter.template == "marketplace/mail/report_received.txt"
        ]
    assert len(others) == 2
    assert sorted(told) == others
    assert len(heard) > len(told)


def test_the_file_holds_all_of_it_however_much_it_is(made, author, monkeypatch):
    for n in range(4):
        make_review(made, author, words=f"It pours without a drop, time {n}.")
    monkeypatch.setattr(reading_reviews, "_EXPORT", 2)

    with reading():
        assert len({one["text"] for one in queries.export_of(author)["reviews"]}) == 5
