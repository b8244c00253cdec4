"""Writing systems: one spelling for what readers take as the same letter, and cutting into runs.

Nothing here knows a language; see `words` for stems.
"""

from __future__ import annotations

import re
import unicodedata
from enum import IntEnum
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

import opencc

MAX_CHARACTERS = 4000

_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff"  # Thai, Lao, Burmese, Khmer
    "\u3005-\u3007\u3040-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"  # kana
    "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Han
)
_HANGUL = "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"
_INDIC = "\u0900-\u0dff"  # vowel signs belong to their word
_RUNS = re.compile(
    f"(?P<unspaced>[{_UNSPACED}]+)|(?P<hangul>[{_HANGUL}]+)"
    f"|(?P<word>(?:(?![{_UNSPACED}{_HANGUL}])[^\\W_]|[{_INDIC}])+)"
)
# Marks of Arabic and Hebrew that careful writers set and shoppers do not; tatweel; format signs.
_DROPPED = re.compile(
    "[\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640\u0300-\u036f]"
)
_ARABIC = str.maketrans(
    {
        "أ": "ا",
        "إ": "ا",
        "آ": "ا",
        "ٱ": "ا",
        "ى": "ي",
        "ی": "ي",
        "ئ": "ي",
        "ؤ": "و",
        "ة": "ه",
        "ک": "ك",
        "ء": None,
    }
)
_PLAIN = str.maketrans(
    {
        "ø": "o",
        "æ": "ae",
        "œ": "oe",
        "ł": "l",
        "đ": "d",
        "ð": "d",
        "þ": "th",
        "ı": "i",
        "ß": "ss",
        "ё": "е",
        "й": "и",
    }
)
_DIGRAPHS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa", "æ": "ae"})


# Hiragana as katakana: who types かばん or カバン means the same bag.
_KATAKANA = {sign: sign + 0x60 for sign in range(0x3041, 0x3097)}


class Kind(IntEnum):
    """How a run of characters is made into tokens."""

    WORD = 1
    HANGUL = 2
    UNSPACED = 3


class Run(NamedTuple):
    """An unbroken run of one kind."""

    text: str
    kind: Kind


def normalise(text: str) -> str:
    """Return one spelling: compatible forms, case, width, kana, simplified Han, no loose marks."""
    clean = text[:MAX_CHARACTERS].encode("utf-8", "ignore").decode("utf-8")
    clean = unicodedata.normalize("NFKC", clean).casefold()
    if clean.isascii():
        return clean
    clean = unicodedata.normalize("NFKC", clean).translate(_simplified()).translate(_KATAKANA)
    return _DROPPED.sub("", clean).translate(_ARABIC)


def runs(text: str) -> list[Run]:
    """Cut normalised text into runs; punctuation and spaces vanish."""
    return [Run(match.group(), _KINDS[match.lastgroup or ""]) for match in _RUNS.finditer(text)]


@lru_cache(maxsize=10_000)
def folded(word: str) -> str:
    """Return the word without accents, as a foreign keyboard types it."""
    if word.isascii():
        return word
    apart = unicodedata.normalize("NFD", word.translate(_PLAIN))
    return "".join(sign for sign in apart if unicodedata.category(sign) != "Mn" or sign > "\u0900")


def with_digraphs(word: str) -> str:
    """Return the word as it is typed where umlauts are written out: Mütze, Muetze."""
    return folded(word.translate(_DIGRAPHS))


def is_latin(word: str) -> bool:
    """Whether the word is written in Latin letters."""
    return word[0] < "\u0250"


def compact(text: str) -> str:
    """Return a code without what people add or leave out: case, width, blanks, hyphens."""
    return "".join(sign for sign in normalise(text) if sign.isalnum())


_KINDS = {"unspaced": Kind.UNSPACED, "hangul": Kind.HANGUL, "word": Kind.WORD}


@cache
def _simplified() -> dict[int, str]:
    """Return traditional to simplified Han, one character each; read only where Han is met."""
    table = Path(opencc.__file__).parent / "dictionary" / "TSCharacters.txt"
    pairs = (line.split("\t") for line in table.read_text(encoding="utf-8").splitlines() if line)
    return {ord(old): new.split(" ")[0] for old, new in pairs if len(old) == 1}
