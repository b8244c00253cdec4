from __future__ import annotations

from bank_model import drive

from kernel import memory


def test_a_thousand_commands_in_any_weather_end_as_in_a_naive_book(own_database):
    """Two hundred thousand are sent by `make soak`."""
    memory.forget_everything()

    sent = drive(runs=28, steps=50)

    assert sent > 1_000
