"""Says titles in nine languages by a list of words: kinds of goods, materials, colours, shapes.

No grammar is tried. What a title names becomes the kind of goods with its facts in a row, as shops
write them everywhere: “Teapot: white porcelain, large, 700 ml”. Words that the list lacks stay as
they are and are told; a title of which too little is known is not translated at all.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from hashlib import sha256
from pathlib import Path

from kernel.text import ascii_digits
from kernel.web.formats import format_pair, format_row
from kernel.web.locales import use_locale
from marketplace.catalogue.translating.rules import Answer, Refusal, language

_FILE = Path(__file__).parent / "data" / "words.json"
_KNOWN_PERCENT = 60  # of a title's letters, before it is worth saying
# Figures, names with figures in them, words, and what parts them.
_PIECE = re.compile(
    r"(\d+(?:[.,]\d+)*(?:\s*[×x]\s*\d+(?:[.,]\d+)*)*)(?![A-Za-z-]*\d)|([^\W_]+)|(\s+)|(.)"
)
# Latin letters with their accents, which stand among signs without a space.
_NAME = re.compile(r"[A-Za-z0-9\u00c0-\u024f]+")
_FIGURE = re.compile(r"\d")
_LETTERS = re.compile(r"[^\W\d_]+", re.UNICODE)
_DECIMALS = re.compile(r"(?<=\d)[.,](?=\d{1,2}(?!\d))")
_COMMA = frozenset({"de", "es", "fr", "pt"})
_WITHOUT_SPACES = frozenset({"zh", "ja"})
_OTHER_LETTERS = frozenset({"ko", "ar"})  # with spaces
# Where the last noun of a row is what it is about: wool blanket, Wolldecke, 白瓷茶壶.
_HEAD_LAST = frozenset({"en", "de", "zh", "ja", "ko"})
_PARTICLES = ("의", "와", "과", "로", "에", "을", "를", "은", "는", "이", "가", "용")
_ARTICLE = "ال"
_MOST_WORDS = 5


class Role(StrEnum):
    """What a word does in a title; small ones hold others together and say nothing alone."""

    NOUN = "noun"
    MATERIAL = "material"
    COLOUR = "colour"
    SHAPE = "shape"
    UNIT = "unit"
    SMALL = "small"


@dataclass(frozen=True, slots=True)
class Term:
    """A word in every language. Shape: of each the first form is said, all are understood."""

    role: Role
    forms: Mapping[str, Sequence[str]]

    def said(self, tag: str) -> str:
        """Return the word in a language."""
        return self.forms[tag][0]


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of a title: a known word, a figure, a name, or what is not known."""

    words: str
    term: Term | None = None
    is_figure: bool = False
    is_name: bool = False
    breaks: bool = False


class Glossary:
    """The list of words with what else the shop calls things. Shape: languages are tags."""

    def __init__(self, terms: Sequence[Term]) -> None:
        self.languages = frozenset(terms[0].forms)
        self._known = {tag: _index(terms, tag) for tag in self.languages}

    def say(self, title: str, *, source: str, target: str) -> Answer:
        """Return a title in another of the languages, or that too little of it is known."""
        parts = list(self._parts(title, source))
        nouns = [part.term for part in parts if part.term and part.term.role is Role.NOUN]
        left = tuple(p.words for p in parts if _is_left(p))
        if not nouns or 100 * _letters(left) > (100 - _KNOWN_PERCENT) * _letters([title]):
            return Answer("", refused=Refusal.LITTLE_KNOWN)
        head = _head(parts, source)
        with use_locale(target):
            return Answer(_written(head, _details(parts, head, target), target), left)

    def _parts(self, title: str, source: str) -> Iterator[_Part]:
        plain = unicodedata.normalize("NFKC", ascii_digits(title))
        known = self._known[source]
        if language(source) in _WITHOUT_SPACES:
            return _signs(plain, known)
        return _words(plain, known, source)


@cache
def packaged() -> tuple[Term, ...]:
    """Return the words that come with the house."""
    rows = json.loads(_FILE.read_text(encoding="utf-8"))
    return tuple(Term(Role(row["role"]), row["words"]) for row in rows)


@cache
def edition() -> str:
    """Return a short name of the list as it is: other words make another translator."""
    return sha256(_FILE.read_bytes()).hexdigest()[:8]


def _index(terms: Sequence[Term], tag: str) -> dict[str, Term]:
    index: dict[str, Term] = {}
    for term in terms:
        for form in term.forms[tag]:
            # Of two terms with one form the first is meant: the list begins with what goods are.
            index.setdefault(_folded(form), term)
    return index


def _folded(form: str) -> str:
    """Return a word as the list finds it; what has figures in it is a name and no word."""
    return "" if _FIGURE.search(form) else " ".join(_LETTERS.findall(form.lower()))


def _signs(title: str, known: Mapping[str, Term]) -> Iterator[_Part]:
    """Cut a title that is written without spaces: at each place the longest word that is known."""
    parts: list[_Part] = []
    place = 0
    while place < len(title):
        piece = _PIECE.match(title, place)
        assert piece is not None, "the last way of the pattern takes any sign"
        name = _NAME.match(title, place)
        if piece[2] and name:
            part = _named(name[0], known)
        elif piece[2]:
            part = _longest(title, place, known)
        else:
            part = _plain(piece, known)
        parts.append(part)
        place += len(part.words)
    yield from _joined(_sure(parts))


def _longest(title: str, place: int, known: Mapping[str, Term]) -> _Part:
    for size in range(min(10, len(title) - place), 0, -1):
        form = title[place : place + size]
        if form in known and not _is_within(title, place, size):
            return _Part(form, known[form])
    return _Part(title[place])


def _is_within(title: str, place: int, size: int) -> bool:
    """Whether a word of katakana is a piece of a longer one."""
    if not all(_is_katakana(sign) for sign in title[place : place + size]):
        return False
    beside = title[place - 1 : place] + title[place + size : place + size + 1]
    return any(_is_katakana(sign) for sign in beside)


def _is_katakana(sign: str) -> bool:
    return unicodedata.name(sign, "").startswith("KATAKANA")


def _sure(parts: Sequence[_Part]) -> Iterator[_Part]:
    """Leave out words of one sign that touch what is not known: they may be a piece of it."""
    for place, part in enumerate(parts):
        beside = (*parts[max(0, place - 1) : place], *parts[place + 1 : place + 2])
        is_doubted = len(part.words) == 1 and any(_is_left(one) for one in beside)
        # A small word touches whatever it holds together.
        is_small = part.term is not None and part.term.role is Role.SMALL
        yield _Part(part.words) if part.term and is_doubted and not is_small else part


def _joined(parts: Iterator[_Part]) -> Iterator[_Part]:
    """Join signs beside each other that are not known."""
    row = ""
    for part in parts:
        if _is_left(part) and not part.words.isascii():
            row += part.words
            continue
        if row:
            yield _Part(row)
            row = ""
        yield part
    if row:
        yield _Part(row)


def _words(title: str, known: Mapping[str, Term], source: str) -> Iterator[_Part]:
    """Cut a title at its spaces: at each word the longest row of words that is known."""
    pieces = list(_PIECE.finditer(title))
    place = 0
    while place < len(pieces):
        if not pieces[place][2]:
            yield _plain(pieces[place], known)
            place += 1
            continue
        part, place = _longest_row(pieces, place, known, source)
        yield part


def _longest_row(
    pieces: Sequence[re.Match[str]], place: int, known: Mapping[str, Term], source: str
) -> tuple[_Part, int]:
    ends = [at for at in range(place, len(pieces)) if pieces[at][2]][:_MOST_WORDS]
    for end in reversed(ends):
        row = pieces[place : end + 1]
        # Words of one name have nothing but spaces and dashes between them.
        if any(not piece[2] and piece[0] not in " -'’" for piece in row):
            continue
        words = "".join(piece[0] for piece in row)
        term = _known_word(_folded(words), known, source)
        if term is not None:
            return _Part(words, term), end + 1
    word = pieces[place][0]
    is_name = word.isascii() and language(source) in _OTHER_LETTERS
    return _Part(word, is_name=is_name), place + 1


def _known_word(word: str, known: Mapping[str, Term], source: str) -> Term | None:
    if word in known:
        return known[word]
    if language(source) == "ar" and word.startswith(_ARTICLE):
        return known.get(word.removeprefix(_ARTICLE))
    if language(source) == "ko" and word.endswith(_PARTICLES) and len(word) > 2:
        return known.get(word[:-1])
    return None


def _plain(piece: re.Match[str], known: Mapping[str, Term]) -> _Part:
    """Return a figure, a word of Latin letters, a space, or what parts words."""
    if piece[1]:
        return _Part(piece[0], is_figure=True)
    return _named(piece[0], known) if piece[2] else _Part(piece[0], breaks=True)


def _named(word: str, known: Mapping[str, Term]) -> _Part:
    """Return Latin letters within others: a word that is known, or the name of a model."""
    term = known.get(_folded(word))
    return _Part(word, term, is_name=term is None)


def _is_left(part: _Part) -> bool:
    return part.term is None and not (part.breaks or part.is_figure or part.is_name)


def _head(parts: Sequence[_Part], source: str) -> Term:
    """Return what a title is about: the last noun or the first, of the first row with one."""
    row: list[Term] = []
    for part in parts:
        is_end = part.words.strip() in {",", "，", "、", ":", "：", "(", "（", "–", "—", "·"} or (
            part.term is not None and part.term.role is Role.SMALL
        )
        is_end = is_end or (part.breaks and language(source) in _WITHOUT_SPACES)
        if is_end and row:
            break
        if part.term is not None and part.term.role is Role.NOUN:
            row.append(part.term)
    return row[-1 if language(source) in _HEAD_LAST else 0]


def _details(parts: Sequence[_Part], head: Term, target: str) -> list[str]:
    """Return what else a title says, in its order and each once."""
    said: list[str] = []
    is_named = False
    for part in parts:
        if part.breaks and part.words.isspace():
            continue
        if is_named and (part.is_name or part.is_figure):
            said[-1] = f"{said[-1]} {part.words}"
            continue
        is_named = part.is_name
        if (
            part.term is not None
            and part.term.role is Role.UNIT
            and said
            and said[-1][-1].isdigit()
        ):
            said[-1] = f"{said[-1]} {part.term.said(target)}"
        elif part.is_figure:
            said.append(_figure(part.words, target))
        elif part.term is not None and part.term.role not in {Role.SMALL, Role.UNIT}:
            said += [] if part.term is head else [part.term.said(target)]
        elif part.is_name or _is_left(part):
            said.append(part.words)
    return list(dict.fromkeys(said))


def _figure(words: str, target: str) -> str:
    """Return a figure with the mark before decimals that the language writes."""
    return _DECIMALS.sub("," if language(target) in _COMMA else ".", words)


def _written(head: Term, details: Sequence[str], target: str) -> str:
    kind = head.said(target)
    kind = kind[:1].upper() + kind[1:]
    return format_pair(kind, format_row(*details)) if details else kind


def _letters(words: Sequence[str]) -> int:
    return sum(len(found) for text in words for found in _LETTERS.findall(text))
