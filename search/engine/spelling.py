"""Did you mean: the nearest words that products really hold."""

from __future__ import annotations

from collections.abc import Sequence

from search.engine.mapping import spelling_keys
from search.engine.planner import Words, exact
from search.engine.port import Snapshot
from search.engine.scripts import folded
from search.engine.words import Concept, concepts

_MOST_GUESSES = 5
_BY_DISTANCE = (1.0, 0.7, 0.3)


def guesses(snapshot: Snapshot, concept: Concept) -> tuple[tuple[str, float], ...]:
    """Return the nearest known spellings of a word, weighted by nearness."""
    plain = folded(concept.surface)
    near = {word.token for word in snapshot.words_near(spelling_keys(plain))} - {plain}
    ranked = sorted((edits(plain, word), word) for word in near)
    most = 1 if len(plain) < 6 else 2
    return tuple(
        (word, _BY_DISTANCE[away]) for away, word in ranked[:_MOST_GUESSES] if away <= most
    )


def better(snapshot: Snapshot, words: Words, unknown: Sequence[Concept]) -> str | None:
    """Return the query with its unknown words replaced, None when no word comes near."""
    replaced = {concept: nearest(snapshot, concept) for concept in unknown if concept.is_fuzzy}
    if not any(replaced.values()):
        return None
    return " ".join(replaced.get(item) or item.surface for item in words.concepts)


def nearest(snapshot: Snapshot, concept: Concept) -> str | None:
    """Return the nearest word that products hold, as they write it."""
    plain = folded(concept.surface)
    near = snapshot.words_near(spelling_keys(plain))
    for away, word in sorted((edits(plain, word.token), word) for word in near):
        if away <= 2 and snapshot.count(exact(concepts(word.written, "")[0])):
            return word.written
    return None


def edits(one: str, other: str) -> int:
    """Return the edits between two words; neighbours swapped count one."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, sign in enumerate(one, 1):
        line = [row]
        for column, mark in enumerate(other, 1):
            cost = min(last[column] + 1, line[-1] + 1, last[column - 1] + (sign != mark))
            is_swap = row > 1 and column > 1 and sign == other[column - 2] and one[row - 2] == mark
            line.append(min(cost, before[column - 2] + 1) if is_swap else cost)
        before, last = last, line
    return last[-1]
