"""The one place where figures become words: money, percent, dates, units, names of places.

Everything is CLDR through Babel, in the language in force, with the house's own corrections:
ledger digits, Latin figures, a real minus, and an ISO code wherever a symbol could mislead.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache, lru_cache
from typing import Literal
from zoneinfo import ZoneInfo

from babel import Locale, dates, lists, numbers, units
from flask import has_request_context
from markupsafe import Markup, escape

from kernel import countries, languages
from kernel.money import Money, exponent, quantised
from kernel.web.locales import babel_locale, current_locale
from kernel.web.preferences import COUNTRY_CURRENCY, preferences, settled

NBSP = "\u00a0"
WORD_JOINER = "\u2060"
MINUS = "\u2212"

# Where a day begins for a ship-to country: its seat of most parcels, always named beside a time.
ZONES = {
    code: zone
    for code, zone in countries.time_zones(countries.HOUSE).items()
    if code in COUNTRY_CURRENCY
}


def own_currency() -> str:
    """Return the currency the visitor chose, nothing outside a page."""
    page = settled()
    if page is not None:
        return page.currency
    return preferences().currency if has_request_context() else ""


@cache
def _pattern(locale: str, currency: str, *, short: bool, signed: bool) -> numbers.NumberPattern:
    """Return how a currency is written, its sign or code in place already."""
    symbol = numbers.get_currency_symbol(currency, babel_locale(locale))
    standard = babel_locale(locale).currency_formats["standard"].pattern.partition(";")[0]
    # A symbol of letters and a sign (JP¥) falls apart in right-to-left text.
    mixed = standard.startswith("\u200f") and any(sign.isalpha() for sign in symbol)
    code = not short or symbol.isalpha() or len(symbol) > 3 or mixed
    digits = exponent(currency)
    decimals = "." + "0" * digits if digits else ""
    positive = re.sub(r"0\.00", "0" + decimals, standard)
    if code:
        positive = re.sub(r"(?<=\d)¤", NBSP + "¤", positive)
        positive = re.sub(r"¤(?=[#\d])", "¤" + NBSP, positive)
    positive = positive.replace("¤", f"'{currency if code else symbol}'")
    figures = positive.lstrip("\u200f")
    mark = positive[: len(positive) - len(figures)]
    # In right-to-left text a sign stays before its figures only behind a left-to-right mark, and
    # what follows them keeps its side only behind a mark that ends it.
    hold = "\u200e" if mark else ""
    held = figures.replace(NBSP, mark + NBSP)
    return numbers.parse_pattern(
        f"{mark}{hold + '+' + held if signed else figures};{mark}{hold}-{held}"
    )


def format_money(money: Money, *, explicit: bool | None = None, signed: bool = False) -> str:
    """Return an amount in words of the page, with the currency's own digits.

    The short form (€12.50) is for the visitor's own currency; every other currency carries its
    ISO code (USD 12.50). `explicit` forces one or the other.
    """
    short = not explicit if explicit is not None else money.currency == own_currency()
    digits = str(abs(money.minor)).zfill(exponent(money.currency) + 1)
    shape = _shape(
        current_locale(),
        money.currency,
        len(digits),
        short=short,
        signed=signed and money.minor > 0,
        is_negative=money.minor < 0,
    )
    return shape.format(*digits)


# A page writes dozens of amounts, each other than the last, and those of as many figures look
# alike: CLDR says once where the figures stand and what parts them.
@lru_cache(maxsize=2_000)
def _shape(
    locale: str, currency: str, figures: int, *, short: bool, signed: bool, is_negative: bool
) -> str:
    """Return how an amount of so many figures is written, `{}` standing for each of them."""
    pattern = _pattern(locale, currency, short=short, signed=signed)
    minor = int("1" * figures)
    amount = Money(-minor if is_negative else minor, currency).amount
    text: str = pattern.apply(amount, babel_locale(locale), numbering_system="latn")
    return text.replace("-", MINUS).replace("1", "{}")


_AMOUNT, _AMOUNT_ENDS = Markup('<bdi class="amount">'), Markup("</bdi>")


def money_html(
    money: Money, *, hero: bool = False, explicit: bool | None = None, signed: bool = False
) -> Markup:
    """Return an amount isolated from the text around it; hero sizes make minor units small."""
    text = format_money(money, explicit=explicit, signed=signed)
    digits = exponent(money.currency)
    if hero and digits:
        sign = numbers.get_decimal_symbol(babel_locale(current_locale()), numbering_system="latn")
        cut = text.rfind(sign)
        small = text[cut : cut + 1 + digits]
        inner = Markup("{}<small>{}</small>{}").format(text[:cut], small, text[cut + 1 + digits :])
    else:
        inner = escape(text)
    return _AMOUNT + inner + _AMOUNT_ENDS


def format_number(value: int | Decimal, *, digits: int | None = None) -> str:
    """Return a number with the language's separators; `digits` fixes the decimals."""
    if digits is not None:
        text = _rounded(value, digits, current_locale())
    elif isinstance(value, int) and 0 <= value < 1000:
        return str(int(value))  # most counts of a page: no language parts three Latin figures
    else:
        text = _grouped(value, current_locale())
    return text.replace("-", MINUS)


# The stars on a shelf of cards are of some thirty kinds.
@lru_cache(maxsize=2_000)
def _rounded(value: int | Decimal, digits: int, locale: str) -> str:
    return numbers.format_decimal(
        quantised(Decimal(value), digits),
        format="#,##0" + ("." + "0" * digits if digits else ""),
        locale=babel_locale(locale),
        numbering_system="latn",
    )


@lru_cache(maxsize=2_000)
def _grouped(value: int | Decimal, locale: str) -> str:
    return numbers.format_decimal(value, locale=babel_locale(locale), numbering_system="latn")


def format_rate(rate: Decimal | Fraction) -> str:
    """Return an exchange rate with five telling figures at least two decimals."""
    value = (
        Decimal(rate.numerator) / Decimal(rate.denominator)
        if isinstance(rate, Fraction)
        else (Decimal(rate))
    )
    digits = max(2, 4 - value.adjusted()) if value else 2
    return format_number(value, digits=min(digits, 10))


def format_compact(value: int | Decimal) -> str:
    """Return a short number for charts (12K, 1.2万)."""
    return numbers.format_compact_decimal(value, locale=_here(), fraction_digits=1)


def format_percent(share: Decimal | Fraction | int, *, digits: int = 2) -> str:
    """Return a share as percent: Decimal("0.075") becomes 7.5%, never 8%."""
    value = (
        Decimal(share.numerator) / Decimal(share.denominator)
        if isinstance(share, Fraction)
        else Decimal(share)
    )
    value = quantised(value, digits + 2)
    standard = babel_locale(current_locale()).percent_formats[None].pattern
    pattern = standard.replace("0%", "0." + "#" * digits + "%").replace(
        f"0{NBSP}%", "0." + "#" * digits + NBSP + "%"
    )
    text = numbers.format_percent(value, format=pattern, locale=_here(), numbering_system="latn")
    return text.replace("-", MINUS)


def format_bp(basis_points: int) -> str:
    """Return basis points as percent: 1900 becomes 19%."""
    return format_percent(Decimal(basis_points).scaleb(-4))


_DATES = {"day": "MMMEd", "date": "yMMMd", "short": "MMMd", "month": "yMMMM"}


def format_date(day: date | datetime, style: str = "day", *, zone: str | None = None) -> str:
    """Return a date: `day` Thu 3 Dec · `date` 3 Dec 2026 · `short` 3 Dec · `full` · `month`.

    `whole` is a day that no line parts, for headings.
    """
    local = _local(day, zone)
    if style == "whole":
        return format_date(local).replace(" ", NBSP).replace("(", WORD_JOINER + "(")
    if style in {"full", "long"}:
        return dates.format_date(local, style, locale=_here())
    return dates.format_skeleton(_DATES[style], local, locale=_here())


def format_range(first: date, last: date, style: str = "day") -> str:
    """Return an arrival window as one phrase: Sat 28 Nov – Thu 3 Dec."""
    if first == last:
        return format_date(first, style)
    return _window(first, last, style, current_locale())


@lru_cache(maxsize=2_000)
def _window(first: date, last: date, style: str, locale: str) -> str:
    return dates.format_interval(first, last, _DATES[style], locale=babel_locale(locale))


def format_time(at: datetime, *, zone: str | None = None) -> str:
    """Return the clock time at a place; its parts never stand on two lines."""
    local = at.astimezone(ZoneInfo(zone or home_zone())).time()
    # CLDR shortens the halves of a Korean day to AM and PM, which nobody there writes.
    style = _mark("time", "short")
    return dates.format_time(local, style, locale=_here()).replace(" ", "\N{NO-BREAK SPACE}")


def format_instant(at: datetime, style: str = "day", *, zone: str | None = None) -> str:
    """Return date and time with the place whose clock it is: Tue 24 Nov, 13:55 (Berlin)."""
    name = zone or home_zone()
    joined: str = (
        babel_locale(current_locale())
        .datetime_formats["medium"]
        .format(format_time(at, zone=name), format_date(at, style, zone=name))
    )
    return format_aside(joined, zone_city(name))


def format_stamp(at: date | datetime) -> str:
    """Return a day or an instant as a page tells machines, to the second."""
    return at.isoformat(timespec="seconds") if isinstance(at, datetime) else at.isoformat()


def format_span(length: timedelta) -> str:
    """Return a length of time in its greatest unit: 3 hours."""
    return dates.format_timedelta(length, locale=_here(), threshold=1.2)


def format_hours(length: timedelta) -> str:
    """Return a length of time in hours and minutes: 3 hrs 20 mins · 3小时20分钟."""
    hours, minutes = divmod(int(length.total_seconds()) // 60, 60)
    parts = [
        format_unit(count, unit)
        for count, unit in ((hours, "duration-hour"), (minutes, "duration-minute"))
        if count
    ]
    return sentence_gap().join(parts)


def zone_city(zone: str) -> str:
    """Return the city whose clock a time zone is, in the page's language."""
    if zone == "UTC":
        return "UTC"
    return dates.get_timezone_location(zone, locale=_here(), return_city=True)


def home_zone() -> str:
    """Return the time zone of the ship-to country; UTC outside a page."""
    return ZONES[preferences().country] if has_request_context() else "UTC"


def zone_of(country: str) -> str:
    """Return the time zone by whose clock a country is told of instants; UTC when none is known."""
    return ZONES.get(country, "UTC")


def day_in(country: str, at: datetime) -> date:
    """Return the day that an instant falls on by the clock of a country."""
    return at.astimezone(ZoneInfo(zone_of(country))).date()


def _local(day: date | datetime, zone: str | None) -> date:
    if isinstance(day, datetime):
        aware = day if day.tzinfo else day.replace(tzinfo=UTC)
        return aware.astimezone(ZoneInfo(zone or home_zone())).date()
    return day


def format_unit(value: int | Decimal, unit: str, locale: str = "") -> str:
    """Return a measure with its unit, never parted: 1.4 kg. Shape: unit is CLDR's name for it."""
    return _measure(value, unit, locale or current_locale())


@lru_cache(maxsize=2_000)
def _measure(value: int | Decimal, unit: str, locale: str) -> str:
    # Chinese writes lengths and volumes in characters; its short weights alone are Latin.
    length: Literal["short", "long"] = (
        "long" if locale.startswith("zh") and unit.startswith("mass") else "short"
    )
    here = babel_locale(locale)
    text = units.format_unit(value, unit, length, locale=here, numbering_system="latn")
    if text == f"1 {units.get_unit_name(unit, length, locale=here)}":
        # Where CLDR writes one like many, Babel finds no singular and says the name: 1 horas.
        many = units.format_unit(100, unit, length, locale=here, numbering_system="latn")
        text = many.replace("100", "1")
    # CLDR spells megabytes out in Portuguese, as nobody there writes them.
    return text.replace("MByte", "MB").replace(" ", NBSP)


def format_weight(grams: int) -> str:
    """Return a weight in grams below a kilogram, else in kilograms."""
    if grams < 1000:
        return format_unit(grams, "mass-gram")
    return format_unit(quantised(Decimal(grams) / 1000, 2).normalize() + 0, "mass-kilogram")


def format_size(*sides_mm: int) -> str:
    """Return the sides of a box in centimetres: 17 × 14 × 19 cm."""
    sides = [quantised(Decimal(side) / 10, 1).normalize() + 0 for side in sides_mm]
    *most, last = sides
    figures = [format_number(side) for side in most] + [format_unit(last, "length-centimeter")]
    return f"{NBSP}×{NBSP}".join(figures)


def format_list(parts: list[str]) -> str:
    """Return parts joined as the language joins them, as markup when one is: a, b and c."""
    is_markup = any(isinstance(part, Markup) for part in parts)
    shown = [escape(part) for part in parts] if is_markup else parts
    joined = lists.format_list(shown, locale=_here())
    # Every part is escaped by now, and the words between them are CLDR's.
    return Markup(joined) if is_markup else joined  # noqa: S704 - nothing here is anybody's markup


# Signs that part what no sentence holds together, where a language does not write them as English.


def format_row(*parts: str) -> str:
    """Return names in one row, parted as the language parts them: Lyon, France · 里昂，法国."""
    return _glued(_mark("comma", ", "), [part for part in parts if part])


def sentence_gap() -> str:
    """Return what stands between two sentences: a space, and nothing after a full-width point."""
    return "" if _mark("full_width", "") else " "


def format_aside(words: str, aside: str) -> str:
    """Return words and what is said beside them, in brackets: Capacity (ml) · 容量（ml）."""
    return words + _mark("aside", " (%s)") % aside


def format_pair(label: str, value: str) -> str:
    """Return what something is called and what it is: Colour: blue · Couleur : bleu."""
    return _glued(_mark("colon", ": "), [label, value])


def _glued(sign: str, parts: list[str]) -> str:
    """Return parts with a sign between them, as markup when one of them is markup."""
    is_markup = any(isinstance(part, Markup) for part in parts)
    return (Markup(sign) if is_markup else sign).join(parts)  # noqa: S704 - a sign of ours


_MARKS = languages.marks(languages.HOUSE)


def _mark(name: str, usual: str) -> str:
    return str(_MARKS.get(current_locale(), {}).get(name, usual))


# What people type: 450 ml, 24 厘米, 8 °C. No longer word can be a unit.
_BEFORE_UNIT = re.compile(r"(?<=\d) (?=[^\W\d]{1,3}(?!\w)|[°%×])")


def format_title(typed: str) -> str:
    """Return somebody's title with its units held to their numbers, so that no line parts them."""
    return _BEFORE_UNIT.sub(NBSP, typed)


def country_name(code: str) -> str:
    """Return a country's name in the page's language."""
    return _country(current_locale(), code)


# Countries that English does not name inside a sentence without an article.
_WITH_THE = frozenset(
    {
        "AE",
        "AX",
        "BS",
        "CC",
        "CF",
        "CK",
        "DO",
        "FK",
        "FO",
        "GB",
        "GM",
        "IM",
        "IO",
        "KM",
        "KY",
        "MH",
        "MP",
        "MV",
        "NL",
        "PH",
        "PS",
        "SB",
        "SC",
        "TC",
        "TF",
        "UM",
        "US",
        "VG",
        "VI",
    }
)


def format_country(code: str) -> str:
    """Return a country's name as it stands inside a sentence: to the Netherlands, from Japan."""
    name = country_name(code)
    return f"the {name}" if current_locale() == "en" and code in _WITH_THE else name


@lru_cache(maxsize=4_000)
def _country(locale: str, code: str) -> str:
    return str(babel_locale(locale).territories.get(code, code))


def currency_name(code: str, *, alone: bool = False) -> str:
    """Return a currency's name in the page's language; alone: as on a button or above a list.

    Spanish and French write it small inside a sentence.
    """
    name = numbers.get_currency_name(code, locale=_here())
    return name[:1].upper() + name[1:] if alone else name


def weekday_name(day: int) -> str:
    """Return a day of the week in the page's language. Shape: 0 is Monday."""
    return str(babel_locale(current_locale()).days["stand-alone"]["wide"][day])


# Where CLDR says more or less than a list of languages should.
_OWN_NAMES: dict[str, str] = languages.HOUSE.part("name")


def language_name(tag: str, *, own: bool = True) -> str:
    """Return a language's name, in itself unless `own` is false."""
    locale = babel_locale(tag)
    if own and tag in _OWN_NAMES:
        return _OWN_NAMES[tag]
    if not own:  # inside a sentence, as the reader's language writes it there
        return str(babel_locale(current_locale()).languages[locale.language])
    name = str(locale.languages[locale.language])
    return name[:1].upper() + name[1:]


def _here() -> Locale:
    return babel_locale(current_locale())
