"""Finds HS subheadings for words: the nomenclature's own texts, and the words of a shop."""

from __future__ import annotations

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

EDITION = "HS 2022"

# What a text says a good is not; matching it would propose the opposite.
_NEGATED = re.compile(
    r"\((?:other than|excluding|not)[^)]*\)|\b(?:other than|excluding|not)\b[^,;]*"
)
_WORD = re.compile(r"[^\W_]+", re.UNICODE)
_STOP = frozenset(
    (
        "a",
        "an",
        "and",
        "or",
        "of",
        "the",
        "for",
        "with",
        "without",
        "in",
        "on",
        "to",
        "their",
        "its",
        "other",
        "similar",
        "article",
        "articles",
        "part",
        "parts",
        "thereof",
        "whether",
        "nes",
        "n",
        "e",
        "s",
        "than",
        "being",
        "made",
        "set",
        "pair",
        "pairs",
        "piece",
        "pieces",
        "cm",
        "mm",
        "ml",
        "g",
        "kg",
        "l",
        "litre",
        "litres",
        "ct",
    )
)
# How much a word of the subheading, its heading and its chapter counts.
_FIELDS = (1.0, 0.45, 0.15)
_SHOP_WORD = 9.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A subheading that may fit. Units: confidence from 0 to 100.

    Shape: path holds the texts of chapter, heading and subheading.
    """

    code: str
    path: tuple[str, str, str]
    confidence: int

    @property
    def description(self) -> str:
        """The text of the subheading."""
        return self.path[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class Nomenclature:
    """The indexed nomenclature.

    Shape: texts by code of two, four and six digits; postings hold weights by word and code.
    """

    texts: Mapping[str, str]
    postings: Mapping[str, Mapping[str, float]]
    rarity: Mapping[str, float]
    shop_words: Mapping[tuple[str, ...], tuple[str, ...]]

    def path(self, code: str) -> tuple[str, str, str]:
        """Return the texts of chapter, heading and subheading. Raises: KeyError."""
        six = code[:6]
        return self.texts[six[:2]], self.texts[six[:4]], self.texts[six]

    def knows(self, code: str) -> bool:
        """Whether a code of six digits or more begins with a subheading of this edition."""
        return len(code) >= 6 and code.isdigit() and code[:6] in self.texts

    def search(self, text: str, limit: int = 8) -> list[Proposal]:
        """Return the likeliest subheadings, best first; nothing for words that fit nowhere."""
        words = words_of(text)
        scores: defaultdict[str, float] = defaultdict(float)
        for word in words:
            for code, weight in self.postings.get(word, {}).items():
                scores[code] += weight * self.rarity[word]
        named = self._named(words)
        for rank, code in enumerate(named):
            scores[code] += _SHOP_WORD / (1 + rank / 4)
        best = sorted(scores.items(), key=lambda item: (-item[1], item[0]))[:limit]
        if not best:
            return []
        shares = self._shares(words, best, named)
        return [
            Proposal(code=code, path=self.path(code), confidence=share)
            for (code, _), share in zip(best, shares, strict=True)
        ]

    def _named(self, words: Sequence[str]) -> list[str]:
        """Return the codes that the shop's own words name, longest term first."""
        codes: list[str] = []
        for length in range(min(3, len(words)), 0, -1):
            for start in range(len(words) - length + 1):
                codes += self.shop_words.get(tuple(words[start : start + length]), ())
        return list(dict.fromkeys(codes))

    def _shares(
        self, words: Sequence[str], best: Sequence[tuple[str, float]], named: Sequence[str]
    ) -> list[int]:
        """Return how sure each proposal is: the share of what was asked that its texts say."""
        asked = sum(self.rarity.get(word, 8.0) for word in words)
        top = best[0][1]
        shares = []
        for code, score in best:
            weight = sum(self.rarity[w] for w in words if code in self.postings.get(w, {}))
            covered = min(1.0, weight / asked + (0.5 if code in named else 0.0))
            shares.append(round(100 * covered * score / top))
        return shares


def words_of(text: str) -> list[str]:
    """Return the words that count: folded, without accents, singular, hyphens closed."""
    folded = unicodedata.normalize("NFKD", text).casefold()
    plain = "".join(sign for sign in folded if not unicodedata.combining(sign))
    closed = re.sub(r"\bt[- ]shirt", "tshirt", plain).replace("'s ", " ")
    words = (word for word in _WORD.findall(closed) if not word.isdigit())
    return [_singular(word) for word in words if word not in _STOP]


def _singular(word: str) -> str:
    if len(word) > 4 and word.endswith("ies"):
        return word[:-3] + "y"
    if len(word) > 3 and word.endswith(("ches", "shes", "sses", "xes")):
        return word[:-2]
    if len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is")):
        return word[:-1]
    return word


def nomenclature_from(
    rows: Iterable[tuple[str, str]], shop_words: Mapping[str, Sequence[str]]
) -> Nomenclature:
    """Return the index of (code, text) rows and of the shop's words for codes."""
    texts = dict(rows)
    postings: dict[str, dict[str, float]] = defaultdict(dict)
    codes = [code for code in texts if len(code) == 6]
    for code in codes:
        for level, weight in zip((code, code[:4], code[:2]), _FIELDS, strict=True):
            for word in set(words_of(_NEGATED.sub(" ", texts[level]))):
                postings[word][code] = max(postings[word].get(code, 0.0), weight)
    return Nomenclature(
        texts=texts,
        postings=dict(postings),
        rarity={w: math.log(1 + len(codes) / len(weights)) for w, weights in postings.items()},
        shop_words={tuple(words_of(term)): tuple(named) for term, named in shop_words.items()},
    )
