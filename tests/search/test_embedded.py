"""Several processes, one folder: commits travel, locks end with their process, loss is survived."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import tantivy

from search.documents import SearchRequest
from search.engine import embedded_queries, generations
from search.engine.embedded import EmbeddedEngine, commit_size
from search.engine.pages import answer
from search.errors import IndexBusy, SearchUnavailable
from search.indexing import rebuild, store
from tests.search.conftest import make_product

ROOT = Path(__file__).parents[2]
WRITE_ONE = """
import sys
from pathlib import Path
from search.engine.embedded import EmbeddedEngine, commit_size
from search.indexing import store
from tests.search.conftest import make_product
store(EmbeddedEngine(Path(sys.argv[1])), [make_product(int(sys.argv[2]))])
"""
HOLD_THE_LOCK = """
import sys, time
from pathlib import Path
from search.engine.generations import Generations
with Generations(Path(sys.argv[1])).writing():
    print("held", flush=True)
    time.sleep(60)
"""

DIE_BEFORE_THE_COMMIT = """
import os, signal, sys
from pathlib import Path
from search.engine import embedded
from search.indexing import store
from tests.search.conftest import make_product
embedded._word = lambda word: os.kill(os.getpid(), signal.SIGKILL)
new_word = make_product(2, titles={"en": "Neverseen teapot"})
store(embedded.EmbeddedEngine(Path(sys.argv[1])), [new_word])
"""


@pytest.fixture
def embedded(tmp_path) -> EmbeddedEngine:
    engine = EmbeddedEngine(tmp_path)
    rebuild(engine, lambda: [make_product(1)], expected=1)
    return engine


def found(engine: EmbeddedEngine) -> set[int]:
    return set(answer(engine.snapshot(), SearchRequest(text="teapot")).ids)


def python(code: str, *arguments: object) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def test_a_commit_of_another_process_is_seen_by_the_next_request(embedded, tmp_path):
    assert found(embedded) == {1}

    writers = [python(WRITE_ONE, tmp_path, identity) for identity in (2, 3)]
    for writer in writers:
        writer.communicate(timeout=60)
    assert [writer.returncode for writer in writers] == [0, 0]

    assert found(embedded) == {1, 2, 3}


def test_a_page_under_way_keeps_the_state_it_began_with(embedded):
    before = embedded.snapshot()

    store(embedded, [make_product(2)])

    assert answer(before, SearchRequest(text="teapot")).ids == (1,)
    assert found(embedded) == {1, 2}


def test_a_writer_waits_for_another_and_says_when_it_took_too_long(embedded, tmp_path, monkeypatch):
    monkeypatch.setattr(generations, "PATIENCE_S", 0.05)
    holder = python(HOLD_THE_LOCK, tmp_path)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"

    with pytest.raises(IndexBusy):
        store(embedded, [make_product(2)])

    os.kill(holder.pid, signal.SIGKILL)
    holder.communicate(timeout=30)
    store(embedded, [make_product(2)])
    assert found(embedded) == {1, 2}


def test_a_killed_writer_leaves_the_last_commit_and_no_lock(embedded, tmp_path):
    victim = python(DIE_BEFORE_THE_COMMIT, tmp_path)
    victim.communicate(timeout=60)
    assert victim.returncode == -signal.SIGKILL
    assert found(embedded) == {1}

    store(embedded, [make_product(2)])

    assert found(embedded) == {1, 2}


def test_a_deleted_folder_is_unavailable_until_it_is_rebuilt(embedded, tmp_path):
    shutil.rmtree(tmp_path)

    with pytest.raises(SearchUnavailable):
        embedded.snapshot()
    assert store(embedded, [make_product(2)]).stored == 0
    assert embedded.status().problem == "there is no index"

    rebuild(embedded, lambda: [make_product(1), make_product(2)], expected=2)
    assert found(embedded) == {1, 2}


def test_a_broken_folder_is_unavailable_and_replaced(embedded, tmp_path):
    generation = embedded.status().generation
    (tmp_path / generation / "meta.json").write_text("{")

    with pytest.raises(SearchUnavailable):
        EmbeddedEngine(tmp_path).snapshot()

    rebuild(embedded, lambda: [make_product(5)], expected=1)
    assert found(embedded) == {5}


def test_a_rebuild_that_died_is_swept_by_the_next(embedded, tmp_path):
    abandoned = EmbeddedEngine(tmp_path)
    generation = abandoned.start_rebuild()
    del abandoned  # its process is gone, and with it the lock
    (tmp_path / "rebuild.lock").unlink()

    rebuild(embedded, lambda: [make_product(7)], expected=1)

    assert not (tmp_path / generation).exists()
    assert found(embedded) == {7}


def test_a_rebuild_in_many_commits_ends_as_one_segment(tmp_path, monkeypatch):
    monkeypatch.setattr("search.engine.embedded._BATCH", 10)
    engine, products = EmbeddedEngine(tmp_path), [make_product(at) for at in range(1, 102)]

    rebuild(engine, lambda: products, expected=len(products))

    (serving,) = tmp_path.glob("g-*")
    assert tantivy.Index.open(str(serving)).searcher().num_segments == 1
    assert engine.status().documents == 101


@pytest.mark.parametrize(
    ("expected", "size"),
    [(0, 17_000), (900, 17_000), (40_000, 5_000), (136_000, 17_000), (136_001, 2_126)],
)
def test_commits_of_a_rebuild_are_eight_or_eight_times_eight(expected, size):
    assert commit_size(expected) == size


def test_a_product_read_twice_by_a_rebuild_is_there_once_in_its_newest_form(tmp_path):
    engine = EmbeddedEngine(tmp_path)
    old = make_product(1, version=1, titles={"en": "Lamp"})
    new = make_product(1, version=2, titles={"en": "Lantern"})

    rebuild(engine, lambda: [new, *map(make_product, range(2, 1500)), old], expected=1499)

    assert engine.status().documents == 1499
    assert answer(engine.snapshot(), SearchRequest(text="lantern")).is_exact
    assert not answer(engine.snapshot(), SearchRequest(text="lamp")).is_exact


def test_many_prices_are_counted_by_the_same_steps_as_few(embedded, monkeypatch):
    prices = [99, 100, 119, 200, 200, 79_999, 80_000, 1_000_000, 30_000_000]
    store(embedded, [make_product(n, prices={"FR": p}) for n, p in enumerate(prices, start=2)])

    def facets():
        page = answer(embedded.snapshot(), SearchRequest(text="teapot", door="FR"))
        return page.facets

    one_by_one = facets()
    assert (one_by_one.price_low, one_by_one.price_high) == (99, 30_000_000)
    assert [bar.count for bar in one_by_one.prices if bar.count] == [1, 2, 2, 1, 1, 1, 1]
    monkeypatch.setattr(embedded_queries, "FEW_PRICES", 2)
    assert facets() == one_by_one
