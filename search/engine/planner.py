"""From words to a plan: steps from the strictest reading to the most forgiving.

Steps are tried in order and their results are shown in that order, so that no score can lift a
lesser match over a better one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from search.documents import Match
from search.engine.mapping import Key, Text
from search.engine.port import (
    AllOf,
    AnyOf,
    BestOf,
    Boosted,
    Constant,
    Node,
    Prefix,
    Term,
    Within,
)
from search.engine.scripts import compact
from search.engine.words import MAX_WORD, Concept, concepts, language, phrase

FIELDS = (
    (Text.TITLE, 2.0),
    (Text.CATEGORY, 1.8),
    (Text.NAME, 1.5),
    (Text.ATTRIBUTE, 1.0),
    (Text.DESCRIPTION, 0.5),
    (Text.PARENT, 0.3),
)
_BEGUN_AT = (Text.TITLE, Text.CATEGORY, Text.NAME)
_OWN_FORM, _STUMP = 0.9, 3
_NAMED = 40.0
_OWN_LANGUAGE = 0.5


@dataclass(frozen=True, slots=True)
class Parting:
    """What a word may be joined with or made of. Shape: longer holds tokens; parts two, or none."""

    longer: tuple[str, ...] = ()
    parts: tuple[Concept, ...] = ()


Guesses = Mapping[Concept, Sequence[tuple[str, float]]]


@dataclass(frozen=True, slots=True)
class Step:
    """One reading of the words."""

    match: Match
    node: Node


@dataclass(frozen=True, slots=True)
class Words:
    """What was typed, understood once. Shape: concepts in the order typed."""

    text: str
    locale: str
    concepts: tuple[Concept, ...]

    @property
    def meaning(self) -> tuple[Concept, ...]:
        """The concepts a product must answer: little words count only when nothing else is left."""
        weighty = tuple(concept for concept in self.concepts if not concept.is_little)
        return weighty or self.concepts


def understood(text: str, locale: str) -> Words:
    """Return the words of a query."""
    return Words(text, locale, tuple(concepts(text, locale)))


def begun(words: Words) -> Words:
    """Return words of which the last is still being typed, and none is taken for a stump of itself.

    A stem that another language cuts down to three signs is the end of too many words.
    """
    whole = tuple(
        concept._replace(
            forms=tuple(
                (token, weight)
                for token, weight in concept.forms
                if weight >= _OWN_FORM or len(token) > _STUMP
            )
        )
        for concept in words.concepts
    )
    return replace(words, concepts=(*whole[:-1], *(c._replace(is_begun=True) for c in whole[-1:])))


def code_step(words: Words) -> Step | None:
    """Return the reading as an article number, for texts that could be one."""
    code = compact(words.text)
    if not 3 <= len(code) <= MAX_WORD or not any(sign.isdigit() for sign in code):
        return None
    return Step(Match.CODE, Term(Key.CODE, code))


def all_words(words: Words) -> Step:
    """Return the reading that wants every word, in any field and any language."""
    parts = tuple(exact(concept) for concept in words.meaning)
    return Step(Match.ALL_WORDS, AllOf(parts, _preferences(words)))


def most_words(words: Words) -> Step | None:
    """Return the reading that lets a part of the words go; None when there is nothing to let go."""
    wanted = [loose(concept) for concept in words.meaning]
    if len(wanted) == 1 and len(words.meaning[0].pairs) < 2:
        return None
    return Step(
        Match.MOST_WORDS,
        AllOf((AnyOf(tuple(wanted), enough(len(wanted))),), _preferences(words)),
    )


def similar_words(words: Words, guesses: Guesses, *, all_of_them: bool) -> Step | None:
    """Return the reading that forgives typing errors; None when no word has a near one."""
    if not any(guesses.values()):
        return None
    parts = tuple(
        similar(concept, guesses[concept]) if guesses.get(concept) else loose(concept)
        for concept in words.meaning
    )
    node = AllOf(parts) if all_of_them else AnyOf(parts, enough(len(parts)))
    return Step(Match.SIMILAR_WORDS, AllOf((node,), _preferences(words)))


def in_parts(words: Words, partings: Mapping[Concept, Parting]) -> Step | None:
    """Return the reading that joins words and takes them apart; None when no word allows it."""
    if not partings:
        return None
    parts = tuple(
        joined(concept, partings[concept]) if concept in partings else exact(concept)
        for concept in words.meaning
    )
    return Step(Match.PARTS, AllOf(parts, _preferences(words)))


def joined(concept: Concept, parting: Parting) -> Node:
    """Return what finds a concept, longer words that end with it, or both of its parts."""
    ways: list[Node] = [exact(concept)]
    if parting.longer:
        ways.append(_anywhere([(token, 0.5) for token in parting.longer]))
    if parting.parts:
        ways.append(Boosted(AllOf(tuple(map(exact, parting.parts))), 0.5))
    return BestOf(tuple(ways))


def same_kind(words: Words, kinds: Sequence[str]) -> Step:
    """Return the reading that shows more of the kinds of goods that were meant."""
    wishes = tuple(loose(concept) for concept in words.meaning)
    return Step(Match.SAME_KIND, AllOf((Within(Key.KIND, tuple(kinds)),), wishes))


def enough(count: int) -> int:
    """Return how many of the words must be found when not all are."""
    return max(1, (2 * count) // 3)


def exact(concept: Concept) -> Node:
    """Return what finds a concept in any of its spellings; of a run, every pair of signs."""
    if concept.pairs:
        return (
            AllOf(tuple(_anywhere(((pair, 1.0),)) for pair in concept.pairs))
            if len(concept.surface) > 1
            else _sign(concept.surface)
        )
    whole = _anywhere(concept.forms)
    if not concept.is_begun:
        return whole
    begun_so = tuple(Constant(Prefix(at, concept.forms[0][0]), 0.01) for at in _BEGUN_AT)
    return BestOf((whole, *begun_so), tie=0.0)


def loose(concept: Concept) -> Node:
    """Return what finds a concept, or most of a run."""
    if len(concept.pairs) < 2:
        return exact(concept)
    parts = tuple(_anywhere(((pair, 1.0),)) for pair in concept.pairs)
    return AnyOf(parts, enough(len(parts)))


def similar(concept: Concept, guesses: Sequence[tuple[str, float]]) -> Node:
    """Return what finds a concept in spite of a typing error."""
    return BestOf((exact(concept), _anywhere(guesses)))


def _sign(sign: str) -> Node:
    guesses = tuple(Boosted(Prefix(at, sign), 0.5 * by) for at, by in FIELDS[:2])
    return BestOf((_anywhere(((sign, 1.0),)), *guesses))


def _anywhere(forms: Sequence[tuple[str, float]]) -> Node:
    return BestOf(
        tuple(Boosted(Term(at, token), by * weight) for token, weight in forms for at, by in FIELDS)
    )


def _preferences(words: Words) -> tuple[Node, ...]:
    """Return what raises a match: the words are a whole name, a text in the shopper's language."""
    little = tuple(exact(concept) for concept in words.concepts if concept not in words.meaning)
    named = Constant(Term(Key.PHRASE, phrase(words.text)), _NAMED)
    own = Constant(Term(Key.LANGUAGE, language(words.locale)), _OWN_LANGUAGE)
    return (named, own, *little)
