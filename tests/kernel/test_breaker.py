"""A server outside that stands still is waited for by one at a time, and by nobody for a while."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from kernel import breaker
from kernel.breaker import Breaker, LeftAlone


@pytest.fixture
def guarded(monkeypatch) -> Breaker:
    monkeypatch.setattr(breaker, "REST", 1.0)
    return Breaker("the bucket", patience=0.3)


def ask(guarded: Breaker, *, seconds: float = 0.0, fails: type[BaseException] | None = None) -> str:
    """Ask a server that takes so long and then fails, or answers."""
    with guarded.guard(TimeoutError):
        time.sleep(seconds)
        if fails:
            raise fails
        return "answer"


def silence(guarded: Breaker) -> None:
    with pytest.raises(TimeoutError):
        ask(guarded, seconds=0.5, fails=TimeoutError)


def test_after_a_silence_nobody_asks_until_it_had_its_rest(guarded):
    silence(guarded)

    assert guarded.is_open
    with pytest.raises(LeftAlone):
        ask(guarded)
    time.sleep(1.0)
    assert ask(guarded) == "answer"
    assert not guarded.is_open


def test_a_failure_that_came_at_once_is_asked_again_at_once(guarded):
    with pytest.raises(TimeoutError):
        ask(guarded, fails=TimeoutError)

    assert ask(guarded) == "answer"


def test_what_is_no_failure_of_the_server_is_an_answer_however_long_it_took(guarded):
    with pytest.raises(KeyError):
        ask(guarded, seconds=0.5, fails=KeyError)

    assert ask(guarded) == "answer"


def test_others_do_not_queue_behind_somebody_who_waits(guarded):
    waiting = threading.Thread(target=ask, args=(guarded,), kwargs={"seconds": 1.2})
    waiting.start()
    assert ask(guarded) == "answer"  # a moment is nothing
    time.sleep(0.7)
    begun = time.monotonic()
    with pytest.raises(LeftAlone):
        ask(guarded)
    assert time.monotonic() - begun < 0.1
    waiting.join()
    assert ask(guarded) == "answer"


def test_after_its_rest_one_asks_and_the_others_wait_for_what_comes_of_it(guarded):
    silence(guarded)
    time.sleep(1.0)
    tried = []

    def try_it(_number: int) -> None:
        with suppress(LeftAlone, TimeoutError), guarded.guard(TimeoutError):
            tried.append(1)
            time.sleep(0.5)
            raise TimeoutError

    with ThreadPoolExecutor(8) as threads:
        list(threads.map(try_it, range(8)))

    assert len(tried) == 1


def test_the_log_tells_when_it_went_and_when_it_was_back(guarded, caplog):
    for _ in range(3):
        with pytest.raises(TimeoutError):
            ask(guarded, fails=TimeoutError)
    time.sleep(1.1)
    ask(guarded)
    ask(guarded)

    told = [record.getMessage() for record in caplog.records]
    assert told[0] == "the bucket is away: TimeoutError"
    assert told[1].startswith("the bucket is back after 1 s")
    assert len(told) == 2


def test_what_takes_longer_by_its_nature_is_given_its_time(guarded):
    with guarded.guard(TimeoutError, patience=5):
        time.sleep(0.5)
        assert ask(guarded) == "answer"
