"""Rows for a catalogue of any size: the same seed gives the same shop, and no two seeds the same.

Pure: words and bands come from data/words.json, everything else is whole-number arithmetic on the
row's number, so that a row does not depend on the rows before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

_WORD = 2**64 - 1
_SIZES = (1, 1, 2, 2, 3, 3, 3, 4, 4, 5)  # variants of a product; mean 2.8
_KINDS_OF_A_VENDOR = 6
_VENDORS_APART = 1 << 40  # keeps the draws of vendors away from those of products
_VARIANTS_APART = 1 << 41
_SOLD_OUT_ONE_IN = 16
_PLENTY_ONE_IN = 40
# The first sentences of each list suit food and soap too; the later ones speak of things that last.
_OPENINGS_FOR_ALL = 4
_REMARKS_FOR_ALL = 3

Words = Mapping[str, Any]


class VendorRow(NamedTuple):
    """One synthetic shop. Units: lead_time_days in days; number counts from 1."""

    number: int
    slug: str
    name: str
    country: str
    city: str
    city_latin: str
    postcode: str | None
    language: str
    currency: str
    lead_time_days: int


class VariantRow(NamedTuple):
    """One variant with its offer and stock.

    Units: grams and millimetres packed, price in minor units of the vendor's currency, stock in
    pieces; number counts offers from 1. Shape: key is the value of the product's option, or "one".
    """

    number: int
    sku: str
    key: str
    weight_g: int
    length_mm: int
    width_mm: int
    height_mm: int
    price_minor: int
    stock: int


class ProductRow(NamedTuple):
    """One product of one vendor with everything that is sold under it.

    Shape: vendor is a VendorRow number; texts are (locale, title, description), the vendor's
    language first and English last; attributes map attribute key to value keys and are shared
    between products of one material; option is the attribute the variants differ in.
    """

    number: int
    vendor: int
    category: str
    brand: str
    model: str
    hs_code: str
    origin_country: str
    attributes: Mapping[str, tuple[str, ...]]
    texts: tuple[tuple[str, str, str], ...]
    option: str | None
    currency: str
    variants: tuple[VariantRow, ...]


class _Kind(NamedTuple):
    """What is made: bands, codes and, per material, the two halves of the title per language."""

    category: str
    hs_code: str
    low_cents: int
    span_cents: int
    low_g: int
    span_g: int
    size_mm: tuple[int, int, int]
    option: str | None
    values: tuple[str, ...]
    origins: tuple[str, ...]
    openings: int
    remarks: int
    attributes: tuple[Mapping[str, tuple[str, ...]], ...]
    titles: tuple[Mapping[str, tuple[str, str]], ...]


class _Shop(NamedTuple):
    """A vendor as its products need it."""

    row: VendorRow
    kinds: tuple[_Kind, ...]
    openings: tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]
    rate: int
    step: int
    below: int


def _mix(seed: int, number: int) -> int:
    """Return 64 well-stirred bits of a seed and a row number.

    Source: SplitMix64, Steele, Lea and Flood, "Fast splittable pseudorandom number generators".
    """
    drawn = (number * 0x9E3779B97F4A7C15 + seed * 0xD1B54A32D192ED03) & _WORD
    drawn = ((drawn ^ (drawn >> 30)) * 0xBF58476D1CE4E5B9) & _WORD
    drawn = ((drawn ^ (drawn >> 27)) * 0x94D049BB133111EB) & _WORD
    return drawn ^ (drawn >> 31)


def price_minor(*, cents: int, rate: int, step: int, below: int) -> int:
    """Return a shop price: converted, brought down to a step, then just below it.

    Units: cents of a euro in; minor units of the other currency out; rate per hundred cents.
    """
    return max(step, cents * rate // 100 // step * step) - below


def vendors(*, count: int, words: Words, seed: int = 1) -> Iterator[VendorRow]:
    """Yield the shops in order of their number; countries by their share of the market."""
    places = [place for place in words["countries"] for _ in range(place["share"])]
    languages = {entry["language"]: entry for entry in words["languages"]}
    for number in range(1, count + 1):
        drawn = _mix(seed, _VENDORS_APART + number)
        drawn, at = divmod(drawn, len(places))
        place = places[at]
        drawn, at = divmod(drawn, len(place["cities"]))
        city = place["cities"][at]
        name = _vendor_name(languages[place["language"]], drawn, number)
        yield VendorRow(
            number=number,
            slug=f"shop-{number}",
            name=name,
            country=place["country"],
            city=city["name"],
            city_latin=city["latin"],
            postcode=city["postcode"],
            language=place["language"],
            currency=place["currency"],
            lead_time_days=1 + (drawn >> 20) % 6,
        )


def _vendor_name(language: Mapping[str, Any], drawn: int, number: int) -> str:
    drawn, head = divmod(drawn, len(language["heads"]))
    tail = drawn % len(language["tails"])
    join = language["join"]
    return f"{language['heads'][head]}{join}{language['tails'][tail]} {number}"


def products(*, offers: int, vendors: int, words: Words, seed: int = 1) -> Iterator[ProductRow]:
    """Yield products until exactly so many offers have been yielded.

    Every vendor lists something before any lists twice; after that few vendors list much.
    """
    shops = _shops(vendors, words, seed)
    series: list[str] = words["series"]
    number = offered = 0
    while offered < offers:
        number += 1
        row = _product(number, offered, offers - offered, shops, series, seed)
        offered += len(row.variants)
        yield row


def _product(
    number: int, offered: int, left: int, shops: list[_Shop], series: list[str], seed: int
) -> ProductRow:
    drawn = _mix(seed, number)
    drawn, one = divmod(drawn, len(shops))
    drawn, other = divmod(drawn, len(shops))
    shop = shops[number - 1 if number <= len(shops) else min(one, other)]
    drawn, at = divmod(drawn, len(shop.kinds))
    kind = shop.kinds[at]
    drawn, at = divmod(drawn, len(kind.titles))
    drawn, name = divmod(drawn, len(series))
    drawn, opening = divmod(drawn, kind.openings)
    drawn, remark = divmod(drawn, kind.remarks)
    drawn, model = divmod(drawn, 9000)
    name_in_series, titles = series[name], kind.titles[at]
    texts = []
    for locale, openings, remarks in shop.openings:
        before, after = titles[locale]
        texts.append((locale, before + name_in_series + after, openings[opening] + remarks[remark]))
    return ProductRow(
        number,
        shop.row.number,
        kind.category,
        shop.row.name,
        f"{name_in_series[:2].upper()}-{1000 + model}",
        kind.hs_code,
        shop.row.country if drawn & 3 else kind.origins[(drawn >> 2) % len(kind.origins)],
        kind.attributes[at],
        tuple(texts),
        kind.option,
        shop.row.currency,
        _variants(number, offered, left, kind, shop, seed),
    )


def _variants(
    product: int, offered: int, left: int, kind: _Kind, shop: _Shop, seed: int
) -> tuple[VariantRow, ...]:
    drawn = _mix(seed, _VARIANTS_APART + product)
    drawn, cents = divmod(drawn, kind.span_cents)
    drawn, more = divmod(drawn, kind.span_cents)
    drawn, grams = divmod(drawn, kind.span_g)
    price = price_minor(
        cents=kind.low_cents + min(cents, more), rate=shop.rate, step=shop.step, below=shop.below
    )
    drawn, size = divmod(drawn, len(_SIZES))
    drawn, start = divmod(drawn, len(kind.values))
    count = min(_SIZES[size], len(kind.values), left)
    rows = []
    for at in range(count):
        drawn, pieces = divmod(drawn, 97)
        key = kind.values[(start + at) % len(kind.values)] if kind.option else "one"
        number = offered + at + 1
        rows.append(
            VariantRow(
                number,
                f"SY{number:07d}",
                key,
                kind.low_g + grams,
                *kind.size_mm,
                price,
                _stock(pieces, number),
            )
        )
    return tuple(rows)


def _stock(pieces: int, number: int) -> int:
    if number % _SOLD_OUT_ONE_IN == 0:
        return 0
    return 1 + (pieces * 20 if number % _PLENTY_ONE_IN == 1 else pieces)


def _shops(count: int, words: Words, seed: int) -> list[_Shop]:
    kinds = _kinds(words)
    languages = {entry["language"]: entry for entry in words["languages"]}
    money = {entry["currency"]: entry for entry in words["currencies"]}
    shops = []
    for row in vendors(count=count, words=words, seed=seed):
        first = _mix(seed, _VENDORS_APART * 3 + row.number) % len(kinds)
        own = tuple(kinds[(first + at) % len(kinds)] for at in range(_KINDS_OF_A_VENDOR))
        rate = money[row.currency]
        shops.append(
            _Shop(
                row,
                own,
                _sentences(row, languages),
                rate["per_hundred_euro_cents"],
                rate["step"],
                rate["below"],
            )
        )
    return shops


def _sentences(
    row: VendorRow, languages: Mapping[str, Mapping[str, Any]]
) -> tuple[tuple[str, tuple[str, ...], tuple[str, ...]], ...]:
    """Return per locale the first sentences, ending ready for a second one, and the second ones."""
    wanted = dict.fromkeys((row.language, "en"))
    return tuple(
        (
            locale,
            tuple(
                text.format(c=row.city_latin if locale == "en" else row.city)
                + ("" if locale in ("zh-CN", "ja") else " ")
                for text in languages[locale]["openings"]
            ),
            tuple(languages[locale]["remarks"]),
        )
        for locale in wanted
    )


def _kinds(words: Words) -> list[_Kind]:
    plain, any_language = set(words["plain_goods"]), words["languages"][0]
    kinds = []
    for entry in words["kinds"]:
        low, high = entry["euro_cents"]
        light, heavy = entry["weight_g"]
        is_plain = entry["category"] in plain
        kinds.append(
            _Kind(
                entry["category"],
                entry["hs_code"],
                low,
                high - low + 1,
                light,
                heavy - light + 1,
                (entry["size_mm"][0], entry["size_mm"][1], entry["size_mm"][2]),
                entry["option"],
                _values(entry, words),
                tuple(entry["origins"]),
                _OPENINGS_FOR_ALL if is_plain else len(any_language["openings"]),
                _REMARKS_FOR_ALL if is_plain else len(any_language["remarks"]),
                tuple({"material": (material,)} for material in entry["materials"]),
                tuple(
                    _titles(entry["names"], None if is_plain else material, words)
                    for material in entry["materials"]
                ),
            )
        )
    return kinds


def _values(entry: Mapping[str, Any], words: Words) -> tuple[str, ...]:
    if entry["option"] == "colour":
        return tuple(words["colours"])
    return tuple(entry["values"]) or ("one",)


def _titles(
    names: Mapping[str, str], material: str | None, words: Words
) -> Mapping[str, tuple[str, str]]:
    """Return for each locale what stands before and after the name of the series."""
    titles = {}
    for entry in words["languages"]:
        locale = entry["language"]
        pattern = entry["plain_title" if material is None else "title"]
        made_of = words["materials"][material][locale] if material else ""
        title = pattern.format(s="\0", m=made_of, n=names[locale])
        before, after = title.split("\0")
        titles[locale] = (before[:1].upper() + before[1:], after)
    return titles
