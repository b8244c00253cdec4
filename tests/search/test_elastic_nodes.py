"""A search server of several nodes: who is asked while one is away, and what is lost by it."""

from __future__ import annotations

import logging
import time

import pytest
from elastic_transport import ConnectionError as Refused
from elastic_transport import ConnectionTimeout

from kernel.telemetry import outages
from search import jobs, measures
from search.documents import SearchRequest
from search.engine import choice, elastic, elastic_client
from search.engine.elastic import BUILDING, SERVING, ElasticEngine
from search.engine.elastic_client import TIMEOUT_S, WRITE_TIMEOUT_S, nodes_of
from search.engine.mapping import Key, entry
from search.engine.pages import answer
from search.errors import RebuildRunning, SearchUnavailable
from search.indexing import forget, rebuild, repair, store
from tests.search.conftest import make_product
from tests.search.elastic_double import node_class

NODES = ("one", "two", "three")


@pytest.fixture
def cluster(elastic_server) -> ElasticEngine:
    elastic_server.health["number_of_nodes"] = 3
    address = f"http://{','.join(f'{host}:9200' for host in NODES)}"
    engine = ElasticEngine(address, node_class=node_class(elastic_server))
    rebuild(engine, lambda: [make_product(1)], expected=1)
    elastic_server.asked.clear()
    elastic_server.requests.clear()
    choice.use(engine)
    yield engine
    choice.use(None)


def page(engine: ElasticEngine) -> tuple[int, ...]:
    return answer(engine.snapshot(), SearchRequest(text="teapot")).ids


def test_one_account_opens_every_node_that_the_address_names():
    assert nodes_of("https://shop:p%40ss@one:9200,two:9200/search") == [
        "https://shop:p%40ss@one:9200/search",
        "https://shop:p%40ss@two:9200/search",
    ]
    assert nodes_of("http://one") == ["http://one"]


@pytest.mark.parametrize("fault", [Refused("refused"), ConnectionTimeout("silent")])
@pytest.mark.parametrize("host", NODES)
def test_no_page_is_lost_with_a_node(cluster, elastic_server, host, fault):
    elastic_server.faults[host] = fault

    assert [page(cluster) for _ in range(4)] == [(1,)] * 4


def test_a_node_that_failed_is_left_out_for_a_while(cluster, elastic_server):
    elastic_server.faults["two"] = ConnectionTimeout("silent")

    for _ in range(5):
        page(cluster)

    assert elastic_server.asked.count("two") == 1


def test_when_all_are_silent_each_is_asked_once_and_then_nobody(cluster, elastic_server):
    elastic_server.faults = {host: ConnectionTimeout("silent") for host in NODES}

    for _ in range(3):
        with pytest.raises(SearchUnavailable):
            page(cluster)

    assert sorted(elastic_server.asked) == sorted(NODES)


@pytest.fixture
def told(caplog, monkeypatch):
    """What is said by the house and by the client of the server, stacks counted as lines."""
    for outage in (outages.SEARCH, *map(outages.of_node, (f"{host}:9200" for host in NODES))):
        monkeypatch.setattr(outage, "_quiet", 0.0)
        monkeypatch.setattr(outage, "is_on", False)
    caplog.set_level(logging.WARNING)

    def lines():
        assert not [record for record in caplog.records if record.exc_info]
        return [record.getMessage() for record in caplog.records]

    return lines


def fail(engine: ElasticEngine, times: int) -> None:
    for _ in range(times):
        with pytest.raises(SearchUnavailable):
            page(engine)


def test_a_silent_server_is_two_lines_however_many_questions_it_leaves_unanswered(
    elastic_server, told, monkeypatch
):
    monkeypatch.setattr(elastic_client, "REST_S", 0.0)
    engine = ElasticEngine("http://one:9200", node_class=node_class(elastic_server))
    rebuild(engine, lambda: [make_product(1)], expected=1)
    elastic_server.faults["one"] = ConnectionTimeout("silent")
    fail(engine, 5)
    assert told() == ["the search server is away: ConnectionTimeout"]

    elastic_server.faults.clear()
    page(engine)
    page(engine)
    assert told()[1:] == ["the search server is back after 0 s and 5 failures"]


def test_a_server_that_is_left_alone_is_silent_for_the_same_reason(cluster, elastic_server, told):
    elastic_server.faults = {host: Refused("refused") for host in NODES}
    fail(cluster, 1)
    before = told()
    with pytest.raises(SearchUnavailable) as resting:
        page(cluster)
    assert outages.of(resting.value) is outages.SEARCH
    outages.tell(resting.value, "delivery failed: %s", "catalog.index")
    assert told() == before


def test_one_node_of_several_is_told_when_it_goes_and_when_it_is_back(
    elastic_server, told, monkeypatch
):
    monkeypatch.setattr(elastic_client, "REST_S", 0.0)
    address = f"http://{','.join(f'{host}:9200' for host in NODES)}"
    engine = ElasticEngine(address, node_class=node_class(elastic_server))
    rebuild(engine, lambda: [make_product(1)], expected=1)
    elastic_server.faults["two"] = Refused("refused")
    for _ in range(6):
        page(engine)
    assert told() == ["the search node two:9200 is away: ConnectionError"]

    elastic_server.faults.clear()
    for _ in range(6):
        page(engine)
    (back,) = told()[1:]
    assert back.startswith("the search node two:9200 is back after 0 s and ")


def test_every_question_goes_to_the_own_copy_of_the_node_that_is_asked(cluster, elastic_server):
    seen = []
    real = elastic_server.on_search
    elastic_server.on_search = lambda index, lines, told: (
        seen.append(told["preference"]),
        real(index, lines, told),
    )[1]

    page(cluster)

    assert seen
    assert all(one == ["_local"] for one in seen)


def test_changes_are_taken_by_the_nodes_that_are_left(cluster, elastic_server):
    elastic_server.faults["three"] = Refused("refused")

    for number in range(2, 6):
        assert store(cluster, [make_product(number)]).stored == 1


def test_a_rebuild_whose_process_died_does_not_keep_others_from_theirs(
    cluster, elastic_server, monkeypatch
):
    left = cluster.start_rebuild()
    cluster.backfill(left, [entry(make_product(1))])
    later = time.time() + elastic.LEASE_S + 1

    monkeypatch.setattr(time, "time", lambda: later)
    rebuild(cluster, lambda: [make_product(1), make_product(2)], expected=2)

    assert left not in elastic_server.indices
    assert BUILDING not in elastic_server.aliases
    assert cluster.status().documents == 2


def test_a_rebuild_that_goes_on_is_not_taken_for_a_dead_one(cluster, monkeypatch):
    begun = time.time()
    generation = cluster.start_rebuild()

    monkeypatch.setattr(time, "time", lambda: begun + elastic.LEASE_S - 10)
    cluster.backfill(generation, [entry(make_product(1))])
    monkeypatch.setattr(time, "time", lambda: begun + elastic.LEASE_S + 10)

    with pytest.raises(RebuildRunning):
        cluster.start_rebuild()


def test_whoever_was_taken_for_dead_writes_nowhere(cluster, elastic_server):
    generation = cluster.start_rebuild()
    cluster.discard(generation)

    with pytest.raises(SearchUnavailable):
        cluster.backfill(generation, [entry(make_product(1))])

    assert list(elastic_server.indices) == [elastic_server.aliases[SERVING]]


def test_a_change_that_arrives_while_the_index_is_swapped_is_in_the_new_one(
    cluster, elastic_server
):
    generation = cluster.start_rebuild()
    real = elastic_server.answer

    def swapped_in_between(method, target, body):
        found = real(method, target, body)
        if target.startswith(f"/{BUILDING}/_bulk"):
            elastic_server.answer = real
            cluster.publish(generation)
        return found

    elastic_server.answer = swapped_in_between
    store(cluster, [make_product(7)])

    assert list(elastic_server.indices) == [generation]
    assert cluster.status().documents == 1


def test_a_new_index_is_copied_before_it_serves(cluster, elastic_server):
    rebuild(cluster, lambda: [make_product(1)], expected=1)

    paths = [path for _, path, _ in elastic_server.requests]
    health = next(path for path in paths if path.startswith("/_cluster/health/"))
    assert paths.index(health) < paths.index("/_aliases")


class Shop:
    def documents(self):
        return [make_product(1)]

    def documents_of(self, wanted):
        return self.documents()

    def versions(self):
        return [(1, 1)]


@pytest.mark.parametrize(
    ("seconds", "is_rebuilt"), [("20s", False), (f"{elastic.LEASE_S * 3:.0f}s", True)]
)
def test_an_index_without_any_copy_is_made_anew_when_none_comes_back(
    cluster, elastic_server, monkeypatch, seconds, is_rebuilt
):
    monkeypatch.setattr("search.api._sources", [Shop()])
    before = cluster.status().generation
    elastic_server.health["status"] = "red"
    elastic_server.shards = [{"prirep": "p", "unassigned.for": seconds}]

    jobs.replace_missing_index()

    assert (cluster.status().generation != before) is is_rebuilt


def test_a_server_that_is_slow_or_away_has_lost_nothing(cluster, elastic_server, monkeypatch):
    monkeypatch.setattr("search.api._sources", [Shop()])
    elastic_server.faults = {host: ConnectionTimeout("slow") for host in NODES}

    found = cluster.status()
    jobs.replace_missing_index()

    assert found.problem
    assert not found.is_lost
    assert not [path for method, path, _ in elastic_server.requests if method == "PUT"]


@pytest.mark.parametrize(
    ("told", "is_whole"),
    [
        ({"status": "green", "number_of_nodes": 3}, True),
        ({"status": "green", "number_of_nodes": 2}, False),
        ({"status": "yellow", "number_of_nodes": 3}, False),
    ],
)
def test_who_watches_is_told_of_a_node_that_is_away(cluster, elastic_server, told, is_whole):
    elastic_server.health = told

    assert jobs.index_is_there()
    assert jobs.index_is_on_every_node() is is_whole


@pytest.mark.parametrize("state", ["green", "yellow", "red", "away"])
def test_figures_say_how_the_copies_are_and_who_is_missing(cluster, elastic_server, state):
    elastic_server.health = {"status": state, "number_of_nodes": 2}
    if state == "away":
        elastic_server.is_down = True

    missing, states = (dict(measure.read()) for measure in measures.MEASURES)

    assert states == {(one,): int(one == state) for one in measures.STATES}
    assert missing == {(): 3 if state == "away" else 1}


def test_in_process_there_are_no_nodes_to_miss(empty_engine):
    choice.use(empty_engine)
    assert dict(measures.MEASURES[0].read()) == {(): 0}
    assert dict(measures.MEASURES[1].read())["red",] == 1

    rebuild(empty_engine, lambda: [make_product(1)], expected=1)

    assert dict(measures.MEASURES[1].read())["green",] == 1
    assert jobs.index_is_on_every_node()
    choice.use(None)


def test_work_away_from_pages_waits_longer_for_a_slow_server(elastic_server):
    waited = []

    class Slow(node_class(elastic_server)):
        def perform_request(self, *given, request_timeout=None, **more):
            waited.append(request_timeout)
            return super().perform_request(*given, request_timeout=request_timeout, **more)

    engine = ElasticEngine("http://one:9200", node_class=Slow)
    rebuild(engine, lambda: [make_product(1)], expected=1)
    assert {*waited} == {WRITE_TIMEOUT_S}
    waited.clear()

    repair(engine, Shop())
    forget(engine, [9], {})
    assert {*waited} == {WRITE_TIMEOUT_S}
    waited.clear()

    page(engine)
    assert {*waited} == {TIMEOUT_S}


def test_a_node_that_waited_for_anothers_words_is_not_left_out_of_pages(cluster, elastic_server):
    def stands_still(*_):
        raise ConnectionTimeout("the copy that should tell stands still")

    elastic_server.on_terms_enum = stands_still
    snapshot = cluster.snapshot()
    with pytest.raises(SearchUnavailable):
        snapshot.starting_with(Key.BRAND, "t", 5)
    elastic_server.asked.clear()

    assert page(cluster) == (1,)
    assert {*elastic_server.asked} == {*NODES}
