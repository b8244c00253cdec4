from __future__ import annotations

from bank_model import drive

from kernel import memory


def test_thousands_of_commands_in_any_weather_end_as_in_a_naive_book(own_database):
    memory.forget_everything()

    sent = drive(runs=70, steps=50)

    assert sent > 2_500
