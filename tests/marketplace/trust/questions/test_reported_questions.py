"""A reported question is decided on by a person; who asked and the shop hear why and may object."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text

from kernel import mail
from kernel.actor import SYSTEM, Role
from kernel.db import counting_queries, reading, transaction
from kernel.four_eyes import OwnCase
from kernel.web.letters import render_letter
from marketplace.trust.moderation import queries as reported
from marketplace.trust.moderation import service as moderation
from marketplace.trust.moderation.errors import DecisionUnknown, ReportDecided
from marketplace.trust.moderation.rules import Outcome
from marketplace.trust.questions import jobs, queries, service
from marketplace.trust.questions.errors import QuestionNoObjection, QuestionUnknown
from marketplace.trust.questions.events import (
    QuestionDecided,
    QuestionObjectionDecided,
    QuestionReported,
)
from marketplace.trust.questions.rules import KIND, Reason
from tests.asking import says
from tests.marketplace.makers import make_vendor

WORDS = "Is your shop as bad as people say?"
WHY = "It insults\n\n-> the potter."
BUT = "I ask about the shop, as anybody may."


@pytest.fixture
def ask_and_answer(made, buyer, seller):
    """Return how a question is asked and answered: `ask_and_answer(words)`."""

    def asked(words=WORDS):
        service.ask(product_ref=made.ref, words=words, locale="en", actor=buyer)
        with reading():
            page = queries.shop_questions_for(seller, view="waiting", after=None)
        ref = page.questions[0].ref
        service.answer(question_ref=ref, words="Come and see.", locale="en", actor=seller)
        return ref

    return asked


@pytest.fixture
def ref(ask_and_answer):
    return ask_and_answer()


@pytest.fixture
def officers(make_person):
    return [make_person(roles=frozenset({Role.OPERATOR})) for _ in range(2)]


def report(ref, **overrides):
    values = {
        "kind": KIND,
        "subject_ref": ref,
        "reason": Reason.INSULTING,
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
        report_ref=report_ref, outcome=outcome, ground=Reason.INSULTING, words=WHY, actor=officer
    )


def object_to(decision, actor):
    moderation.object_to(decision_ref=decision, words=BUT, actor=actor)


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


def hear(outbox, handler, kind):
    for event in [e for e in outbox() if isinstance(e, kind)]:
        with transaction(name="test", actor=SYSTEM):
            handler(event)


def letters(kind):
    with reading():
        return [m for m in mail.mailbox(limit=200) if m.template == f"marketplace/mail/{kind}.txt"]


def written(letter):
    return render_letter(letter.template, letter.locale, letter.data)


def recipients(kind):
    return {letter.recipient for letter in letters(kind)}


def shown(made):
    with reading():
        page = queries.page_for(SYSTEM, made.ref, find="", before=None)
        return [one.words for one in page.questions], queries.beside(made.product_id).count


def post(browser, address, **form):
    return browser.post(f"/en{address}", data={"csrf_token": "test-token"} | form)


def soup(answer):
    return BeautifulSoup(answer.text, "html.parser")


def test_a_report_is_received_by_letter_and_waits_once(ref, outbox):
    first = report(ref)

    assert report(ref, words="Again.") == first
    assert report(ref, email="other@example.com") != first
    hear(outbox, jobs.confirm_report, QuestionReported)
    assert recipients("report_received") == {"ines@example.com", "other@example.com"}


def test_anybody_reports_a_question_by_the_form_behind_it(made, ref, client):
    page = soup(client.get(f"/en/p/{made.ref}/questions"))
    address = page.select_one(".talk li a[rel=nofollow]")["href"]
    form = soup(client.get(address))
    assert WORDS in form.text
    assert form.select_one("#f-email") is not None

    with client.session_transaction() as cookies:
        cookies["csrf"] = "test-token"

    refused = post(client, address.removeprefix("/en"), words=WHY)
    assert refused.status_code == 422
    assert soup(refused).select_one("#f-words").text == WHY
    said = {"reason": "insulting", "words": WHY, "name": "Ines", "email": "ines@example.com"}
    sent = post(client, address.removeprefix("/en"), **said)

    assert sent.headers["Location"] == f"/en/p/{made.ref}/questions"
    with reading():
        (waiting,) = reported.queue(KIND, after=None, objected_after=None).reports
    assert (waiting.subject.ref, waiting.email) == (ref, "ines@example.com")


def test_who_is_signed_in_need_not_say_who_they_are(ref, as_, make_person):
    reporter = make_person()
    browser = as_(reporter)
    assert soup(browser.get(f"/en/questions/{ref}/report")).select_one("#f-email") is None

    post(browser, f"/questions/{ref}/report", reason="other", words=WHY)

    with reading():
        (waiting,) = reported.queue(KIND, after=None, objected_after=None).reports
    assert waiting.email == reporter.email


def test_what_waits_for_an_answer_or_was_taken_away_is_not_there_to_be_reported(
    made, buyer, ref, officers, client
):
    service.ask(product_ref=made.ref, words="Does the lid hold?", locale="en", actor=buyer)
    with reading():
        (waiting,) = queries.page_for(buyer, made.ref, find="", before=None).own
    decide(report(ref), officers[0])

    for hidden in (waiting.ref, ref, "PQ-NOSUCH"):
        assert client.get(f"/en/questions/{hidden}/report").status_code == 404
        with pytest.raises(QuestionUnknown):
            report(hidden, email="late@example.com")


def test_a_removal_takes_question_and_answer_from_every_page(made, ref, seller, officers):
    first, second = report(ref), report(ref, email="other@example.com")
    assert shown(made) == ([WORDS], 1)

    decide(second, officers[0])

    assert shown(made) == ([], 0)
    with reading():
        assert queries.shop_questions_for(seller, view="answered", after=None).questions == []
    with pytest.raises(QuestionUnknown):
        service.change_answer(question_ref=ref, words="No.", locale="en", actor=seller)
    with pytest.raises(ReportDecided):
        decide(first, officers[0])


def test_taking_away_and_bringing_back_are_free_the_second_time(made, ref):
    with reading():
        question_id = queries.question(ref).id
    for _ in range(2):
        service.remove(subject_id=question_id, actor=SYSTEM)
    assert shown(made) == ([], 0)

    for _ in range(2):
        service.bring_back(subject_id=question_id, actor=SYSTEM)
    assert shown(made) == ([WORDS], 1)


def test_nothing_wrong_leaves_the_question_and_tells_the_reporter_alone(
    made, ref, officers, outbox
):
    decide(report(ref), officers[0], Outcome.KEPT)

    hear(outbox, jobs.give_reason, QuestionDecided)

    assert shown(made) == ([WORDS], 1)
    assert recipients("question_report_decided") == {"ines@example.com"}
    assert letters("question_removed") == []


def test_who_asked_the_shop_and_reporters_read_why_and_nobody_reads_who(
    made, ref, officers, outbox
):
    decision = decide(report(ref), officers[0])

    hear(outbox, jobs.give_reason, QuestionDecided)

    assert recipients("question_removed") == {"buyer@example.com", "seller@example.com"}
    assert recipients("question_report_decided") == {"ines@example.com"}
    for letter in letters("question_removed") + letters("question_report_decided"):
        assert "It insults -> the potter." in written(letter).text
    for letter in letters("question_removed"):
        assert "ines" not in written(letter).text.lower()
        assert f"/account/questions/decisions/{decision}" in written(letter).text
    english = render_letter(letter.template, "en", letter.data).text
    assert says(english, "You can appeal once, free of charge, until %(until)s.")


def test_an_asker_who_was_forgotten_is_told_nothing_and_the_shop_still_is(
    buyer, ref, officers, outbox
):
    service.forget(person_id=buyer.person_id, actor=SYSTEM)
    decide(report(ref), officers[0])

    hear(outbox, jobs.give_reason, QuestionDecided)

    assert recipients("question_removed") == {"seller@example.com"}


@pytest.mark.parametrize("who", ["buyer", "seller"])
def test_who_asked_or_the_shop_objects_and_a_reversed_decision_brings_both_back(
    who, made, ref, officers, outbox, request
):
    decision = decide(report(ref), officers[0])
    object_to(decision, request.getfixturevalue(who))
    with pytest.raises(QuestionNoObjection):
        object_to(decision, request.getfixturevalue(who))

    look_again(decision, officers[1])

    assert shown(made) == ([WORDS], 1)
    with reading():
        assert queries.question(ref).answer == "Come and see."
    hear(outbox, jobs.tell_second_look, QuestionObjectionDecided)
    assert recipients("question_objection_decided") == {
        "buyer@example.com",
        "seller@example.com",
        "ines@example.com",
    }


def test_a_decision_that_stands_leaves_the_question_away(made, ref, buyer, officers):
    decision = decide(report(ref), officers[0])
    object_to(decision, buyer)

    look_again(decision, officers[1], stands=True)

    assert shown(made) == ([], 0)


def test_an_officer_who_works_for_the_shop_decides_nothing_about_its_answers(made, ref, staff_of):
    officer = staff_of(made.vendor, more=frozenset({Role.OPERATOR}))
    report_ref = report(ref)
    with reading():
        assert reported.case(officer, KIND, report_ref).is_own

    with pytest.raises(OwnCase):
        decide(report_ref, officer, Outcome.KEPT)


def test_those_concerned_read_the_reasons_and_object_on_one_page(ref, buyer, seller, officers, as_):
    decision = decide(report(ref), officers[0])
    address = f"/account/questions/decisions/{decision}"
    for who in (buyer, seller):
        page = soup(as_(who).get(f"/en{address}"))
        assert WORDS in page.text
        assert "the potter." in page.select_one("dl.key-values").text
        assert page.select_one("#f-words") is not None

    empty = post(as_(buyer), f"{address}/object", words=" ")
    assert empty.status_code == 422
    assert soup(empty).select_one("#wrong li a")["href"] == "#f-words"
    assert post(as_(buyer), f"{address}/object", words=BUT).status_code == 303

    for who in (buyer, seller):
        page = soup(as_(who).get(f"/en{address}"))
        assert BUT in page.select_one("dl.key-values").text
        assert page.select_one("#f-words") is None


def test_a_decision_is_there_for_nobody_else_nor_where_nothing_was_taken(
    made, ref, buyer, officers, as_, make_person, staff_of, client
):
    removal = decide(report(ref), officers[0])
    strangers = (make_person(), staff_of(make_vendor()), officers[0])

    for stranger in strangers:
        answer = as_(stranger).get(f"/en/account/questions/decisions/{removal}")
        assert answer.status_code == 404
        with pytest.raises(DecisionUnknown):
            object_to(removal, stranger)
    assert client.get(f"/en/account/questions/decisions/{removal}").status_code in {302, 303}


def test_what_stays_has_no_page_of_a_decision(ref, buyer, officers, as_):
    kept = decide(report(ref), officers[0], Outcome.KEPT)

    assert as_(buyer).get(f"/en/account/questions/decisions/{kept}").status_code == 404


def test_the_shop_finds_what_was_taken_away_on_its_desk(ref, seller, officers, as_, staff_of):
    browser = as_(seller)
    assert soup(browser.get("/en/desk/questions/decisions/")).select(".talk li") == []
    decision = decide(report(ref), officers[0])

    led = soup(browser.get("/en/desk/questions/")).select(".chips a")[-1]["href"]
    (line,) = soup(browser.get(led)).select(".talk li")

    assert line.select_one("a")["href"] == f"/en/account/questions/decisions/{decision}"
    assert WORDS in line.text
    other = as_(staff_of(make_vendor()))
    assert soup(other.get("/en/desk/questions/decisions/")).select(".talk li") == []


def test_an_operator_finds_reports_and_objections_in_the_queue_and_decides(
    made, ref, buyer, officers, as_
):
    report_ref = report(ref)
    first, second = (as_(officer) for officer in officers)
    queue = soup(first.get("/en/moderation/questions/"))
    address = queue.select_one("section[aria-labelledby=reports] tbody a")["href"]
    assert address == f"/en/moderation/questions/{report_ref}"
    assert WORDS in soup(first.get(address)).text

    bare = address.removeprefix("/en")
    silent = post(first, bare, outcome="removed", ground="insulting", words="")
    assert silent.status_code == 422
    assert soup(silent).select_one(".error").text.strip()
    assert post(first, bare, outcome="removed", ground="insulting", words=WHY).status_code == 303
    with reading():
        (decision,) = reported.decisions_on(KIND, queries.question(ref).id)
    object_to(decision.ref, buyer)

    queue = soup(second.get("/en/moderation/questions/"))
    assert queue.select_one("section[aria-labelledby=objections] tbody a")["href"] == address
    assert 'name="answer"' not in first.get(address).text
    form = soup(second.get(address)).select_one("form[action$='/look-again']")
    post(
        second,
        form["action"].removeprefix("/en"),
        decision=form.select_one("[name=decision]")["value"],
        answer="reversed",
        words="It may be asked.",
    )

    assert shown(made) == ([WORDS], 1)
    assert "It may be asked." in second.get(address).text


def test_the_queue_asks_once_however_much_waits(ask_and_answer, db):
    counts = []
    for more in (1, 3):
        for number in range(more):
            db.execute(text("DELETE FROM kernel.try_count"))
            report(ask_and_answer(f"Question {more} and {number}?"))
        with reading(), counting_queries() as asked:
            reported.queue(KIND, after=None, objected_after=None)
        counts.append(len(asked.statements))

    assert counts == [3, 3]  # reports, objections, and the questions they are about


def test_a_reporter_who_is_forgotten_leaves_what_was_decided_without_a_name(
    ref, officers, make_person, as_, ask_and_answer
):
    reporter = make_person()
    decided = report(ref, actor=reporter, email=reporter.email)
    decide(decided, officers[0])
    report(ask_and_answer("Is it safe in the oven?"), actor=reporter, email=reporter.email)

    moderation.forget(kind=KIND, person_id=reporter.person_id, actor=SYSTEM)

    with reading():
        assert reported.queue(KIND, after=None, objected_after=None).reports == []
        left = reported.report(decided)
    assert (left.words, left.name, left.email, left.reason) == ("", "", "", Reason.INSULTING)
    page = as_(officers[0]).get(f"/en/moderation/questions/{decided}")
    assert (page.status_code, reporter.email in page.text) == (200, False)
