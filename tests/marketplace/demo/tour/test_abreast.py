"""People of the story are in the shop at the same time, and are told of one after the other."""

import threading
import time

import pytest

from marketplace.demo.tour import abreast as people
from marketplace.demo.tour.abreast import abreast


def test_several_act_at_once_and_are_told_in_their_order():
    everybody = threading.Barrier(people._AT_A_TIME, timeout=20)
    words = []

    def act(number, say):
        say(f"{number} comes in")
        everybody.wait()
        time.sleep(0.05 * (people._AT_A_TIME - number))
        say(f"{number} leaves")
        return number * 10

    numbers = range(people._AT_A_TIME)
    assert abreast(numbers, act, words.append) == [number * 10 for number in numbers]
    assert words == [f"{number} {does}" for number in numbers for does in ("comes in", "leaves")]


def test_the_first_failure_ends_it_and_who_waits_does_not_begin():
    begun, words = [], []

    def act(number, say):
        begun.append(number)
        say(f"{number} is here")
        if number == 0:
            raise ConnectionError("the shop is gone")
        time.sleep(0.1)

    with pytest.raises(ConnectionError, match="gone"):
        abreast(range(50), act, words.append)
    assert words == ["0 is here"]
    assert len(begun) < 50
