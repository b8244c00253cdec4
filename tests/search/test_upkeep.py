"""The index looks after itself: jobs and commands."""

from __future__ import annotations

import logging

import pytest
from click.testing import CliRunner

from kernel import jobs as kernel_jobs
from search import api, jobs
from search.commands import search as commands
from search.documents import SearchRequest
from search.engine import choice
from tests.search.conftest import make_product


class Shop:
    def __init__(self) -> None:
        self.products = {1: make_product(1), 2: make_product(2)}

    def documents(self):
        return list(self.products.values())

    def documents_of(self, wanted):
        return [self.products[key] for key in wanted if key in self.products]

    def versions(self):
        return [(key, product.version) for key, product in self.products.items()]


@pytest.fixture
def shop(monkeypatch):
    monkeypatch.setattr(api, "_sources", [])
    source = Shop()
    api.register_source(source)
    return source


@pytest.fixture
def lost(empty_engine):
    choice.use(empty_engine)
    yield empty_engine
    choice.use(None)


def test_a_missing_index_is_made_again_by_itself(lost, shop):
    jobs.replace_missing_index()

    assert set(api.search(request=SearchRequest(text="teapot")).ids) == {1, 2}


def test_a_healthy_index_is_left_alone(lost, shop):
    jobs.replace_missing_index()
    before = api.status().generation

    jobs.replace_missing_index()

    assert api.status().generation == before


def test_without_a_catalogue_there_is_nothing_to_rebuild_from(lost, monkeypatch):
    monkeypatch.setattr(api, "_sources", [])

    jobs.replace_missing_index()
    jobs.repair_drift()

    assert api.status().problem == "there is no index"


def test_a_rebuild_under_way_elsewhere_is_not_an_error(lost, shop):
    generation = lost.start_rebuild()

    jobs.replace_missing_index()

    lost.discard(generation)
    assert api.status().problem


def test_the_nightly_check_repairs_what_was_changed_behind_its_back(lost, shop):
    api.rebuild()
    shop.products[3] = make_product(3)
    del shop.products[1]

    jobs.repair_drift()

    assert set(api.search(request=SearchRequest()).ids) == {2, 3}


def test_goods_whose_news_is_on_the_way_alarm_nobody_and_lost_ones_do(lost, shop, caplog):
    caplog.set_level(logging.INFO)
    api.rebuild()
    shop.products[3] = make_product(3)
    jobs.repair_drift()
    del shop.products[1]
    jobs.repair_drift()

    told = [r.levelname for r in caplog.records if "index differed" in r.getMessage()]
    assert told == ["INFO", "WARNING"]


def test_the_nightly_check_of_a_missing_index_leaves_it_to_the_rebuild(lost, shop):
    jobs.repair_drift()

    assert api.status().problem == "there is no index"


def test_both_jobs_are_scheduled_on_the_index_queue():
    found = {name: item.queue for name, item in kernel_jobs.schedules().items()}

    assert found["search.jobs.replace_missing_index"] == "index"
    assert found["search.jobs.repair_drift"] == "index"


def test_status_tells_whether_searches_are_answered(lost, shop):
    broken = CliRunner().invoke(commands, ["status"])
    api.rebuild()
    healthy = CliRunner().invoke(commands, ["status"])

    assert (broken.exit_code, healthy.exit_code) == (1, 0)
    assert "problem: there is no index" in broken.output
    assert "documents: 2" in healthy.output


@pytest.mark.parametrize(
    ("command", "answer"), [("rebuild", "2 products indexed"), ("repair", "stored 0, removed 0")]
)
def test_commands_do_what_their_names_say(lost, shop, monkeypatch, command, answer):
    monkeypatch.setattr("search.commands._prepare", lambda: None)
    api.rebuild()

    result = CliRunner().invoke(commands, [command])

    assert (result.exit_code, result.output) == (0, answer + "\n")
