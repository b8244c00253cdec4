"""A server in memory that understands exactly the requests we send and refuses all others.

It stands behind the real client, so that serialisation, paths and parameters are exercised. What it
cannot prove is that a real server agrees; that needs SEARCH_TEST_ELASTICSEARCH_URL.
"""

from __future__ import annotations

import json
import math
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import elastic_transport
from elastic_transport import (
    ApiResponseMeta,
    BaseNode,
    HttpHeaders,
)
from elastic_transport._node import NodeApiResponse

from search.engine.mapping import DOORS, WEIGHT, Entry, Key, Number, Text
from search.engine.memory import MemorySnapshot
from search.engine.port import (
    AllOf,
    AnyOf,
    BestOf,
    Boosted,
    Constant,
    Node,
    Prefix,
    Range,
    Term,
    Within,
)

FIELDS = {str(name): name for kind in (Text, Key, Number, DOORS.values()) for name in kind}


class Server:
    """Indices, aliases and a log of what was asked."""

    def __init__(self) -> None:
        self.indices: dict[str, dict[str, Any]] = {}
        self.aliases: dict[str, str] = {}
        self.requests: list[tuple[str, str, Any]] = []
        self.is_down = False
        # What a node does instead of answering, by its host; and who was asked.
        self.faults: dict[str, elastic_transport.TransportError] = {}
        self.asked: list[str] = []
        self.health: dict[str, Any] = {"status": "green", "number_of_nodes": 1}
        self.shards: list[dict[str, Any]] = []

    def answer(self, method: str, target: str, body: bytes | None) -> tuple[int, Any]:
        path, parameters = unquote(urlsplit(target).path), parse_qs(urlsplit(target).query)
        lines = [json.loads(line) for line in (body or b"").splitlines() if line.strip()]
        self.requests.append((method, path, lines))
        parts = path.strip("/").split("/")
        if parts == ["_aliases"]:
            return self._swap(lines[0]["actions"])
        if parts[0] == "_resolve":
            target = self.aliases.get(parts[2])
            return 200, {"aliases": [{"name": parts[2], "indices": [target]}] if target else []}
        if parts[0] in ("_cluster", "_cat"):
            return 200, self.health if parts[1] == "health" else self.shards
        if len(parts) == 1:
            return self._index(method, parts[0], lines)
        operation = getattr(self, parts[1].replace("_", "on_", 1))
        if parts[1] == "_bulk":
            assert parameters["require_alias"] == ["true"]
            return 200, operation(self.indices.get(self.aliases.get(parts[0], "")), lines)
        return 200, operation(self.indices[parts[0]], lines, parameters)

    def _index(self, method: str, name: str, lines: list[Any]) -> tuple[int, Any]:
        if method == "DELETE":
            self.indices.pop(name, None)
            self.aliases = {key: to for key, to in self.aliases.items() if to != name}
        else:
            assert lines[0]["mappings"]["dynamic"] == "strict"
            self.indices[name] = {}
            self.aliases |= dict.fromkeys(lines[0]["aliases"], name)
        return 200, {"acknowledged": True}

    def _swap(self, actions: list[Any]) -> tuple[int, Any]:
        for action in actions:
            ((kind, what),) = action.items()
            if kind == "add":
                self.aliases[what["alias"]] = what["index"]
            elif kind == "remove":
                assert self.aliases.pop(what["alias"]) == what["index"]
            else:
                self._index("DELETE", what["index"], [])
        return 200, {"acknowledged": True}

    def on_bulk(self, index: dict[str, Any] | None, lines: list[Any]) -> Any:
        items: list[Any] = []
        for action, source in zip(lines[::2], lines[1::2], strict=True):
            ((kind, what),) = action.items()
            if index is None:
                items.append({kind: {"_id": what["_id"], "status": 404}})
                continue
            before = index.get(what["_id"])
            version = what.get("version", 1)
            keeps = kind == "create" or what.get("version_type") == "external"
            stale = before is not None and keeps and before["version"] >= version
            if not stale:
                assert set(source) <= {*FIELDS, WEIGHT}
                index[what["_id"]] = {"version": version, "source": source}
            items.append({kind: {"_id": what["_id"], "status": 409 if stale else 201}})
        return {"items": items, "errors": False}

    def on_mget(self, index: dict[str, Any], lines: list[Any], _: Any) -> Any:
        docs = [
            {
                "_id": key,
                "found": True,
                "_version": index[key]["version"],
                "_source": index[key]["source"],
            }
            if key in index
            else {"_id": key, "found": False}
            for key in lines[0]["ids"]
        ]
        return {"docs": docs}

    def on_terms_enum(self, index: dict[str, Any], lines: list[Any], _: Any) -> Any:
        field, start = lines[0]["field"], lines[0]["string"]
        held = {value for doc in index.values() for value in doc["source"].get(field, ())}
        return {"terms": sorted(v for v in held if v.startswith(start))[: lines[0]["size"]]}

    def on_search(self, index: dict[str, Any], lines: list[Any], _: Any) -> Any:
        body = lines[0]
        snapshot = MemorySnapshot({int(k): entry(d) for k, d in index.items() if k.isdigit()}, "")
        query = body["query"].get("function_score", {"query": body["query"]})["query"]
        scores = snapshot.scores(node(query))
        hits = [hit(key, score, index[str(key)]) for key, score in scores.items()]
        for order in reversed(body.get("sort", ())):
            ((by, way),) = order.items()
            hits.sort(key=lambda item, by=by: item["values"][by], reverse=way == "desc")
        if "search_after" in body:
            hits = [item for item in hits if item["values"]["id"] > body["search_after"][0]]
        for item in hits:
            item["sort"] = [item["values"]["id"]]
        start = body.get("from", 0)
        return {
            "hits": {"total": {"value": len(hits)}, "hits": hits[start : start + body["size"]]},
            "aggregations": {
                name: aggregated(asked, [index[item["_id"]]["source"] for item in hits])
                for name, asked in body.get("aggs", {}).items()
            },
        }


def hit(key: int, score: float, document: dict[str, Any]) -> dict[str, Any]:
    values = document["source"] | {"_score": score * document["source"][WEIGHT]}
    return {"_id": str(key), "_version": document["version"], "values": values}


def aggregated(asked: dict[str, Any], found: list[dict[str, Any]]) -> dict[str, Any]:
    if "stats" in asked:
        field = asked["stats"]["field"]
        values = [source[field] for source in found if field in source]
        return {
            "count": len(values),
            "min": min(values, default=None),
            "max": max(values, default=None),
        }
    if "range" in asked:
        field = asked["range"]["field"]
        values = [source[field] for source in found if field in source]
        return {
            "buckets": [
                one
                | {
                    "doc_count": sum(
                        one.get("from", 0) <= value < one.get("to", math.inf) for value in values
                    )
                }
                for one in asked["range"]["ranges"]
            ]
        }
    if "sum" in asked:
        return {"value": float(sum(source[asked["sum"]["field"]] for source in found))}
    field, include = asked["terms"]["field"], asked["terms"].get("include")
    groups: dict[Any, list[dict[str, Any]]] = {}
    for source in found:
        held = source[field]
        for value in held if isinstance(held, list) else [held]:
            if include is None or value in include:
                groups.setdefault(value, []).append(source)
    return {
        "buckets": [
            {"key": value, "doc_count": len(sources)}
            | {name: aggregated(inner, sources) for name, inner in asked.get("aggs", {}).items()}
            for value, sources in groups.items()
        ]
    }


def entry(document: dict[str, Any]) -> Entry:
    source = document["source"]
    return Entry(
        id=source["id"],
        version=source["version"],
        texts={text: tuple(source.get(text, "").split()) for text in Text},
        keys={key: tuple(source.get(key, ())) for key in Key},
        numbers={number: source.get(number, 0) for number in Number}
        | {door: source[door] for door in DOORS.values() if door in source},
        weight=source[WEIGHT],
    )


def node(query: dict[str, Any]) -> Node:
    """Read a question back from its request."""
    ((kind, inner),) = query.items()
    match kind:
        case "term":
            ((at, what),) = inner.items()
            return Term(FIELDS[at], what["value"])
        case "prefix":
            ((at, what),) = inner.items()
            return Prefix(FIELDS[at], what["value"])
        case "dis_max":
            return BestOf(tuple(map(node, inner["queries"])), inner["tie_breaker"])
        case "constant_score":
            return Constant(node(inner["filter"]), inner["boost"])
        case "bool":
            return clause(inner)
    raise AssertionError(f"a request we never send: {kind}")


def clause(inner: dict[str, Any]) -> Node:
    if "filter" in inner:
        ((kind, what),) = inner["filter"][0].items()
        ((at, held),) = what.items()
        if kind == "terms":
            return Within(FIELDS[at], tuple(held))
        return Range(FIELDS[at], held.get("gte"), held.get("lte"))
    if "boost" in inner:
        return Boosted(node(inner["must"][0]), inner["boost"])
    if "minimum_should_match" in inner:
        return AnyOf(tuple(map(node, inner["should"])), inner["minimum_should_match"])
    parts = {name: tuple(map(node, inner[name])) for name in ("must", "should", "must_not")}
    return AllOf(parts["must"], parts["should"], parts["must_not"])


def node_class(server: Server) -> type[BaseNode]:
    """Return a transport node that asks the server in this process."""

    class Node(BaseNode):
        def perform_request(self, method, target, body=None, headers=None, request_timeout=None):
            server.asked.append(self.config.host)
            if server.is_down:
                raise elastic_transport.ConnectionError("refused")
            if self.config.host in server.faults:
                raise server.faults[self.config.host]
            status, answer = server.answer(method, target, body)
            found = HttpHeaders(
                {"content-type": "application/json", "x-elastic-product": "Elasticsearch"}
            )
            meta = ApiResponseMeta(status, "1.1", found, 0.0, self.config)
            return NodeApiResponse(meta, json.dumps(answer).encode())

        def close(self) -> None:
            pass

    return Node
