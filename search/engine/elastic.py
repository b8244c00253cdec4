"""Elasticsearch: the same mapping and the same questions, over HTTP, on one node or on several.

Texts arrive as tokens, so a plain server without language plugins is enough. One shard keeps facet
counts exact; alias swaps publish a rebuild. Changes are sent to the aliases and only to an alias:
an index that was swapped away a moment ago would be made again by what arrives late.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice
from typing import Any

from elastic_transport import BaseNode, Urllib3HttpNode
from elasticsearch import Elasticsearch

from search.documents import IndexStatus, Sort
from search.engine import elastic_requests as requests
from search.engine.elastic_client import (
    TIMEOUT_S,
    WRITE_TIMEOUT_S,
    Breaker,
    Line,
    connect,
    nodes_of,
)
from search.engine.elastic_health import Health, health
from search.engine.mapping import (
    GONE,
    LIVE,
    SEPARATOR,
    Door,
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
from search.engine.prices import PRICES, STEPS, priced
from search.errors import RebuildRunning, SearchUnavailable

SERVING, BUILDING = "entrepot-products", "entrepot-products-building"
# Whoever rebuilds tells so with each batch; one that was silent for so long is gone.
LEASE_S = 300.0
# So long a new index may take to be copied to the other nodes before it serves all the same.
COPIES_S = 20
_CONFLICT, _NOTHING_THERE, _TOOK_LONGER = 409, 404, 408
_BATCH = 1000
# Every node that is asked has a copy. By another's copy a page would wait for two nodes: for one
# that stands still as well, after it has gone on to one that does not.
_ITS_OWN_COPY = "_local"


class ElasticEngine:
    """The index on a server."""

    def __init__(
        self,
        address: str,
        *,
        request_timeout: float = TIMEOUT_S,
        node_class: type[BaseNode] = Urllib3HttpNode,
    ) -> None:
        reach = partial(connect, address, request_timeout=request_timeout, node_class=node_class)
        self._client = reach()
        self._writer = self._client.options(request_timeout=WRITE_TIMEOUT_S)
        self._breaker = Breaker()
        # Which copy tells the words that begin so cannot be asked for: it may be one that stands
        # still. A node that waited for it in vain must not be left out of pages for that.
        self._words = Line(reach(is_told=False), Breaker.for_words())
        self._named = len(nodes_of(address))

    def snapshot(self, *, for_work: bool = False) -> ElasticSnapshot:
        """Return the serving index. Raises: SearchUnavailable."""
        client = self._writer if for_work else self._client
        with self._breaker.guard():
            generation = self._behind(SERVING, client)
        if not generation:
            raise SearchUnavailable(reason="there is no index")
        if not _is_of_this_mapping(generation):
            raise SearchUnavailable(reason="the index has another mapping; run: search rebuild")
        return ElasticSnapshot(Line(client, self._breaker), self._words, generation)

    def apply(self, entries: Sequence[Entry]) -> Applied:
        """Store entries in the serving index and in one being built. Raises: SearchUnavailable.

        The one being built comes first: should it serve before the second is written, that is it.
        """
        done = Applied()
        for alias in (BUILDING, SERVING):
            done = self._stored(alias, entries) or done
        return done

    def backfill(self, generation: str, entries: Iterable[Entry], *, expected: int = 0) -> Applied:
        """Store entries in the index being built; the server compares ranks and merges by itself.

        Raises: SearchUnavailable.
        """
        del expected
        done = Applied()
        for batch in _batches(entries):
            stored = self._bulk(BUILDING, batch, requests.still_building(time.time()))
            if stored is None:
                raise SearchUnavailable(reason=f"{generation} is gone")
            done += stored
        return done

    def _stored(self, alias: str, entries: Sequence[Entry]) -> Applied | None:
        done: Applied | None = None
        for batch in _batches(entries):
            stored = self._bulk(alias, batch)
            if stored is None:
                return done
            done = stored + (done or Applied())
        return done

    def _bulk(
        self, alias: str, entries: Sequence[Entry], further: Sequence[requests.Json] = ()
    ) -> Applied | None:
        """Return what was stored in the index behind an alias, None where none stands behind it."""
        lines = [line for item in entries for line in requests.upsert(item)]
        lines += requests.words({word for item in entries for word in item.words})
        with self._breaker.guard():
            answer = self._writer.bulk(
                index=alias, operations=[*lines, *further], refresh=True, require_alias=True
            )
        rows = [next(iter(row.values())) for row in answer["items"]]
        states = [int(row["status"]) for row in rows]
        if states and set(states) == {_NOTHING_THERE}:
            return None
        broken = [state for state in states if state >= 400 and state != _CONFLICT]
        if broken:
            raise SearchUnavailable(reason=f"Elasticsearch refused documents: {broken[0]}")
        stale = states[: len(entries)].count(_CONFLICT)
        return Applied(len(entries) - stale, stale)

    def start_rebuild(self) -> str:
        """Create an index beside the serving one. Raises: RebuildRunning, SearchUnavailable."""
        with self._breaker.guard():
            for name in self._all_behind(BUILDING, self._writer):
                if time.time() - self._last_sign_of(name) < LEASE_S:
                    raise RebuildRunning
                self._drop(name)
            generation = f"{SERVING}-{mapping_version()}-{time.time_ns():x}"
            self._writer.indices.create(
                index=generation,
                settings=requests.SETTINGS,
                mappings=requests.mappings(),
                aliases={BUILDING: {}},
            )
            # Of two that began at once the first goes on.
            if any(
                _begun_at(name) < _begun_at(generation)
                for name in self._all_behind(BUILDING, self._writer)
            ):
                self._drop(generation)
                raise RebuildRunning
        return generation

    def publish(self, generation: str) -> None:
        """Swap the alias in one step and drop the index before. Raises: SearchUnavailable."""
        with self._breaker.guard():
            # Alone on one node, it would be gone with it; but a node that is away holds nobody up.
            self._writer.options(ignore_status=_TOOK_LONGER).cluster.health(
                index=generation, wait_for_status="green", timeout=f"{COPIES_S}s"
            )
            actions: list[dict[str, Any]] = [
                {"remove": {"index": generation, "alias": BUILDING}},
                {"add": {"index": generation, "alias": SERVING}},
            ]
            actions += [
                {"remove_index": {"index": name}}
                for name in self._all_behind(SERVING, self._writer)
            ]
            self._writer.indices.update_aliases(actions=actions)

    def discard(self, generation: str) -> None:
        """Drop the index being built. Raises: SearchUnavailable."""
        with self._breaker.guard():
            self._drop(generation)

    def building_count(self, generation: str) -> int:
        """Return how many live documents the index holds."""
        snapshot = ElasticSnapshot(Line(self._writer, self._breaker), self._words, generation)
        return snapshot.count(Term(Key.STATE, LIVE))

    def status(self) -> IndexStatus:
        """Return how the index is doing."""
        documents, tombstones, problem, building, serving = 0, 0, "", "", ""
        found, is_missing = Health(missing=self._named), False
        try:
            with self._breaker.guard():
                serving = self._behind(SERVING, self._client)
                building = self._behind(BUILDING, self._client)
            is_missing = not serving or not _is_of_this_mapping(serving)
            with self._breaker.guard():
                found = health(self._client, serving, named=self._named)
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
            is_lost=is_missing or found.is_lost,
            copies=found.colour,
            nodes_missing=found.missing,
        )

    def _drop(self, name: str) -> None:
        self._writer.indices.delete(index=name, ignore_unavailable=True)

    def _last_sign_of(self, name: str) -> float:
        (row,) = self._writer.mget(index=name, ids=[requests.SIGN])["docs"]
        told = row["_source"][Number.CREATED] if row.get("found") else 0.0
        return max(float(told), _begun_at(name))

    def _behind(self, alias: str, client: Elasticsearch) -> str:
        return next(iter(self._all_behind(alias, client)), "")

    def _all_behind(self, alias: str, client: Elasticsearch) -> list[str]:
        answer = client.indices.resolve_index(name=alias, ignore_unavailable=True)
        return [str(name) for row in answer["aliases"] for name in row["indices"]]


def _batches(entries: Iterable[Entry]) -> Iterator[list[Entry]]:
    stream = iter(entries)
    while batch := list(islice(stream, _BATCH)):
        yield batch


def _is_of_this_mapping(generation: str) -> bool:
    return generation.split("-")[-2] == mapping_version()


def _begun_at(generation: str) -> float:
    return int(generation.rpartition("-")[2], 16) / 1e9


class ElasticSnapshot:
    """The serving index by its own name, so that a swap does not split a page."""

    def __init__(self, line: Line, words: Line, generation: str) -> None:
        self._line = line
        self._words = words
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

    def facets(self, node: Node, keys: Sequence[Key], door: Door | None) -> Counts:
        """Return counts, exact because there is one shard, the price range and its steps."""
        aggs = requests.counts(keys, door)
        response = self._search(query=requests.query(node), size=0, aggs=aggs)
        answer = response["aggregations"]
        values = {
            key: {str(row["key"]): int(row["doc_count"]) for row in answer[key]["buckets"]}
            for key in keys
        }
        prices = answer.get(PRICES)
        if not prices or not prices["count"]:
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
        with self._line.breaker.guard():
            answer = self._line.client.mget(
                index=self._generation, ids=[str(key) for key in ids], source=False
            )
        if any("error" in row for row in answer["docs"]):
            raise SearchUnavailable(reason="Elasticsearch could not read all that was asked for")
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
        with self._line.breaker.guard():
            answer: Mapping[str, Any] = self._line.client.search(
                index=self._generation, preference=_ITS_OWN_COPY, **body
            ).body
        return answer

    def _begun(self, at: Key, prefix: str, limit: int) -> list[str]:
        with self._words.breaker.guard():
            answer = self._words.client.terms_enum(
                index=self._generation, field=at, string=prefix, size=limit
            )
        return [str(term) for term in answer["terms"]]
