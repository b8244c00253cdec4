"""A machine's words never stand on a page without saying so and leading to the original."""

from __future__ import annotations

from dataclasses import replace
from hashlib import md5

import pytest

from kernel.actor import SYSTEM
from kernel.jobs import drain
from marketplace.catalogue.translating import queries, service
from search import api as search
from tests.asking import english, says
from tests.marketplace.makers import make_vendor
from tests.marketplace.shop.storefront.browsing_shop import product, shown, soup

pytestmark = pytest.mark.usefixtures("rates")

CHINESE = "提梁白瓷大茶壶 700 毫升"
FROM, BY_MACHINE = "Translated from %(language)s.", "Translated from %(language)s by a machine."
ONLY = "The seller wrote this in %(language)s only."
BACK = "See the translation"
KNOWN = "Teapot: with overhead handle, white porcelain, large, 700 ml"


def translated(titles=None, **overrides):
    made = shown(titles=titles or {"zh-CN": CHINESE}, **overrides)
    service.backfill(actor=SYSTEM)
    drain()
    return made


def link(page, words):
    wanted = english(words)
    return page.find("a", string=lambda said: said and said.strip() == wanted)


def words_of(tag):
    return " ".join(tag.get_text(" ").replace("\xa0", " ").split())


def test_a_card_names_the_language_it_was_translated_from_and_leads_to_the_original(german):
    made = translated()

    card = soup(german.get("/en/c/teapots-s")).find(class_="card")

    assert words_of(card.h3) == KNOWN
    assert "lang" not in card.h3.a.attrs
    assert says(card, FROM, language="Chinese")
    original = link(card, "See the original")
    assert (original["href"], original["rel"]) == (
        f"{card.h3.a['href']}?original=1",
        ["nofollow"],
    )
    assert made.ref in original["href"]


def test_a_reader_of_the_shops_language_sees_its_own_words_and_no_note(german):
    translated()

    card = soup(german.get("/zh-cn/c/teapots-s")).find(class_="card")

    assert words_of(card.h3) == CHINESE
    assert card.find("a", href=lambda to: to and "original=1" in to) is None


def test_the_page_of_goods_shows_the_translation_and_one_press_shows_the_original(german):
    made = translated()

    page = product(german, made)
    assert words_of(page.h1) == KNOWN
    assert says(page, BY_MACHINE, language="Chinese")

    there = link(page, "See the original")
    original = soup(german.get(there["href"]))
    assert (original.h1["lang"], original.h1["dir"]) == ("zh-CN", "ltr")
    assert words_of(original.h1) == CHINESE
    assert says(original, "These are the seller's own words, in %(language)s.", language="Chinese")

    back = link(original, BACK)
    assert words_of(soup(german.get(back["href"])).h1) == KNOWN


def test_what_the_translator_leaves_stays_in_the_shops_language_and_is_marked(german):
    page = product(german, translated())

    description = page.find(id="about").find(class_="prose")
    assert (description["lang"], description["dir"]) == ("zh-CN", "ltr")
    assert says(page.find(id="about"), ONLY, language="Chinese")


def test_a_translation_that_left_words_says_so(german):
    page = product(german, translated({"zh-CN": "青瓷妙趣盖碗 140 毫升"}))

    assert words_of(page.h1) == "Gaiwan: celadon, 妙趣, 140 ml"
    assert says(page, "Translated from %(language)s by a word list.", language="Chinese")


def test_an_arabic_original_is_marked_from_right_to_left(german):
    made = translated({"ar": "Hush إبريق شاي كبير من البورسلان"})

    page = product(german, made, "?original=1")

    assert (page.h1["lang"], page.h1["dir"]) == ("ar", "rtl")


def test_without_a_translation_asking_for_the_original_changes_nothing(german):
    page = product(german, shown(), "?original=1")

    assert words_of(page.h1) == "Shino teapot"
    assert link(page, BACK) is None


def test_choices_of_the_address_stay_on_the_way_to_the_original(german):
    made = translated()

    page = product(german, made, "?quantity=3")
    there = link(page, "See the original")

    assert "quantity=3" in there["href"]


def test_search_finds_translated_titles_below_those_that_shops_wrote(german):
    machine = translated()
    own = shown(titles={"en": "Overhead handle teapot"})
    search.rebuild()

    page = soup(german.get("/en/search?q=overhead+handle"))
    found = [card.h3.a["href"] for card in page.find_all(class_="card")]

    assert [own.ref in found[0], machine.ref in found[1]] == [True, True]
    assert says(page, FROM, language="Chinese")


def test_partners_are_told_which_titles_a_machine_wrote(client):
    translated()
    search.rebuild()

    found = client.get("/api/v1/search?q=teapot&locale=en").json["results"]

    assert [(one["title"], one["translated_from"]) for one in found] == [(KNOWN, "zh-CN")]


def test_the_story_of_a_shop_is_told_and_shown_in_its_own_words(german):
    shop = make_vendor(language="ar", story={"ar": "نصنع الفخار في القرية."})
    story = service.Said("story", shop.id, "en", "ar", "", "We make pottery.", (), "")
    service.keep(said=[_of_today(story, shop)], engine="test", actor=SYSTEM)
    queries._stories.forget()

    page = soup(german.get(f"/en/shops/{shop.slug}"))
    assert "We make pottery." in words_of(page.main)
    assert says(page, FROM, language="Arabic")

    there = link(page, "See the original")
    original = soup(german.get(there["href"]))
    told = original.find(lang="ar")
    assert (words_of(told), told["dir"]) == ("نصنع الفخار في القرية.", "rtl")
    assert says(original, "These are the shop's own words, in %(language)s.", language="Arabic")


def _of_today(story, shop):
    return replace(story, digest=md5(shop.story["ar"].encode(), usedforsecurity=False).hexdigest())
