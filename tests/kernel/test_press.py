"""The press: a process of its own that may end at any time without losing a paper."""

import os
import subprocess
import sys
import threading
import time
from datetime import UTC, datetime

import pytest

from kernel import renderer as press_module
from kernel.renderer import Press, PressError

AT = datetime(2026, 11, 25, 8, tzinfo=UTC)


@pytest.fixture
def root(tmp_path):
    (tmp_path / "page.typ").write_text("#sys.inputs.data", encoding="utf-8")
    (tmp_path / "wrong.typ").write_text('#panic("no ink")', encoding="utf-8")
    return tmp_path


@pytest.fixture
def press():
    made = Press([])
    yield made
    made.close()


@pytest.fixture
def printed(press, root):
    def print_(words="", template="page.typ"):
        return press.printed(root / template, root=root, data=words, standards=[], at=AT)

    return print_


def test_a_press_that_was_killed_is_started_again(press, printed):
    before = printed("a")
    press._process.kill()

    assert printed("a") == before

    press._process.kill()
    press._process.wait()
    assert printed("a") == before


def test_one_that_ends_again_and_again_is_told(press, printed, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")

    with pytest.raises(PressError):
        printed("a")


def test_a_wrong_template_is_told_and_the_next_paper_comes(press, printed):
    with pytest.raises(PressError, match="no ink"):
        printed(template="wrong.typ")
    first = press._process.pid

    assert printed("a").startswith(b"%PDF")
    assert press._process.pid == first


def test_a_paper_that_takes_too_long_is_given_up_once_and_the_next_one_comes(
    printed, root, monkeypatch
):
    (root / "long.typ").write_text(
        "#let n = 0\n#for a in range(9000) { for b in range(9000) { n += 1 } }", encoding="utf-8"
    )
    printed("a")
    monkeypatch.setattr(press_module, "_MOST_SECONDS", 0.3)
    begun = time.monotonic()

    with pytest.raises(PressError, match="longer than"):
        printed(template="long.typ")

    assert time.monotonic() - begun < 10
    monkeypatch.undo()
    assert printed("a").startswith(b"%PDF")


def test_papers_asked_for_at_once_are_not_mixed_up(printed):
    words = [f"paper {number}" for number in range(8)]
    apart = [printed(word) for word in words]
    found: dict[str, bytes] = {}
    threads = [
        threading.Thread(target=lambda word=word: found.update({word: printed(word)}))
        for word in words
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [found[word] for word in words] == apart


def test_it_ends_with_its_owner_and_when_nothing_comes(press, printed):
    printed("a")
    process = press._process
    press.close()
    assert process.returncode == 0

    code = "import kernel.renderer as p; p._IDLE_SECONDS = 0.1; p.main([])"
    idle = subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE)
    with idle:
        assert idle.wait(20) == 0


def test_a_forked_process_has_a_press_of_its_own(root):
    of_process = press_module.press
    own = of_process(())
    own.printed(root / "page.typ", root=root, data="a", standards=[], at=AT)
    reads, writes = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writes, b"own" if of_process(()) is not own else b"shared")
        os._exit(0)
    os.waitpid(child, 0)

    assert os.read(reads, 10) == b"own"
    os.close(reads)
    os.close(writes)
    own.close()
