"""Engines under one roof, and the smallest product."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from typing import Any

import pytest
from elasticsearch import Elasticsearch

from search.documents import ProductDocument
from search.engine import choice
from search.engine.elastic import SERVING, ElasticEngine
from search.engine.elastic_client import connect
from search.engine.embedded import EmbeddedEngine
from search.engine.memory import MemoryEngine
from search.engine.port import SearchPort
from search.indexing import rebuild, store
from tests.search.elastic_double import Server, node_class


def make_product(identity: int = 1, **changes: Any) -> ProductDocument:
    given: dict[str, Any] = {
        "id": identity,
        "version": 1,
        "titles": {"en": "Teapot"},
        "category_ids": ("home", "teapots"),
        "created_at": datetime(2026, 1, 1, tzinfo=UTC),
    }
    return ProductDocument(**(given | changes))


@pytest.fixture
def elastic_server() -> Server:
    return Server()


# A real server joins the suite where one is named; its index is thrown away before every test.
REAL = os.environ.get("SEARCH_TEST_ELASTICSEARCH_URL", "")
ENGINES = ["memory", "embedded", "elasticsearch", *(["server"] if REAL else [])]


# A loaded machine is no failure.
PATIENCE_S = 30.0


def throw_away(server: Elasticsearch) -> None:
    """Drop every index of ours by its name; a server refuses patterns."""
    for name in server.indices.get(index=f"{SERVING}-*"):
        server.indices.delete(index=name)


@pytest.fixture(params=ENGINES)
def empty_engine(request, tmp_path, elastic_server) -> SearchPort:
    if request.param == "server":
        throw_away(connect(REAL, request_timeout=PATIENCE_S))
        return ElasticEngine(REAL, request_timeout=PATIENCE_S)
    if request.param == "memory":
        return MemoryEngine()
    if request.param == "embedded":
        return EmbeddedEngine(tmp_path / "search")
    return ElasticEngine("http://search.test:9200", node_class=node_class(elastic_server))


@pytest.fixture
def engine(empty_engine):
    """An engine with an empty index, used by the whole process for the test."""
    rebuild(empty_engine, list, expected=0)
    choice.use(empty_engine)
    yield empty_engine
    choice.use(None)


@pytest.fixture
def shelf(engine):
    """Put products into the index."""

    def put(*documents: ProductDocument) -> None:
        store(engine, documents)

    return put
