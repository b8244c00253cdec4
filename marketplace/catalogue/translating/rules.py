"""Decisions on what a translator answers: whether it may be shown, and what is wrong with it.

Whatever answers is somebody else's machine, and its words stand on our pages below a shop's name.
An answer that is not plainly the same text in the other language is refused; the original is shown.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from kernel.text import ascii_digits


class Kind(StrEnum):
    """What is translated: of goods their title and description, of a shop its story."""

    TITLE = "title"
    DESCRIPTION = "description"
    STORY = "story"


class Refusal(StrEnum):
    """Why an answer is not shown."""

    EMPTY = "empty"
    UNCHANGED = "unchanged"
    TOO_LONG = "too_long"
    MARKUP = "markup"
    HIDDEN_SIGNS = "hidden_signs"
    OTHER_NUMBERS = "other_numbers"
    OTHER_ADDRESSES = "other_addresses"
    OTHER_LANGUAGE = "other_language"
    LITTLE_KNOWN = "little_known"
    NOT_TAKEN = "not_taken"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a translator says of one text.

    Shape: left_over are words of the original that it could not say and left as they are; refused
    is its own reason for saying nothing, else None.
    """

    words: str
    left_over: tuple[str, ...] = ()
    refused: Refusal | None = None


# A title is shown in one line of a card.
LONGEST = {Kind.TITLE: 200, Kind.DESCRIPTION: 12_000, Kind.STORY: 4_000}
# A sign of Chinese is most of a word elsewhere; letters for letters, languages differ far less.
_GROWS, _GROWS_FROM_SIGNS, _ALWAYS = 3, 9, 60
_MARKUP = re.compile(r"<\s*[/!?a-zA-Z]|&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]{2,8});|```|\]\(")
_ADDRESS = re.compile(
    r"[a-z][a-z0-9+.-]*://\S+|www\.\S+|[\w.+-]+@[\w-]+\.[\w.]+|%\(\w+\)[sd]|\{\w*\}", re.IGNORECASE
)
# Figures with whatever parts their thousands and decimals in any language.
_NUMBER = re.compile(r"\d+(?:[.,'’٫٬]\d+)*")
_THOUSANDS = re.compile(r"(?<=\d)[\u00a0\u202f](?=\d{3}(?!\d))")
_WORD = re.compile(r"[^\W\d_]+")
_PARTS = re.compile(r"\D")
_BREAKS = frozenset("\n\t\u00a0\u202f\u200b\u200c\u200d\ufe0f")
_SIGNS = frozenset({"CJK", "HIRAGANA", "KATAKANA"})
# What a text of a language cannot do without, by the first word of its letters' Unicode names.
_SCRIPTS: Mapping[str, frozenset[str]] = {
    "zh": frozenset({"CJK"}),
    "ja": frozenset({"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA"}),
    "ko": frozenset({"HANGUL"}),
    "ar": frozenset({"ARABIC"}),
}
_LATIN = frozenset({"LATIN"})
_OWN_PERCENT = 30  # of the letters of what it says; names may be the rest
_TITLE_PERCENT = 10  # of all letters of a title, which may be mostly names
# Words that a text of some length has in its own language and not in the others.
_SMALL_WORDS: Mapping[str, frozenset[str]] = {
    tag: frozenset(words.split())
    for tag, words in {
        "en": "the and is are with of you your it that from for",
        "de": "der die das und ist sind mit nicht ein eine wir auf für",
        "fr": "le les et est une des du nous vous dans avec pour sur qui",
        "es": "el los las y es una del con nos para por que se",
        "pt": "o os e é uma do da com não para em que se ao",
        "it": "il gli e è una della di con per che non si nel",
        "da": "og er en et det med vi til på den som ikke",
    }.items()
}
_TELLING = 4  # small words, before they tell a language


def verdict(*, kind: Kind, original: str, answer: str, source: str, target: str) -> Refusal | None:
    """Return why an answer may not be shown, None where it may.

    Shape: source and target are tags of languages.
    """
    if not answer.strip():
        return Refusal.EMPTY
    faults = {
        Refusal.HIDDEN_SIGNS: any(_is_hidden(sign) for sign in answer),
        Refusal.MARKUP: len(_MARKUP.findall(answer)) > len(_MARKUP.findall(original)),
        Refusal.TOO_LONG: len(answer) > _longest(kind, original),
        Refusal.OTHER_ADDRESSES: addresses(answer) != addresses(original),
        Refusal.OTHER_NUMBERS: numbers(answer) != numbers(original),
    }
    found = next((refusal for refusal, is_so in faults.items() if is_so), None)
    if found is not None:
        return found
    if not _is_in(target, answer, original, kind):
        return Refusal.OTHER_LANGUAGE
    if answer.strip() == original.strip() and _is_said_otherwise(original, source, target):
        return Refusal.UNCHANGED
    return Refusal.OTHER_LANGUAGE if _speaks_another(answer, target) else None


def numbers(words: str) -> Counter[str]:
    """Return the figures of a text, however its language parts and writes them."""
    found = _NUMBER.findall(ascii_digits(_THOUSANDS.sub(",", words)))
    return Counter(_plain(number) for number in found)


def _plain(number: str) -> str:
    """Return a figure with a point before its decimals: three digits after a mark are thousands."""
    *whole, last = _PARTS.split(number)
    if not whole:
        return last
    return "".join(whole) + (last if len(last) == 3 else f".{last}")


def addresses(words: str) -> Counter[str]:
    """Return addresses and places for values in a text: what nothing may be made of."""
    return Counter(found.rstrip(".,;:!?)。，").lower() for found in _ADDRESS.findall(words))


def language(tag: str) -> str:
    """Return the language of a tag: pt of pt-BR."""
    return tag.partition("-")[0].lower()


def _is_hidden(sign: str) -> bool:
    """Whether a sign shows nothing or turns what stands beside it: marks of direction, controls."""
    return sign not in _BREAKS and unicodedata.category(sign) in {"Cc", "Cf", "Co", "Cn", "Cs"}


def _longest(kind: Kind, original: str) -> int:
    signs = sum(1 for script in _scripts(original) if script in _SIGNS)
    grows = _GROWS_FROM_SIGNS if 2 * signs > len(_scripts(original)) else _GROWS
    return min(LONGEST[kind], grows * len(original) + _ALWAYS)


def _is_in(target: str, answer: str, original: str, kind: Kind) -> bool:
    """Whether an answer is in the letters of a language; names of a title stay in their own."""
    letters, own = _scripts(answer), _SCRIPTS.get(language(target), _LATIN)
    if not letters:
        return not _scripts(original)
    if language(target) == "zh" and any(script in _SIGNS - {"CJK"} for script in letters):
        return False
    if kind is not Kind.TITLE:
        return _share(letters, own) >= _OWN_PERCENT
    kept = set(_WORD.findall(original))
    said = _scripts(" ".join(word for word in _WORD.findall(answer) if word not in kept))
    return _share(letters, own) >= _TITLE_PERCENT and _share(said or letters, own) >= _OWN_PERCENT


def _share(letters: Sequence[str], own: frozenset[str]) -> int:
    """Return how many of a hundred letters are of some scripts."""
    return 100 * sum(1 for script in letters if script in own) // len(letters)


def _is_said_otherwise(original: str, source: str, target: str) -> bool:
    """Whether a text has words at all that the other language would say otherwise.

    A brand with its model is called so everywhere.
    """
    if _SCRIPTS.get(language(source)) != _SCRIPTS.get(language(target)):
        return True
    return sum(1 for word in original.split() if word.islower() and len(word) > 2) > 1


def _speaks_another(answer: str, target: str) -> bool:
    """Whether small words tell another language than the one that was asked for."""
    own = _SMALL_WORDS.get(language(target))
    if own is None:
        return False
    words = _WORD.findall(answer.lower())
    counts = {tag: sum(word in small for word in words) for tag, small in _SMALL_WORDS.items()}
    most = max(counts.values())
    return most >= _TELLING and counts[language(target)] * 2 < most


def _scripts(words: str) -> list[str]:
    """Return the script of each letter of a text."""
    return [unicodedata.name(sign, "").partition(" ")[0] for sign in words if sign.isalpha()]
