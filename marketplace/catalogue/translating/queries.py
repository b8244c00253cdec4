"""Reads of translations: what is still to be said, and what pages and desks show of what is."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import text

from kernel.db import session
from kernel.memory import Memory
from kernel.statements import read_sql
from kernel.web.preferences import LANGUAGES
from marketplace.catalogue.translating.gateway import Translator
from marketplace.catalogue.translating.rules import Kind

__all__ = ["Kind"]  # what other rooms read of this one's rules

_MISSING = text(read_sql(__file__, "missing"))
_LAST = text(
    "SELECT (SELECT coalesce(max(id), 0) FROM marketplace.product),"
    " (SELECT coalesce(max(id), 0) FROM marketplace.vendor)"
)
_OF_PRODUCT = text(
    """
    SELECT r.kind, r.locale, r.source_locale, r.words, r.left_over <> '{}' AS is_partial
    FROM marketplace.product p
    JOIN marketplace.product_text t ON t.product_id = p.id AND t.locale = p.source_locale
    JOIN marketplace.translation r ON r.kind IN ('title', 'description') AND r.subject_id = p.id
        AND r.digest = md5(CASE r.kind WHEN 'title' THEN t.title ELSE t.description END)
    WHERE p.id = :product_id AND r.refusal = ''
    """
)
_STORIES = text(
    """
    SELECT r.locale, r.source_locale, r.words FROM marketplace.vendor v
    JOIN marketplace.translation r ON r.kind = 'story' AND r.subject_id = v.id
        AND r.digest = md5(v.story->>v.language)
    WHERE v.id = :vendor_id AND r.refusal = ''
    """
)


@dataclass(frozen=True, slots=True)
class Missing:
    """A text that lacks a language. Shape: digest is that of its words."""

    kind: Kind
    subject_id: int
    source_locale: str
    locale: str
    digest: str
    words: str
    has_english: bool


@dataclass(frozen=True, slots=True)
class Translated:
    """What a machine says in place of a shop's words.

    Shape: source_locale is the original's language; is_partial where words were left as they are.
    """

    words: str
    source_locale: str
    is_partial: bool = False


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose words are meant: products and shops from a number to a number, both included."""

    first_product: int = 1
    last_product: int = 0
    first_vendor: int = 1
    last_vendor: int = 0

    @classmethod
    def of_product(cls, product_id: int) -> Scope:
        """Return one product."""
        return cls(first_product=product_id, last_product=product_id)

    @classmethod
    def of_shop(cls, vendor_id: int) -> Scope:
        """Return what one shop tells of itself."""
        return cls(first_vendor=vendor_id, last_vendor=vendor_id)


def stretches(size: int) -> list[Scope]:
    """Return all products and shops in stretches. Units: size in numbers."""
    products, shops = session().execute(_LAST).one()
    return [
        *(
            Scope(first_product=first, last_product=first + size - 1)
            for first in range(1, products + 1, size)
        ),
        *(
            Scope(first_vendor=first, last_vendor=first + size - 1)
            for first in range(1, shops + 1, size)
        ),
    ]


def missing(
    *, by: Translator, languages: Collection[str], within: Scope, most: int
) -> list[Missing]:
    """Return what a translator could say and has not yet, of its words as they are now.

    Shape: languages are those that it reads, asked before: nobody outside is asked in here.
    """
    asked = {
        "kinds": [kind.value for kind in by.kinds],
        "languages": sorted(languages),
        "locales": sorted(LANGUAGES.values()),
        "engine": by.name,
        "most": most,
    } | asdict(within)
    return [Missing(Kind(row[0]), *row[1:]) for row in session().execute(_MISSING, asked)]


def of_product(product_id: int) -> Mapping[str, Mapping[Kind, Translated]]:
    """Return what is said of a product by machines, by language and kind."""
    said: dict[str, dict[Kind, Translated]] = {}
    for row in session().execute(_OF_PRODUCT, {"product_id": product_id}):
        translated = Translated(row.words, row.source_locale, row.is_partial)
        said.setdefault(row.locale, {})[Kind(row.kind)] = translated
    return said


_stories: Memory[int, Mapping[str, Translated]] = Memory(seconds=60, most=2_000)


def story_of(vendor_id: int, locale: str) -> Translated | None:
    """Return a shop's story as a machine says it, None without one; at most a minute old."""
    known = _stories.get(vendor_id)
    if known is None:
        rows: Sequence[tuple[str, str, str]] = [
            (row[0], row[1], row[2])
            for row in session().execute(_STORIES, {"vendor_id": vendor_id})
        ]
        known = {said_in: Translated(words, source) for said_in, source, words in rows}
        _stories.keep({vendor_id: known})
    return known.get(locale)
