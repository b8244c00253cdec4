"""Reviews in the reader's language: always said to be translated, with the original beside."""

from __future__ import annotations

import threading

import pytest
from bs4 import BeautifulSoup

from kernel import memory
from kernel.actor import SYSTEM
from kernel.config import Settings
from kernel.db import reading
from kernel.web.preferences import LANGUAGES
from marketplace.catalogue.translating import gateway
from marketplace.catalogue.translating import service as translating
from marketplace.catalogue.translating.stand_in import Fault, StandIn
from marketplace.trust.reviews import jobs, service, told
from marketplace.trust.reviews.events import ReviewReworded, ReviewWritten
from marketplace.trust.reviews.service import Words
from tests.asking import says
from tests.marketplace.trust.reviews.review_objects import make_review, said

FRENCH = {"locale": "fr", "title": "Verse bien", "words": "Elle verse sans perdre une goutte."}
IN_ENGLISH = ["Pours well", "It pours without losing a single drop."]


@pytest.fixture
def ref(made, make_person):
    return make_review(made, make_person(), **FRENCH)


def keep(ref, *, of=None, answers=None, of_answer=""):
    service.keep_translations(
        ref=ref,
        of=of or Words(FRENCH["title"], FRENCH["words"], "fr"),
        said={"en": IN_ENGLISH},
        of_answer=of_answer,
        answers=answers or {},
        actor=SYSTEM,
    )
    memory.forget_everything()


def review(ref):
    with reading():
        return told.review(ref).review


def opened(client, path):
    answer = client.get(path, follow_redirects=True)
    assert answer.status_code == 200
    return BeautifulSoup(answer.text, "html.parser")


def test_who_reads_another_language_reads_it_in_theirs_with_the_original_beside(client, made, ref):
    keep(ref)

    shown = opened(client, f"/en/p/{made.ref}/reviews").select_one(".review")

    assert shown.select_one("h2").text == IN_ENGLISH[0]
    assert says(shown, "Translated from %(language)s.", language="French")
    original = shown.select_one("details .written")
    assert (original["lang"], original.text) == ("fr", FRENCH["words"])


def test_beside_the_goods_the_original_is_one_press_away(client, made, ref):
    keep(ref)

    beside = opened(client, f"/en/p/{made.ref}/").find(id="reviews")

    assert IN_ENGLISH[1] in beside.text
    assert FRENCH["words"] not in beside.text
    link = beside.find("a", href=f"/en/p/{made.ref}/reviews#{ref}")
    assert says(link, "See the original")


@pytest.mark.parametrize("lang", ["fr", "ja"])
def test_the_author_s_language_and_one_that_nobody_said_show_the_original(client, made, ref, lang):
    keep(ref)

    shown = opened(client, f"/{lang}/p/{made.ref}/reviews").select_one(".review")

    assert shown.select_one(".written").text == FRENCH["words"]
    assert shown.find("details") is None


def test_changed_words_are_not_said_by_what_was_translated_before(made, make_person, outbox):
    author = make_person()
    ref = make_review(made, author, **FRENCH)
    keep(ref)

    service.change(ref=ref, said=said(locale="fr", title="Verse mal"), actor=author)
    assert review(ref).translated == {}
    assert [e.review_ref for e in outbox() if isinstance(e, ReviewReworded)] == [ref]

    keep(ref)
    assert review(ref).translated == {}


def test_a_withdrawn_review_keeps_no_words_in_any_language(made, make_person):
    author = make_person()
    ref = make_review(made, author, **FRENCH)
    keep(ref)

    service.withdraw(ref=ref, actor=author)

    assert review(ref).translated == {}


def test_an_answer_is_translated_and_loses_it_with_its_words(made, ref, staff_of, client):
    seller = staff_of(made.vendor)
    service.answer(ref=ref, words="ありがとうございます。", locale="ja", actor=seller)
    keep(ref, of_answer="ありがとうございます。", answers={"en": "Thank you very much."})

    reply = opened(client, f"/en/p/{made.ref}/reviews").select_one(".reply")
    assert reply.select_one(".written").text == "Thank you very much."
    assert says(reply, "Translated from %(language)s.", language="Japanese")

    service.answer(ref=ref, words="どうも。", locale="ja", actor=seller)
    assert review(ref).answer.translated == {}


def test_where_nothing_is_translated_nothing_that_was_is_shown(made, ref, monkeypatch):
    keep(ref)

    monkeypatch.setattr(told, "settings", lambda: Settings(translates=False))

    assert review(ref).translated == {}


@pytest.fixture
def standing(monkeypatch):
    """A service of this machine, as the translator that is configured."""
    gateway._spoken_at.forget()
    gateway._breaker_at.cache_clear()
    with StandIn(key="let me in", slow_s=3) as stand_in:
        thread = threading.Thread(target=stand_in.serve_forever, daemon=True)
        thread.start()
        chosen = Settings(translator_url=stand_in.address, translator_key="let me in")
        monkeypatch.setattr(gateway, "settings", lambda: chosen)
        yield stand_in
        stand_in.shutdown()
        thread.join(timeout=5)


def test_a_service_says_a_new_review_in_the_eight_other_languages(ref, standing):
    jobs.translate_written(ReviewWritten(review_ref=ref))()

    translated = review(ref).translated
    assert translated.keys() == set(LANGUAGES.values()) - {"fr"}
    assert all(title and words for title, words in translated.values())


def test_an_answer_that_is_not_plainly_a_translation_is_not_kept(ref, standing):
    standing.faults[Fault.HTML] = 99

    jobs.translate_written(ReviewWritten(review_ref=ref))()

    assert review(ref).translated == {}


def test_the_packaged_list_of_words_leaves_reviews_alone(ref):
    jobs.translate_written(ReviewWritten(review_ref=ref))()

    assert review(ref).translated == {}


def test_reviews_that_were_written_before_are_said_with_all_that_is_missing(
    made, make_person, staff_of, ref, standing
):
    kept = make_review(made, make_person(), **FRENCH)
    keep(kept)
    service.answer(ref=ref, words="Merci à vous.", locale="fr", actor=staff_of(made.vendor))

    first = translating.backfill(actor=SYSTEM)
    others = set(LANGUAGES.values()) - {"fr"}
    assert review(ref).translated.keys() == review(ref).answer.translated.keys() == others
    assert review(kept).translated == {"en": IN_ENGLISH}
    assert first.said >= 2 * len(others)

    assert translating.backfill(actor=SYSTEM) == translating.Filled(0, 0, 0)
