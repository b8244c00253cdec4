"""Business time may be moved in a demonstration: back before anybody lived there, then forward."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kernel import clock


@pytest.fixture
def file(tmp_path):
    """The file by which processes share one clock, used by this one."""
    clock.freeze(None)
    clock.use_offset_file(tmp_path / "clock")
    yield tmp_path / "clock"
    clock.use_offset_file(None)


def behind():
    return datetime.now(UTC) - clock.now()


def test_a_world_begins_in_its_past_and_catches_up_to_the_second(file):
    clock.begin(datetime.now(UTC) - timedelta(days=40))
    assert abs(behind() - timedelta(days=40)) < timedelta(seconds=5)
    assert clock.moved_by() == -timedelta(days=40)
    clock.advance(timedelta(days=28))
    assert clock.moved_by() == -timedelta(days=12)
    clock.advance(-clock.moved_by())
    assert clock.moved_by() == timedelta()
    assert abs(behind()) < timedelta(seconds=5)


def test_a_world_that_began_does_not_begin_again_and_none_begins_tomorrow(file):
    with pytest.raises(AssertionError, match="no past"):
        clock.begin(datetime.now(UTC) + timedelta(days=1))
    assert not file.exists()
    clock.begin(datetime.now(UTC) - timedelta(days=2))
    with pytest.raises(AssertionError, match="begins once"):
        clock.begin(datetime.now(UTC) - timedelta(days=4))
    assert clock.moved_by() == -timedelta(days=2)


def test_what_the_machinery_did_is_told_in_the_time_of_the_business(file):
    clock.begin(datetime.now(UTC) - timedelta(days=40))
    an_hour_ago = datetime.now(UTC) - timedelta(hours=1)
    assert abs(clock.now() - clock.from_world(an_hour_ago) - timedelta(hours=1)) < timedelta(
        seconds=5
    )


def test_without_a_demonstration_time_cannot_be_moved():
    # A test that started the house before, in this process, tied the clock to its demonstration.
    clock.use_offset_file(None)
    assert clock.moved_by() == timedelta()
    with pytest.raises(AssertionError, match="only a demonstration"):
        clock.begin(datetime(2026, 1, 1, tzinfo=UTC))
