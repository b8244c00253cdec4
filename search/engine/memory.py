"""The memory engine: the meaning of every question, written down as plainly as possible.

Tests run the same suite on this and on the others; where they differ, this one is right.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import assert_never

from search.documents import IndexStatus, Sort
from search.engine.mapping import (
    Door,
    Entry,
    Key,
    Number,
    Text,
    Word,
    check_of,
    ending_key,
    mapping_version,
    spelling_keys,
)
from search.engine.port import (
    AllOf,
    AnyOf,
    Applied,
    BestOf,
    Boosted,
    BucketSum,
    Constant,
    Counts,
    Found,
    Node,
    Prefix,
    Question,
    Range,
    Term,
    Within,
)
from search.engine.prices import ordered_by, step_of
from search.errors import RebuildRunning, SearchUnavailable

K1, B = 1.2, 0.75
Scores = dict[int, float]


class MemoryEngine:
    """Generations in dictionaries; nothing survives the process."""

    def __init__(self) -> None:
        self._generations: dict[str, dict[int, Entry]] = {}
        self._serving = ""
        self._building = ""
        self._changes = 0

    def snapshot(self, *, for_work: bool = False) -> MemorySnapshot:
        """Return the newest state. Raises: SearchUnavailable."""
        del for_work
        if not self._serving:
            raise SearchUnavailable(reason="there is no index")
        if self._serving.split("-")[1] != mapping_version():
            raise SearchUnavailable(reason="the index has another mapping; run: search rebuild")
        return MemorySnapshot(dict(self._generations[self._serving]), self._serving)

    def apply(self, entries: Sequence[Entry]) -> Applied:
        """Store entries in the serving generation and in one being built."""
        done = Applied()
        for generation in filter(None, (self._building, self._serving)):
            done = self.backfill(generation, entries)
        return done

    def start_rebuild(self) -> str:
        """Open an empty generation. Raises: RebuildRunning."""
        if self._building:
            raise RebuildRunning
        self._changes += 1
        self._building = f"g-{mapping_version()}-{self._changes}"
        self._generations[self._building] = {}
        return self._building

    def backfill(self, generation: str, entries: Iterable[Entry], *, expected: int = 0) -> Applied:
        """Store entries in one generation; how many are expected makes no difference here."""
        del expected
        held = self._generations[generation]
        done = Applied()
        for item in entries:
            is_fresh = item.id not in held or item.rank > held[item.id].rank
            if is_fresh:
                held[item.id] = item
            done += Applied(stored=is_fresh, stale=not is_fresh)
        self._changes += 1
        return done

    def publish(self, generation: str) -> None:
        """Let the generation serve."""
        self._generations = {generation: self._generations[generation]}
        self._serving, self._building = generation, ""

    def discard(self, generation: str) -> None:
        """Drop the generation being built."""
        del self._generations[generation]
        self._building = ""

    def building_count(self, generation: str) -> int:
        """Return how many live documents the generation holds."""
        return sum(item.is_live for item in self._generations[generation].values())

    def status(self) -> IndexStatus:
        """Return how the index is doing."""
        held = self._generations.get(self._serving, {})
        live = sum(item.is_live for item in held.values())
        return IndexStatus(
            engine="memory",
            generation=self._serving,
            documents=live,
            tombstones=len(held) - live,
            building=self._building,
            problem="" if self._serving else "there is no index",
            is_lost=not self._serving,
        )


class MemorySnapshot:
    """The entries at one moment."""

    def __init__(self, entries: dict[int, Entry], generation: str) -> None:
        self._all = entries
        self._live = {key: item for key, item in entries.items() if item.is_live}
        self._generation = generation

    @property
    def generation(self) -> str:
        """The name of the index that answers."""
        return self._generation

    def find(self, question: Question) -> Found:
        """Return ids in order; ties go to the older id."""
        scores = self.scores(question.node)
        if question.sort is Sort.RELEVANCE:
            order = {key: -score * self._live[key].weight for key, score in scores.items()}
        else:
            by, rises = ordered_by(question.sort, question.door)
            sign = 1.0 if rises else -1.0
            order = {key: sign * self._live[key].numbers[by] for key in scores}
        ids = sorted(scores, key=lambda key: (order[key], key))
        return Found(tuple(ids[question.offset : question.offset + question.limit]), len(ids))

    def count(self, node: Node) -> int:
        """Return how many documents a question finds."""
        return len(self.scores(node))

    def facets(self, node: Node, keys: Sequence[Key], door: Door | None) -> Counts:
        """Return exact counts, the price range and its steps."""
        items = [self._live[key] for key in self.scores(node)]
        values = {key: dict(Counter(v for item in items for v in item.keys[key])) for key in keys}
        prices = [item.numbers[door] for item in items if door in item.numbers] if door else []
        steps = Counter(map(step_of, prices))
        return Counts(values, min(prices, default=None), max(prices, default=None), dict(steps))

    def starting_with(self, at: Key, prefix: str, limit: int) -> list[tuple[str, int]]:
        """Return values that begin so, in order."""
        values = (value for item in self._live.values() for value in item.keys[at])
        counts = Counter(value for value in values if value.startswith(prefix))
        return sorted(counts.items())[:limit]

    def holders(self, at: Key, values: Sequence[str]) -> dict[str, int]:
        """Return how many live documents hold each value."""
        counts = {value: self.count(Term(at, value)) for value in values}
        return {value: count for value, count in counts.items() if count}

    def words_near(self, keys: Sequence[str]) -> set[Word]:
        """Return the known words that share one of the spelling keys."""
        wanted = set(keys)
        words = {word for item in self._all.values() for word in item.words}
        return {word for word in words if wanted & set(spelling_keys(word.token))}

    def tokens_ending(self, ending: str, limit: int) -> list[str]:
        """Return known long tokens that end so."""
        words = {word for item in self._all.values() for word in item.words}
        keys = {ending_key(word.token) for word in words}
        return [key[::-1] for key in sorted(keys) if key.startswith(ending[::-1])][:limit]

    def ranks(self, ids: Sequence[int]) -> dict[int, int]:
        """Return the rank of each id that is stored."""
        return {key: self._all[key].rank for key in ids if key in self._all}

    def buckets(self) -> dict[int, BucketSum]:
        """Return sums by bucket."""
        sums: dict[int, BucketSum] = {}
        for item in self._live.values():
            bucket = item.numbers[Number.BUCKET]
            before = sums.get(bucket, BucketSum(0, 0))
            added = before.versions + check_of(item.version)
            sums[bucket] = BucketSum(before.count + 1, added)
        return sums

    def ids_in_bucket(self, bucket: int) -> dict[int, int]:
        """Return the live ids of a bucket with their versions."""
        return {
            key: item.version
            for key, item in self._live.items()
            if item.numbers[Number.BUCKET] == bucket
        }

    def scores(self, node: Node) -> Scores:  # noqa: C901, PLR0911, PLR0912 - an arm a node
        """Return every document that answers, with its score."""
        match node:
            case Term(at, token):
                return self._scored(at, {token})
            case Prefix(at, start):
                begun = {word for word in self._values(at) if word.startswith(start)}
                return dict.fromkeys(self._scored(at, begun), 1.0)
            case Within(at, values):
                return dict.fromkeys(self._scored(at, set(values)), 0.0)
            case Range(at, low, high):
                return {key: 0.0 for key in self._live if self._lies(key, at, low, high)}
            case AllOf(parts, extra, but_not):
                return self._all_of(parts, extra, but_not)
            case AnyOf(parts, minimum):
                return _added([self.scores(part) for part in parts], minimum)
            case BestOf(parts, tie):
                return _best([self.scores(part) for part in parts], tie)
            case Boosted(part, weight):
                return {key: score * weight for key, score in self.scores(part).items()}
            case Constant(part, score):
                return dict.fromkeys(self.scores(part), score)
            case _:
                assert_never(node)

    def _all_of(
        self, parts: tuple[Node, ...], extra: tuple[Node, ...], but_not: tuple[Node, ...]
    ) -> Scores:
        scores = _added([self.scores(part) for part in parts], len(parts))
        for part in extra:
            raised = self.scores(part)
            scores = {key: score + raised.get(key, 0.0) for key, score in scores.items()}
        barred = {key for part in but_not for key in self.scores(part)}
        return {key: score for key, score in scores.items() if key not in barred}

    def _lies(self, key: int, at: Number | Door, low: int | None, high: int | None) -> bool:
        value = self._live[key].numbers.get(at)
        if value is None:
            return False
        return (low is None or low <= value) and (high is None or value <= high)

    def _tokens(self, item: Entry, at: Text | Key) -> tuple[str, ...]:
        return item.texts[at] if isinstance(at, Text) else item.keys[at]

    def _values(self, at: Text | Key) -> set[str]:
        return {token for item in self._live.values() for token in self._tokens(item, at)}

    def _scored(self, at: Text | Key, wanted: set[str]) -> Scores:
        """Return BM25 over one field; a key counts as a text of one token."""
        texts = {key: self._tokens(item, at) for key, item in self._live.items()}
        often = {key: sum(token in wanted for token in text) for key, text in texts.items()}
        counts = {key: count for key, count in often.items() if count}
        if not counts:
            return {}
        idf = math.log(1 + (len(texts) - len(counts) + 0.5) / (len(counts) + 0.5))
        mean = sum(map(len, texts.values())) / len(texts)
        return {
            key: idf * count * (K1 + 1) / (count + K1 * (1 - B + B * len(texts[key]) / mean))
            for key, count in counts.items()
        }


def _added(parts: list[Scores], minimum: int) -> Scores:
    counts = Counter(key for part in parts for key in part)
    return {
        key: sum(part.get(key, 0.0) for part in parts)
        for key, count in counts.items()
        if count >= minimum
    }


def _best(parts: list[Scores], tie: float) -> Scores:
    best: Scores = {}
    for key in {key for part in parts for key in part}:
        scores = [part[key] for part in parts if key in part]
        best[key] = max(scores) + tie * (sum(scores) - max(scores))
    return best
