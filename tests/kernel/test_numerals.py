"""Whole numbers in words, in every language that the house speaks."""

from pathlib import Path

import pytest

from kernel.numerals import languages, spelled


@pytest.mark.parametrize(
    ("locale", "number", "words"),
    [
        ("en", 0, "zero"),
        ("en", 53350, "fifty-three thousand three hundred fifty"),
        ("en", 1000017, "one million seventeen"),
        ("de", 1, "eins"),
        ("de", 53350, "dreiundfünfzigtausenddreihundertfünfzig"),
        ("de", 21101, "einundzwanzigtausendeinhunderteins"),
        ("de", 2101000, "zwei Millionen einhunderteintausend"),
        ("fr", 71, "soixante-et-onze"),
        ("fr", 80, "quatre-vingts"),
        ("fr", 91, "quatre-vingt-onze"),
        ("fr", 80200, "quatre-vingt mille deux cents"),
        ("fr", 200201, "deux cent mille deux cent un"),
        ("es", 100, "cien"),
        ("es", 21021, "veintiún mil veintiuno"),
        ("es", 53350, "cincuenta y tres mil trescientos cincuenta"),
        ("es", 1000000000, "mil millones"),
        ("pt-BR", 53350, "cinquenta e três mil trezentos e cinquenta"),
        ("pt-BR", 2200, "dois mil e duzentos"),
        ("pt-BR", 1001, "mil e um"),
        ("zh-CN", 53350, "伍万叁仟叁佰伍拾"),
        ("zh-CN", 20010, "贰万零壹拾"),
        ("zh-CN", 10203, "壹万零贰佰零叁"),
        ("ja", 53350, "伍萬参千参百伍拾"),
        ("ko", 53350, "오만 삼천삼백오십"),
        ("ar", 53350, "ثلاثة وخمسون ألف وثلاثمائة وخمسون"),
        ("ar", 2000, "ألفان"),
    ],
)
def test_a_number_is_written_as_papers_write_it(locale, number, words):
    assert spelled(number, locale) == words


def test_every_language_of_the_house_writes_each_number_in_its_own_words():
    spoken = {path.stem for path in Path("languages").glob("*.json")}

    assert languages() == spoken
    numbers = [*range(1, 2200), *(10**power + 7 for power in range(4, 13))]
    for locale in spoken:
        words = [spelled(number, locale) for number in numbers]
        assert len(set(words)) == len(numbers)
        assert not any(sign in said for said in words for sign in "<>=[]0123456789")
