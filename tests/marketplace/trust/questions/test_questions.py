"""A shopper asks in public, the shop answers once, and everybody reads it beside the goods."""

from __future__ import annotations

import threading

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text

from kernel import mail, memory
from kernel.actor import SYSTEM, Role
from kernel.db import counting_queries, reading, transaction
from kernel.ids import new_id
from kernel.people.identity import queries as identity_queries
from kernel.people.identity import service as identity
from kernel.web.letters import render_letter
from marketplace.catalogue.products.errors import NoSuchProduct
from marketplace.catalogue.vendors.errors import NotAVendor
from marketplace.shop.listing_index import service as shelving
from marketplace.trust.messages.errors import LeadsElsewhere
from marketplace.trust.questions import jobs, queries, service
from marketplace.trust.questions.errors import (
    AnsweredAlready,
    OwnGoods,
    QuestionUnknown,
    TooManyQuestions,
)
from marketplace.trust.questions.events import QuestionAnswered, QuestionAsked
from marketplace.trust.questions.rules import pattern
from tests.asking import says
from tests.marketplace.makers import make_offer, make_rates, make_vendor

WORDS = "Is it safe in a dishwasher?"


def ask(actor, made, words=WORDS, locale="en"):
    service.ask(product_ref=made.ref, words=words, locale=locale, actor=actor)


def answer(actor, ref, words="By hand, please.", locale="ja"):
    service.answer(question_ref=ref, words=words, locale=locale, actor=actor)


def waiting(seller, view="waiting", after=None):
    with reading():
        return queries.shop_questions_for(seller, view=view, after=after)


def asked(made, buyer, seller, words=WORDS):
    """Ask and answer; return the question's reference."""
    ask(buyer, made, words)
    ref = waiting(seller).questions[0].ref
    answer(seller, ref, f"About “{words}”: yes.")
    return ref


def shown(made, actor=SYSTEM, find="", before=None):
    with reading():
        return queries.page_for(actor, made.ref, find=find, before=before)


def words_of(page):
    return [one.words for one in page.questions]


def letters(kind="question_answered"):
    with reading():
        return [m for m in mail.mailbox(limit=200) if m.template == f"marketplace/mail/{kind}.txt"]


def post(browser, address, **form):
    return browser.post(
        f"/en{address}", data={"csrf_token": "test-token"} | form, follow_redirects=True
    )


def soup(answer):
    return BeautifulSoup(answer.text, "html.parser")


def let_ask(db):
    db.execute(text("DELETE FROM kernel.try_count"))


def test_a_question_is_public_once_it_is_answered_and_not_before(made, buyer, seller, make_person):
    ask(buyer, made)
    assert words_of(shown(made)) == []
    assert [one.words for one in shown(made, buyer).own] == [WORDS]
    assert shown(made, make_person()).own == []

    answer(seller, waiting(seller).questions[0].ref)

    (one,) = shown(made).questions
    assert (one.words, one.answer, one.answer_locale) == (WORDS, "By hand, please.", "ja")
    assert one.edited_at is None
    assert shown(made, buyer).own == []


def test_the_asker_is_told_by_mail_in_their_language(made, buyer, seller, outbox):
    asked(made, buyer, seller)
    (event,) = [e for e in outbox() if isinstance(e, QuestionAnswered)]
    with transaction(name="test", actor=SYSTEM):
        jobs.tell_asker(event)

    (letter,) = letters()
    body = render_letter(letter.template, letter.locale, letter.data)
    assert (letter.recipient, letter.locale) == ("buyer@example.com", "fr")
    assert "Théière Shino" in body.subject
    assert f"/fr/p/{made.ref}/questions" in body.text


def tell_shop(outbox):
    """Hear of the question that was asked last."""
    event = [e for e in outbox() if isinstance(e, QuestionAsked)][-1]
    with transaction(name="test", actor=SYSTEM):
        jobs.tell_shop(event)


def test_a_question_that_its_asker_let_go_of_meanwhile_is_told_to_nobody(
    made, buyer, seller, outbox
):
    ask(buyer, made)
    service.forget(person_id=buyer.person_id, actor=buyer)

    tell_shop(outbox)

    assert letters("question_asked") == []


def test_the_shop_gets_one_letter_for_each_run_it_has_not_looked_at(
    made, buyer, seller, outbox, as_
):
    ask(buyer, made)
    tell_shop(outbox)
    ask(buyer, made, "Does the lid come off?")
    tell_shop(outbox)
    (letter,) = letters("question_asked")
    body = render_letter(letter.template, letter.locale, letter.data)
    assert letter.recipient == "seller@example.com"
    assert WORDS in body.text
    assert "/desk/questions/" in body.text
    assert "buyer@example.com" not in body.text

    as_(seller).get("/en/desk/questions/")
    ask(buyer, made, "And what about the handle?")
    tell_shop(outbox)

    assert {one.data["words"] for one in letters("question_asked")} == {
        WORDS,
        "And what about the handle?",
    }


def test_no_letter_comes_about_a_question_that_was_seen_or_answered_meanwhile(
    made, buyer, seller, outbox, as_
):
    ask(buyer, made)
    as_(seller).get("/en/desk/questions/")
    tell_shop(outbox)
    ask(buyer, made, "Does the lid come off?")
    answer(seller, waiting(seller).questions[-1].ref)
    tell_shop(outbox)

    assert letters("question_asked") == []


def test_looking_at_the_own_questions_leaves_those_of_other_shops_unseen(
    made, buyer, seller, outbox, make_person
):
    ask(buyer, made)
    ref = [e for e in outbox() if isinstance(e, QuestionAsked)][-1].question_ref
    other = make_vendor()
    stranger = make_person(roles=frozenset({Role.BUYER, Role.VENDOR}))
    identity.add_member(
        organisation_id=other.organisation_id, person_id=stranger.person_id, actor=SYSTEM
    )
    stranger = identity_queries.actor_of_session(str(stranger.session_id))

    service.mark_seen(question_refs=[ref], actor=stranger)
    tell_shop(outbox)

    assert [one.recipient for one in letters("question_asked")] == ["seller@example.com"]
    assert waiting(seller).unseen == [ref]


def test_asking_the_same_again_changes_nothing(made, buyer, seller):
    ask(buyer, made)
    ask(buyer, made)

    assert len(waiting(seller).questions) == 1


def test_one_answer_which_its_shop_may_change_and_readers_see_that(made, buyer, seller, outbox):
    ref = asked(made, buyer, seller)

    with pytest.raises(AnsweredAlready):
        answer(seller, ref, "Something else.")
    answer(seller, ref, f"About “{WORDS}”: yes.")  # the same form again
    service.change_answer(question_ref=ref, words="No.", locale="en", actor=seller)

    (one,) = shown(made).questions
    assert (one.answer, one.edited_at is not None) == ("No.", True)
    assert len([e for e in outbox() if isinstance(e, QuestionAnswered)]) == 1


def test_what_has_no_answer_yet_cannot_be_changed(made, buyer, seller):
    ask(buyer, made)

    with pytest.raises(QuestionUnknown):
        service.change_answer(
            question_ref=waiting(seller).questions[0].ref, words="No.", locale="en", actor=seller
        )


def test_only_the_shop_of_the_goods_answers(made, buyer, seller, staff_of, make_person):
    ask(buyer, made)
    ref = waiting(seller).questions[0].ref

    with pytest.raises(QuestionUnknown):
        answer(staff_of(make_vendor()), ref)
    with pytest.raises(NotAVendor):
        answer(make_person(), ref)
    assert words_of(shown(made)) == []


def test_nobody_asks_their_own_shop_nor_about_goods_that_are_not_there(made, buyer, seller):
    with pytest.raises(OwnGoods):
        ask(seller, made)
    with pytest.raises(NoSuchProduct):
        service.ask(product_ref="P-NOSUCH", words=WORDS, locale="en", actor=buyer)


def test_public_words_lead_nowhere_else(made, buyer, seller):
    with pytest.raises(LeadsElsewhere):
        ask(buyer, made, "Can I reach you at anna@gmail.com?")
    ask(buyer, made)
    ref = waiting(seller).questions[0].ref
    with pytest.raises(LeadsElsewhere):
        answer(seller, ref, "Cheaper at www.my-kiln.com")
    answer(seller, ref, "Yes.")
    with pytest.raises(LeadsElsewhere):
        service.change_answer(
            question_ref=ref, words="Call 06 12 34 56 78", locale="en", actor=seller
        )


def test_so_many_questions_and_no_more_at_once(made, buyer):
    for number in range(5):
        ask(buyer, made, f"Question number {number}?")

    with pytest.raises(TooManyQuestions) as refused:
        ask(buyer, made, "One more question?")

    assert refused.value.retry_after


def signed_in(email, **who):
    """Register somebody and sign them in for good, beside any test's transaction; their session."""
    password = "correct horse battery"
    identity.register(email=email, password=password, actor=SYSTEM, **who)
    return identity.sign_in(
        email=email, password=password, device="test", address=new_id().hex, actor=SYSTEM
    )


def actor_of(session):
    return identity_queries.actor_of_session(str(session))


def test_two_of_a_shop_answer_at_once_and_one_answer_stays(own_database):
    made = make_offer()
    staff = []
    for number in range(2):
        roles = frozenset({Role.VENDOR})
        session = signed_in(
            f"staff-{number}@example.com", name="Aki", locale="ja", roles=roles, country="JP"
        )
        identity.add_member(
            organisation_id=made.vendor.organisation_id,
            person_id=actor_of(session).person_id,
            actor=SYSTEM,
        )
        staff.append(actor_of(session))
    ask(actor_of(signed_in("b@example.com", name="B", locale="en", country="FR")), made)
    ref = waiting(staff[0]).questions[0].ref
    start, refused = threading.Barrier(2), []

    def race(actor, words):
        start.wait()
        try:
            answer(actor, ref, words)
        except AnsweredAlready as late:
            refused.append(late)

    racers = [threading.Thread(target=race, args=(a, f"Says {n}")) for n, a in enumerate(staff)]
    for racer in racers:
        racer.start()
    for racer in racers:
        racer.join()

    (one,) = shown(made).questions
    assert one.answer in {"Says 0", "Says 1"}
    assert len(refused) == 1


def test_a_search_finds_words_of_questions_and_answers_as_they_are(made, buyer, seller):
    asked(made, buyer, seller, "Does it keep 100% of the heat?")
    asked(made, buyer, seller, "取っ手は熱くなりますか。教えてください。")
    ask(buyer, made, "Is the 100 ml size sold?")

    assert words_of(shown(made, find="100%")) == ["Does it keep 100% of the heat?"]
    assert words_of(shown(made, find="熱く")) == ["取っ手は熱くなりますか。教えてください。"]
    assert words_of(shown(made, find="size")) == []
    assert pattern("a_b%c\\") == r"%a\_b\%c\\%"


def test_pages_turn_by_key_even_where_all_came_at_once(made, buyer, seller, clock, db):
    clock("2026-11-20T09:00")
    for number in range(queries.PAGE + 3):
        let_ask(db)
        asked(made, buyer, seller, f"Question number {number:02}?")
    first = shown(made)
    second = shown(made, before=first.before)
    answered = waiting(seller, "answered")
    rest = waiting(seller, "answered", answered.after)

    every = [f"Question number {number:02}?" for number in reversed(range(queries.PAGE + 3))]
    assert words_of(first) + words_of(second) == every
    assert words_of(answered) + words_of(rest) == every
    assert second.before is None


def test_the_desk_shows_what_waits_oldest_first_with_its_age(made, buyer, seller, clock, as_):
    clock("2026-11-20T09:00")
    ask(buyer, made, "The first question?")
    clock("2026-11-21T09:00")
    ask(buyer, made, "The second question?")

    assert words_of(waiting(seller)) == ["The first question?", "The second question?"]
    with reading():
        found = queries.to_answer(made.vendor.id)
    assert (found.count, found.since.day) == (2, 20)
    todo = soup(as_(seller).get("/en/desk/")).select_one(".todo")
    assert "2" in todo.text
    assert says(todo, "questions to answer")


def test_the_page_of_the_goods_shows_three_and_leads_to_all(made, buyer, seller, client, db):
    make_rates(JPY="160", USD="1.10", GBP="0.85")
    shelving.refresh(product_ids=[made.product_id], actor=SYSTEM)
    empty = soup(client.get(f"/en/p/{made.ref}/shino-teapot")).select_one("#questions")
    assert says(empty, "No answered questions about this item")
    for number in range(4):
        asked(made, buyer, seller, f"Question number {number}?")

    part = soup(client.get(f"/en/p/{made.ref}/shino-teapot")).select_one("#questions")

    assert [q.text for q in part.select("li .h4")] == [f"Question number {n}?" for n in (3, 2, 1)]
    assert part.select_one(f'a[href="/en/p/{made.ref}/questions"]').text == "All 4"
    assert part.select_one("li .h4")["dir"] == "auto"


def test_words_in_another_language_say_so(made, buyer, seller, client):
    ask(buyer, made, "Passe-t-elle au lave-vaisselle ?", locale="fr")
    answer(seller, waiting(seller).questions[0].ref)

    english, french = (
        soup(client.get(f"/{tag}/p/{made.ref}/questions")).select_one(".talk")
        for tag in ("en", "fr")
    )

    assert english.select_one(".h4")["lang"] == "fr"
    assert english.select_one(".written")["lang"] == "ja"
    assert french.select_one(".h4")["lang"] == "fr"


@pytest.mark.parametrize(
    ("words", "status"),
    [
        ("Why so?", 422),
        ("Why is it?", 200),
        ("a" * 500, 200),
        ("a" * 501, 422),
        ("", 422),
        ("Write to anna@gmail.com", 422),
    ],
)
def test_a_refused_question_comes_back_with_its_words(made, buyer, as_, words, status):
    page = post(as_(buyer), f"/p/{made.ref}/questions", words=words)

    assert page.status_code == status
    if status == 422:
        assert soup(page).select_one("#f-words").text == words
        assert soup(page).select_one("#e-words").text.strip()


def test_a_refused_answer_comes_back_at_its_question_alone(made, buyer, seller, as_):
    ask(buyer, made, "The first question?")
    ask(buyer, made, "The second question?")
    second = waiting(seller).questions[1]

    page = post(as_(seller), f"/desk/questions/{second.ref}/answer", words="See www.kiln.com")

    assert page.status_code == 422
    fields = soup(page).select("textarea")
    assert [field.text for field in fields] == ["", "See www.kiln.com"]
    assert [field.get("aria-invalid") for field in fields] == [None, "true"]
    assert "www.kiln.com" in soup(page).select_one(".error").text


def test_a_refused_change_comes_back_on_the_page_it_was_typed_on(made, buyer, seller, as_, db):
    for number in range(queries.PAGE + 1):
        let_ask(db)
        asked(made, buyer, seller, f"Question number {number:02}?")
    browser = as_(seller)
    after = waiting(seller, "answered").after
    page = soup(browser.get(f"/en/desk/questions/?view=answered&after={after}"))
    (form,) = page.select(".talk form")

    refused = post(browser, form["action"].removeprefix("/en"), words="See www.kiln.com")

    (field,) = soup(refused).select("textarea")
    assert (refused.status_code, field.text) == (422, "See www.kiln.com")


def test_a_stranger_reads_and_is_asked_to_sign_in_to_ask(made, client):
    page = soup(client.get(f"/en/p/{made.ref}/questions"))

    assert page.select_one("#f-words") is None
    assert page.select_one('a[href*="/sign-in"]')
    assert client.get("/en/p/P-NOSUCH/questions").status_code == 404


def test_pages_of_questions_cost_the_same_however_many_there_are(made, buyer, seller, as_, db):
    counts = []
    for more in (1, 9):
        for number in range(more):
            let_ask(db)
            asked(made, buyer, seller, f"Question {more} and {number}?")
            let_ask(db)
            ask(buyer, made, f"Waiting {more} and {number}?")
            answer(seller, waiting(seller).questions[0].ref, "Yes.")
        counts.append([])
        for browser, address in (
            (as_(buyer), f"/en/p/{made.ref}/questions"),
            (as_(seller), "/en/desk/questions/"),
            (as_(seller), "/en/desk/questions/?view=answered"),
        ):
            browser.get(address)
            with counting_queries() as counted:
                browser.get(address)
            counts[-1].append(len(counted))

    assert counts[0] == counts[1]
    assert max(counts[1]) <= 5


def test_what_stands_beside_goods_is_remembered_and_fresh_after_an_answer(made, buyer, seller):
    memory.forget_everything()
    with reading():
        assert queries.beside(made.product_id).count == 0
    asked(made, buyer, seller)
    with reading():
        assert queries.beside(made.product_id).count == 1
        with counting_queries() as counted:
            queries.beside(made.product_id)
    assert len(counted) == 0


def test_who_is_forgotten_leaves_answered_questions_without_a_name(made, buyer, seller, db):
    asked(made, buyer, seller)
    ask(buyer, made, "One that waits for its answer?")
    service.forget(person_id=buyer.person_id, actor=SYSTEM)

    assert words_of(shown(made)) == [WORDS]
    assert waiting(seller).questions == []
    left = "SELECT count(*) FROM marketplace.product_question WHERE asker_id IS NOT NULL"
    assert db.execute(text(left)).scalar_one() == 0
