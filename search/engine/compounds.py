"""Words written together: what ends like the word typed, and the parts a long word is made of.

German, Dutch, Finnish and the Nordic languages join words freely. The index itself is the
dictionary: a part is whatever products hold as a word of its own.
"""

from __future__ import annotations

from collections.abc import Container, Mapping

from search.engine.mapping import LONG
from search.engine.planner import Parting, Words
from search.engine.port import Snapshot
from search.engine.words import Concept, concepts, language

_JOINING = frozenset({"da", "de", "et", "fi", "hu", "is", "nb", "nl", "no", "sv"})
_LINKS = ("s", "es", "n", "en", "e", "er")
_SHORTEST = 4
_MOST_LONGER = 20


def partings(
    snapshot: Snapshot, words: Words, strange: Container[Concept]
) -> Mapping[Concept, Parting]:
    """Return the words that could be joined and the strange ones that could be taken apart.

    Empty where the shopper's language does not join words.
    """
    if language(words.locale) not in _JOINING:
        return {}
    by_concept = {
        concept: Parting(
            _longer(snapshot, concept),
            _parts(snapshot, concept, words.locale) if concept in strange else (),
        )
        for concept in words.meaning
        if concept.is_fuzzy
    }
    return {concept: parting for concept, parting in by_concept.items() if parting != Parting()}


def _longer(snapshot: Snapshot, concept: Concept) -> tuple[str, ...]:
    plain = concept.forms[0][0]
    if len(plain) <= _SHORTEST:
        return ()
    likely = snapshot.tokens_ending(plain, _MOST_LONGER)
    return tuple(token for token in likely if len(token) >= len(plain) + 3)


def _parts(snapshot: Snapshot, concept: Concept, locale: str) -> tuple[Concept, ...]:
    """Return the two known parts, the longest last part first."""
    plain = concept.forms[0][0]
    if len(plain) < LONG:
        return ()
    for at in range(_SHORTEST, len(plain) - _SHORTEST + 1):
        last = concepts(plain[at:], locale)[0]
        if not _is_known(snapshot, last):
            continue
        for head in _heads(plain[:at]):
            first = concepts(head, locale)[0]
            if _is_known(snapshot, first):
                return (first, last)
    return ()


def _heads(head: str) -> list[str]:
    bare = [head.removesuffix(link) for link in _LINKS if head.endswith(link)]
    return [head, *(short for short in bare if len(short) >= _SHORTEST)]


def _is_known(snapshot: Snapshot, concept: Concept) -> bool:
    tokens = {token for token, weight in concept.forms if weight >= 0.9}
    return any(word.token in tokens for token in tokens for word in snapshot.words_near((token,)))
