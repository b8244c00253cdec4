"""Decisions on texts and goods: which language a reader gets, what carriers must know."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import TypeVar

from kernel.text import N_, Message

V = TypeVar("V")

_NOT_A_WORD = re.compile(r"[^\w]+", re.UNICODE)
SLUG_LENGTH = 60
# What attributes are measured in, by UCUM's sign, as CLDR calls it. What is counted has none.
UNITS: Mapping[str, str] = {
    "ml": "volume-milliliter",
    "g": "mass-gram",
    "mm": "length-millimeter",
    "h": "duration-hour",
    "W": "power-watt",
}


def number(value: object) -> Decimal | None:
    """Return a value that is a number; files of goods also bring words where one is due."""
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def slug(title: str) -> str:
    """Return a title as the readable end of an address; any script, lower case, dashes.

    Accents are kept: browsers show them, and search engines read them.
    """
    words = _NOT_A_WORD.sub("-", unicodedata.normalize("NFKC", title).lower()).strip("-_")
    if len(words) <= SLUG_LENGTH:
        return words or "-"
    cut = words[:SLUG_LENGTH]
    whole, dash, _ = cut.rpartition("-")
    return whole if dash and len(whole) > SLUG_LENGTH // 2 else cut


def best_locale(have: Mapping[str, V], wanted: str, source: str = "") -> str | None:
    """Return the language of `have` that a reader of `wanted` gets.

    The wanted one, one of the same language (pt for pt-BR), English, the source, any.
    """
    if wanted in have:
        return wanted
    language = wanted.partition("-")[0]
    for tag in have:
        if tag.partition("-")[0] == language:
            return tag
    if "en" in have:
        return "en"
    if source in have:
        return source
    return next(iter(have), None)


def in_language(texts: Mapping[str, str], wanted: str, source: str = "") -> str:
    """Return the text a reader of `wanted` gets, empty when there is none at all."""
    locale = best_locale(texts, wanted, source)
    return texts[locale] if locale is not None else ""


def completeness(texts: Mapping[str, object], offered: tuple[str, ...]) -> tuple[int, int]:
    """Return how many of the offered languages a listing speaks, and how many there are."""
    return sum(1 for locale in offered if locale in texts), len(offered)


class Hazard(StrEnum):
    """What carriers must know of goods. Shape: a battery of lithium by kind and place, or else."""

    ION_CONTAINED = "ion_contained"
    ION_PACKED = "ion_packed"
    ION_ALONE = "ion_alone"
    METAL_CONTAINED = "metal_contained"
    METAL_PACKED = "metal_packed"
    METAL_ALONE = "metal_alone"
    DANGEROUS = "dangerous"


HAZARD_WORDS: Mapping[str, str] = {
    Hazard.ION_CONTAINED: N_("Built-in lithium-ion battery"),
    Hazard.ION_PACKED: N_("Lithium-ion battery packed beside the goods"),
    Hazard.ION_ALONE: N_("Lithium-ion battery on its own"),
    Hazard.METAL_CONTAINED: N_("Built-in lithium metal battery"),
    Hazard.METAL_PACKED: N_("Lithium metal battery packed beside the goods"),
    Hazard.METAL_ALONE: N_("Lithium metal battery on its own"),
    Hazard.DANGEROUS: N_("Dangerous goods"),
}
# Source: UN Model Regulations, dangerous goods list; what else is dangerous has numbers of its own.
UN_NUMBER: Mapping[str, str] = {
    Hazard.ION_CONTAINED: "UN 3481",
    Hazard.ION_PACKED: "UN 3481",
    Hazard.ION_ALONE: "UN 3480",
    Hazard.METAL_CONTAINED: "UN 3091",
    Hazard.METAL_PACKED: "UN 3091",
    Hazard.METAL_ALONE: "UN 3090",
}
_NUMBERED = N_("%(words)s (%(number)s)")


def hazard_message(hazard: str) -> Message:
    """Return what a hazard is called, with the number that carriers know it by."""
    words, number = Message(HAZARD_WORDS[hazard]), UN_NUMBER.get(hazard)
    return Message(_NUMBERED, {"words": words, "number": number}) if number else words
