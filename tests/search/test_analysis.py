"""Text to tokens: one spelling for what readers take as the same, whatever is thrown at it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from search.engine.mapping import spelling_keys
from search.engine.scripts import Kind, compact, folded, normalise, runs, with_digraphs
from search.engine.spelling import edits
from search.engine.words import MAX_TERMS, concepts, index_tokens, language, phrase


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("ﾃｨｰﾎﾟｯﾄ", "ティーポット"),
        ("茶壺", "茶壶"),
        ("ＴＥＡ", "tea"),
        ("Straße", "STRASSE"),
        ("إبريق", "ابريق"),
        ("حَقِيبَة", "حقيبه"),
        ("\u1112\u1161\u11ab", "한"),
        ("cafe\u0301", "café"),
        ("tea\x00pot\u200b", "tea\x00pot\u200b"),
    ],
)
def test_spellings_that_mean_the_same_become_one(one, other):
    assert normalise(one) == normalise(other)


@pytest.mark.parametrize(
    ("word", "plain", "written_out"),
    [
        ("mütze", "mutze", "muetze"),
        ("søster", "soster", "soester"),
        ("łódź", "lodz", "lodz"),
        ("çikolata", "cikolata", "cikolata"),
        ("ёлка", "елка", "елка"),
        ("ångström", "angstrom", "aangstroem"),
    ],
)
def test_accents_may_be_left_out_or_written_out(word, plain, written_out):
    assert (folded(word), with_digraphs(word)) == (plain, written_out)


def test_runs_are_cut_where_the_writing_changes():
    found = runs(normalise("iPhone15用ケース 빨강-case ของ"))

    assert [(run.text, run.kind) for run in found] == [
        ("iphone15", Kind.WORD),
        ("用ケース", Kind.UNSPACED),
        ("빨강", Kind.HANGUL),
        ("case", Kind.WORD),
        ("ของ", Kind.UNSPACED),
    ]


@pytest.mark.parametrize(
    ("text", "locale", "token"),
    [
        ("Teekannen", "de", "teekann"),
        ("chaussures", "fr", "chaussur"),
        ("jackets", "en-GB", "jacket"),
        ("cadeiras", "pt-BR", "cadeir"),
        ("الحقائب", "ar", "حقايب"),
        ("保温杯", "zh-CN", "温杯"),
        ("가죽지갑", "ko", "지갑"),
    ],
)
def test_tokens_are_stems_of_the_texts_own_language(text, locale, token):
    assert token in index_tokens(text, locale)


def test_a_query_is_stemmed_under_every_language_of_its_script():
    (concept,) = concepts("Teekannen", "ar")

    assert {"teekannen", "teekann"} <= {token for token, _ in concept.forms}


@pytest.mark.parametrize(("tag", "tongue"), [("pt-BR", "pt"), ("zh_Hant", "zh"), ("en", "en")])
def test_a_locale_belongs_to_a_language(tag, tongue):
    assert language(tag) == tongue


@pytest.mark.parametrize("code", ["KF-2302", "kf 2302", "ＫＦ２３０２", "k.f./2302"])
def test_codes_have_one_spelling(code):
    assert compact(code) == "kf2302"


@given(st.text(max_size=300), st.sampled_from(["en", "de", "ja", "ko", "zh-CN", "ar", "th", "xx"]))
def test_any_text_becomes_clean_tokens(text, locale):
    tokens = index_tokens(text, locale)

    assert all(token and not any(sign.isspace() for sign in token) for token in tokens)
    assert len(concepts(text, locale)) <= MAX_TERMS


@given(st.text(max_size=60))
def test_normalising_twice_changes_nothing(text):
    once = normalise(text)

    assert normalise(once) == once
    assert phrase(text) == phrase(once)


@given(st.text(max_size=40), st.sampled_from(["en", "fr", "pl", "ru", "ko", "zh"]))
def test_a_text_is_found_by_its_own_words(text, locale):
    tokens = set(index_tokens(text, locale))

    for concept in concepts(text, locale):
        spelled = {token for token, _ in concept.forms} & tokens
        assert spelled or set(concept.pairs) <= tokens


words = st.text(alphabet="abcde", min_size=3, max_size=8)


@given(words, st.data())
def test_one_typing_error_always_shares_a_key(word, data):
    at = data.draw(st.integers(0, len(word) - 1))
    sign = data.draw(st.sampled_from("abcde"))
    kind = data.draw(st.sampled_from(["drop", "add", "change", "swap"]))
    wrong = {
        "drop": word[:at] + word[at + 1 :],
        "add": word[:at] + sign + word[at:],
        "change": word[:at] + sign + word[at + 1 :],
        "swap": word[:at] + word[at : at + 2][::-1] + word[at + 2 :],
    }[kind]

    assert edits(word, wrong) <= 1
    if len(wrong) >= 3:
        assert set(spelling_keys(word)) & set(spelling_keys(wrong))


@given(words, words)
def test_edits_do_not_depend_on_the_order(one, other):
    assert edits(one, other) == edits(other, one)
    assert (edits(one, other) == 0) == (one == other)
