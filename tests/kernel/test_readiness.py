"""Who watches the house hears of each part within seconds, whatever the others are."""

import time

import pytest

from kernel import readiness


@pytest.fixture
def parts(monkeypatch):
    monkeypatch.setattr(readiness, "_parts", {})
    monkeypatch.setattr(readiness, "_TOGETHER", 0.5)
    return readiness._parts


def test_parts_that_say_nothing_are_away_and_hold_up_nobody(db, parts):
    for number in range(5):
        readiness.part(f"silent {number}")(lambda: time.sleep(2) or True)
    readiness.part("there")(lambda: True)
    readiness.part("broken")(lambda: {}["nothing"])

    begun = time.monotonic()
    found = readiness.states()

    assert time.monotonic() - begun < 1.5
    assert {found[f"silent {number}"] for number in range(5)} == {"away"}
    assert (found["there"], found["broken"]) == ("ok", "away")
