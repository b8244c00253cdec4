from __future__ import annotations

import pytest

from marketplace.catalogue.products import rules


@pytest.mark.parametrize(
    ("title", "slug"),
    [
        ("Shino teapot, 620 ml", "shino-teapot-620-ml"),
        ("Théière « Shino »", "théière-shino"),
        ("手绘莲瓣青花瓷壶 450 毫升", "手绘莲瓣青花瓷壶-450-毫升"),
        ("…!?", "-"),
        ("ＡＢＣ １２３", "abc-123"),
    ],
)
def test_an_address_ends_in_readable_words(title, slug):
    assert rules.slug(title) == slug


def test_a_long_title_is_cut_between_words():
    slug = rules.slug("word " * 40)

    assert len(slug) <= rules.SLUG_LENGTH
    assert slug.endswith("word")


@pytest.mark.parametrize(
    ("have", "wanted", "source", "got"),
    [
        (["en", "fr"], "fr", "en", "fr"),
        (["en", "pt-PT"], "pt-BR", "en", "pt-PT"),
        (["en", "zh-CN"], "ko", "zh-CN", "en"),
        (["zh-CN", "ja"], "ko", "ja", "ja"),
        (["da"], "ko", "zh", "da"),
        ([], "ko", "zh", None),
    ],
)
def test_a_reader_gets_the_next_best_language(have, wanted, source, got):
    assert rules.best_locale(dict.fromkeys(have, "x"), wanted, source) == got


def test_completeness_counts_offered_languages_alone():
    assert rules.completeness({"en": 1, "da": 1}, ("en", "fr", "de")) == (1, 3)
