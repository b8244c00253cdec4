"""The embedded engine: tantivy in process, many readers, one writer at a time.

Readers look at two file times before every page and reload only when they changed; a commit by a
worker is visible to every web process with its next request.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from functools import cached_property
from itertools import chain, islice
from pathlib import Path
from typing import NamedTuple

import tantivy
from tantivy import Order, Query

from search.documents import IndexStatus, Sort
from search.engine.embedded_queries import EACH_PRICE, SCHEMA, compiled, counts
from search.engine.generations import Generations
from search.engine.mapping import (
    BUCKETS,
    GONE,
    LIVE,
    SEPARATOR,
    WEIGHT,
    WORD,
    Door,
    Entry,
    Key,
    Number,
    Word,
    ending_key,
    mapping_version,
    word_keys,
)
from search.engine.port import (
    AllOf,
    Applied,
    BucketSum,
    Counts,
    Found,
    Node,
    Question,
    Range,
    Term,
    bare,
)
from search.engine.prices import PRICES, STEPS, ordered_by, price_counts, priced, step_of
from search.errors import SearchUnavailable

_HEAP_BYTES = 30_000_000
# A rebuild's commit must fit, so that it makes one segment: 17,000 products of the scale seed do.
_REBUILD_HEAP_BYTES = 64_000_000
_MOST_A_COMMIT = 17_000
_BATCH = 1000
# The engine merges as soon as so many segments of like size lie there (tantivy's LogMergePolicy).
_MERGED_TOGETHER = 8
_MOST_VALUES = 60
_EXACT = 65_000
_MOST_SPELLINGS = 20


class _Reader(NamedTuple):
    generation: str
    stamp: str
    opened: tantivy.Index


class EmbeddedEngine:
    """The index in a folder of this machine."""

    def __init__(self, root: Path) -> None:
        self._generations = Generations(root)
        self._reader: _Reader | None = None

    def snapshot(self, *, for_work: bool = False) -> EmbeddedSnapshot:
        """Return the newest committed state. Raises: SearchUnavailable."""
        del for_work
        generation = self._generations.serving()
        if not generation:
            raise SearchUnavailable(reason="there is no index")
        if generation.split("-")[1] != mapping_version():
            raise SearchUnavailable(reason="the index has another mapping; run: search rebuild")
        return self._opened(generation)

    def apply(self, entries: Sequence[Entry]) -> Applied:
        """Store entries in the serving generation and in one being built.

        Locks: the writer lock of the index. Raises: IndexBusy.
        """
        with self._generations.writing():
            done = Applied()
            for generation in (self._generations.building(), self._generations.serving()):
                if generation and generation.split("-")[1] == mapping_version():
                    done = self._store(generation, entries)
            return done

    def start_rebuild(self) -> str:
        """Open an empty generation. Raises: RebuildRunning."""
        return self._generations.open_new(mapping_version())

    def backfill(self, generation: str, entries: Iterable[Entry], *, expected: int = 0) -> Applied:
        """Store entries in the generation being built, in as many commits as merge into one.

        Locks: the writer lock, for each commit.
        """
        done, stream = Applied(), iter(entries)
        for first in stream:
            commit = chain((first,), islice(stream, commit_size(expected) - 1))
            with self._generations.writing():
                done = done + self._store(generation, commit, heap=_REBUILD_HEAP_BYTES)
        return done

    def publish(self, generation: str) -> None:
        """Let the generation serve."""
        with self._generations.writing():
            self._generations.publish(generation)

    def discard(self, generation: str) -> None:
        """Drop the generation being built."""
        with self._generations.writing():
            self._generations.discard(generation)

    def building_count(self, generation: str) -> int:
        """Return how many live documents the generation holds."""
        return self._fresh(generation).count(Term(Key.STATE, LIVE))

    def status(self) -> IndexStatus:
        """Return how the index is doing."""
        documents, tombstones, problem = 0, 0, ""
        try:
            now = self.snapshot()
            documents = now.count(Term(Key.STATE, LIVE))
            tombstones = now.count(Term(Key.STATE, GONE))
        except SearchUnavailable as unavailable:
            problem = str(unavailable.data["reason"])
        return IndexStatus(
            engine="embedded",
            generation=self._generations.serving(),
            documents=documents,
            tombstones=tombstones,
            building=self._generations.building(),
            problem=problem,
            is_lost=bool(problem),
        )

    def _opened(self, generation: str) -> EmbeddedSnapshot:
        try:
            changed = (self._generations.path(generation) / "meta.json").stat().st_mtime_ns
        except OSError as missing:
            raise SearchUnavailable(reason="the index folder is gone") from missing
        stamp = f"{generation}:{changed}"
        reader = self._reader
        if reader is None or reader.stamp != stamp:
            reader = _Reader(generation, stamp, self._index_of(generation, reader))
            self._reader = reader
        return EmbeddedSnapshot(reader.opened.searcher(), generation)

    def _index_of(self, generation: str, known: _Reader | None) -> tantivy.Index:
        try:
            if known is not None and known.generation == generation:
                known.opened.reload()
                return known.opened
            index = tantivy.Index(SCHEMA, str(self._generations.path(generation)))
            index.config_reader("manual")
            index.reload()
        except (ValueError, OSError) as broken:
            raise SearchUnavailable(reason=f"the index cannot be read: {broken}") from broken
        return index

    def _fresh(self, generation: str) -> EmbeddedSnapshot:
        index = self._index_of(generation, None)
        return EmbeddedSnapshot(index.searcher(), generation)

    def _store(
        self, generation: str, entries: Iterable[Entry], *, heap: int = _HEAP_BYTES
    ) -> Applied:
        index = self._index_of(generation, None)
        before = EmbeddedSnapshot(index.searcher(), generation)
        with ExitStack() as commit:
            return _Commit(before, lambda: commit.enter_context(_writer(index, heap))).of(entries)


class _Commit:
    """Changes that become visible together. Shape: ranks and words are those it has added."""

    def __init__(
        self, before: EmbeddedSnapshot, open_writer: Callable[[], tantivy.IndexWriter]
    ) -> None:
        self._before = before
        self._open_writer = open_writer
        self._ranks: dict[int, int] = {}
        self._words: set[Word] = set()

    def of(self, entries: Iterable[Entry]) -> Applied:
        """Add entries above the rank that is there; without one, nothing is written."""
        done, stream = Applied(), iter(entries)
        while batch := list(islice(stream, _BATCH)):
            known = self._before.ranks([item.id for item in batch]) | self._ranks
            newest = {item.id: item for item in sorted(batch, key=lambda item: item.rank)}
            fresh = [item for item in newest.values() if item.rank > known.get(item.id, -1)]
            if fresh:
                self._add(fresh, known)
            done += Applied(stored=len(fresh), stale=len(batch) - len(fresh))
        return done

    @cached_property
    def _writer(self) -> tantivy.IndexWriter:
        return self._open_writer()

    def _add(self, fresh: Sequence[Entry], known: Mapping[int, int]) -> None:
        for item in fresh:
            if item.id in known:
                self._writer.delete_documents_by_query(_by_id([item.id]))
            self._writer.add_document(_document(item))
            self._ranks[item.id] = item.rank
        words = {word for item in fresh for word in item.words} - self._words
        for word in self._before.unknown(words):
            self._writer.add_document(_word(word))
        self._words |= words


def commit_size(expected: int) -> int:
    """Return how many products a commit of a rebuild takes, so that all merge into one segment.

    Eight equal commits merge into one, eight of those into one again. A shop that fits into one
    batch, or of which nothing is expected, needs no merging.
    """
    if expected <= _BATCH:
        return _MOST_A_COMMIT
    size = -(-expected // _MERGED_TOGETHER)
    while size > _MOST_A_COMMIT:
        size = -(-size // _MERGED_TOGETHER)
    return size


@contextmanager
def _writer(index: tantivy.Index, heap: int) -> Iterator[tantivy.IndexWriter]:
    # Leaving the block without an error makes the changes visible, all of them at once, and waits
    # for merges under way.
    with index.writer(heap, 1) as writer:
        yield writer


def _document(item: Entry) -> tantivy.Document:
    document = tantivy.Document()
    for text, tokens in item.texts.items():
        document.add_text(text, " ".join(tokens))
    for key, values in item.keys.items():
        for value in values:
            document.add_text(key, value)
    for number, amount in item.numbers.items():
        document.add_unsigned(number, amount)
    # The engine multiplies scores by log2(1 + weight); this makes the factor the weight itself.
    document.add_float(WEIGHT, 2.0**item.weight - 1)
    return document


# By query, because deleting by term leaves documents with unsigned keys in place (tantivy 0.27).
def _by_id(ids: Sequence[int]) -> Query:
    return Query.term_set_query(SCHEMA, Number.ID, list(ids))


def _word(word: Word) -> tantivy.Document:
    document = tantivy.Document()
    document.add_text(Key.STATE, WORD)
    for key in word_keys(word):
        document.add_text(Key.SPELLING, key)
    if ending := ending_key(word.token):
        document.add_text(Key.ENDING, ending)
    return document


class EmbeddedSnapshot:
    """One committed state of the embedded index."""

    def __init__(self, searcher: tantivy.Searcher, generation: str) -> None:
        self._searcher = searcher
        self._generation = generation

    @property
    def generation(self) -> str:
        """The name of the index that answers."""
        return self._generation

    def find(self, question: Question) -> Found:
        """Return ids in order."""
        query = compiled(question.node)
        limit = max(question.limit, 1)
        if question.sort is Sort.RELEVANCE:
            result = self._searcher.search(
                query, limit, offset=question.offset, weight_by_field=WEIGHT
            )
        else:
            by, rises = ordered_by(question.sort, question.door)
            order = Order.Asc if rises else Order.Desc
            result = self._searcher.search(
                query, limit, offset=question.offset, order_by_field=by, order=order
            )
        hits = [address for _, address in result.hits][: question.limit]
        return Found(self._numbers(Number.ID, hits), _total(result))

    def count(self, node: Node) -> int:
        """Return how many documents a question finds."""
        return _total(self._searcher.search(compiled(bare(node)), 1, order_by_field=Number.ID))

    def facets(self, node: Node, keys: Sequence[Key], door: Door | None) -> Counts:
        """Return exact counts of the largest values of each key, the price range and its steps."""
        # One segment knows the largest values; of several each must tell all it has.
        each = _MOST_VALUES if self._searcher.num_segments == 1 else _EXACT
        query = compiled(bare(node))
        answer = self._searcher.aggregate(query, counts(keys, _MOST_VALUES, each, door))
        values = {
            key: {bucket["key"]: int(bucket["doc_count"]) for bucket in answer[key]["buckets"]}
            for key in keys
        }
        if door is None:
            return Counts(values, None, None, {})
        if answer[EACH_PRICE]["sum_other_doc_count"]:
            return self._in_steps(query, values, door)
        buckets = answer[EACH_PRICE]["buckets"]
        prices = {int(one["key"]): int(one["doc_count"]) for one in buckets}
        steps: Counter[int] = Counter()
        for price, count in prices.items():
            steps[step_of(price)] += count
        return Counts(values, min(prices, default=None), max(prices, default=None), dict(steps))

    def _in_steps(self, query: Query, values: dict[Key, dict[str, int]], door: Door) -> Counts:
        """Return counts with many prices, of which the engine tells the steps."""
        answer = self._searcher.aggregate(query, price_counts(door))
        prices, steps = answer[PRICES], priced(answer[STEPS]["buckets"])
        return Counts(values, int(prices["min"]), int(prices["max"]), steps)

    def starting_with(self, at: Key, prefix: str, limit: int) -> list[tuple[str, int]]:
        """Return values that begin so; the counts may hold documents just removed."""
        return self._searcher.terms_with_prefix(at, prefix, limit=limit)

    def holders(self, at: Key, values: Sequence[str]) -> dict[str, int]:
        """Return how many live documents hold each value."""
        counts = {value: self.count(Term(at, value)) for value in values}
        return {value: count for value, count in counts.items() if count}

    def words_near(self, keys: Sequence[str]) -> set[Word]:
        """Return the known words that share one of the spelling keys."""
        return {
            Word(*term.split(SEPARATOR)[1:])
            for key in keys
            for term, _ in self._searcher.terms_with_prefix(
                Key.SPELLING, key + SEPARATOR, limit=_MOST_SPELLINGS
            )
        }

    def tokens_ending(self, ending: str, limit: int) -> list[str]:
        """Return known long tokens that end so."""
        keys = self._searcher.terms_with_prefix(Key.ENDING, ending[::-1], limit=limit)
        return [key[::-1] for key, _ in keys]

    def unknown(self, words: Iterable[Word]) -> list[Word]:
        """Return the words that are not in the spelling field yet."""
        return [
            word
            for word in words
            if (keys := word_keys(word)) and not self._searcher.doc_freq(Key.SPELLING, keys[0])
        ]

    def ranks(self, ids: Sequence[int]) -> dict[int, int]:
        """Return the rank of each id that is stored, tombstones included."""
        if not ids or not self._searcher.num_docs:
            return {}
        return self._ids_with(Number.RANK, _by_id(ids), len(ids))

    def buckets(self) -> dict[int, BucketSum]:
        """Return sums over live documents by bucket."""
        answer = self._searcher.aggregate(
            compiled(Term(Key.STATE, LIVE)),
            {
                "by": {
                    "terms": {"field": Number.BUCKET, "size": BUCKETS, "segment_size": BUCKETS},
                    "aggs": {"versions": {"sum": {"field": Number.CHECK}}},
                }
            },
        )
        return {
            int(bucket["key"]): BucketSum(bucket["doc_count"], int(bucket["versions"]["value"]))
            for bucket in answer["by"]["buckets"]
        }

    def ids_in_bucket(self, bucket: int) -> dict[int, int]:
        """Return the live ids of a bucket with their versions."""
        node = AllOf((Term(Key.STATE, LIVE), Range(Number.BUCKET, bucket, bucket)))
        return self._ids_with(Number.VERSION, compiled(node), max(self._searcher.num_docs, 1))

    def _ids_with(self, number: Number, query: Query, most: int) -> dict[int, int]:
        addresses = [address for _, address in self._searcher.search(query, most).hits]
        ids = self._numbers(Number.ID, addresses)
        return dict(zip(ids, self._numbers(number, addresses), strict=True))

    def _numbers(self, number: Number, found: list[tantivy.DocAddress]) -> tuple[int, ...]:
        values = self._searcher.fast_field_values(number, found)
        return tuple(int(value) for value in values if value is not None)


def _total(result: tantivy.SearchResult) -> int:
    count: int = result.count  # type: ignore[attr-defined]  # its stub forgot it
    return count
