"""What a server is sent, to the letter, and what happens when it keeps silent."""

from __future__ import annotations

import pytest

from search.documents import SearchRequest, Sort
from search.engine import elastic_client
from search.engine.elastic import ElasticEngine
from search.engine.elastic_requests import find, mappings, query, upsert
from search.engine.mapping import DOORS, Key, Text, entry
from search.engine.pages import answer
from search.engine.port import AllOf, AnyOf, BestOf, Boosted, Question, Range, Term, Within
from search.errors import SearchUnavailable
from search.indexing import rebuild
from tests.search.conftest import make_product
from tests.search.elastic_double import node_class


@pytest.fixture
def server_engine(elastic_server) -> ElasticEngine:
    engine = ElasticEngine("http://search.test:9200", node_class=node_class(elastic_server))
    rebuild(engine, lambda: [make_product(1)], expected=1)
    return engine


def test_a_question_is_plain_data_to_the_letter():
    node = AllOf(
        (
            BestOf((Term(Text.TITLE, "tea"), Boosted(Term(Text.CATEGORY, "tea"), 1.8)), 0.1),
            Within(Key.COUNTRY, ("DE",)),
        ),
        but_not=(AnyOf((Range(DOORS["FR"], 5, None),)),),
    )

    assert find(Question(node, Sort.PRICE_LOW, 24, 12, DOORS["FR"])) == {
        "query": {
            "function_score": {
                "query": {
                    "bool": {
                        "must": [
                            {
                                "dis_max": {
                                    "queries": [
                                        {"term": {"title": {"value": "tea"}}},
                                        {
                                            "bool": {
                                                "must": [
                                                    {"term": {"category_text": {"value": "tea"}}}
                                                ],
                                                "boost": 1.8,
                                            }
                                        },
                                    ],
                                    "tie_breaker": 0.1,
                                }
                            },
                            {"bool": {"filter": [{"terms": {"country": ["DE"]}}]}},
                        ],
                        "should": [],
                        "must_not": [
                            {
                                "bool": {
                                    "should": [
                                        {"bool": {"filter": [{"range": {"door_fr": {"gte": 5}}}]}}
                                    ],
                                    "minimum_should_match": 1,
                                }
                            }
                        ],
                    }
                },
                "field_value_factor": {"field": "weight", "missing": 1},
                "boost_mode": "multiply",
            }
        },
        "sort": [{"door_fr": "asc"}, {"id": "asc"}],
        "from": 24,
        "size": 12,
        "source": False,
        "track_total_hits": True,
    }


def test_the_server_keeps_the_higher_rank():
    action, document = upsert(entry(make_product(4, version=9)))

    assert action == {"index": {"_id": "4", "version": 18, "version_type": "external"}}
    assert document["title"] == "teapot"


def test_unknown_fields_are_refused_by_the_mapping():
    assert mappings()["dynamic"] == "strict"
    assert mappings()["properties"]["title"] == {"type": "text", "analyzer": "whitespace"}


@pytest.mark.parametrize("text", ['" OR 1', "title:x AND *", "a/b", "{}"])
def test_what_was_typed_only_ever_stands_in_values(server_engine, elastic_server, text):
    answer(server_engine.snapshot(), SearchRequest(text=text))

    sent = str(elastic_server.requests)
    assert "query_string" not in sent
    assert "regexp" not in sent
    assert query(Term(Text.TITLE, text)) == {"term": {"title": {"value": text}}}


def test_a_silent_server_is_asked_once_and_then_left_alone(server_engine, elastic_server):
    elastic_server.is_down = True
    with pytest.raises(SearchUnavailable):
        server_engine.snapshot()
    asked = len(elastic_server.requests)

    elastic_server.is_down = False
    with pytest.raises(SearchUnavailable):
        server_engine.snapshot()

    assert len(elastic_server.requests) == asked
    assert server_engine.status().problem == "Elasticsearch does not answer"


def test_a_server_that_recovers_is_used_again_without_a_restart(
    server_engine, elastic_server, monkeypatch
):
    monkeypatch.setattr(elastic_client, "REST_S", 0.0)
    elastic_server.is_down = True
    with pytest.raises(SearchUnavailable):
        server_engine.snapshot()

    elastic_server.is_down = False

    assert answer(server_engine.snapshot(), SearchRequest(text="teapot")).ids == (1,)


def test_a_page_that_loses_the_server_half_way_is_unavailable(server_engine, elastic_server):
    snapshot = server_engine.snapshot()
    elastic_server.is_down = True

    with pytest.raises(SearchUnavailable):
        answer(snapshot, SearchRequest(text="teapot"))
