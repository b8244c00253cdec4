"""What falls is started again, after a pause that grows; what falls on and on is given up."""

import errno
import logging
import os
import re
import signal
import subprocess
import sys
import time

import psutil
import pytest

from kernel import processes
from kernel.config import settings
from kernel.processes import Family, Fate, Server


@pytest.fixture
def family(tmp_path, monkeypatch):
    """A family without anybody yet, in a folder of its own, which pauses only for moments."""
    monkeypatch.setenv("ENTREPOT_VAR", str(tmp_path))
    monkeypatch.setattr(processes, "FIRST_PAUSE", 0.01)
    monkeypatch.setattr(processes, "LONGEST_PAUSE", 0.02)
    settings.cache_clear()
    family = Family()
    yield family
    family.stop()
    monkeypatch.undo()
    settings.cache_clear()


def look_until(family, seen, *, seconds=30):
    """Look after a family until something is seen, and return the last word if there was one."""
    deadline = time.monotonic() + seconds
    while True:
        word = family.look_after()
        if word or seen():
            return word
        assert time.monotonic() < deadline
        time.sleep(0.02)


def test_logs_of_processes_and_of_embedded_servers_stay_within_a_bound(family, tmp_path):
    logs = [tmp_path / name for name in ("log/web.log", "redis/redis.log", "postgres/log")]
    for log in logs:
        log.parent.mkdir()
        log.write_text("told\n" * 10)
    (tmp_path / "redis" / "appendonly.aof").write_text("kept\n" * 10)
    processes.keep_logs(most_bytes=20)
    assert [log.stat().st_size for log in logs] == [0, 0, 0]
    assert [log.with_name(f"{log.name}.1").stat().st_size for log in logs] == [50, 50, 50]
    assert (tmp_path / "redis" / "appendonly.aof").stat().st_size == 50


def test_a_full_disk_ends_nobody_and_is_told_when_it_begins_and_ends(family, monkeypatch, caplog):
    looks = []

    def keep():
        looks.append(len(looks))
        if len(looks) < 4:
            raise OSError(errno.ENOSPC, "No space left on device")
        family.is_stopping = len(looks) == 6

    monkeypatch.setattr(processes, "keep_logs", keep)
    monkeypatch.setattr(processes.signal, "signal", lambda *_: None)
    caplog.set_level(logging.WARNING)
    assert family.run() is None
    assert looks == [0, 1, 2, 3, 4, 5]
    assert [line.getMessage() for line in caplog.records] == [
        "the logs cannot be kept within their bound: [Errno 28] No space left on device",
        "the logs are kept within their bound again",
    ]


def test_a_machine_that_has_no_process_for_a_child_is_asked_again(family, monkeypatch):
    family.start("one", "card-network", "--port", "0")
    family.children["one"].kill()
    family.children["one"].wait()
    start, tries = subprocess.Popen, []

    def seldom(*command, **options):
        tries.append(time.monotonic())
        if len(tries) == 1:
            raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")
        if len(tries) == 2:
            raise subprocess.SubprocessError("Exception occurred in preexec_fn.")
        return start(*command, **options)

    monkeypatch.setattr(processes.subprocess, "Popen", seldom)
    assert look_until(family, lambda: family.children["one"].poll() is None) is None
    assert len(tries) == 3

    tries.clear()
    monkeypatch.setattr(processes, "MOST_FALLS", 5)
    monkeypatch.setattr(start, "__init__", _refused)
    family.children["one"].kill()
    family.children["one"].wait()
    assert "one ended 5 times in a row and is given up" in look_until(family, lambda: False)


def _refused(*_command, **_options):
    raise OSError(errno.ENOMEM, "Cannot allocate memory")


def test_pauses_grow_to_half_a_minute():
    fate, pauses = Fate(started_at=0.0), []
    for now in range(1, 10):
        fate.fell(now)
        pauses.append(fate.again_at - now)
        fate.rose(now)
    assert pauses == [0.5, 1, 2, 4, 8, 16, 30, 30, 30]


@pytest.mark.parametrize(("lived", "falls"), [(59.0, 3), (60.0, 3), (60.1, 1)])
def test_after_a_minute_of_life_a_fall_is_a_new_one(lived, falls):
    fate = Fate(started_at=100.0, falls=2)
    fate.fell(100.0 + lived)
    assert fate.falls == falls


def test_a_killed_process_is_started_again_and_the_others_live_on(family):
    for name in ("one", "other"):
        family.start(name, "card-network", "--port", "0")
    before = {name: child.pid for name, child in family.children.items()}
    os.kill(before["one"], signal.SIGKILL)
    family.children["one"].wait()

    assert look_until(family, lambda: family.children["one"].poll() is None) is None
    assert family.children["one"].pid != before["one"]
    assert family.children["other"].pid == before["other"]
    assert family.children["other"].poll() is None


def test_one_process_is_started_anew_with_other_words_and_comes_again_with_them(family):
    for name in ("one", "other"):
        family.start(name, "card-network", "--port", "0")
    before = {name: child.pid for name, child in family.children.items()}

    family.start_anew("one", "no-such-command")

    assert not psutil.pid_exists(before["one"])
    assert family.children["other"].pid == before["other"]
    assert look_until(family, lambda: family._fates["one"].falls > 1) is None
    assert "No such command" in processes._end_of("one")


@pytest.mark.parametrize(
    ("queues", "words"),
    [((), ["worker"]), (("money", "mail"), ["worker", "--queues", "money,mail"])],
)
def test_whoever_works_serves_the_queues_that_are_named(family, monkeypatch, queues, words):
    started = {}
    monkeypatch.setattr(family, "start", lambda name, *words: started.update({name: list(words)}))
    processes.let_work(family, queues=queues)
    assert started == {"relay": ["relay"], "scheduler": ["scheduler"], "worker": words}


def test_what_falls_on_and_on_is_given_up_with_its_last_lines(family, monkeypatch):
    monkeypatch.setattr(processes, "MOST_FALLS", 2)
    family.start("hopeless", "no-such-command")
    word = look_until(family, lambda: False)
    assert "hopeless ended 2 times in a row and is given up" in word
    assert "No such command" in word


def test_a_server_that_fell_is_started_again_and_one_that_cannot_is_given_up(family, monkeypatch):
    monkeypatch.setattr(processes, "MOST_FALLS", 3)
    lives = {"Redis": False}
    tries = []

    def start():
        tries.append(len(tries))
        if len(tries) < 2:
            raise RuntimeError("not yet")
        lives["Redis"] = True

    family.servers["Redis"] = Server(lambda: lives["Redis"], start)
    assert look_until(family, lambda: lives["Redis"]) is None
    assert tries == [0, 1]

    family.servers["PostgreSQL"] = Server(lambda: False, lambda: None)
    assert "PostgreSQL ended 3 times in a row" in look_until(family, lambda: False)


PARENT = """
import sys, time
from kernel.processes import Family
family = Family()
family.start("card", "card-network", "--port", "0")
print(family.children["card"].pid, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Linux alone ends a child with its parent")
def test_a_killed_family_leaves_nobody_behind(tmp_path):
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT],
        env=os.environ | {"ENTREPOT_VAR": str(tmp_path)},
        stdout=subprocess.PIPE,
    )
    with parent:
        child = psutil.Process(int(re.match(rb"\d+", parent.stdout.readline()).group()))
        parent.kill()
    psutil.wait_procs([child], timeout=20)
    assert not child.is_running() or child.status() == psutil.STATUS_ZOMBIE
