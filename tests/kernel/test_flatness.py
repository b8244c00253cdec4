"""The judge of long runs: a flat line passes, and each kind of rising one is named."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests import flatness
from tests.flatness import MIB, Note, Taken

MOST_LOGGED = MIB
_FLAT = Note(
    at=0,
    done=0,
    taken={name: Taken(100 * MIB, 10 * MIB, 20, 5) for name in ("web", "worker", "PostgreSQL")},
    processes=9,
    connections=20,
    passing={"deliveries that wait": 3},
    logs={"log/web.log": 400_000, "log/web.log.1": 600_000},
    rows={"kernel.mail": 1_000, "kernel.person": 40},
    sizes={"kernel.mail": 5 * MIB, "kernel.person": 100_000},
    keys=30,
    redis=2 * MIB,
    journal=60 * MIB,
)


def day(change: Callable[[Note, int], Note] = lambda note, _hour: note) -> list[Note]:
    """Return the notes of a day on which orders and their letters come evenly."""
    return [
        change(
            replace(
                _FLAT,
                at=hour * 150.0,
                done=hour * 25,
                rows=_FLAT.rows | {"kernel.mail": 1_000 + 50 * hour},
                sizes=_FLAT.sizes | {"kernel.mail": 5 * MIB + 400_000 * hour},
            ),
            hour,
        )
        for hour in range(25)
    ]


def taken(note: Note, name: str, one: Taken) -> Note:
    return replace(note, taken=note.taken | {name: one})


def found(notes: list[Note]) -> list[str]:
    return flatness.faults(notes, most_logged=MOST_LOGGED)


def test_what_grows_by_what_was_bought_is_flat() -> None:
    assert found(day()) == []


def test_what_only_warms_up_in_the_first_third_is_flat() -> None:
    def warming(note: Note, hour: int) -> Note:
        return taken(note, "web", Taken((60 + 5 * min(hour, 8)) * MIB, 0, 20, 5))

    assert found(day(warming)) == []


def test_what_goes_up_and_down_is_flat() -> None:
    def swinging(note: Note, hour: int) -> Note:
        return taken(
            note, "worker", Taken((100 + 8 * (hour % 2)) * MIB, 10 * MIB, 20 + hour % 3, 5)
        )

    assert found(day(swinging)) == []


def test_the_database_takes_more_where_connections_come_and_opens_files() -> None:
    def joined(note: Note, hour: int) -> Note:
        connections = 20 + hour // 8
        memory = Taken(connections * 10 * MIB, 10 * MIB, 20 + 300 * hour, 5)
        return replace(taken(note, "PostgreSQL", memory), connections=connections)

    assert found(day(joined)) == []


_RISING: dict[str, Callable[[Note, int], Note]] = {
    "memory of web": lambda n, h: taken(n, "web", Taken((100 + h) * MIB, 10 * MIB, 20, 5)),
    "memory of PostgreSQL": lambda n, h: taken(
        n, "PostgreSQL", Taken(300 * MIB, (10 + h) * MIB, 20, 5)
    ),
    "memory of the keys of Redis": lambda n, h: replace(n, redis=(2 + h) * MIB),
    "open files of worker": lambda n, h: taken(
        n, "worker", Taken(100 * MIB, 10 * MIB, 20 + 3 * h, 5)
    ),
    "threads of worker": lambda n, h: taken(n, "worker", Taken(100 * MIB, 10 * MIB, 20, 5 + h)),
    "processes": lambda n, h: replace(n, processes=9 + h),
    "connections of the database": lambda n, h: replace(n, connections=20 + 4 * h),
    "deliveries that wait": lambda n, h: replace(n, passing={"deliveries that wait": h * h}),
    "keys in Redis": lambda n, h: replace(n, keys=30 + h * h),
    "the file of Redis": lambda n, h: replace(n, journal=(60 + h) * MIB),
    "log/web.log and older ones": lambda n, h: replace(
        n, logs=n.logs | {"log/web.log.2": 40_000 + h * 999}
    ),
    "kernel.mail grew by 912 rows": lambda n, h: replace(
        n, rows=n.rows | {"kernel.mail": 1_000 + h * 50 + (h - 16) * 64 * (h > 16)}
    ),
    "kernel.person grew by": lambda n, h: replace(
        n, sizes=n.sizes | {"kernel.person": 100_000 + h * h * h * 1_000}
    ),
}


@pytest.mark.parametrize("name", _RISING)
def test_what_rises_is_named(name: str) -> None:
    (told,) = found(day(_RISING[name]))
    assert told.startswith(name)


@pytest.mark.parametrize(("bought_later", "faults"), [(25, 2), (50, 0)])
def test_a_table_may_grow_twice_as_fast_where_twice_as_much_is_bought(
    bought_later: int, faults: int
) -> None:
    def busier(note: Note, hour: int) -> Note:
        later = max(0, hour - 16)
        return replace(
            note,
            done=min(hour, 16) * 25 + later * bought_later,
            rows=note.rows | {"kernel.mail": 1_000 + 50 * (hour + later)},
            sizes=note.sizes | {"kernel.mail": 5 * MIB + 400_000 * (hour + later)},
        )

    assert [told.partition(" ")[0] for told in found(day(busier))] == ["kernel.mail"] * faults


def test_a_line_rises_by_its_slope_whatever_swings_around_it() -> None:
    points = [(float(hour), 2.0 * hour + hour % 2) for hour in range(17)]
    assert flatness.rise(points) == pytest.approx(16, abs=0.2)


def test_thirds_share_a_note_and_leave_the_first_third_out() -> None:
    middle, last = flatness.thirds(day())
    assert [one.at / 150 for one in (middle[0], middle[-1], last[0], last[-1])] == [8, 16, 16, 24]


def test_pages_may_be_half_as_slow_again_and_no_more() -> None:
    middle, even = [0.2] * 100, ([0.01] * 100, [0.01] * 100)
    assert not flatness.slower(middle, [0.2] * 90 + [0.3] * 10, even)
    assert flatness.slower(middle, [0.2] * 90 + [0.31] * 10, even)
    assert not flatness.slower([0.01] * 100, [0.09] * 100, even), "fast is fast"


def test_pages_may_be_slower_where_everything_is_and_are_not_judged_by_luck() -> None:
    middle, last = [0.2] * 100, [0.5] * 100
    assert not flatness.slower(middle, last, ([0.01] * 100, [0.02] * 100))
    assert flatness.slower(middle, last, ([0.02] * 100, [0.01] * 100))
