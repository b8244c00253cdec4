"""Every request Elasticsearch is sent, as plain data: mapping, questions, counts, changes.

Tokens only ever stand in `term`, `terms` and `prefix` values; no query string is ever built.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, assert_never

from search.documents import Sort
from search.engine.mapping import (
    BUCKETS,
    DOORS,
    SEPARATOR,
    WEIGHT,
    WORD,
    Door,
    Entry,
    Key,
    Number,
    Text,
    Word,
    ending_key,
    word_keys,
)
from search.engine.port import (
    AllOf,
    AnyOf,
    BestOf,
    Boosted,
    Constant,
    Node,
    Prefix,
    Question,
    Range,
    Term,
    Within,
)
from search.engine.prices import ordered_by, price_counts

Json = dict[str, Any]
MOST_VALUES = 300
# The document by which a rebuild tells that it goes on.
SIGN = "rebuild"
_PAGE = 1000
# A copy on each of up to three nodes, so that any of them answers alone; on a single node none is
# missing, and the index is green there too.
SETTINGS: Json = {
    "number_of_shards": 1,
    "auto_expand_replicas": "0-2",
    "max_result_window": 20_000,
    "refresh_interval": "1s",
}
BUCKET_SUMS: Json = {
    "by": {
        "terms": {"field": Number.BUCKET, "size": BUCKETS},
        "aggs": {"versions": {"sum": {"field": Number.CHECK}}},
    }
}


def mappings() -> Json:
    """Return the mapping; unknown fields are refused."""
    fields: Json = {text: {"type": "text", "analyzer": "whitespace"} for text in Text}
    fields |= {key: {"type": "keyword"} for key in Key}
    fields |= {number: {"type": "long"} for number in Number}
    fields |= {door: {"type": "long"} for door in DOORS.values()}
    fields[WEIGHT] = {"type": "float"}
    return {"dynamic": "strict", "_source": {"enabled": True}, "properties": fields}


def upsert(item: Entry) -> list[Json]:
    """Return the two lines of a bulk request; the server keeps the higher rank."""
    action = {"index": {"_id": str(item.id), "version": item.rank, "version_type": "external"}}
    document: Json = {text: " ".join(tokens) for text, tokens in item.texts.items()}
    document |= {key: list(values) for key, values in item.keys.items()}
    document |= dict(item.numbers.items())
    document[WEIGHT] = item.weight
    return [action, document]


def words(known: Iterable[Word]) -> list[Json]:
    """Return the lines that make words known to the spelling field; twice is once."""
    lines: list[Json] = []
    for word in sorted(known):
        keys = word_keys(word)
        if keys:
            lines.append({"create": {"_id": f"w:{SEPARATOR.join(word)}"}})
            ending = [key for key in (ending_key(word.token),) if key]
            lines.append({Key.STATE: [WORD], Key.SPELLING: list(keys), Key.ENDING: ending})
    return lines


def still_building(now: float) -> list[Json]:
    """Return the lines that say when somebody last worked on the index being built."""
    return [{"index": {"_id": SIGN}}, {Key.STATE: [SIGN], Number.CREATED: int(now)}]


def find(question: Question) -> Json:
    """Return the body that asks for ids in order and an exact total."""
    scored: Json = {
        "function_score": {
            "query": query(question.node),
            "field_value_factor": {"field": WEIGHT, "missing": 1},
            "boost_mode": "multiply",
        }
    }
    return {
        "query": scored,
        "sort": [_order(question), {Number.ID: "asc"}],
        "from": question.offset,
        "size": question.limit,
        "source": False,
        "track_total_hits": True,
    }


def _order(question: Question) -> Json:
    if question.sort is Sort.RELEVANCE:
        return {"_score": "desc"}
    by, rises = ordered_by(question.sort, question.door)
    return {by: "asc" if rises else "desc"}


def in_id_order(node: Node) -> Json:
    """Return the body that walks through everything found."""
    order = [{Number.ID: "asc"}]
    return {"query": query(node), "sort": order, "size": _PAGE, "source": False, "version": True}


def counts(keys: Sequence[Key], door: Door | None) -> Json:
    """Return the aggregations for facets, the price range and its steps."""
    wanted: Json = {key: {"terms": {"field": key, "size": MOST_VALUES}} for key in keys}
    return wanted | (price_counts(door) if door else {})


def exactly(at: Key, values: Sequence[str]) -> Json:
    """Return the aggregation that counts given values."""
    return {"values": {"terms": {"field": at, "include": list(values), "size": len(values)}}}


def query(node: Node) -> Json:  # noqa: C901, PLR0911, PLR0912 - an arm a node
    """Return the question in the engine's terms."""
    match node:
        case Term(at, token):
            return {"term": {at: {"value": token}}}
        case Prefix(at, start):
            return {"prefix": {at: {"value": start}}}
        case Within(at, values):
            return {"bool": {"filter": [{"terms": {at: list(values)}}]}}
        case Range(at, low, high):
            bounds = {"gte": low, "lte": high}
            closed = {side: bound for side, bound in bounds.items() if bound is not None}
            return {"bool": {"filter": [{"range": {at: closed}}]}}
        case AllOf(parts, extra, but_not):
            clauses = {"must": parts, "should": extra, "must_not": but_not}
            return {"bool": {at: [query(part) for part in held] for at, held in clauses.items()}}
        case AnyOf(parts, minimum):
            inner = [query(part) for part in parts]
            return {"bool": {"should": inner, "minimum_should_match": minimum}}
        case BestOf(parts, tie):
            return {"dis_max": {"queries": [query(part) for part in parts], "tie_breaker": tie}}
        case Boosted(part, weight):
            return {"bool": {"must": [query(part)], "boost": weight}}
        case Constant(part, score):
            return {"constant_score": {"filter": query(part), "boost": score}}
        case _:
            assert_never(node)
