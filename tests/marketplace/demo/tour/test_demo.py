"""The demonstration opens where it was asked to, or says at once why it cannot."""

import socket

import pytest

from marketplace.demo.tour import demo


@pytest.fixture
def taken():
    """A port at which another program answers."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        yield other.getsockname()[1]


def test_a_taken_port_is_told_before_anything_is_set_up(taken, monkeypatch, capsys):
    def never():
        raise AssertionError("nothing is started")

    monkeypatch.setattr(demo, "start_servers", never)
    assert demo.run(port=taken, leave=True) == 1
    said = capsys.readouterr().err
    assert f"Port {taken} " in said
    assert f"make demo PORT={taken + 1}" in said


def test_a_port_that_was_left_is_free():
    with socket.socket() as gone:
        gone.bind(("127.0.0.1", 0))
        port = gone.getsockname()[1]
    assert demo.obstacle(port) is None
