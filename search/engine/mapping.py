"""The one mapping: which fields an index has, and how a document becomes tokens, keys and numbers.

Every language of a product goes into the same few fields, so that a query costs the same however
many languages the shop speaks. A change here changes the version, and an index of another version
is refused until it has been rebuilt.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache, lru_cache
from typing import NamedTuple, NewType

from kernel import countries
from search.documents import ProductDocument, SuggestionKind
from search.engine.scripts import compact
from search.engine.words import (
    ANALYSIS_VERSION,
    index_tokens,
    language,
    name_tokens,
    phrase,
    spellings,
)

BUCKETS = 256
KEYS_VERSION = 2
LONG = 8
SEPARATOR = "\x1f"
ANY_LOCALE = "*"
MAX_TITLE_SUGGESTION = 60


class Text(StrEnum):
    """Fields of tokens, scored."""

    TITLE = "title"
    CATEGORY = "category_text"
    PARENT = "parent_text"
    ATTRIBUTE = "attribute_text"
    NAME = "name"
    DESCRIPTION = "description"


class Key(StrEnum):
    """Fields of whole values, matched as they are."""

    STATE = "state"
    CODE = "code"
    PHRASE = "phrase"
    CATEGORY = "category"
    KIND = "kind"
    BRAND = "brand"
    VENDOR = "vendor"
    COUNTRY = "country"
    LANE = "lane"
    ATTRIBUTE = "attribute"
    SHIPS_TO = "ships_to"
    STOCK = "stock"
    STARS = "stars"
    LANGUAGE = "language"
    SUGGESTION = "suggestion"
    SPELLING = "spelling"
    ENDING = "ending"


class Number(StrEnum):
    """Fields of whole numbers, for ranges, sums and order."""

    ID = "id"
    VERSION = "version"
    RANK = "rank"
    CHECK = "version_check"
    BUCKET = "bucket"
    CREATED = "created"
    POPULARITY = "popularity"
    LEAD = "lead_days"
    STANDING = "standing"


# Fields of what products cost, one for each country that is sold to; ordered, never looked up.
Door = NewType("Door", str)
DOORS: Mapping[str, Door] = {
    country: Door(f"door_{country.lower()}")
    for country in sorted(countries.first_currencies(countries.HOUSE))
}


# Where one bar of a drawing of prices ends and the next begins: ten steps to a decade, each about a
# quarter dearer than the one before. Units: minor units of any currency. Source: ISO 3, series
# R10, rounded.
PRICE_STEPS = tuple(
    step * 10**decade for decade in range(1, 6) for step in (10, 12, 16, 20, 25, 32, 40, 50, 63, 80)
)
FACETS = (Key.CATEGORY, Key.BRAND, Key.VENDOR, Key.COUNTRY, Key.ATTRIBUTE, Key.STOCK, Key.STARS)
COUNTED = (*FACETS, Key.KIND)
WEIGHT = "weight"
LIVE, GONE, WORD = "live", "gone", "word"
IN_STOCK = "in"


class Word(NamedTuple):
    """A word products hold: the token it is found by, and how it is written."""

    token: str
    written: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A document as every engine stores it.

    Shape: texts map field to tokens with repeats, keys map field to distinct values. A tombstone
    has no texts and only the state among its keys, so that nothing but its id leads to it. words
    are what typing errors are measured against.
    """

    id: int
    version: int
    texts: Mapping[Text, tuple[str, ...]]
    keys: Mapping[Key, tuple[str, ...]]
    numbers: Mapping[Number | Door, int]
    weight: float
    words: frozenset[Word] = frozenset()

    @property
    def rank(self) -> int:
        """What decides between two entries of one id: version, and deletion above its equal."""
        return self.numbers[Number.RANK]

    @property
    def is_live(self) -> bool:
        """Whether shoppers may find it."""
        return self.keys[Key.STATE] == (LIVE,)


@cache
def mapping_version() -> str:
    """Return the short name of this mapping and analysis together."""
    shape = [*(str(name) for kind in (Text, Key, Number) for name in kind), *DOORS.values()]
    return hashlib.sha256(f"{ANALYSIS_VERSION} {KEYS_VERSION} {shape}".encode()).hexdigest()[:8]


def bucket_of(identity: int) -> int:
    """Return the bucket whose sums tell whether index and database agree."""
    return identity % BUCKETS


def check_of(version: int) -> int:
    """Return what a version adds to its bucket's sum; small, so that sums stay exact anywhere."""
    return version % 2**31


def tombstone(identity: int, version: int) -> Entry:
    """Return the mark that keeps an older version from coming back."""
    numbers = _marks(identity, version, is_gone=True)
    return Entry(identity, version, {}, {Key.STATE: (GONE,)}, numbers, 1.0)


def entry(document: ProductDocument) -> Entry:
    """Return the document analysed, ready for any engine."""
    return Entry(
        id=document.id,
        version=document.version,
        texts=_texts(document),
        keys=_keys(document),
        numbers=_numbers(document),
        weight=_weight(document),
        words=frozenset(
            Word(*pair) for at, name in _names(document) for pair in spellings(name, at)
        ),
    )


def _texts(document: ProductDocument) -> dict[Text, tuple[str, ...]]:
    return {
        Text.TITLE: _prose(document.titles),
        Text.CATEGORY: _tokens(document.category_names.items()),
        Text.PARENT: _tokens(document.parent_names.items()),
        Text.ATTRIBUTE: _tokens(document.attribute_names.items()),
        Text.NAME: tuple(index_tokens(_own_names(document), "und")),
        Text.DESCRIPTION: _prose(document.descriptions),
    }


def _own_names(document: ProductDocument) -> str:
    return " ".join((document.brand, document.brand_latin, document.vendor_name))


def _prose(texts: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(token for at, text in texts.items() for token in index_tokens(text, at))


def _tokens(texts: Iterable[tuple[str, tuple[str, ...]]]) -> tuple[str, ...]:
    return tuple(token for at, parts in texts for part in parts for token in name_tokens(part, at))


def _keys(document: ProductDocument) -> dict[Key, tuple[str, ...]]:
    return {
        Key.STATE: (LIVE,),
        Key.CODE: codes(document),
        Key.PHRASE: _distinct(phrase(name) for _, name in _names(document)),
        Key.CATEGORY: document.category_ids,
        Key.KIND: document.category_ids[-1:],
        Key.BRAND: (document.brand,) if document.brand else (),
        Key.VENDOR: (str(document.vendor_id),),
        Key.COUNTRY: (document.country,) if document.country else (),
        Key.LANE: (document.lane,) if document.lane else (),
        Key.ATTRIBUTE: _distinct(f"{k}={v}" for k, vs in document.attributes.items() for v in vs),
        Key.SHIPS_TO: document.ships_to,
        Key.STOCK: (IN_STOCK,) if document.in_stock else (),
        Key.STARS: tuple(map(str, document.stars)),
        Key.LANGUAGE: _distinct(language(locale) for locale in document.titles),
        Key.SUGGESTION: _suggestions(document),
    }


def _names(document: ProductDocument) -> list[tuple[str, str]]:
    names = [(at, name) for at, held in document.category_names.items() for name in held]
    return [*document.titles.items(), *names, ("", document.brand)]


def _words(document: ProductDocument) -> frozenset[Word]:
    names = _names(document)
    return frozenset(Word(*pair) for at, name in names for pair in spellings(name, at))


def spelling_keys(token: str) -> tuple[str, ...]:
    """Return what leads to a token from one typing error away: it, and it short of each sign.

    Source: symmetric deletion; two tokens share a key when one edit, or one loss on each side,
    stands between them. The price does not grow with the number of words known.
    """
    if len(token) < 3:
        return ()
    shorter = (token[:at] + token[at + 1 :] for at in range(len(token)))
    return tuple(dict.fromkeys((token, *shorter)))


def word_keys(word: Word) -> tuple[str, ...]:
    """Return the sortable keys a word is kept under in the spelling field."""
    return tuple(SEPARATOR.join((key, *word)) for key in spelling_keys(word.token))


def ending_key(token: str) -> str:
    """Return what leads to a long token by its end: it, backwards; nothing for short ones."""
    return token[::-1] if len(token) >= LONG and token.isalpha() else ""


def codes(document: ProductDocument) -> tuple[str, ...]:
    """Return every code of a product, in the one spelling codes are looked up by."""
    numbers = [*document.skus, document.model]
    if document.brand and document.model:
        numbers.append(document.brand + document.model)
    return _distinct(compact(code) for code in numbers)


def _suggestions(document: ProductDocument) -> tuple[str, ...]:
    own = document.category_ids[-1] if document.category_ids else ""
    keys: list[str] = []
    for locale, names in document.category_names.items():
        if names:
            keys.extend(suggestion_keys(locale, SuggestionKind.CATEGORY, own, names[0]))
            keys.extend(synonym_key(locale, own, names[0], typed) for typed in names[1:])
    if document.brand:
        brand = document.brand
        keys.extend(suggestion_keys(ANY_LOCALE, SuggestionKind.BRAND, brand, brand))
    for locale, title in document.titles.items():
        shown = title[:MAX_TITLE_SUGGESTION]
        keys.extend(suggestion_keys(locale, SuggestionKind.TITLE, "", shown)[:1])
    return _distinct(keys)


@lru_cache(maxsize=4_000)
def suggestion_keys(locale: str, kind: SuggestionKind, target: str, shown: str) -> tuple[str, ...]:
    """Return sortable keys: locale, kind, what is typed, where it leads, what is shown."""
    plain = shown if shown.isprintable() else "".join(filter(str.isprintable, shown))
    return tuple(
        SEPARATOR.join((locale, kind, start, target, plain)) for start in starts(phrase(plain))
    )


def synonym_key(locale: str, target: str, shown: str, typed: str) -> str:
    """Return the key by which another word for a category completes to the category's name."""
    plain = "".join(filter(str.isprintable, shown))
    return SEPARATOR.join((locale, SuggestionKind.CATEGORY, phrase(typed), target, plain))


def starts(key: str) -> list[str]:
    """Return the key and, for its first words, the rest from there: winter jacket, jacket."""
    words = key.split(" ")
    return [" ".join(words[at:]) for at in range(min(len(words), 3))]


def _numbers(document: ProductDocument) -> dict[Number | Door, int]:
    doors: dict[Number | Door, int] = {
        DOORS[country]: price for country, price in document.prices.items() if price > 0
    }
    return (
        doors
        | _marks(document.id, document.version)
        | {
            Number.CREATED: max(int(document.created_at.timestamp()), 0),
            Number.POPULARITY: max(document.popularity, 0),
            Number.LEAD: max(document.lead_days, 0),
            Number.STANDING: max(document.standing, 0),
        }
    )


def _marks(identity: int, version: int, *, is_gone: bool = False) -> dict[Number | Door, int]:
    return {
        Number.ID: identity,
        Number.VERSION: version,
        Number.RANK: 2 * version + is_gone,
        Number.CHECK: check_of(version),
        Number.BUCKET: bucket_of(identity),
    }


def _weight(document: ProductDocument) -> float:
    """Return what sales and stock add to a match; kept small so that words win."""
    raised = 1 + 0.05 * math.log1p(max(document.popularity, 0)) + 0.1 * document.in_stock
    return min(raised, 1.5)


def _distinct(values: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for value in values if value))
