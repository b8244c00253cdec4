"""A service is asked as LibreTranslate is, in few requests; whatever goes wrong is no answer."""

from __future__ import annotations

import time

import pytest

from kernel.config import Settings
from marketplace.catalogue.translating import gateway
from marketplace.catalogue.translating.errors import TranslatorDown
from marketplace.catalogue.translating.gateway import LibreTranslate, WordList, translator
from marketplace.catalogue.translating.rules import Refusal
from marketplace.catalogue.translating.stand_in import Fault

TEXTS = ["Von Hand gedreht, fasst 450 ml.", "Teekanne, rund"]


def asked(texts=TEXTS, source="de", target="en"):
    return translator().say(texts, source=source, target=target)


def test_texts_travel_together_with_the_key_and_come_back_in_order(standing):
    answers = asked()

    assert [answer.words for answer in answers] == [
        "The stand-in says this in English. 450",
        "Teapot: round",
    ]
    assert standing.asked == [
        {"q": TEXTS, "source": "de", "target": "en", "format": "text", "api_key": "let me in"}
    ]


def test_many_texts_are_cut_into_requests(standing):
    texts = [f"Teekanne {number}" for number in range(60)] + ["x" * 9_000]

    assert len(asked(texts)) == 61
    assert [len(body["q"]) for body in standing.asked] == [25, 25, 10, 1]


def test_languages_go_by_the_names_that_the_service_has(standing, monkeypatch):
    monkeypatch.setattr(
        "marketplace.catalogue.translating.stand_in._CODES", {"zh-Hans": "zh-CN", "pt": "pt-BR"}
    )

    assert translator().languages() == {"zh", "pt"}
    asked(["茶壶"], source="zh-CN", target="pt-BR")
    assert (standing.asked[0]["source"], standing.asked[0]["target"]) == ("zh-Hans", "pt")


def test_what_the_service_does_not_speak_is_not_asked(standing):
    assert asked(["Чайник"], source="ru")[0].refused is Refusal.NOT_TAKEN
    assert standing.asked == []


@pytest.mark.parametrize("fault", [Fault.BROKEN, Fault.BUSY, Fault.NO_JSON, Fault.TOO_FEW])
def test_what_is_no_answer_is_asked_for_again_later(standing, fault):
    standing.faults[fault] = 1

    with pytest.raises(TranslatorDown):
        asked()
    assert len(asked()) == 2


def test_the_key_goes_nowhere_else(standing):
    standing.faults[Fault.ELSEWHERE] = 1

    with pytest.raises(TranslatorDown):
        asked()
    assert len(standing.asked) == 1


def test_a_wrong_key_is_no_answer(standing):
    other = LibreTranslate(standing.address, "another")

    with pytest.raises(TranslatorDown):
        other.say(TEXTS, source="de", target="en")


def test_a_text_that_is_not_taken_takes_none_along(standing):
    standing.faults[Fault.NOT_TAKEN] = 2  # the portion, then its first text

    answers = asked()

    assert [answer.refused for answer in answers] == [Refusal.NOT_TAKEN, None]


def test_a_service_that_is_silent_is_given_up(standing, monkeypatch):
    translator().languages()
    monkeypatch.setattr(gateway, "_TIMEOUT_S", 0.3)
    standing.faults[Fault.SLOW] = 1

    begun = time.monotonic()
    with pytest.raises(TranslatorDown):
        asked()
    assert time.monotonic() - begun < 2.5


def test_a_flood_is_not_read(standing, monkeypatch):
    translator().languages()
    monkeypatch.setattr(gateway, "_LARGEST", 2_000)
    standing.faults[Fault.TOO_LONG] = 1

    with pytest.raises(TranslatorDown):
        asked()


def test_a_machine_where_nobody_answers_is_down():
    nowhere = LibreTranslate("http://127.0.0.1:9", "")
    gateway._breaker_at.cache_clear()

    with pytest.raises(TranslatorDown):
        nowhere.languages()


def test_settings_say_who_translates(monkeypatch):
    for chosen, kind in (
        (Settings(), WordList),
        (Settings(translator_url="https://words.example"), LibreTranslate),
        (Settings(translates=False, translator_url="https://words.example"), type(None)),
    ):
        monkeypatch.setattr(gateway, "settings", lambda chosen=chosen: chosen)
        assert isinstance(translator(), kind)
