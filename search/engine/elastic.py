"""Elasticsearch: the same mapping and the same questions, over HTTP.

Texts arrive as tokens, so a plain server without language plugins is enough. One shard keeps facet
counts exact; alias swaps publish a rebuild.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import islice
from typing import Any

from elastic_transport import TransportError
from elasticsearch import ApiError, Elasticsearch

from search.documents import IndexStatus, Sort
from search.engine import elastic_requests as requests
from search.engine.mapping import (
    GONE,
    LIVE,
    SEPARATOR,
    Entry,
    Key,
    Number,
    Word,
    mapping_version,
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
)
from search.engine.prices import STEPS, priced
from search.errors import RebuildRunning, SearchUnavailable

SERVING, BUILDING = "entrepot-products", "entrepot-products-building"
TIMEOUT_S = 0.4
WRITE_TIMEOUT_S = 30.0
REST_S = 5.0
_CONFLICT = 409
_BATCH = 1000


class Breaker:
    """Remembers a silent server, so that pages do not wait for it one after the other."""

    def __init__(self) -> None:
        self._rest_until = 0.0

    @contextmanager
    def guard(self) -> Iterator[None]:
        """Turn silence into SearchUnavailable, at once while the server is being left alone."""
        if time.monotonic() < self._rest_until:
            raise SearchUnavailable(reason="Elasticsearch does not answer")
        try:
            yield
        except (TransportError, ApiError) as failed:
            if not isinstance(failed, ApiError):
                self._rest_until = time.monotonic() + REST_S
            raise SearchUnavailable(reason=f"Elasticsearch: {failed}") from failed


class ElasticEngine:
    """The index on a server."""

    def __init__(self, address: str, **options: Any) -> None:  # noqa: ANN401 - the client's own
        self._client = Elasticsearch(
            address, request_timeout=TIMEOUT_S, max_retries=0, retry_on_timeout=False, **options
        )
        self._writer = self._client.options(request_timeout=WRITE_TIMEOUT_S)
        self._breaker = Breaker()

    def snapshot(self) -> ElasticSnapshot:
        """Return the serving index. Raises: SearchUnavailable."""
        with self._breaker.guard():
            generation = self._behind(SERVING)
        if not generation:
            raise SearchUnavailable(reason="there is no index")
        if generation.split("-")[-2] != mapping_version():
            raise SearchUnavailable(reason="the index has another mapping; run: search rebuild")
        return ElasticSnapshot(self._client, self._breaker, generation)

    def apply(self, entries: Sequence[Entry]) -> Applied:
        """Store entries in the serving index and in one being built. Raises: SearchUnavailable."""
        done = Applied()
        with self._breaker.guard():
            targets = [self._behind(BUILDING), self._behind(SERVING)]
        for generation in filter(None, targets):
            done = self.backfill(generation, entries)
        return done

    def backfill(self, generation: str, entries: Iterable[Entry], *, expected: int = 0) -> Applied:
        """Store entries in one index; the server compares ranks, and merges as it likes.

        Raises: SearchUnavailable.
        """
        del expected
        done, stream = Applied(), iter(entries)
        while batch := list(islice(stream, _BATCH)):
            done += self._bulk(generation, batch)
        return done

    def _bulk(self, generation: str, entries: Sequence[Entry]) -> Applied:
        lines = [line for item in entries for line in requests.upsert(item)]
        lines += requests.words({word for item in entries for word in item.words})
        with self._breaker.guard():
            answer = self._writer.bulk(index=generation, operations=lines, refresh=True)
        states = [int(row["index"]["status"]) for row in answer["items"] if "index" in row]
        broken = [state for state in states if state >= 400 and state != _CONFLICT]
        if broken:
            raise SearchUnavailable(reason=f"Elasticsearch refused documents: {broken[0]}")
        stale = states.count(_CONFLICT)
        return Applied(len(states) - stale, stale)

    def start_rebuild(self) -> str:
        """Create an index beside the serving one. Raises: RebuildRunning, SearchUnavailable."""
        with self._breaker.guard():
            if self._behind(BUILDING):
                raise RebuildRunning
            generation = f"{SERVING}-{mapping_version()}-{time.time_ns():x}"
            self._writer.indices.create(
                index=generation,
                settings=requests.SETTINGS,
                mappings=requests.mappings(),
                aliases={BUILDING: {}},
            )
        return generation

    def publish(self, generation: str) -> None:
        """Swap the alias in one step and drop the index before. Raises: SearchUnavailable."""
        with self._breaker.guard():
            before = self._behind(SERVING)
            actions: list[dict[str, Any]] = [
                {"remove": {"index": generation, "alias": BUILDING}},
                {"add": {"index": generation, "alias": SERVING}},
            ]
            if before:
                actions.append({"remove_index": {"index": before}})
            self._writer.indices.update_aliases(actions=actions)

    def discard(self, generation: str) -> None:
        """Drop the index being built. Raises: SearchUnavailable."""
        with self._breaker.guard():
            self._writer.indices.delete(index=generation, ignore_unavailable=True)

    def building_count(self, generation: str) -> int:
        """Return how many live documents the index holds."""
        snapshot = ElasticSnapshot(self._writer, self._breaker, generation)
        return snapshot.count(Term(Key.STATE, LIVE))

    def status(self) -> IndexStatus:
        """Return how the index is doing."""
        documents, tombstones, problem, building, serving = 0, 0, "", "", ""
        try:
            with self._breaker.guard():
                serving, building = self._behind(SERVING), self._behind(BUILDING)
            now = self.snapshot()
            documents = now.count(Term(Key.STATE, LIVE))
            tombstones = now.count(Term(Key.STATE, GONE))
        except SearchUnavailable as unavailable:
            problem = str(unavailable.data["reason"])
        return IndexStatus(
            engine="elasticsearch",
            generation=serving,
            documents=documents,
            tombstones=tombstones,
            building=building,
            problem=problem,
        )

    def _behind(self, alias: str) -> str:
        answer = self._client.indices.resolve_index(name=alias, ignore_unavailable=True)
        names = [str(name) for row in answer["aliases"] for name in row["indices"]]
        return names[0] if names else ""


class ElasticSnapshot:
    """The serving index by its own name, so that a swap does not split a page."""

    def __init__(self, client: Elasticsearch, breaker: Breaker, generation: str) -> None:
        self._client = client
        self._breaker = breaker
        self._generation = generation

    @property
    def generation(self) -> str:
        """The name of the index that answers."""
        return self._generation

    def find(self, question: Question) -> Found:
        """Return ids in order."""
        answer = self._search(**requests.find(question))
        ids = tuple(int(hit["_id"]) for hit in answer["hits"]["hits"])
        return Found(ids[: question.limit], int(answer["hits"]["total"]["value"]))

    def count(self, node: Node) -> int:
        """Return how many documents a question finds."""
        return self.find(Question(node, Sort.RELEVANCE, 0, 0)).total

    def facets(self, node: Node, keys: Sequence[Key]) -> Counts:
        """Return counts, exact because there is one shard, the price range and its steps."""
        response = self._search(query=requests.query(node), size=0, aggs=requests.counts(keys))
        answer = response["aggregations"]
        values = {
            key: {str(row["key"]): int(row["doc_count"]) for row in answer[key]["buckets"]}
            for key in keys
        }
        prices = answer[Number.PRICE]
        if not prices["count"]:
            return Counts(values, None, None, {})
        steps = priced(answer[STEPS]["buckets"])
        return Counts(values, int(prices["min"]), int(prices["max"]), steps)

    def starting_with(self, at: Key, prefix: str, limit: int) -> list[tuple[str, int]]:
        """Return values that begin so, with their live counts."""
        return sorted(self.holders(at, self._begun(at, prefix, limit)).items())

    def holders(self, at: Key, values: Sequence[str]) -> dict[str, int]:
        """Return how many live documents hold each value."""
        if not values:
            return {}
        live = requests.query(Term(Key.STATE, LIVE))
        answer = self._search(query=live, size=0, aggs=requests.exactly(at, values))
        rows = answer["aggregations"]["values"]["buckets"]
        return {str(row["key"]): int(row["doc_count"]) for row in rows}

    def words_near(self, keys: Sequence[str]) -> set[Word]:
        """Return the known words that share one of the spelling keys."""
        return {
            Word(*term.split(SEPARATOR)[1:])
            for key in keys
            for term in self._begun(Key.SPELLING, key + SEPARATOR, 20)
        }

    def tokens_ending(self, ending: str, limit: int) -> list[str]:
        """Return known long tokens that end so."""
        return [key[::-1] for key in self._begun(Key.ENDING, ending[::-1], limit)]

    def ranks(self, ids: Sequence[int]) -> dict[int, int]:
        """Return the rank of each id that is stored, tombstones included."""
        if not ids:
            return {}
        with self._breaker.guard():
            answer = self._client.mget(
                index=self._generation, ids=[str(key) for key in ids], source=False
            )
        return {int(row["_id"]): int(row["_version"]) for row in answer["docs"] if row["found"]}

    def buckets(self) -> dict[int, BucketSum]:
        """Return sums over live documents by bucket."""
        live = requests.query(Term(Key.STATE, LIVE))
        answer = self._search(query=live, size=0, aggs=requests.BUCKET_SUMS)
        return {
            int(row["key"]): BucketSum(int(row["doc_count"]), int(row["versions"]["value"]))
            for row in answer["aggregations"]["by"]["buckets"]
        }

    def ids_in_bucket(self, bucket: int) -> dict[int, int]:
        """Return the live ids of a bucket with their versions, page by page."""
        node = AllOf((Term(Key.STATE, LIVE), Range(Number.BUCKET, bucket, bucket)))
        versions: dict[int, int] = {}
        after: list[int] = []
        while True:
            more = {"search_after": after} if after else {}
            rows = self._search(**requests.in_id_order(node), **more)["hits"]["hits"]
            versions |= {int(row["_id"]): int(row["_version"]) // 2 for row in rows}
            if not rows:
                return versions
            after = rows[-1]["sort"]

    def _search(self, **body: Any) -> Mapping[str, Any]:  # noqa: ANN401 - a JSON body
        with self._breaker.guard():
            answer: Mapping[str, Any] = self._client.search(index=self._generation, **body).body
        return answer

    def _begun(self, at: Key, prefix: str, limit: int) -> list[str]:
        with self._breaker.guard():
            answer = self._client.terms_enum(
                index=self._generation, field=at, string=prefix, size=limit
            )
        return [str(term) for term in answer["terms"]]
