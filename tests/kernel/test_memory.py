"""What a process remembers, and what it leaves to the collector."""

from __future__ import annotations

import gc

import pytest
from click.testing import CliRunner

from kernel import cli, memory


def test_what_was_loaded_is_out_of_every_later_search_for_garbage():
    before = gc.get_freeze_count()
    kept = [[number] for number in range(1_000)]
    memory.set_aside()
    assert gc.get_freeze_count() >= before + len(kept)


def test_the_worker_sets_its_modules_aside_before_the_first_job(monkeypatch: pytest.MonkeyPatch):
    done = []
    for where in ("app.prepare_process", "memory.set_aside", "worker.work"):
        monkeypatch.setattr(f"kernel.{where}", lambda *_, w=where, **__: done.append(w))
    CliRunner().invoke(cli.worker, catch_exceptions=False)
    assert done == ["app.prepare_process", "memory.set_aside", "worker.work"]
