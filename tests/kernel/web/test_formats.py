from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from babel.numbers import format_decimal
from flask import Flask, session
from markupsafe import Markup

from kernel.money import Money
from kernel.text import NP_, Country, CountryAlone, Message
from kernel.web import formats
from kernel.web.addresses import by_name
from kernel.web.i18n import plain, translate, use_locale
from kernel.web.locales import babel_locale
from kernel.web.preferences import LANGUAGES, Preferences, forget_between_requests, preferences
from kernel.web.rendering import flash, take_flash

EURO, YEN, DINAR = Money(123456, "EUR"), Money(1234, "JPY"), Money(12345, "KWD")


def shown(text):
    """The text as an eye reads it: no marks, plain spaces."""
    return plain(str(text)).replace("\u00a0", " ").replace("\u202f", " ").replace("\u2009", " ")


@pytest.mark.parametrize(
    ("locale", "money", "short", "explicit"),
    [
        ("en", EURO, "€1,234.56", "EUR 1,234.56"),
        ("en", YEN, "JP¥1,234", "JPY 1,234"),
        ("en", DINAR, "KWD 12.345", "KWD 12.345"),
        ("en", Money(1050, "USD"), "US$10.50", "USD 10.50"),
        ("zh-CN", Money(1050, "CNY"), "¥10.50", "CNY 10.50"),
        ("ja", YEN, "￥1,234", "JPY 1,234"),
        ("de", EURO, "1.234,56 €", "1.234,56 EUR"),
        ("fr", EURO, "1 234,56 €", "1 234,56 EUR"),
        ("ar", EURO, "1,234.56 €", "1,234.56 EUR"),
        ("ar", YEN, "1,234 JPY", "1,234 JPY"),
        ("pt-BR", EURO, "€ 1.234,56", "EUR 1.234,56"),
    ],
)
def test_money_has_its_own_digits_and_a_code_where_a_symbol_misleads(
    locale, money, short, explicit
):
    with use_locale(locale):
        assert shown(formats.format_money(money, explicit=False)) == short
        assert shown(formats.format_money(money, explicit=True)) == explicit


@pytest.mark.parametrize("locale", LANGUAGES.values())
@pytest.mark.parametrize("minor", [0, 1, 10, 11, 111, 1_000, 99_999, 1_234_567, 10**15 + 1])
def test_each_figure_of_an_amount_stands_where_cldr_puts_it(locale, minor):
    for currency, digits in (("EUR", ".00"), ("JPY", ""), ("KWD", ".000")):
        figures = format_decimal(
            Money(minor, currency).amount,
            format=f"#,##0{digits}",
            locale=babel_locale(locale),
            numbering_system="latn",
        )
        with use_locale(locale):
            amount = formats.format_money(Money(minor, currency))
            less = formats.format_money(Money(-minor, currency))
        assert figures in amount
        assert figures in less
        assert (formats.MINUS in less) == (minor > 0)


def test_only_the_visitors_own_currency_is_short():
    app = Flask("t")
    app.secret_key = "k"
    forget_between_requests(app)
    with app.test_request_context(headers={"Accept-Language": "de-DE"}):
        assert preferences() == Preferences("en", "DE", "EUR")
        assert formats.format_money(EURO) == "€1,234.56"
        assert shown(formats.format_money(YEN)) == "JPY 1,234"


def test_a_minus_is_a_minus_and_a_plus_is_asked_for():
    assert formats.format_money(-EURO, explicit=False) == "\u2212€1,234.56"
    assert formats.format_money(EURO, explicit=False, signed=True) == "+€1,234.56"
    assert formats.format_money(Money.zero("EUR"), explicit=False, signed=True) == "€0.00"


def test_arabic_keeps_the_sign_before_the_figures():
    with use_locale("ar"):
        assert "\u200e\u22121,234.56" in formats.format_money(-EURO)


def test_a_signed_amount_in_arabic_keeps_its_currency_on_the_same_side_as_an_unsigned_one():
    with use_locale("ar"):
        signed = formats.format_money(EURO, explicit=True, signed=True)
        owed = formats.format_money(-EURO, explicit=True)

    assert signed.endswith("\u200f\u00a0EUR")
    assert owed.endswith("\u200f\u00a0EUR")


@pytest.mark.parametrize(
    ("locale", "row", "pair", "aside"),
    [
        ("en", "Lyon, France", "Colour: blue", "Capacity (ml)"),
        ("fr", "Lyon, France", "Colour\u00a0: blue", "Capacity (ml)"),
        ("zh-CN", "Lyon，France", "Colour：blue", "Capacity（ml）"),
        ("ar", "Lyon، France", "Colour: blue", "Capacity (ml)"),
    ],
)
def test_signs_between_names_are_those_of_the_language(locale, row, pair, aside):
    with use_locale(locale):
        assert formats.format_row("Lyon", "", "France") == row
        assert formats.format_pair("Colour", "blue") == pair
        assert formats.format_aside("Capacity", "ml") == aside


def test_what_somebody_wrote_stays_text_beside_markup():
    assert formats.format_row(Markup("<bdi>Lyon</bdi>"), "<b>") == "<bdi>Lyon</bdi>, &lt;b&gt;"


def test_hero_money_makes_the_minor_units_small():
    html = formats.money_html(EURO, hero=True, explicit=False)
    assert html == '<bdi class="amount">€1,234<small>.56</small></bdi>'
    with use_locale("de"):
        html = formats.money_html(EURO, hero=True, explicit=False)
    assert html == '<bdi class="amount">1.234<small>,56</small>\u00a0€</bdi>'
    assert "<small>" not in formats.money_html(YEN, hero=True)


@pytest.mark.parametrize(
    ("locale", "share", "words"),
    [
        ("en", Decimal("0.075"), "7.5%"),
        ("en", Decimal("0.19"), "19%"),
        ("en", Fraction(1, 3), "33.33%"),
        ("de", Decimal("0.077"), "7,7 %"),
        ("en", Decimal("-0.02"), "\u22122%"),
        ("ar", Decimal("0.0018"), "0.18%"),
    ],
)
def test_a_rate_is_never_rounded_to_whole_percent(locale, share, words):
    with use_locale(locale):
        assert shown(formats.format_percent(share)) == words


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", "Sat 28 Nov – Thu 3 Dec"),
        ("de", "Sa., 28. Nov. – Do., 3. Dez."),
        ("ja", "11月28日(土)～12月3日(木)"),
        ("zh-CN", "11月28日周六至12月3日周四"),
    ],
)
def test_an_arrival_window_names_its_weekdays(locale, words):
    with use_locale(locale):
        assert shown(formats.format_range(date(2026, 11, 28), date(2026, 12, 3))) == words


def test_a_window_of_one_day_is_one_day():
    assert formats.format_range(date(2026, 12, 3), date(2026, 12, 3)) == "Thu 3 Dec"


def test_a_time_names_the_city_whose_clock_it_is():
    at = datetime(2026, 11, 24, 23, 30, tzinfo=UTC)
    assert formats.format_instant(at, zone="Asia/Tokyo") == "Wed 25 Nov, 08:30 (Tokyo)"
    assert formats.format_date(at, zone="Europe/Lisbon") == "Tue 24 Nov"


def test_the_halves_of_a_korean_day_have_korean_names():
    at = datetime(2026, 11, 24, 19, 36, tzinfo=UTC)
    with use_locale("ko"):
        assert formats.format_time(at, zone="UTC") == "오후\N{NO-BREAK SPACE}7:36"


@pytest.mark.parametrize(
    ("locale", "gap"), [("en", " "), ("zh-CN", ""), ("ja", ""), ("ko", " "), ("ar", " ")]
)
def test_sentences_stand_a_space_apart_unless_their_point_brings_its_own(locale, gap):
    with use_locale(locale):
        assert formats.sentence_gap() == gap


def test_measures_do_not_part_from_their_units():
    assert formats.format_weight(780) == "780\u00a0g"
    assert formats.format_weight(1400) == "1.4\u00a0kg"
    with use_locale("zh-CN"):
        assert formats.format_weight(780) == "780克"  # as lengths are: 14厘米
        assert formats.format_weight(1400) == "1.4千克"
    with use_locale("pt-BR"):
        assert formats.format_unit(Decimal("0.1"), "digital-megabyte") == "0,1\u00a0MB"
    assert shown(formats.format_size(170, 145, 190)) == "17 × 14.5 × 19 cm"


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en", "1 hr 20 mins"),
        ("de", "1 Std. 20 Min."),
        ("es", "1 h 20 min"),
        ("pt-BR", "1 h 20 min"),
    ],
)
def test_one_hour_is_written_like_an_hour_in_each_language(locale, words):
    with use_locale(locale):
        assert shown(formats.format_hours(timedelta(hours=1, minutes=20))) == words


@pytest.mark.parametrize(
    ("rate", "words"),
    [
        (Decimal("178.4"), "178.40"),
        (Decimal("1.0842"), "1.0842"),
        (Decimal("0.0056054"), "0.0056054"),
        (Fraction(4342, 1000), "4.3420"),
        (Decimal(17840), "17,840.00"),
    ],
)
def test_a_rate_shows_five_telling_figures(rate, words):
    assert formats.format_rate(rate) == words


def test_every_offered_country_has_a_clock():
    from zoneinfo import ZoneInfo

    from kernel.web.preferences import COUNTRY_CURRENCY

    assert set(COUNTRY_CURRENCY) <= set(formats.ZONES)
    assert all(ZoneInfo(zone) for zone in formats.ZONES.values())


def test_a_sentence_is_filled_with_values_that_speak_the_language():
    message = Message("You pay %(total)s on %(day)s.", {"total": EURO, "day": date(2026, 12, 3)})
    with use_locale("de"):
        assert shown(translate(message)) == "You pay 1.234,56 EUR on Do., 3. Dez."


@pytest.mark.parametrize("name", ["%(minutes)d", "{0.__class__}", "{}", "%s %", "100 %", "$name"])
def test_signs_of_a_pattern_in_somebodys_name_are_signs(name):
    message = Message("%(name)s is closed. Its money is available to spend again.", {"name": name})
    with use_locale("en"):
        assert shown(translate(message)).startswith(f"{name} is closed.")


@pytest.mark.parametrize("locale", ["en", "zh-CN", "es", "fr", "de", "ja", "ko", "pt-BR", "ar"])
@pytest.mark.parametrize("count", [0, 7, 999, 1000, 12_345, 1_234_567])
def test_counts_are_written_as_the_language_writes_whole_numbers(locale, count):
    with use_locale(locale):
        assert formats.format_number(count) == formats.format_number(count, digits=0)


@pytest.mark.parametrize(
    ("locale", "row"),
    [("en", "Cobalt, large"), ("zh-CN", "Cobalt，large"), ("ar", "Cobalt، large")],
)
def test_things_side_by_side_are_told_apart_as_the_language_does(locale, row):
    with use_locale(locale):
        assert formats.format_row("Cobalt", "large") == row


@pytest.mark.parametrize(
    ("typed", "shown_so"),
    [
        ("青花瓷茶壶，450 毫升", "青花瓷茶壶，450\u00a0毫升"),
        ("Teapot, 450 ml", "Teapot, 450\u00a0ml"),
        ("Rug 60 × 90 cm", "Rug 60\u00a0× 90\u00a0cm"),
        ("Set of 3 cups, 2 kg.", "Set of 3 cups, 2\u00a0kg."),
    ],
)
def test_a_unit_in_a_title_stays_with_its_number(typed, shown_so):
    assert formats.format_title(typed) == shown_so


@pytest.mark.parametrize(
    ("count", "said"), [(1, "1 order is packed."), (3, "3 orders are packed.")]
)
def test_a_sentence_kept_for_the_next_page_keeps_its_plural(count, said):
    app = Flask("t")
    app.secret_key = "t"
    with app.test_request_context():
        flash(NP_("%(n)d order is packed.", "%(n)d orders are packed.", by="n"), n=count)
        kept = take_flash()
        assert str(kept.sentence) == said
        assert take_flash() is None


def test_a_sentence_that_an_older_version_kept_is_told():
    app = Flask("t")
    app.secret_key = "t"
    with app.test_request_context():
        session["flash"] = ["ok", "Saved.", {}]
        kept = take_flash()
        assert (str(kept.sentence), kept.code) == ("Saved.", "")


def test_names_are_sorted_by_their_letters():
    names = {
        "AT": "Österreich",
        "OM": "Oman",
        "DK": "Dänemark",
        "DE": "Deutschland",
        "CY": "Zypern",
    }

    assert [code for code, _ in by_name(names, names.__getitem__)] == ["DK", "DE", "OM", "AT", "CY"]


@pytest.mark.parametrize(
    ("locale", "code", "inside"),
    [
        ("en", "GB", "the United Kingdom"),
        ("en", "NL", "the Netherlands"),
        ("en", "FR", "France"),
        ("en", "CZ", "Czechia"),
        ("de", "US", "Vereinigte Staaten"),
        ("fr", "US", "États-Unis"),
    ],
)
def test_a_country_inside_a_sentence_has_the_article_its_english_name_needs(locale, code, inside):
    with use_locale(locale):
        assert formats.format_country(code) == inside
        assert translate(Message("To %(to)s.", {"to": Country(code)})) == f"To {inside}."


def test_a_country_before_a_colon_is_its_name_alone():
    with use_locale("en"):
        assert translate(Message("%(of)s: none.", {"of": CountryAlone("NL")})) == (
            "Netherlands: none."
        )


def test_a_list_with_a_link_in_it_stays_markup_and_escapes_the_rest():
    with use_locale("en"):
        assert formats.format_list([Markup("<a>Kiln</a>"), "Q & A"]) == Markup(
            "<a>Kiln</a> and Q &amp; A"
        )


def test_a_page_tells_machines_whole_seconds_since_html_knows_no_millionths():
    at = datetime(2026, 11, 27, 7, 15, 23, 192006, tzinfo=UTC)

    assert formats.format_stamp(at) == "2026-11-27T07:15:23+00:00"
    assert formats.format_stamp(at.date()) == "2026-11-27"
