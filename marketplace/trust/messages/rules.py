"""What a message may not carry, read in nine languages' writing, and how unread marks count.

A fragment is a way to pay or meet elsewhere: an address for mails, a telephone number, a link, a
bank or card number, the name of another channel. Words are read as a reader reads them: full-width
and Arabic figures are figures, letters with spaces between them are a word, `(at)` is @.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

LONGEST = 2000  # signs of a message
# In a quarter hour, of one person.
NEW_THREADS = 5
MESSAGES = 30
# In a quarter hour, of one shop; and how many orders one may be about.
BATCHES = 4
MOST_RECIPIENTS = 50
# From so many answers on a shop's time to answer is told, over so many days.
FEWEST_ANSWERS = 5
ANSWER_DAYS = 90
# Over so many days it is told how many parcels came by the promised day; the desk shows the same.
ARRIVAL_DAYS = 60


class Side(StrEnum):
    """Who writes in a thread."""

    BUYER = "buyer"
    VENDOR = "vendor"

    @property
    def other(self) -> Side:
        """Who reads what this side writes."""
        return Side.VENDOR if self is Side.BUYER else Side.BUYER


class Kind(StrEnum):
    """What a fragment leads to."""

    EMAIL = "email"
    LINK = "link"
    BANK = "bank"
    TELEPHONE = "telephone"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Fragment:
    """A part of a text that leads elsewhere. Shape: words as they were read, lower case."""

    kind: Kind
    words: str


_HIDDEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0e\ufe0f\ufeff]")
# The long vowel of katakana is typed for a dash between figures.
_DASHES = re.compile("[\u2010-\u2015\u2212]|(?<=\\d)\u30fc(?=\\d)")
# Names are taken whole and from their beginning on: a text of one long word costs no more.
_EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]++\s?@\s?[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}")
# A dot that was written as a word stands apart: “a point de colle” ends in no country's letters.
_DOT = "\x1f"
# So does “at”, which English says of places, too.
_AT = "\x1e"
_LINK = re.compile(r"(?:\b[a-z][a-z+]{2,}://|\bwww\.)[^\s<>\"']+")
_IBAN = re.compile(r"\b[a-z]{2}\d{2}(?: ?[a-z0-9]){11,30}\b")
_FIGURES = re.compile(r"(?<![\w.,])[+(]{0,2}\d(?:[\s().\-/·_*]{0,3}\d){6,25}(?![\w])")
# Three or more signs, each alone between the same separators: g m a i l, g.m.a.i.l
_SPACED = re.compile(
    r"(?<![^\W_])[^\W_](?:(?P<gap>[ ._\-*]{1,3})[^\W_@])(?:(?P=gap)[\w@.]){2,}(?![^\W_])"
)
_HARMLESS = (
    re.compile(r"\b(?:19|20)\d\d[-/.]\d{1,2}[-/.]\d{1,2}(?:[ t]+\d{1,2}(?:[:.]\d\d){1,2})?"),
    re.compile(r"\b\d{1,2}[-/.]\d{1,2}[-/.](?:19|20)\d\d(?:[ t]+\d{1,2}(?:[:.]\d\d){1,2})?"),
    re.compile(r"\b\d{1,2}:\d\d(?:\s?-\s?\d{1,2}:\d\d)?"),
    re.compile(r"\b\d{1,4}(?:[.,]\d+)?\s?(?:mm|cm|ml|cl|kg|g|l|m)\b"),
    re.compile(r"\b\d{4}\.\d\d(?:\.\d\d){0,2}\b"),  # a customs code
    re.compile(r"\b\d{1,4}(?:[.,]\d)?(?:\s?[x×*]\s?\d{1,4}(?:[.,]\d)?){1,2}\b"),
    re.compile(r"\b[a-z]{2}\s?\d{9}\s?[a-z]{2}\b"),  # a parcel's number, UPU S10
)


def fragments(words: str, *, known: Collection[str] = ()) -> list[Fragment]:
    """Return what leads elsewhere, in the order of kinds, each once.

    Shape: known are texts that belong here, whatever they look like: the references, parcel
    number, postcode and address of the thread's own order, and the house's own address.
    """
    plain = _read(words)
    for text in sorted((_read(text).strip() for text in known), key=len, reverse=True):
        if text:
            plain = plain.replace(text, " ")
    pieces: list[Fragment] = []
    for kind, text in _found(plain):
        if not any(text in earlier.words for earlier in pieces):
            pieces.append(Fragment(kind, text))
    return pieces


def listed(fragments: Sequence[Fragment]) -> str:
    """Return fragments side by side, as a sentence may quote them; three say enough."""
    return ", ".join(fragment.words for fragment in fragments[:3])


def told_as(seconds: int) -> timedelta:
    """Return a time to answer as it may be told: rounded up, to hours, or to days above two.

    Units: seconds.
    """
    hours = max(1, -(-seconds // 3600))
    return timedelta(hours=hours) if hours <= 48 else timedelta(days=-(-hours // 24))


def answered_after(*, waits_since: datetime | None, now: datetime) -> int | None:
    """Return how long a buyer waited for this answer, None when nobody did. Units: seconds."""
    return None if waits_since is None else max(0, int((now - waits_since).total_seconds()))


def _found(plain: str) -> Iterator[tuple[Kind, str]]:
    joined = _SPACED.sub(lambda m: m.group().replace(m["gap"], ""), plain)
    for text in (plain, joined, _meant(joined)):
        rest = text
        for pattern in (_EMAIL, *_emails_in_words()):
            yield from ((Kind.EMAIL, _shut(m.group())) for m in pattern.finditer(rest))
            rest = pattern.sub(" ", rest)
        for pattern in (_LINK, _domain()):
            yield from ((Kind.LINK, _shut(m.group())) for m in pattern.finditer(rest))
    yield from _numbers(_figures(plain))
    for word in _data()["channels"]:
        if re.search(rf"(?<![a-z]){re.escape(word)}(?![a-z])", plain):
            yield Kind.CHANNEL, word


def _shut(written: str) -> str:
    """Return an address without the spaces around its signs, nor the sentence's own."""
    return re.sub(r"\s?([@.])\s?", r"\1", written.replace(_DOT, ".").replace(_AT, "@")).strip(
        " .,;:!?)"
    )


def _numbers(text: str) -> Iterator[tuple[Kind, str]]:
    rest = text
    for match in _IBAN.finditer(text):
        if _is_iban(match.group()):
            yield Kind.BANK, match.group()
            rest = rest.replace(match.group(), " ")
    for pattern in _HARMLESS:
        rest = pattern.sub(" ; ", rest)
    is_called = any(word in rest for word in _data()["telephone"])
    for match in _FIGURES.finditer(rest):
        kind = _kind_of(match.group(), is_called=is_called)
        if kind is not None:
            yield kind, match.group().strip()


def _kind_of(written: str, *, is_called: bool) -> Kind | None:
    """Return what a row of figures is: a bare run is an article number unless it is dialled."""
    digits = re.sub(r"\D", "", written)
    groups = re.findall(r"\d+", written)
    if 13 <= len(digits) <= 19 and _is_card(digits) and not _is_ean(digits):
        return Kind.BANK
    if len(digits) >= 16:
        return Kind.BANK
    is_dialled = written.lstrip("(").startswith(("+", "00")) or digits.startswith("0")
    is_mobile = len(digits) == 11 and digits.startswith("1") and digits[1] in "3456789"
    is_list = [*map(int, groups)] == sorted({*map(int, groups)})  # sizes: 36 37 38 39 40
    is_grouped = len(groups) > 2 and len(digits) >= 9 and not is_list
    looks = is_called or is_dialled or is_mobile or is_grouped
    return Kind.TELEPHONE if looks and len(digits) >= (7 if is_called else 8) else None


def _read(words: str) -> str:
    """Return a text in plain letters and figures, lower case, without signs that nobody sees."""
    plain = _HIDDEN.sub("", unicodedata.normalize("NFKC", words)).lower()
    plain = _DASHES.sub("-", plain)
    return "".join(str(unicodedata.decimal(s)) if s.isdecimal() else s for s in plain)


def _meant(plain: str) -> str:
    for words, sign in _data()["written_out"].items():
        plain = plain.replace(words, sign)
    for sign, key in (("@", "at"), (_DOT, "dot")):
        for word in _data()[key]:
            plain = plain.replace(word, sign)
    return re.sub(rf"\s?([@{_DOT}])\s?", r"\1", plain.replace(" at ", _AT))


@cache
def _written_figures() -> re.Pattern[str]:
    words = {word for given in _data()["digits"].values() for word in given}
    one = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(rf"(?:(?:{one}|\d)[\s,.\-]{{0,2}}){{7,}}")


def _figures(plain: str) -> str:
    """Return a text where seven figures in words, one after the other, are figures."""

    def as_digits(match: re.Match[str]) -> str:
        text = match.group()
        for digit, words in _data()["digits"].items():
            for word in sorted(words, key=len, reverse=True):
                text = text.replace(word, digit)
        return f"{text.strip()} "

    return _written_figures().sub(as_digits, plain)


def _domain() -> re.Pattern[str]:
    known, spelled = "|".join(_data()["domains"]), "|".join(_data()["ends_after_a_word"])
    host = rf"(?<![a-z0-9@{_AT}.{_DOT}-])[.-]*+[a-z0-9][a-z0-9-]++(?:[.{_DOT}][a-z0-9-]+)*"
    return re.compile(rf"{host}(?:\.(?:{known})|{_DOT}(?:{spelled}))\b(?:/\S*)?")


@cache
def _emails_in_words() -> tuple[re.Pattern[str], re.Pattern[str]]:
    known, spelled = "|".join(_data()["domains"]), "|".join(_data()["ends_after_a_word"])
    who, host = rf"(?<![\w.+%{_DOT}-])[\w.+%{_DOT}-]++", rf"[a-z0-9-]+(?:[.{_DOT}][a-z0-9-]+)*"
    return (
        re.compile(rf"{who}@{host}[.{_DOT}](?:{known})\b"),
        re.compile(rf"{who}{_AT}{host}(?:[.{_DOT}](?:{spelled})|\.de)\b"),
    )


def _is_iban(written: str) -> bool:
    # Source: ISO 13616, check digits by ISO 7064 mod 97-10.
    text = written.replace(" ", "")
    moved = text[4:] + text[:4]
    return 15 <= len(text) <= 34 and int("".join(str(int(s, 36)) for s in moved)) % 97 == 1


def _is_card(digits: str) -> bool:
    # Source: ISO/IEC 7812-1, annex B (Luhn).
    doubled = [int(d) * (1 + n % 2) for n, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def _is_ean(digits: str) -> bool:
    """Whether thirteen figures are an article's number. Source: GS1 General Specifications."""
    weighed = [int(d) * (3 if n % 2 else 1) for n, d in enumerate(reversed(digits))]
    return len(digits) == 13 and sum(weighed) % 10 == 0


@cache
def _data() -> Mapping[str, Any]:
    path = Path(__file__).parent / "data" / "elsewhere.json"
    loaded: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return loaded
