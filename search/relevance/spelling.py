"""Did you mean: the nearest words that products really hold."""

from __future__ import annotations

from collections.abc import Sequence

from search.analysis.scripts import folded
from search.analysis.words import Concept
from search.engine.mapping import Key
from search.engine.port import Snapshot
from search.relevance.planner import Words

_LOOKED_AT = 3000


def better(snapshot: Snapshot, words: Words, unknown: Sequence[Concept]) -> str | None:
    """Return the query with its unknown words replaced, None when no word comes near."""
    replaced = {
        concept: nearest(snapshot, concept.surface)
        for concept in unknown
        if concept.is_fuzzy
    }
    if not any(replaced.values()):
        return None
    return " ".join(replaced.get(item) or item.surface for item in words.concepts)


def nearest(snapshot: Snapshot, word: str) -> str | None:
    """Return the most common of the nearest words with the same beginning."""
    most = 1 if len(word) < 7 else 2
    best: tuple[int, int, str] | None = None
    for known, count in snapshot.starting_with(Key.WORD, word[:2], _LOOKED_AT):
        away = distance(folded(word), folded(known), most)
        if 0 <= away <= most and (best is None or (away, -count, known) < best):
            best = (away, -count, known)
    return best[2] if best else None


def distance(one: str, other: str, most: int) -> int:
    """Return the edits between two words, neighbours swapped counting one; more than most is -1."""
    if abs(len(one) - len(other)) > most:
        return -1
    before: list[int] = []
    last = list(range(len(other) + 1))
    for row, sign in enumerate(one, 1):
        line = [row]
        for column, mark in enumerate(other, 1):
            cost = min(last[column] + 1, line[-1] + 1, last[column - 1] + (sign != mark))
            is_swap = row > 1 and column > 1 and sign == other[column - 2] and one[row - 2] == mark
            line.append(min(cost, before[column - 2] + 1) if is_swap else cost)
        if min(line) > most:
            return -1
        before, last = last, line
    return last[-1] if last[-1] <= most else -1
