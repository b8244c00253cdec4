"""The demonstration looks after its processes from the first moment, and waits while they move."""

import itertools
import re
import socket
import subprocess
import sys
import time
from contextlib import contextmanager

import pytest

from kernel import processes
from kernel.config import settings
from kernel.processes import Family
from marketplace.demo.tour import opening
from marketplace.demo.tour.opening import Answer, wait_until_open

NOWHERE = "http://127.0.0.1:1"


class Played:
    """A family that does as a test says. Shape: deaths and words are told look after look."""

    def __init__(self, *, deaths=(), words=(), moves=True):
        self._deaths, self._words = iter(deaths), iter(words)
        self._moves = itertools.count() if moves else itertools.repeat(0)
        self.is_stopped = False
        self.looks = 0

    def first_dead(self):
        return next(self._deaths, None)

    def look_after(self):
        self.looks += 1
        return next(self._words, None)

    def signs(self, name):
        assert name == "web"
        return (next(self._moves),)

    def stop(self):
        self.is_stopped = True


@pytest.fixture
def knocks(monkeypatch):
    """What the next knocks meet; the last one is met on and on."""
    met = [Answer.SILENT]

    def knock(_base_url):
        time.sleep(0.02)
        return met.pop(0) if len(met) > 1 else met[0]

    monkeypatch.setattr(opening, "_PAUSE", 0.02)
    monkeypatch.setattr(opening, "STILL", 0.3)
    monkeypatch.setattr(opening, "_knock", knock)
    return met


def never():
    raise AssertionError("the port is ours")


def test_a_process_that_falls_before_the_first_page_is_started_again_and_waited_for(knocks):
    knocks[:] = [Answer.SILENT, Answer.SILENT, Answer.OPEN]
    family = Played(deaths=["relay", "relay", "relay"])
    assert wait_until_open(NOWHERE, family, obstacle=never) is None
    assert family.looks >= 3
    assert not family.is_stopped


def test_what_is_given_up_ends_the_waiting_with_its_last_word(knocks):
    family = Played(words=[None, None, "the relay is given up"])
    assert wait_until_open(NOWHERE, family, obstacle=never) == "the relay is given up"
    assert family.is_stopped


def test_a_slow_machine_is_waited_for_as_long_as_its_server_moves(knocks):
    knocks[:] = [Answer.SILENT] * 60 + [Answer.OPEN]
    begun = time.monotonic()
    assert wait_until_open(NOWHERE, Played(), obstacle=never) is None
    assert time.monotonic() - begun > 2 * opening.STILL


@pytest.mark.parametrize(
    ("answer", "moves", "said"),
    [
        (Answer.SILENT, False, "does not answer"),
        # Each knock moves a server that refuses its page, and brings nobody nearer to it.
        (Answer.REFUSED, True, "refuses its page"),
    ],
)
def test_a_server_that_stands_still_is_told(knocks, answer, moves, said):
    knocks[:] = [answer]
    family = Played(moves=moves)
    word = wait_until_open(NOWHERE, family, obstacle=never)
    assert said in word
    assert "web.log" in word
    assert family.is_stopped


def test_the_page_of_another_shop_is_not_taken_for_ours(knocks):
    knocks[:] = [Answer.OPEN]
    family = Played(deaths=["web"] * 9)
    assert wait_until_open(NOWHERE, family, obstacle=lambda: "the port is taken") == (
        "the port is taken"
    )
    assert family.is_stopped


def test_nobody_at_the_port_is_silent_and_a_server_without_the_page_refuses(monkeypatch):
    monkeypatch.setattr(opening, "_PAUSE", 0)
    assert opening._knock(NOWHERE) is Answer.SILENT
    with _child("-u", "-m", "http.server", "0", "--bind", "127.0.0.1") as child:
        port = re.search(r"port (\d+)", child.stdout.readline()).group(1)
        assert opening._knock(f"http://127.0.0.1:{port}") is Answer.REFUSED


def test_a_web_server_that_was_killed_before_its_first_page_comes_up_again(tmp_path, monkeypatch):
    monkeypatch.setenv("ENTREPOT_VAR", str(tmp_path))
    settings.cache_clear()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    monkeypatch.setattr(opening, "_knock", _is_anybody_there)
    family = Family()
    try:
        family.start("web", "card-network", "--port", str(port))
        killed = family.children["web"]
        killed.kill()
        killed.wait()
        assert wait_until_open(f"http://127.0.0.1:{port}", family, obstacle=lambda: None) is None
        assert family.children["web"].pid != killed.pid
    finally:
        family.stop()
        monkeypatch.undo()
        settings.cache_clear()


@contextmanager
def _child(*arguments):
    command = [sys.executable, *arguments]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as child:
        yield child
        child.kill()


def _is_anybody_there(base_url):
    time.sleep(0.1)
    with socket.socket() as caller:
        there = ("127.0.0.1", int(base_url.rsplit(":", 1)[1]))
        return Answer.SILENT if caller.connect_ex(there) else Answer.OPEN


@pytest.mark.parametrize(("does", "moves"), [("while True: pass", True), ("input()", False)])
def test_a_process_moves_that_works_and_none_that_waits(tmp_path, monkeypatch, does, moves):
    monkeypatch.setattr(processes, "_log_of", lambda name: tmp_path / f"{name}.log")
    begin = f"print('begun', flush=True)\n{does}"
    with _child("-c", begin) as child:
        assert child.stdout.readline() == "begun\n"
        family = Family(children={"web": child})
        before = family.signs("web")
        deadline = time.monotonic() + (30 if moves else 1.5)
        while family.signs("web") == before and time.monotonic() < deadline:
            time.sleep(0.1)
        assert (family.signs("web") != before) is moves
        (tmp_path / "web.log").write_text("a line")
        assert family.signs("web")[2] == 6
