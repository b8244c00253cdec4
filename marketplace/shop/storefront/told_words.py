"""In whose words a page tells of goods and shops: the shop's own, or a machine's that says so."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from marketplace.catalogue.products.queries import best_locale, in_language
from marketplace.catalogue.translating import queries as translating
from marketplace.catalogue.vendors.queries import VendorView


@dataclass(frozen=True, slots=True)
class Story:
    """What a shop tells of itself.

    Shape: lang is empty when it is in the page's language; translated_from is the original's
    language where a machine translated it, also while the original is shown; else empty.
    """

    words: str
    lang: str = ""
    translated_from: str = ""
    is_original: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """What goods are called, and what is said of them.

    Shape: languages are empty when they are the page's; translated_from as in a story; is_partial
    where the machine left words as they were.
    """

    title: str
    lang: str
    description: str
    description_lang: str
    translated_from: str = ""
    is_original: bool = False
    is_partial: bool = False

    @property
    def is_title_alone(self) -> bool:
        """Whether a machine said the title and left the description as the shop wrote it."""
        is_left = self.description_lang == self.translated_from
        return bool(self.translated_from) and is_left and not self.is_original


def told(row: Row[Any], locale: str, *, is_original: bool) -> Told:
    """Return in which words goods are told to a reader.

    Shape: row has texts by language, source_locale, and translated by kind, which is None where the
    shop itself wrote in the reader's language.
    """
    said: Mapping[str, Sequence[Any]] = row.translated or {}
    own = best_locale(row.texts, locale, row.source_locale) or row.source_locale
    if said and is_original:
        own = row.source_locale
    title, description = row.texts[own]
    lang = "" if own == locale else own
    plain = Told(title, lang, description, lang)
    if not said:
        return plain
    source = next(iter(said.values()))[1]
    if is_original:
        return Told(title, lang, description, lang, source, is_original=True)
    return Told(
        title=said["title"][0] if "title" in said else title,
        lang="" if "title" in said else lang,
        description=said["description"][0] if "description" in said else description,
        description_lang="" if "description" in said else lang,
        translated_from=source,
        is_partial=any(one[2] for one in said.values()),
    )


def story_of(shop: VendorView, locale: str, *, is_original: bool = False) -> Story:
    """Return a shop's story for a reader: in their language, as a machine says it, or its own."""
    own = best_locale(shop.story, locale, shop.language) or shop.language
    is_read = own.partition("-")[0] == locale.partition("-")[0]
    said = None if is_read else translating.story_of(shop.id, locale)
    if said is None:
        words = in_language(shop.story, locale, shop.language)
        return Story(words, "" if own == locale else own)
    if is_original:
        original = shop.story[said.source_locale]
        return Story(original, said.source_locale, said.source_locale, is_original=True)
    return Story(said.words, translated_from=said.source_locale)
