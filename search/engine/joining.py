"""Words written apart that are one: tea pot, sun glasses, and tee pot, which is misspelt as well.

Apart, such words find what holds either of them somewhere: a moka pot beside the tea. Only names of
goods decide, titles and kinds; words that some name holds side by side are meant as they stand.
"""

from __future__ import annotations

from search.engine.mapping import Text, spelling_keys
from search.engine.planner import Words, all_words, understood
from search.engine.port import AllOf, BestOf, Node, Snapshot, Term
from search.engine.scripts import folded
from search.engine.spelling import edits
from search.engine.words import Concept, concepts

_NAMES = (Text.TITLE, Text.CATEGORY, Text.NAME)
_SHORTEST, _SHORTEST_NEAR = 5, 6
_SHORTEST_PART = 3


def meant(snapshot: Snapshot, words: Words) -> str | None:
    """Return the query with neighbours joined to the word they are, None where none are one."""
    for at, (first, second) in enumerate(zip(words.concepts, words.concepts[1:], strict=False)):
        whole = _joined(snapshot, first, second)
        if whole:
            surfaces = [concept.surface for concept in words.concepts]
            text = " ".join((*surfaces[:at], whole, *surfaces[at + 2 :]))
            if snapshot.count(all_words(understood(text, words.locale)).node):
                return text
    return None


def _joined(snapshot: Snapshot, first: Concept, second: Concept) -> str | None:
    """Return the word of some name that two words are together, None when they are none."""
    if not (_may_be_part(first) and _may_be_part(second)):
        return None
    if snapshot.count(AllOf((_named(first), _named(second)))):
        return None
    whole = first.surface + second.surface
    if len(whole) >= _SHORTEST and snapshot.count(_named(concepts(whole, "")[0])):
        return whole
    return _nearest(snapshot, folded(whole)) if len(whole) >= _SHORTEST_NEAR else None


def _may_be_part(concept: Concept) -> bool:
    return (
        not concept.pairs
        and not concept.is_little
        and len(concept.surface) >= _SHORTEST_PART
        and concept.surface.isalpha()
    )


def _named(concept: Concept) -> Node:
    """Return what finds goods that are called so, whatever else is said of them."""
    return BestOf(tuple(Term(at, token) for token, _ in concept.forms for at in _NAMES))


def _nearest(snapshot: Snapshot, whole: str) -> str | None:
    """Return the word of some name that is one typing error away."""
    near = {word for word in snapshot.words_near(spelling_keys(whole)) if " " not in word.written}
    for word in sorted(near, key=lambda word: (len(word.written), word.written)):
        is_near = edits(whole, word.token) == 1
        if is_near and snapshot.count(_named(concepts(word.written, "")[0])):
            return word.written
    return None
