"""Decisions on texts and goods: which language a reader gets, what carriers must know."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from itertools import product
from typing import Any, TypeVar

from kernel.text import N_, Message
from marketplace.catalogue.products.errors import OtherOptions, TooManyVersions

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
        decimal = Decimal(str(value))
    except InvalidOperation:
        return None
    return decimal if decimal.is_finite() else None


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
    Hazard.ION_PACKED: N_("Lithium-ion battery packed with the item"),
    Hazard.ION_ALONE: N_("Lithium-ion battery on its own"),
    Hazard.METAL_CONTAINED: N_("Built-in lithium metal battery"),
    Hazard.METAL_PACKED: N_("Lithium metal battery packed with the item"),
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


MOST_VERSIONS = 60

Axes = Mapping[str, Sequence[str]]
Options = Mapping[str, str]

_UNFIT = re.compile(r"[^A-Z0-9]+")


def combinations(axes: Axes, have: Collection[Options]) -> list[dict[str, str]]:
    """Return the versions that are not there yet, in the order of options and values.

    Shape: axes maps an option to its values, each once. Raises: OtherOptions when the versions
    that are there differ by other options; TooManyVersions, before any is made.
    """
    named = {key for options in have for key in options}
    if named and named != set(axes):
        raise OtherOptions
    # Whatever is there already, goods would come in at least as many versions as values make.
    if math.prod(len(values) for values in axes.values()) > MOST_VERSIONS:
        raise TooManyVersions(most=MOST_VERSIONS)
    keys = sorted(axes, key=list(axes).index)
    made = [dict(zip(keys, values, strict=True)) for values in product(*(axes[k] for k in keys))]
    versions = [options for options in made if options not in [dict(known) for known in have]]
    unnamed = sum(1 for options in have if not options)
    if len(have) + len(versions) - min(unnamed, len(versions)) > MOST_VERSIONS:
        raise TooManyVersions(most=MOST_VERSIONS)
    return versions


def key_of(options: Options) -> str:
    """Return the key of a version within its product."""
    return "_".join(options.values())


def sku_of(stem: str, options: Options, taken: Collection[str]) -> str:
    """Return a free article number for a new version, from the one it is made after."""
    tail = "-".join(_UNFIT.sub("", value.upper())[:8] for value in options.values())
    wanted = f"{stem[:24]}-{tail}"[:36]
    sku, count = wanted, 2
    while sku in taken:
        sku, count = f"{wanted}-{count}", count + 1
    return sku


class Kind(StrEnum):
    """Which part of a listing changed."""

    WORDS = "words"
    SHELF = "shelf"
    CUSTOMS = "customs"
    VERSIONS = "versions"
    PICTURES = "pictures"
    SAFETY = "safety"


Facts = Mapping[str, Any]


def difference(before: Facts, after: Facts) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what differs, as it was and as it is; what is missing on a side is left out there."""
    changed = [
        key for key in {**before, **after} if before.get(key, _NONE) != after.get(key, _NONE)
    ]
    return (
        {key: before[key] for key in changed if key in before},
        {key: after[key] for key in changed if key in after},
    )


_NONE = object()
