"""A removed review is objected to once, and another person than the first looks again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from kernel import clock as business_clock
from kernel import mail
from kernel.actor import SYSTEM, Role
from kernel.db import reading, transaction
from kernel.errors import HouseError
from kernel.four_eyes import OwnCase, OwnProposal
from kernel.web.letters import render_letter
from marketplace.catalogue.ratings import queries as ratings
from marketplace.trust.moderation import queries as reported
from marketplace.trust.moderation import service as moderation
from marketplace.trust.moderation.errors import NothingToReview
from marketplace.trust.moderation.rules import Outcome
from marketplace.trust.reviews import jobs, service, told
from marketplace.trust.reviews.errors import ReviewNoObjection, ReviewUnknown
from marketplace.trust.reviews.events import ReviewDecided, ReviewObjectionDecided
from marketplace.trust.reviews.rules import KIND, Reason, ReviewState
from tests.asking import says
from tests.marketplace.trust.reviews.review_objects import make_review

WHY = "It names the courier and where he lives."
BUT = "No courier is named in it. Please read it again."


def body_of(letter):
    return render_letter(letter.template, "en", letter.data).text


@pytest.fixture
def author(make_person):
    return make_person(locale="ja", email="author@example.com")


@pytest.fixture
def ref(made, author):
    return make_review(made, author, stars=2)


@pytest.fixture
def officers(make_person):
    return [make_person(roles=frozenset({Role.OPERATOR})) for _ in range(2)]


@pytest.fixture
def decision(ref, officers):
    """Return the reference of the decision that removed the review."""
    report_ref = moderation.report(
        kind=KIND,
        subject_ref=ref,
        reason=Reason.PRIVATE,
        words=WHY,
        name="Ines",
        locale="fr",
        email="ines@example.com",
        place="203.0.113.9",
        actor=SYSTEM,
    )
    return moderation.decide(
        report_ref=report_ref,
        outcome=Outcome.REMOVED,
        ground=Reason.PRIVATE,
        words=WHY,
        actor=officers[0],
    )


def look_again(decision, officer, *, stands=False):
    with reading():
        report_ref = reported.decision(decision).report_ref
    moderation.review(
        report_ref=report_ref,
        decision_ref=decision,
        stands=stands,
        words="Read twice.",
        actor=officer,
    )


def state(ref):
    with reading():
        return told.review(ref).review.state


def stars(made):
    with reading():
        return sum(ratings.counts_of_product(made.product_id))


def test_a_reversed_decision_brings_the_review_and_its_stars_back(
    made, ref, decision, author, officers, outbox
):
    assert (state(ref), stars(made)) == (ReviewState.REMOVED, 0)

    service.object_to(review_ref=ref, words=BUT, actor=author)
    look_again(decision, officers[1])

    assert (state(ref), stars(made)) == (ReviewState.SHOWN, 1)
    assert any(isinstance(event, ReviewObjectionDecided) for event in outbox())


def test_a_decision_that_stands_leaves_everything_as_it_was(made, ref, decision, author, officers):
    service.object_to(review_ref=ref, words=BUT, actor=author)
    look_again(decision, officers[1], stands=True)

    assert (state(ref), stars(made)) == (ReviewState.REMOVED, 0)
    with pytest.raises(NothingToReview):
        look_again(decision, officers[1])


def test_who_decided_first_does_not_decide_again(ref, decision, author, officers):
    service.object_to(review_ref=ref, words=BUT, actor=author)

    with pytest.raises(OwnProposal):
        look_again(decision, officers[0])
    assert state(ref) is ReviewState.REMOVED


@pytest.fixture
def officer_who_buys(make_person):
    return make_person(roles=frozenset({Role.OPERATOR, Role.BUYER}))


def test_an_operator_decides_nothing_about_their_own_review(made, officer_who_buys, officers, as_):
    ref = make_review(made, officer_who_buys)
    report_ref = moderation.report(
        kind=KIND,
        subject_ref=ref,
        reason=Reason.PRIVATE,
        words=WHY,
        name="Ines",
        locale="fr",
        email="ines@example.com",
        place="203.0.113.9",
        actor=SYSTEM,
    )
    verdict = {"report_ref": report_ref, "ground": Reason.PRIVATE, "words": WHY}

    with pytest.raises(OwnCase):
        moderation.decide(outcome=Outcome.KEPT, actor=officer_who_buys, **verdict)
    own = as_(officer_who_buys).get(f"/en/moderation/reviews/{report_ref}").text
    assert says(own, "This is your own case")
    assert 'name="outcome"' not in own
    decision = moderation.decide(outcome=Outcome.REMOVED, actor=officers[0], **verdict)
    service.object_to(review_ref=ref, words=BUT, actor=officer_who_buys)

    with pytest.raises(OwnCase):
        look_again(decision, officer_who_buys)
    assert state(ref) is ReviewState.REMOVED
    own = as_(officer_who_buys).get(f"/en/moderation/reviews/{report_ref}").text
    assert 'name="answer"' not in own


def test_the_table_refuses_who_objected_whatever_the_code_says(ref, decision, author):
    service.object_to(review_ref=ref, words=BUT, actor=author)

    with (
        pytest.raises(DBAPIError, match="reviewed_by_an_outsider"),
        transaction(name="test", actor=SYSTEM) as current,
    ):
        current.execute(
            text(
                "UPDATE marketplace.moderation_objection SET stands = false, review_words = 'x',"
                " reviewed_by = objected_by, reviewed_at = now()"
            )
        )


def test_a_page_that_was_left_open_decides_nothing_about_another_review(
    made, ref, decision, author, officers, make_person, as_
):
    service.object_to(review_ref=ref, words=BUT, actor=author)
    elsewhere = moderation.report(
        kind=KIND,
        subject_ref=make_review(made, make_person()),
        reason=Reason.OTHER,
        words=WHY,
        name="Ines",
        locale="fr",
        email="ines@example.com",
        place="203.0.113.9",
        actor=SYSTEM,
    )

    answer = as_(officers[1]).post(
        f"/en/moderation/reviews/{elsewhere}/look-again",
        data={
            "csrf_token": "test-token",
            "decision": decision,
            "answer": "reversed",
            "words": "Nobody is named.",
        },
    )

    assert answer.status_code == 404
    assert state(ref) is ReviewState.REMOVED


def test_an_objection_is_made_once_by_the_author_and_in_time(
    ref, decision, author, make_person, clock
):
    with pytest.raises(ReviewUnknown):
        service.object_to(review_ref=ref, words=BUT, actor=make_person())
    with reading():
        until = reported.decision(decision).objection_until
    assert until - business_clock.now() > timedelta(days=180)

    service.object_to(review_ref=ref, words=BUT, actor=author)
    with pytest.raises(ReviewNoObjection):
        service.object_to(review_ref=ref, words=BUT, actor=author)


def test_after_its_time_no_objection_is_taken(ref, decision, author, clock):
    with reading():
        until = reported.decision(decision).objection_until
    clock((until + timedelta(seconds=1)).isoformat())

    with pytest.raises(ReviewNoObjection):
        service.object_to(review_ref=ref, words=BUT, actor=author)


@pytest.mark.parametrize("outcome", [None, Outcome.KEPT])
def test_what_was_not_removed_takes_no_objection(ref, author, officers, outcome):
    if outcome is not None:
        report_ref = moderation.report(
            kind=KIND,
            subject_ref=ref,
            reason=Reason.OTHER,
            words=WHY,
            name="Ines",
            locale="fr",
            email="ines@example.com",
            place="203.0.113.9",
            actor=SYSTEM,
        )
        moderation.decide(
            report_ref=report_ref,
            outcome=outcome,
            ground=Reason.OTHER,
            words=WHY,
            actor=officers[0],
        )

    with pytest.raises(HouseError):
        service.object_to(review_ref=ref, words=BUT, actor=author)
    with pytest.raises(HouseError):
        moderation.review(
            report_ref="RR-NOTHING0",
            decision_ref="RD-NOTHING0",
            stands=False,
            words="Why?",
            actor=officers[1],
        )


def test_the_author_reads_the_reasons_objects_and_sees_that_it_waits(ref, decision, author, as_):
    browser = as_(author)
    page = BeautifulSoup(browser.get(f"/en/account/reviews/{ref}").text, "html.parser")
    assert WHY in page.select_one("dl.key-values").text

    told_back = browser.post(
        f"/en/account/reviews/{ref}/object", data={"csrf_token": "test-token", "objection": BUT}
    )

    assert told_back.status_code == 303
    page = BeautifulSoup(browser.get(f"/en/account/reviews/{ref}").text, "html.parser")
    assert BUT in page.select_one("dl.key-values").text
    assert page.select_one("#f-objection") is None


def test_an_empty_objection_is_asked_back(ref, decision, author, as_):
    refused = as_(author).post(
        f"/en/account/reviews/{ref}/object", data={"csrf_token": "test-token", "objection": " "}
    )

    assert refused.status_code == 422
    page = BeautifulSoup(refused.text, "html.parser")
    assert page.select_one("#wrong li a")["href"] == "#f-objection"


def test_another_operator_finds_it_in_the_queue_and_decides(ref, decision, author, officers, as_):
    service.object_to(review_ref=ref, words=BUT, actor=author)
    first, second = (as_(officer) for officer in officers)

    queue = BeautifulSoup(second.get("/en/moderation/reviews/").text, "html.parser")
    address = queue.select_one("section[aria-labelledby=objections] tbody a")["href"]

    assert 'name="answer"' not in first.get(address).text
    case = BeautifulSoup(second.get(address).text, "html.parser")
    form = case.select_one("form[action$='/look-again']")
    told_back = second.post(
        form["action"],
        data={
            "csrf_token": "test-token",
            "decision": form.select_one("[name=decision]")["value"],
            "answer": "reversed",
            "words": "Nobody is named.",
        },
    )
    assert told_back.status_code == 303
    assert state(ref) is ReviewState.SHOWN
    assert "Nobody is named." in second.get(address).text


def test_letters_say_until_when_and_what_came_of_it(ref, decision, author, officers, outbox):
    service.object_to(review_ref=ref, words=BUT, actor=author)
    look_again(decision, officers[1])
    with transaction(name="test", actor=SYSTEM):
        jobs.tell_decision(next(one for one in outbox() if isinstance(one, ReviewDecided)))
        jobs.tell_second_look(ReviewObjectionDecided(decision_ref=decision, stands=False))

    with reading():
        sent = mail.mailbox(limit=200)
    removed = next(one for one in sent if one.template.endswith("/review_removed.txt"))
    with reading():
        until = reported.decision(decision).objection_until
    assert removed.data["until"] == until.isoformat(), "the time ends at an instant, not with a day"
    assert removed.data["zone"] == "Europe/Paris"
    answers = [one for one in sent if one.template.endswith("/review_objection_decided.txt")]
    assert {one.recipient for one in answers} == {"author@example.com", "ines@example.com"}
    # Article 20(5) asks that both letters say which other ways stay open.
    assert says(body_of(removed), "You can appeal once, free of charge, until %(until)s.")
    assert all(says(body_of(one), "No machine decided this.") for one in answers)
